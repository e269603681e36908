-- Who runs the installation by its pages, how they come in, and what was changed by whom. New tables only: nothing is locked.

create table admin (
  id bigint generated always as identity primary key,
  name text not null check (length(name) between 1 and 64),
  -- scrypt with its parameters and salt, as the web service writes and reads it
  password_hash text not null,
  role text not null check (role in ('full', 'read-only')),
  created_at timestamptz not null default now()
);
create unique index admin_name on admin (lower(name));

-- One-time links; whoever takes one up removes its row.
create table admin_invitation (
  -- SHA-256 of the token in the link
  token_hash bytea primary key,
  role text not null check (role in ('full', 'read-only')),
  invited_by text not null,
  expires_at timestamptz not null
);

create table admin_session (
  -- SHA-256 of the cookie
  token_hash bytea primary key,
  admin_id bigint not null references admin on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index admin_session_by_admin on admin_session (admin_id);

create table audit_event (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null default now(),
  -- a name as it was then: admins can be removed, what they did stays
  actor text not null,
  action text not null,
  -- what it was done to, such as "source hf-daily"; addresses of readers stand here as subscriber ids
  object text not null,
  was text,
  became text
);
