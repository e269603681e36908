-- Who wants digests, of which topics and when; who agreed to it; and who must not be mailed.

create table subscriber (
  id bigint generated always as identity primary key,
  address text not null check (length(address) <= 254),
  -- HMAC of the lower-cased address: what suppression keeps when everything else is erased
  address_hash bytea not null,
  domain text not null,
  state text not null check (state in ('pending', 'active', 'paused', 'left')),
  cadence text not null check (cadence in ('daily', 'weekly')),
  weekdays smallint[] not null check (cardinality(weekdays) between 1 and 7),
  send_hour smallint not null check (send_hour between 0 and 23),
  zone text not null,
  recurring_policy text not null default 'trending' check (recurring_policy in ('off', 'trending', 'all')),
  max_papers smallint not null default 20 check (max_papers between 1 and 100),
  -- the ready_no up to which pages are in digests planned for this subscriber, and the hour of the last such plan
  planned_through bigint not null default 0,
  planned_until timestamptz not null default now(),
  confirmed_at timestamptz,
  left_at timestamptz,
  created_at timestamptz not null default now(),
  check (state <> 'active' or confirmed_at is not null)
) with (fillfactor = 80);
create unique index subscriber_address on subscriber (lower(address));
create index subscriber_schedule on subscriber (cadence, zone, send_hour, weekdays) where state = 'active';

create table subscription (
  subscriber_id bigint not null references subscriber,
  topic_id bigint not null references topic,
  -- as the subscriber calls it
  name text not null,
  created_at timestamptz not null default now(),
  primary key (subscriber_id, topic_id)
);
create index subscription_by_topic on subscription (topic_id);

create table consent_event (
  id bigint generated always as identity primary key,
  subscriber_id bigint not null references subscriber,
  happened_at timestamptz not null default now(),
  kind text not null check (kind in ('imported', 'confirmed', 'left', 'rejoined')),
  detail jsonb not null default '{}'
);
create index consent_event_by_subscriber on consent_event (subscriber_id, id);

create table suppression (
  address_hash bytea primary key,
  reason text not null check (reason in ('left', 'hard-bounce', 'complaint', 'operator')),
  since timestamptz not null default now()
);
