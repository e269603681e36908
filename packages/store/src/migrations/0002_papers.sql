-- The lasting works, the names they are found by, what each source says of them and where they were seen.

create table paper (
  id bigint generated always as identity primary key,
  first_seen_on date not null,
  first_page_id bigint not null references listing_page,
  -- the canonical wording; set in the transaction that creates both rows
  text_id bigint not null,
  created_at timestamptz not null default now()
);

-- One wording of a paper by one source. The wording in force has no replaced_at.
create table paper_text (
  id bigint generated always as identity primary key,
  paper_id bigint not null references paper,
  source_id bigint not null references source,
  text_kind text not null check (text_kind in ('abstract', 'summary')),
  -- digest of the words as listed
  fingerprint uuid not null,
  title text not null,
  abstract text,
  authors text[],
  categories text[],
  links jsonb not null default '[]',
  published_at timestamptz,
  seen_on date not null,
  replaced_at timestamptz
  -- most abstracts make rows of just over 2 kB: trying to compress each would cost more than writing it
) with (toast_tuple_target = 4080);
-- with what tells whether words have changed, so that unchanged ones are told from the index alone
create unique index paper_text_in_force on paper_text (paper_id, source_id, text_kind) include (id, fingerprint)
  where replaced_at is null;
alter table paper add constraint paper_text_id_fkey
  foreign key (text_id) references paper_text deferrable initially deferred;

create table paper_key (
  key text primary key check (key ~ '^(arxiv|doi|openreview|title):.'),
  paper_id bigint not null references paper
);
create index paper_key_by_paper on paper_key (paper_id);

-- No foreign keys: this table grows for ever and is written by one statement, from ids that its own transaction
-- has just looked up or made; checking them again for each row takes more time than writing it.
create table appearance (
  paper_id bigint not null,
  listing_page_id bigint not null,
  text_id bigint not null,
  seen_on date not null,
  position integer not null,
  section text not null check (section in ('new', 'cross', 'replace', 'replace-cross', 'none')),
  upvotes integer,
  arxiv_version smallint,
  primary key (paper_id, listing_page_id)
);
create index appearance_on_page on appearance (listing_page_id, position);

create table revision (
  id bigint generated always as identity primary key,
  paper_id bigint not null references paper,
  listing_page_id bigint not null references listing_page,
  from_text_id bigint not null references paper_text,
  to_text_id bigint not null unique references paper_text,
  changed text[] not null check (changed <@ array['title', 'abstract', 'links'])
);
create index revision_by_paper on revision (paper_id);

-- Two works of one title with ids of their own: never merged by themselves, shown to a person.
create table same_title (
  paper_id bigint not null references paper,
  other_paper_id bigint not null references paper,
  primary key (paper_id, other_paper_id),
  check (paper_id <> other_paper_id)
);
