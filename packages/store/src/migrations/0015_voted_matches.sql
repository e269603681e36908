-- What a subscriber's votes made of matches when an edition was planned; those who never voted have no row. Locks
-- nothing that is in use.

create table voted_match (
  edition_id bigint not null references edition,
  subscriber_id bigint not null references subscriber,
  topic_id bigint not null references topic,
  paper_id bigint not null references paper,
  strength real not null,
  -- the nearest liked paper, where likes raised it
  liked_paper_id bigint references paper,
  primary key (edition_id, subscriber_id, topic_id, paper_id)
);
