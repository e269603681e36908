-- Where papers are listed, each attempt to look there, and every distinct page that was seen.

create table source (
  id bigint generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  title text not null,
  -- null: a page's format is told by its content
  format text,
  -- null: fed with saved pages only
  url text,
  -- null: fetched only when asked for
  cron text,
  zone text not null default 'UTC',
  -- whose wording of a paper is shown, higher first
  text_priority smallint not null default 50,
  state text not null default 'active' check (state in ('active', 'paused')),
  created_at timestamptz not null default now()
);

create table listing_page (
  id bigint generated always as identity primary key,
  source_id bigint not null references source,
  content_hash bytea not null check (length(content_hash) = 32),
  -- gzip; its hash is of the bytes before compression
  body bytea not null,
  body_bytes integer not null,
  seen_at timestamptz not null,
  -- where it was read from and the day asked for; null for saved pages
  address text,
  asked_for date,
  stored_at timestamptz not null default now(),
  -- given by the reading
  read_at timestamptz,
  format text,
  listed_on date,
  verdict text check (verdict in ('new-batch', 'unchanged', 'grew', 'partial', 'stale', 'cut', 'broken', 'blocked')),
  note text,
  warnings text[] not null default '{}',
  entry_count integer,
  claimed_count integer,
  new_count integer,
  recurring_count integer,
  repeated_count integer,
  revised_count integer,
  abstract_count integer,
  -- how many appearances the page brought: all its papers, or those that a grown page added
  appearance_count integer,
  -- the page that opened this batch: itself for a new batch, an earlier one for a page that grew or repeated
  batch_page_id bigint references listing_page,
  -- the page that opened the source's batch before, against which places climbed are told
  previous_batch_page_id bigint references listing_page,
  -- given when all papers of the page are matched: the order in which pages become ready for digests
  ready_no bigint unique,
  constraint listing_page_content unique (source_id, content_hash),
  check ((read_at is null) = (verdict is null))
);
-- the bodies are compressed already
alter table listing_page alter column body set storage external;
create index listing_page_by_source on listing_page (source_id, id) where read_at is not null;
create index listing_page_by_batch on listing_page (batch_page_id);
create index listing_page_unread on listing_page (id) where read_at is null;
create index listing_page_unready on listing_page (id) where read_at is not null and ready_no is null;
create sequence listing_page_ready_no owned by listing_page.ready_no;

-- quoted, as FETCH is a word of SQL
create table "fetch" (
  id bigint generated always as identity primary key,
  source_id bigint not null references source,
  started_at timestamptz not null default now(),
  duration_ms integer not null,
  address text not null,
  http_status smallint,
  body_bytes integer,
  outcome text not null check (outcome in ('stored', 'unchanged', 'blocked', 'failed')),
  error_code text,
  detail text,
  listing_page_id bigint references listing_page
);
create index fetch_by_source on "fetch" (source_id, id);
