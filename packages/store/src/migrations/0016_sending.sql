-- What mailers know in common: how long an edition may be sent, whose journal tells of a delivery, how fast a
-- domain takes mail, whether the relay is in trouble, and what has gone out. Locks delivery for as long as its index
-- of claimed rows is made, and edition for a rewrite of its few rows.

-- Until then a digest is worth sending. Counted from the plan, so that days replayed later are as long open as others.
alter table edition add column send_until timestamptz;
update edition set send_until = planned_at
  + case cadence when 'daily' then interval '20 hours' else interval '3 days' end;
alter table edition alter column send_until set not null;

-- the claim under which it was handed over last: the name of the journal that tells how far that came
alter table delivery add column staged_by text;

-- One index instead of that on lease_until: claimed rows are few, and are counted by who holds them and for where.
drop index delivery_leased;
create index delivery_sending on delivery (lease_owner, domain) where state = 'sending';
create index delivery_to_fold on delivery (subscriber_id, id)
  where state in ('deferred', 'expired', 'rejected') and folded_into is null;

-- How receiving domains take mail. A domain without a row is met as a new one.
create table mail_domain (
  domain text primary key,
  -- conversations at a time, from all mailers together
  most smallint not null default 5 check (most between 1 and 20),
  -- refusals of our pace since it last took a message
  failures integer not null default 0,
  -- it is left alone until then, and met with a single message after that
  dead_until timestamptz,
  -- how long it is left alone the next time
  rest_ms integer not null default 300000,
  changed_at timestamptz not null default now()
);

-- The one relay and the one pace that all mailers share.
create table relay (
  id smallint primary key default 1 check (id = 1),
  -- open: in trouble, tried with one delivery after open_until; held: a person has to mend something first
  state text not null default 'closed' check (state in ('closed', 'open', 'held')),
  open_until timestamptz,
  pause_ms integer not null default 0,
  error_code text,
  detail text,
  changed_at timestamptz not null default now(),
  -- when the next message may go out, where a rate per second is set
  paced_until timestamptz not null default now(),
  check (state <> 'open' or open_until is not null)
);
insert into relay default values;

-- Messages let out in each minute, for the quotas of an hour and a day; older ones are removed.
create table sent_minute (
  minute timestamptz primary key,
  messages integer not null
);
