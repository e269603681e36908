-- What readers look things up by: the field of a catalogue topic, and the words of papers. The words have a table of
-- their own that is filled after pages are recorded, since turning text into lexemes costs more than writing it. Adds
-- a column without a default to topic, which is locked for the moment that takes; the rest is new.

-- the heading of the public catalogue that a topic stands under
alter table topic add column field text;

-- Text without accents, so that Muller finds Müller.
create function plain_words(words text) returns text immutable strict parallel safe
  return regexp_replace(normalize(words, nfd), '[\u0300-\u036f]+', '', 'g');

-- Of each paper that is no alias the canonical wording. No foreign keys: it is made from other tables alone.
create table paper_words (
  paper_id bigint primary key,
  -- the wording the words are of; its fingerprint changes when an abstract comes later
  text_id bigint not null,
  fingerprint uuid not null,
  first_seen_on date not null,
  -- cat:cs.cl, cat:cs, source:12; lexemes of words too, which no word of a text can be
  tags text[] not null,
  -- title A, authors B, abstract D
  words tsvector not null
  -- words lie in the row, as they are: a search reads those of thousands of papers
) with (toast_tuple_target = 8160);
alter table paper_words alter column words set storage external;
-- without a list of pending entries, which a search would have to read through
create index paper_words_by_word on paper_words using gin (words) with (fastupdate = off);
-- the newest papers with common words are found by walking back
create index paper_words_by_day on paper_words (first_seen_on, paper_id);

-- How far the words of papers are gathered; one row.
create table paper_words_progress (
  only_one boolean primary key default true check (only_one),
  through_no bigint not null default 0,
  gathered_at timestamptz not null default '-infinity'
);
insert into paper_words_progress default values;
