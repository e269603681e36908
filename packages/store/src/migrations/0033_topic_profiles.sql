-- What scores rest on, for all workers together: the papers that topics are learnt from, and what they say of each
-- topic. Both are derived: without them topics are learnt again. Locks nothing that is in use.

create table learnt_past (
  id bigint generated always as identity primary key,
  -- wordings in the order in which they are read
  text_ids bigint[] not null,
  -- by which rules of the program papers are counted, and what came out of it: what the numbers in profiles mean
  rules bytea not null check (length(rules) = 32),
  signature bytea not null check (length(signature) = 32),
  made_at timestamptz not null default now(),
  -- null until each topic has a profile; until then scores rest on the one before
  ready_at timestamptz
);

create table topic_profile (
  past_id bigint not null references learnt_past on delete cascade,
  topic_id bigint not null references topic,
  is_learning boolean not null,
  -- as the topics package packs it
  profile bytea not null,
  primary key (past_id, topic_id)
);
-- numbers do not compress
alter table topic_profile alter column profile set storage external;
