-- A type that this version does not know, or one on a topic that it does not belong to, is kept and not believed.
delete from stage where not known
