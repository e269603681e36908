-- What a subscriber thinks of a paper, given by the links of a digest. Locks nothing that is in use.

create table feedback (
  subscriber_id bigint not null references subscriber,
  paper_id bigint not null references paper,
  -- null: saved and not judged
  vote text check (vote in ('like', 'dislike')),
  saved_at timestamptz,
  changed_at timestamptz not null default now(),
  primary key (subscriber_id, paper_id),
  check (vote is not null or saved_at is not null)
);
create index feedback_by_paper on feedback (paper_id);
