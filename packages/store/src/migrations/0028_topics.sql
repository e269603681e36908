-- What an operator's embedding service said of texts and how that service stands, and how far a new topic is matched
-- with the papers that came before it. Writes every topic anew, a small table, which it holds meanwhile.

create table embedding (
  -- another model is asked anew
  model text not null,
  -- a paper's wording by its fingerprint, a topic by the first half of its query's digest: a revised text is asked anew
  text_key uuid not null,
  -- float4 numbers, little-endian, of length one
  vector bytea not null,
  made_at timestamptz not null default now(),
  primary key (model, text_key)
);
-- numbers do not compress
alter table embedding alter column vector set storage external;

-- One row: asked by all workers before they ask the service.
create table embedding_service (
  only_one boolean primary key default true check (only_one),
  answered_at timestamptz,
  -- null while it answers; failures in a row since then, and when it is asked again
  troubled_since timestamptz,
  times int not null default 0,
  retry_at timestamptz,
  detail text
);
insert into embedding_service default values;

-- Papers of the past weeks that a new topic is held against in the background: how many there are, how many it was.
alter table topic
  add column past_papers int,
  add column past_done int not null default 0,
  -- null until then
  add column past_matched_at timestamptz;
-- so far each was matched when it was added
update topic set past_matched_at = created_at;
create index topic_without_past on topic (id) where past_matched_at is null;
