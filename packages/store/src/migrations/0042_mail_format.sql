-- How a reader wants their digests: with an HTML part, or as text alone. A column with a constant default is no rewrite.

alter table subscriber add column mail_format text not null default 'html' check (mail_format in ('html', 'text'));
