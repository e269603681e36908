-- Where the digests of a reader have come to stood in each reader's row, and a plan rewrote them all: with seven indexes,
-- a third of what it cost. Readers of one schedule who were planned together share it now. Their own columns count
-- while they share none: before their first plan, and from any change of what decides when they are due. Locks
-- subscriber while its index is made; nothing is rewritten.

create table shared_window (
  id bigint generated always as identity primary key,
  cadence text not null,
  weekdays smallint[] not null,
  send_hour smallint not null,
  zone text not null,
  -- as in subscriber, for all who share it
  planned_through bigint not null,
  planned_until timestamptz not null,
  unique (cadence, zone, send_hour, weekdays)
);
alter table subscriber add column shared_window_id bigint references shared_window;
create index subscriber_by_shared_window on subscriber (shared_window_id) where shared_window_id is not null;

-- Whoever shares a window is active and has its schedule. Who changes either takes along where it stands at that moment:
-- a plan that is moving it is waited for, and waits for us.
create function subscriber_leaves_window() returns trigger language plpgsql as $$
declare
  shared shared_window;
begin
  select * into strict shared from shared_window where id = old.shared_window_id for share;
  if new.planned_through = old.planned_through then new.planned_through := shared.planned_through; end if;
  if new.planned_until = old.planned_until then new.planned_until := shared.planned_until; end if;
  new.shared_window_id := null;
  return new;
end $$;
create trigger subscriber_leaves_window before update on subscriber for each row
  when (old.shared_window_id is not null and (new.shared_window_id is null
    or (old.state, old.cadence, old.weekdays, old.send_hour, old.zone, old.planned_through, old.planned_until)
      is distinct from (new.state, new.cadence, new.weekdays, new.send_hour, new.zone, new.planned_through, new.planned_until)))
  execute function subscriber_leaves_window();
