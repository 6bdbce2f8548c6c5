-- Makes one database of the throwaway cluster safe to be asked by :reader, who may read everything. psql runs it as superuser.
set search_path = pg_catalog;
set default_transaction_read_only = off;
-- no trigger greets the reader, no function lends it its owner's rights
update pg_event_trigger set evtenabled = 'D';
update pg_proc set prosecdef = false where prosecdef;
-- what production set for every session of this database may stop one; what changes a question's meaning stays
with kept as (
  select s.setdatabase, s.setrole,
         array(select one from unnest(s.setconfig) one
               where one ~* '^(search_path|timezone|datestyle|intervalstyle|extra_float_digits|bytea_output|lc_[a-z]+)=') as config
  from pg_db_role_setting s
), emptied as (
  delete from pg_db_role_setting s using kept k
  where k.setdatabase = s.setdatabase and k.setrole = s.setrole and cardinality(k.config) = 0
)
update pg_db_role_setting s set setconfig = k.config from kept k
where k.setdatabase = s.setdatabase and k.setrole = s.setrole and cardinality(k.config) > 0;
-- who may read everything may read these, too: passwords, and what leads to other servers; nothing here needs them any more
update pg_authid set rolpassword = null where rolpassword is not null;
update pg_user_mapping set umoptions = null where umoptions is not null;
update pg_foreign_server set srvoptions = null where srvoptions is not null;
update pg_subscription set subconninfo = '' where subconninfo <> '';
grant connect on database :"DBNAME" to :"reader";
create schema :"reader";
grant usage on schema :"reader" to :"reader";
-- a cursor takes one query and no more, and a stable function lets it change nothing
create function :"reader".answer(question text) returns text language plpgsql stable as '
declare
  result refcursor;
  row record;
  cells text[];
begin
  open result for execute question;
  fetch result into row;
  if not found then
    return ''{"rows":0}'';
  end if;
  select array_agg(value) into cells from json_each_text(row_to_json(row));
  fetch result into row;
  -- no answer that is worth asking for is longer; this one goes into a verdict
  return json_build_object(''rows'', case when found then 2 else 1 end, ''columns'', cardinality(cells), ''value'', left(cells[1], 4000));
end';
grant execute on function :"reader".answer(text) to :"reader";
