-- What a match scored, how strict a subscription is, and which topics are new to a matcher that was away.
-- Holds `topic`, `match` and `subscription` exclusively; only `topic` is written anew, a small table.

alter table topic
  -- the transaction that wrote it: what commits later than a snapshot has a number from its xmin on
  add column changed_in xid8 not null default pg_current_xact_id();
create index topic_by_change on topic (changed_in);

alter table match
  -- sent whatever the score: found in the title, or exactly for a topic that is new; so were all until now
  add column is_certain boolean not null default true,
  -- the score's parts, so that a subscriber's likes can be added to them
  add column text_score real,
  add column related_score real;

alter table subscription
  add column strictness text not null default 'normal' check (strictness in ('wide', 'normal', 'strict'));
