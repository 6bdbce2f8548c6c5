-- Indexes that were put off are made over several connections, each in a transaction of its own. The note of one stays until the last of them is made and the
-- tables are looked at, so that a process that dies meanwhile leaves all that is still to be done to its successor.
alter table deferred_indexes add column made boolean not null default false;
