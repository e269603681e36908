-- The web shows papers by the day they were listed; an undated page counts for the day it was seen, as its
-- appearances do. Locks listing_page against writes while it builds, which takes well under a second.

create index listing_page_by_day on listing_page
  ((coalesce(listed_on, (seen_at at time zone 'UTC')::date)), source_id)
  where verdict in ('new-batch', 'grew', 'partial', 'cut');
