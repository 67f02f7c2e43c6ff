-- Batches: what is shown of them, and the bytes of open slots.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_set_time_zone('Etc/UTC');
SELECT sg_set_point(name, '2020-01-01 00:00Z', 'anna', 'storage', resolution => '1 hour') FROM unnest('{a,b,c}'::text[]) AS name;
SET smartgrid.pack_after = '1000d';
SELECT * FROM sg_post_intervals('{a,b,c}'::text[], '{2025-03-01 05:00Z,2025-03-01 05:00Z,2025-03-01 05:00Z}', '{9223372036854775807,-9223372036854775808,0}', '{measured,estimated,calculated}');
SELECT * FROM sg_post_intervals('{a}'::text[], '{2025-03-01 05:00Z}', '{9223372036854775807}', label => 'again');
SELECT grid, batch, source, label, rows, new, unchanged, first_day, last_day, digest IS NOT NULL AS has_digest, entry_id IS NOT NULL AS has_entry FROM sg_batches ORDER BY batch;
SELECT kind, energy, money FROM sg_ledger;
SELECT v.* FROM smartgrid.open_slot AS o, smartgrid.open_values(o.data) AS v;
-- Damaged bytes are an error, or other values, but nothing is read beyond their end.
CREATE FUNCTION read_values(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count(*) FROM smartgrid.open_values(bytes);
    RETURN 'read';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT string_agg(DISTINCT read_values(substr(o.data, 1, n)), ' ') FROM smartgrid.open_slot AS o, generate_series(0, octet_length(o.data) - 1) AS n;
SELECT read_values(set_byte(o.data, n, v)) AS answer, count(*) > 20 AS often
FROM smartgrid.open_slot AS o, generate_series(0, octet_length(o.data) - 1) AS n, generate_series(0, 255, 5) AS v GROUP BY 1 ORDER BY 1;
SELECT read_values(''), read_values('\x40'), read_values('\x40ffffffffffffffffff01');
SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
DROP FUNCTION read_values;
