-- Stanzas that services vouch for; a request does not.
insert into stanzas (stanza)
select stanza
from stage
where stanza is not null and type not in ('BackupRequested', 'RestoreTestRequested', 'CancelRequested', 'RequestUnserved')
union
select jsonb_array_elements_text(payload -> 'stanzas')
from stage
where type = 'RunnerAnnounced'
on conflict (stanza) do nothing;
