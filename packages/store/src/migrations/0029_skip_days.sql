-- Days of the week on which a feed asks not to be read (RSS 2.0 skipDays), 0 for Sunday, in UTC, as it said when it
-- was last read; null where it says nothing.

alter table source_health add column skip_days smallint[];
