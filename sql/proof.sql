-- Proofs that an entry is in a block, and that a block extends another.
\getenv abs_srcdir PG_ABS_SRCDIR
\set sealed :abs_srcdir '/sql/include/sealed.sql'
\i :sealed

SELECT jsonb_object_agg(key, jsonb_typeof(value)) FROM jsonb_each(sg_prove_entry(3));
SELECT regexp_replace(sg_prove_entry(3) ->> 'entry', '(?<=booked_at=)[0-9]+', '(now)') AS entry, sg_prove_entry(3) -> 'index' AS index, sg_prove_entry(3) -> 'entries' AS entries,
       jsonb_array_length(sg_prove_entry(3) -> 'path') AS steps, sg_prove_entry(3) ->> 'block' = line AS line
FROM sg_blocks WHERE height = 0 AND grid = 'default';
SELECT b.height, l.entry_id, sg_verify_proof(sg_prove_entry(l.entry_id), b.hash) AS of_this_block, sg_prove_entry(l.entry_id) IS NULL AS none
FROM sg_ledger AS l JOIN sg_blocks AS b ON b.grid = l.grid AND b.height < 2 WHERE l.grid = 'default' AND l.entry_id < 13 ORDER BY 1, 2;
SELECT sg_prove_entry(13) IS NULL AS not_sealed;
SELECT jsonb_object_agg(key, jsonb_typeof(value)) FROM jsonb_each(sg_prove_blocks(1, 3));
SELECT a.height AS from_height, b.height AS to_height, sg_verify_proof(sg_prove_blocks(a.height, b.height), b.hash, a.hash)
FROM sg_blocks AS a JOIN sg_blocks AS b ON b.height >= a.height AND b.grid = a.grid WHERE a.grid = 'default' ORDER BY 1, 2;
SELECT sg_verify_proof(sg_prove_blocks(1, 3), b.hash, a.hash) FROM sg_blocks AS a, sg_blocks AS b
WHERE (a.height, b.height) IN ((0, 3), (1, 2), (3, 1)) AND (a.grid, b.grid) = ('default', 'default');
SELECT sg_prove_blocks(1, 4) IS NULL AS no_such_block;
-- Of a grid whose name has commas.
SET smartgrid.grid = 'other, "with" comma';
SELECT sg_verify_proof(sg_prove_entry(14), hash) FROM sg_blocks WHERE grid = sg_grid();
RESET smartgrid.grid;

DROP EXTENSION smartgrid;
