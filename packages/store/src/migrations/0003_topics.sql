-- Distinct normalised queries, and the papers found for them.

create table topic (
  id bigint generated always as identity primary key,
  -- normal form of the query, and the digest of its canonical key: equal queries are one topic
  query text not null,
  query_hash bytea not null unique check (length(query_hash) = 32),
  -- given for topics of the public catalogue
  slug text unique,
  name text,
  about text,
  created_at timestamptz not null default now()
);

create table match (
  topic_id bigint not null references topic,
  paper_id bigint not null references paper,
  -- how strongly the text speaks of the topic; only its order within a topic means something
  strength real not null,
  reasons jsonb not null,
  matched_at timestamptz not null default now(),
  primary key (topic_id, paper_id)
);
create index match_by_paper on match (paper_id);
