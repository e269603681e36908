-- What asking sources politely keeps, shared by all workers: validators, robots.txt, and whose turn it is at a host.
-- Pages learn what they were served as, of which parts they are made and why they are known to be cut. The new
-- columns have no defaults: listing_page is locked for a moment and not rewritten.

alter table listing_page
  add column content_type text,
  -- of a list that came in several parts, in order: the length of each within the bytes, and where it was read
  -- from; null for a page of one part
  add column part_bytes integer[],
  add column part_addresses text[],
  -- why something is missing that the bytes themselves do not show
  add column cut_because text,
  add check (cardinality(part_bytes) > 1),
  add check ((part_bytes is null) = (part_addresses is null)),
  add check (cardinality(part_bytes) = cardinality(part_addresses));

-- what a server gave to ask "has it changed?" with; written together with the page it belongs to
create table page_validator (
  source_id bigint not null references source,
  -- as asked for
  address text not null,
  -- as answered, after redirects: nowhere else does a validator mean anything
  answered_address text not null,
  etag text,
  last_modified text,
  listing_page_id bigint not null references listing_page on delete cascade,
  -- when the whole page came last
  full_at timestamptz not null,
  primary key (source_id, address),
  check (etag is not null or last_modified is not null)
);

create table robots_txt (
  -- scheme, host and port
  origin text primary key,
  checked_at timestamptz not null,
  -- when the host last told its rules; null: never yet
  told_at timestamptz,
  -- null: it has none, everything is allowed
  body text,
  -- why it could not be had when it was last looked for; null: it could
  problem text
);

create table host_turn (
  host text primary key,
  -- who asks it now; null: nobody
  holder text,
  -- when it may be asked next; of a holder that was lost: when its turn lapses
  free_at timestamptz not null,
  -- the next turn that nobody waits for yet
  turn_at timestamptz not null
);
