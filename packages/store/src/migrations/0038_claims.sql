-- How long a claim is held stands in one row of it and not in each of its deliveries: keeping it alive is one small write,
-- and since nothing but staging and results writes to claimed deliveries, results need not lock theirs in order first.
-- A lease that has lapsed cannot be taken up again. Holds delivery for a moment; nothing is rewritten.

create table claim (
  -- unique per claim: the worker, a dot, a number
  owner text primary key,
  lease_until timestamptz not null
);
insert into claim (owner, lease_until)
  select lease_owner, max(lease_until) from delivery where state = 'sending' group by lease_owner;
alter table delivery drop column lease_until;
