-- Indexes that only answers need, taken away while a projection grows from nothing; made and forgotten once it has read all there is.
create table deferred_indexes (
  definition text primary key
);
