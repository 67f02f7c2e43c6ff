-- Backends keep rows of some tables: changes by SQL are announced to them (C code does so itself).

-- Backends keep the grid that they work on, and which stripes there are: changes by SQL are announced to them (C code does so itself).
CREATE FUNCTION smartgrid.note_change() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'sg_note_change';
COMMENT ON FUNCTION smartgrid.note_change() IS 'makes every backend forget what it keeps of a table''s rows, at commit';
