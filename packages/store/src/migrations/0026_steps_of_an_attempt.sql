-- When a delivery was claimed and staged stands in its own row while the attempt lasts, and for good once the relay has
-- taken it: three rows of history less for a message that goes well. An attempt that ends otherwise becomes events.
-- Holds delivery for a moment: both columns are empty.
alter table delivery add column claimed_at timestamptz, add column staged_at timestamptz;
