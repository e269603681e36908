-- A claim is one row that names its deliveries, and not a mark on each of them: claiming writes nothing to a delivery, and
-- a claim that lapses is simply gone. A delivery is `sending` from the moment it is staged, which is what two workers could
-- ever meet at. Holds delivery for a moment; nothing is rewritten.

create table claim (
  -- unique per claim: the worker, a dot, a number
  owner text primary key,
  claimed_at timestamptz not null default now(),
  -- keeping a claim alive is one small write; one that has lapsed cannot be taken up again
  lease_until timestamptz not null,
  deliveries bigint[] not null
);
insert into claim (owner, lease_until, deliveries)
  select lease_owner, max(lease_until), array_agg(id order by id) from delivery where state = 'sending' group by lease_owner;
update delivery set state = 'ready', lease_owner = null, claimed_at = null where state = 'sending' and stage = 'none';
alter table delivery drop column lease_until;
