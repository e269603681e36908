-- What programs come with: tokens of the API, and the private feed of a reader. Adds two columns to subscriber, which is
-- locked for the moment that takes; the rest is new.

-- A token is shown once, when it is made: kept is what knows it again.
create table api_token (
  id bigint generated always as identity primary key,
  -- whose or what for, as the operator calls it
  name text not null check (length(name) between 1 and 64),
  -- SHA-256 of the token; it is of 256 random bits, so nobody finds it by trying
  token_hash bytea not null unique,
  -- write includes read
  scope text not null check (scope in ('read', 'write')),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  -- to the hour
  last_used_at timestamptz
);
create unique index api_token_name on api_token (name) where revoked_at is null;

-- The number that a reader's feed link carries: a new link counts it up, and the ones before are void.
alter table subscriber add column feed_no integer not null default 0;
-- since when there is a feed; null: there is none
alter table subscriber add column feed_since timestamptz;
