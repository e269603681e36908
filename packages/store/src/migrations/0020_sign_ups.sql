-- Wishes for digests that wait to be confirmed, and pauses by a reader's own wish. Holds subscriber for a moment.

-- Nobody is mailed, and no subscriber changed, before the link of the one mail was used: until then a wish stands apart,
-- so that whoever types somebody else's address neither takes it nor learns whether it is known.
create table sign_up (
  id bigint generated always as identity primary key,
  address text not null check (length(address) <= 254),
  address_hash bytea not null,
  domain text not null,
  -- topics, schedule and limits, checked
  wish jsonb not null,
  -- what was agreed to: form version and network of the asker, shortened
  consent jsonb not null,
  created_at timestamptz not null default now(),
  -- when its mail is to be sent; null: not, or not again
  confirm_due_at timestamptz default now(),
  lease_until timestamptz,
  attempts smallint not null default 0,
  sent_count smallint not null default 0,
  last_sent_at timestamptz,
  -- SHA-256 of the tokens that went out
  token_hashes bytea[] not null default '{}',
  confirmed_at timestamptz
);
create unique index sign_up_open on sign_up (lower(address)) where confirmed_at is null;
create index sign_up_due on sign_up (confirm_due_at) where confirm_due_at is not null;
create index sign_up_by_token on sign_up using gin (token_hashes);
create index sign_up_by_age on sign_up (created_at);

-- How often something was asked for lately, whoever of us was asked. Names of buckets hold no address.
create table rate_bucket (
  bucket text primary key,
  since timestamptz not null default now(),
  count integer not null default 1
);

-- When a pause by a reader's own wish ends by itself.
alter table subscriber add column paused_until timestamptz;
create index subscriber_to_resume on subscriber (paused_until) where paused_until is not null;
