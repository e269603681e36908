-- Faults that the development inbox plays, known to every process that opens one, and the test mails that were sent
-- by hand. Locks nothing that is in use.

create table inbox_chaos (
  kind text primary key check (kind in ('throttle', 'greylist', 'reject', 'drop-before-data', 'drop-in-data',
    'drop-after-dot', 'drop-before-answer', 'slow')),
  -- mails that it still happens to; null: to all of them until the time is up
  remaining integer check (remaining >= 0),
  ends_at timestamptz not null,
  -- to this recipient alone
  recipient text,
  started_at timestamptz not null default now()
);

create table test_mail (
  id bigint generated always as identity primary key,
  sent_at timestamptz not null default now(),
  address_hash bytea not null
);
create index test_mail_by_time on test_mail (sent_at);
