-- Runs of digests and the ledger of what is owed to whom.

create table edition (
  id bigint generated always as identity primary key,
  cadence text not null check (cadence in ('daily', 'weekly')),
  window_end timestamptz not null,
  -- pages with a ready_no up to this are in it
  through_no bigint not null,
  state text not null default 'planned' check (state in ('planned', 'rendered', 'done', 'held')),
  -- lines about sources whose page was cut, stale or broken: a failure is never told as a quiet day
  notes text[] not null default '{}',
  planned_at timestamptz not null default now(),
  unique (cadence, window_end)
);

-- The papers an edition can choose from, and what makes each worth choosing.
create table edition_paper (
  edition_id bigint not null references edition,
  paper_id bigint not null references paper,
  -- their order where nothing personal decides
  ordinal integer not null,
  -- ready_no of the first page that ever showed it, and of the last in this edition
  first_ready_no bigint not null,
  last_ready_no bigint not null,
  trending boolean not null,
  primary key (edition_id, paper_id)
);

create table delivery (
  id bigint generated always as identity primary key,
  edition_id bigint not null references edition,
  subscriber_id bigint not null references subscriber,
  domain text not null,
  -- in the order in which they are shown
  new_papers bigint[] not null,
  recurring_papers bigint[] not null,
  state text not null default 'ready' check (state in
    ('ready', 'deferred', 'sending', 'accepted', 'rejected', 'uncertain', 'suppressed', 'expired')),
  attempt smallint not null default 0,
  next_at timestamptz not null default now(),
  lease_owner text,
  lease_until timestamptz,
  stage text not null default 'none' check (stage in ('none', 'data')),
  message_id text,
  mail_date timestamptz,
  content_hash bytea,
  smtp_code smallint,
  enhanced_code text,
  reply text,
  relay_id text,
  accepted_at timestamptz,
  resent_at timestamptz,
  folded_into bigint references delivery,
  unique (edition_id, subscriber_id),
  check ((state = 'sending') = (lease_owner is not null)),
  check (cardinality(new_papers) + cardinality(recurring_papers) > 0)
) with (fillfactor = 70);
create index delivery_due on delivery (edition_id, next_at, id) where state in ('ready', 'deferred');
create index delivery_leased on delivery (lease_until) where state = 'sending';
create index delivery_uncertain on delivery (id) where state = 'uncertain';
create index delivery_by_subscriber on delivery (subscriber_id, id);

create table delivery_event (
  id bigint generated always as identity primary key,
  delivery_id bigint not null references delivery,
  happened_at timestamptz not null default now(),
  kind text not null check (kind in ('claim', 'stage', 'result', 'bounce', 'complaint', 'resolve', 'lapse')),
  detail jsonb not null default '{}'
);
create index delivery_event_by_delivery on delivery_event (delivery_id, id);
