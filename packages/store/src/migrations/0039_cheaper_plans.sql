-- A plan looked at all subscribers three times to find the few who share no window: they have an index of their own now.
-- And for each new delivery it was looked up by itself whether its subscriber is there, and asked whether what it is
-- folded into is, which a new one never is: both are joins over all rows of a statement now. Nothing removes deliveries. Locks subscriber while its
-- index is made, and holds delivery for a moment.

create index subscriber_alone on subscriber (cadence, send_hour) where shared_window_id is null and state = 'active';

alter table delivery
  drop constraint delivery_folded_into_fkey,
  add constraint delivery_folded_into_fkey foreign key (folded_into) references delivery not enforced;

create function delivery_is_there() returns trigger language plpgsql as $$
begin
  if not exists (select from delivery where id = new.folded_into) then
    raise foreign_key_violation using message = 'a delivery can be folded into another one only';
  end if;
  return null;
end $$;
create trigger delivery_is_there after update on delivery for each row
  when (new.folded_into is not null and new.folded_into is distinct from old.folded_into)
  execute function delivery_is_there();

create or replace function delivery_owners_exist() returns trigger language plpgsql as $$
begin
  -- counted, because "exists" is planned as if the first row could decide, which looks each of them up
  if (select count(*) from (select distinct edition_id from inserted) as given
      where not exists (select from edition where edition.id = edition_id)) > 0
    or (select count(*) from inserted where not exists (select from subscriber where subscriber.id = subscriber_id)) > 0 then
    raise foreign_key_violation using message = 'a delivery needs its edition and its subscriber';
  end if;
  if (select count(*) from inserted where folded_into is not null
      and not exists (select from delivery where delivery.id = inserted.folded_into)) > 0 then
    raise foreign_key_violation using message = 'a delivery can be folded into another one only';
  end if;
  return null;
end $$;
