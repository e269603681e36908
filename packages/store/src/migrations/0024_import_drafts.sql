-- A list of readers that an admin was shown row by row and has not yet taken in. A new table: nothing is locked.
create table import_draft (
  id bigint generated always as identity primary key,
  made_by text not null,
  created_at timestamptz not null default now(),
  csv text not null
);
