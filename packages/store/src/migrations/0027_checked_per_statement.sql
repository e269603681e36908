-- A plan writes a delivery for every reader. That edition and subscriber are there was looked up for each of them twice,
-- row by row, which cost more than writing the row; it is looked up once for all rows of a statement now. Nothing
-- removes editions or subscribers: what tries to, while there are deliveries of them, fails as before. Holds delivery,
-- edition and subscriber for a moment.
alter table delivery
  drop constraint delivery_edition_id_fkey,
  drop constraint delivery_subscriber_id_fkey,
  add constraint delivery_edition_id_fkey foreign key (edition_id) references edition not enforced,
  add constraint delivery_subscriber_id_fkey foreign key (subscriber_id) references subscriber not enforced;

create function delivery_owners_exist() returns trigger language plpgsql as $$
begin
  if exists (select from (select distinct edition_id from inserted) as given
      where not exists (select from edition where edition.id = edition_id))
    or exists (select from inserted where not exists (select from subscriber where subscriber.id = subscriber_id)) then
    raise foreign_key_violation using message = 'a delivery needs its edition and its subscriber';
  end if;
  return null;
end $$;
create trigger delivery_owners_exist after insert on delivery referencing new table as inserted
  for each statement execute function delivery_owners_exist();

-- The keys of a row that is there never change: the ids of the three tables are generated always.
create function delivery_keeps_owner() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'edition' and exists (select from removed join delivery on edition_id = removed.id)
    or tg_table_name = 'subscriber' and exists (select from removed join delivery on subscriber_id = removed.id) then
    raise foreign_key_violation using message = format('deliveries refer to this %s', tg_table_name);
  end if;
  return null;
end $$;
create trigger delivery_keeps_owner after delete on edition referencing old table as removed
  for each statement execute function delivery_keeps_owner();
create trigger delivery_keeps_owner after delete on subscriber referencing old table as removed
  for each statement execute function delivery_keeps_owner();
