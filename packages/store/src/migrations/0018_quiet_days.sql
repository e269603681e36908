-- What a subscriber wants of a day without a paper for them: silence, or one honest line. That line is a delivery
-- without papers, so the check that kept those out goes. Both tables are locked for a moment; nothing is rewritten.

alter table subscriber add column quiet_days text not null default 'silence' check (quiet_days in ('silence', 'note'));
alter table delivery drop constraint delivery_check1;
