-- Why a domain is left alone: it refuses our sender, whoever a message is for, and a person should know its words.
-- Adds two empty columns; locks mail_domain for a moment.
alter table mail_domain
  add error_code text,
  add detail text;
