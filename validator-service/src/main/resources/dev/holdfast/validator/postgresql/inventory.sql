-- What is in one database, a JSON array a line: ["object", name, definition, schema] for the catalog in a normal form, then
-- ["table", name, rows, newest] for each table, small ones first. psql runs it as superuser; :millis limits each query.
-- What belongs to an extension is the extension's, and amcheck is the test's own.
set search_path = pg_catalog;
set default_transaction_read_only = on;
set statement_timeout = :millis;

with
  schema as (
    select oid, nspname from pg_namespace
    where nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
  ),
  owned as (select classid, objid from pg_depend where deptype = 'e'),
  relation as (
    select c.*, s.nspname, format('%I.%I', s.nspname, c.relname) as name
    from pg_class c join schema s on s.oid = c.relnamespace
    where not exists (select from owned where classid = 'pg_class'::regclass and objid = c.oid)
  ),
  object (name, definition, schema) as (
    select 'database', format('encoding %s, collate %s, ctype %s', pg_encoding_to_char(encoding), datcollate, datctype), null::name
    from pg_database where datname = current_database()
    union all
    select 'schema ' || quote_ident(nspname), '', nspname from schema
    union all
    select 'extension ' || quote_ident(extname), extversion, null from pg_extension where extname <> 'amcheck'
    union all
    select case relkind when 'r' then 'table ' when 'p' then 'partitioned table ' when 'f' then 'foreign table '
                        when 'c' then 'composite type ' when 'S' then 'sequence ' end || name,
           concat_ws(', ', case relpersistence when 'u' then 'unlogged' end, case when relrowsecurity then 'row security' end,
                     case when relkind = 'p' then pg_get_partkeydef(oid) end,
                     case when relispartition then pg_get_expr(relpartbound, oid) end,
                     (select 'by ' || format_type(seqtypid, null) from pg_sequence where seqrelid = relation.oid)),
           nspname
    from relation where relkind in ('r', 'p', 'f', 'c', 'S')
    union all
    select case relkind when 'v' then 'view ' else 'materialized view ' end || name, pg_get_viewdef(oid), nspname
    from relation where relkind in ('v', 'm')
    union all
    select format('column %s.%I', r.name, a.attname),
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
                     case when a.attgenerated <> '' then 'generated' when a.atthasdef then 'default' end
                       || ' ' || (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = a.attrelid and adnum = a.attnum),
                     case when a.attidentity <> '' then 'identity' end,
                     (select 'collate ' || quote_ident(collname) from pg_collation where oid = a.attcollation and collname <> 'default')),
           r.nspname
    from relation r join pg_attribute a on a.attrelid = r.oid
    where r.relkind in ('r', 'p', 'f', 'c') and a.attnum > 0 and not a.attisdropped
    union all
    select 'index ' || r.name, pg_get_indexdef(r.oid) || case when i.indisvalid then '' else ' invalid' end, r.nspname
    from relation r join pg_index i on i.indexrelid = r.oid
    union all
    select format('constraint %I on %s', c.conname, coalesce(nullif(c.conrelid, 0)::regclass::text, c.contypid::regtype::text)),
           pg_get_constraintdef(c.oid), s.nspname
    from pg_constraint c join schema s on s.oid = c.connamespace
    where c.contype <> 'n'
    union all
    select format('trigger %I on %s', t.tgname, r.name), pg_get_triggerdef(t.oid), r.nspname
    from pg_trigger t join relation r on r.oid = t.tgrelid where not t.tgisinternal
    union all
    select format('policy %I on %s', p.polname, r.name),
           concat_ws(' ', p.polcmd::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)),
           r.nspname
    from pg_policy p join relation r on r.oid = p.polrelid
    union all
    select format('function %I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
           concat_ws(' ', coalesce('returns ' || pg_get_function_result(p.oid), 'procedure'), 'in', l.lanname,
                     case when p.prosecdef then 'security definer' end, md5(concat(p.prosrc, p.probin))),
           s.nspname
    from pg_proc p join schema s on s.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where not exists (select from owned where classid = 'pg_proc'::regclass and objid = p.oid)
    union all
    select format('type %I.%I', s.nspname, t.typname),
           case t.typtype
             when 'e' then 'enum ' || coalesce((select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder)
                                                from pg_enum where enumtypid = t.oid), '')
             when 'd' then 'domain ' || format_type(t.typbasetype, t.typtypmod) else 'range' end,
           s.nspname
    from pg_type t join schema s on s.oid = t.typnamespace
    where t.typtype in ('e', 'd', 'r')
      and not exists (select from owned where classid = 'pg_type'::regclass and objid = t.oid)
  )
select json_build_array('object', format('%s: %s', current_database(), name), definition, schema) from object;

-- one query a table, each run by \gexec; one that fails or takes too long leaves its table out
select format('select json_build_array(''table'', %L, count(*), %s) from only %I.%I',
              format('%s: %I.%I', current_database(), s.nspname, c.relname),
              coalesce('to_char(greatest(' || string_agg(
                  format('max(%1$I) filter (where isfinite(%1$I) and %1$I <= now())::timestamptz', a.attname), ', ') filter (where a.attname is not null)
                  || ') at time zone ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS"Z"'')', 'null'),
              s.nspname, c.relname)
from pg_class c
  join pg_namespace s on s.oid = c.relnamespace
  left join pg_attribute a on a.attrelid = c.oid and a.attnum between 1 and 64 and not a.attisdropped
    and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
where c.relkind in ('r', 'm') and c.relispopulated
  and s.nspname not in ('pg_catalog', 'information_schema') and s.nspname !~ '^pg_(toast|temp)'
group by c.oid, c.relname, c.relpages, s.nspname
order by c.relpages, s.nspname, c.relname
\gexec
