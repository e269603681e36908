-- A source whose page no reader knows may carry its operator's description of it, in CSS selectors (see
-- docs/sources.md). Adds an empty column, which locks source for a moment.

alter table source add column declaration jsonb check (jsonb_typeof(declaration) = 'object');
