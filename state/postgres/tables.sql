select pg_advisory_xact_lock(7205759403792);
create schema if not exists kiraform;

-- One row for each state. Its head has all but its resources and requests.
create table if not exists kiraform.workspaces (
	name        text primary key,
	lineage     text not null default '',  -- '' before anything is stored
	serial      bigint not null default 0,
	head        text not null default '',
	key         text not null default '',  -- that all bodies are encrypted with, encrypted itself; '' for none
	writer      text not null default '',  -- of the latest save: it may be asked for twice
	moved       text not null default '',  -- where the state was moved to; '' while it is here
	fence       bigint not null default 0, -- one more whenever the lock is taken, or taken away
	holder      jsonb,
	lease_until timestamptz
);

-- One row for each resource and each request without an answer, as of a serial and
-- until another: the last generations of a state share the rows that did not change.
create table if not exists kiraform.entries (
	n         bigint generated always as identity primary key,
	workspace text not null references kiraform.workspaces on delete cascade,
	what      text not null,   -- resource or intent
	name      text not null,   -- its address or key; a digest of that where bodies are encrypted
	since     bigint not null, -- the serial with which it came
	until     bigint,          -- the serial with which it went; null while it is there
	body      text not null
);
create index if not exists entries_now on kiraform.entries (workspace, what, name) where until is null;
create index if not exists entries_then on kiraform.entries (workspace, until) where until is not null;

-- The records of a run since the state was saved.
create table if not exists kiraform.journal (
	n         bigint generated always as identity,
	workspace text not null references kiraform.workspaces on delete cascade,
	run       text not null,
	seq       bigint not null, -- a record may be sent twice
	body      text not null,
	primary key (workspace, run, seq)
);

create table if not exists kiraform.generations (
	workspace text not null references kiraform.workspaces on delete cascade,
	serial    bigint not null,
	lineage   text not null,
	at        timestamptz not null default clock_timestamp(),
	resources bigint not null,
	head      text not null,
	primary key (workspace, serial)
);
