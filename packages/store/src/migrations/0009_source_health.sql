-- When each source is asked next and how it stands, so that losing a queue loses neither, and several workers
-- ask and alert once. `source` and `listing_page` are locked for a moment while columns are added.

alter table source
  -- cron in the source's zone: when a new batch comes out; null: learnt from its pages
  add column publishes text,
  -- whether digests may be held while it is in trouble
  add column essential boolean not null default true,
  drop constraint source_state_check,
  add constraint source_state_check check (state in ('active', 'paused', 'archived'));

alter table listing_page
  -- how the page lists; null: read by a version that did not keep it
  add column shape text check (shape in ('batch', 'window')),
  -- shares of entries that have an abstract, an id, authors and links, as {"abstract": 0.98}; null: not measured
  add column coverage jsonb;

create table source_health (
  source_id bigint primary key references source,
  -- null: not by itself
  next_ask_at timestamptz,
  next_ask_why text,
  -- asks in a row that the schedule did not order
  repeats integer not null default 0,
  -- where it stands: the last verdict, or that a fetch failed; null: never judged
  outcome text check (outcome in
    ('new-batch', 'unchanged', 'grew', 'partial', 'stale', 'cut', 'broken', 'blocked', 'failed')),
  note text,
  entries integer,
  claimed integer,
  judged_at timestamptz,
  -- since when the outcome is what it is
  since timestamptz,
  last_good_at timestamptz,
  -- when the last batch was first seen, or the page last said that there is none
  batch_at timestamptz,
  -- a run of readings that were no full list
  trouble_since timestamptz,
  trouble_count integer not null default 0,
  -- due: to be told; told: an operator knows; over: it ended and is to be told
  alert text check (alert in ('due', 'told', 'over'))
);
create index source_health_next on source_health (next_ask_at);
create index source_health_alert on source_health (source_id) where alert in ('due', 'over');
