-- Messages that the development inbox accepted over SMTP. A row is committed before the sender reads 250.

create table inbox_message (
  id bigint generated always as identity primary key,
  received_at timestamptz not null default now(),
  mail_from text not null,
  recipients text[] not null,
  message_id text,
  raw bytea not null
);
create index inbox_message_by_message_id on inbox_message (message_id);
