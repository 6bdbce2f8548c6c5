-- The sample database mcpgov: who may call which tool, and every call that was decided on. Plain tables, an index, a view, a sequence:
-- what a restore test can count.
begin;

create table agent (
    agent_id   bigint generated always as identity primary key,
    name       text not null unique,
    owner      text not null,
    registered timestamptz not null
);

create table tool (
    tool_id bigint generated always as identity primary key,
    server  text not null,
    name    text not null,
    risk    text not null check (risk in ('low', 'medium', 'high')),
    unique (server, name)
);

create table rule (
    rule_id  bigint generated always as identity primary key,
    agent_id bigint not null references agent,
    tool_id  bigint not null references tool,
    effect   text not null check (effect in ('allow', 'deny', 'ask')),
    reason   text not null,
    unique (agent_id, tool_id)
);

create table decision (
    decision_id bigint generated always as identity primary key,
    rule_id     bigint not null references rule,
    decided     timestamptz not null,
    effect      text not null,
    arguments   jsonb not null
);
create index decision_by_time on decision (decided);

insert into agent (name, owner, registered)
select 'agent-' || n, 'team-' || n % 7, timestamptz '2026-01-01 00:00+00' + n * interval '1 hour' from generate_series(1, 50) n;

insert into tool (server, name, risk)
select 'server-' || n % 8, 'tool-' || n, (array['low', 'medium', 'high'])[1 + n % 3] from generate_series(1, 40) n;

insert into rule (agent_id, tool_id, effect, reason)
select agent_id, tool_id, (array['allow', 'deny', 'ask'])[1 + (agent_id * 7 + tool_id) % 3], 'reviewed by ' || owner from agent, tool;

insert into decision (rule_id, decided, effect, arguments)
select rule_id, timestamptz '2026-02-01 00:00+00' + n * interval '1 minute', effect, jsonb_build_object('call', n, 'path', '/records/' || n)
from generate_series(1, 20000) n join rule on rule.rule_id = 1 + n % 2000;

create view denied_by_day as
select decided::date as day, count(*) as calls from decision where effect = 'deny' group by 1;

commit;
analyze;
