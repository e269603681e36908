-- Two papers that turn out to be one work are joined by a person, and parted again without a trace. Adds a column
-- without a default and empty tables: paper is locked for the moment that takes.

-- An id that was joined to another paper redirects there. It points at the survivor itself, never at another alias.
alter table paper add column merged_into bigint references paper check (merged_into <> id);
create index paper_merged on paper (id) include (merged_into) where merged_into is not null;
create index paper_aliases on paper (merged_into) where merged_into is not null;

-- Two papers whose ids stood on one entry: perhaps one work, for a person to decide.
create table shared_entry (
  paper_id bigint not null references paper,
  other_paper_id bigint not null references paper,
  -- where that was first seen
  listing_page_id bigint not null references listing_page,
  primary key (paper_id, other_paper_id),
  check (paper_id > other_paper_id)
);
create index shared_entry_by_other on shared_entry (other_paper_id);
create index same_title_by_other on same_title (other_paper_id);

-- Pairs that a person has decided on: two works, not to be asked about again.
create table kept_apart (
  paper_id bigint not null references paper,
  other_paper_id bigint not null references paper,
  kept_at timestamptz not null default now(),
  kept_by text not null,
  reason text,
  primary key (paper_id, other_paper_id),
  check (paper_id > other_paper_id)
);

create table paper_merge (
  id bigint generated always as identity primary key,
  -- the survivor, and the one that became its alias
  paper_id bigint not null references paper,
  other_paper_id bigint not null references paper,
  merged_at timestamptz not null default now(),
  merged_by text not null,
  reason text,
  -- what the two looked like: titles, keys, days, how far the abstracts agree
  evidence jsonb not null,
  -- every id that redirects since: the other paper and what had been merged into it
  papers bigint[] not null,
  -- which rows changed hands and which gave way, for the undoing
  moved jsonb not null,
  -- deliveries with an id in (last_delivery_id, undone_delivery_id] told of both papers under the survivor's id
  last_delivery_id bigint not null,
  undone_at timestamptz,
  undone_by text,
  undone_delivery_id bigint,
  check (paper_id <> other_paper_id),
  check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undone_delivery_id is null))
);
create unique index paper_merge_in_force on paper_merge (other_paper_id) where undone_at is null;
create index paper_merge_by_survivor on paper_merge (paper_id);

-- By which names a merged paper was listed since, so that a split gives every listing to the paper it spoke of.
create table merged_sighting (
  merge_id bigint not null references paper_merge,
  listing_page_id bigint not null references listing_page,
  position integer not null,
  keys text[] not null,
  -- the wording it brought or repeated; null where the page had shown the merged paper already
  text_id bigint,
  section text not null,
  upvotes integer,
  arxiv_version smallint,
  primary key (merge_id, listing_page_id, position)
);
