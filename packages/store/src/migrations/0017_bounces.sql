-- What comes back of a delivery is an event of it that counts once; a reader whose mailbox takes nothing is paused; mail
-- that nobody can read is kept for a person. Holds delivery_event while two indexes of few rows are made, and subscriber
-- for a moment.

-- A report that comes twice, or over two ways, counts once.
create unique index delivery_event_report on delivery_event (delivery_id, kind, (detail ->> 'reason'))
  where kind in ('bounce', 'complaint');
create index delivery_event_reported_at on delivery_event (happened_at, id) where kind in ('bounce', 'complaint');

alter table subscriber
  -- why bounces paused them; null for whoever is paused by their own wish
  add column paused_for text check (paused_for in ('mailbox-full', 'disabled')),
  -- when a digest is tried again, once
  add column probe_at timestamptz,
  -- since when that one is tried: another bounce pauses for good
  add column probed_at timestamptz,
  -- bounces before it count no more: the operator forgave them, or the mailbox took mail again
  add column bounces_from timestamptz not null default '-infinity',
  add check (paused_for is null or state <> 'active');
create index subscriber_to_probe on subscriber (probe_at) where probe_at is not null;
create index subscriber_probed on subscriber (probed_at) where probed_at is not null;
create index subscriber_by_address_hash on subscriber (address_hash);

-- Mail at the address of bounces that changed nothing: no bounce, or none that proves whose it is.
create table stray_mail (
  id bigint generated always as identity primary key,
  received_at timestamptz not null default now(),
  -- the way it came by, such as smtp or file
  via text not null,
  -- what it was read as
  kind text not null,
  reason text not null,
  -- SHA-256 of the whole, so that a file read twice is kept once
  content_hash bytea not null unique,
  -- its beginning
  raw bytea not null
);
