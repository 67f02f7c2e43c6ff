-- Batches of readings against the digests that their ledger entries carry.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SELECT sg_set_time_zone('Europe/Vienna'), sg_alter_grid('default', energy_scale => 3);
SELECT sg_set_point(p, '2026-01-01 00:00 Europe/Vienna', 'anna', 'consumption', '1 hour') FROM unnest('{AT1,"AT, \"2\""}'::text[]) AS p;

-- Whole days, slots that come alone, a correction, the same again, and what is made of the slots later.
SELECT * FROM sg_post_days('{"AT, \"2\"",AT1}', '{2026-01-01,2026-01-01}',
                           ARRAY['10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33',
                                 '500,501,502,503,504,505,506,507,508,509,510,511,512,513,514,515,516,517,518,519,520,521,522,523']);
SELECT * FROM sg_post_intervals(points => '{AT1,"AT, \"2\""}', starts => '{2026-01-01 23:00Z,2026-01-01 23:00Z}', amounts => '{7,8}', qualities => '{measured,estimated}');
SELECT * FROM sg_post_intervals(points => '{AT1}', starts => '{2026-01-01 02:00Z}', amounts => '{777}');
SELECT * FROM sg_post_intervals(points => '{AT1}', starts => '{2026-01-01 02:00Z}', amounts => '{777}');
SELECT * FROM sg_post_intervals(points => '{"AT, \"2\""}', starts => '{2026-01-01 23:00Z}', amounts => '{9}');
SELECT sg_batch_lines(1);
SELECT sg_batch_lines(2);
SELECT left(line, 48) AS line FROM sg_batch_lines(3) AS line;
SELECT sg_batch_lines(4);

-- The digest is that of the lines, and in the entry.
SELECT entry_id, kind, participant, energy, price, money, trade_id, about, digest, digest = encode(sha256(convert_to(lines.text, 'UTF8')), 'hex') AS is_of_lines
FROM sg_ledger, LATERAL (SELECT string_agg(line || E'\n', '' ORDER BY n) AS text FROM sg_batch_lines(about) WITH ORDINALITY AS l (line, n)) AS lines
ORDER BY entry_id;
SELECT regexp_replace(line, ',[0-9]+,', ',(at),') AS line, digest FROM sg_ledger_lines ORDER BY entry_id;
SELECT * FROM sg_verify_batches();
SELECT batch, ok FROM sg_verify_batches(2, 3);
SELECT batch, ok FROM sg_verify_batches(4);
SELECT batch, ok FROM sg_verify_batches(NULL, 1);
SELECT count(*) FROM sg_verify_batches(3, 2);

-- Neither a later name of a point nor packing changes what was booked.
SELECT sg_rename_point('AT1', 'renamed');
SELECT count(*) AS open FROM smartgrid.open_slot;
SELECT sg_batch_lines(2);
SELECT * FROM sg_post_intervals(points => '{renamed}', starts => '{2026-01-01 03:00Z}', amounts => '{888}');
SELECT left(line, 48) AS line FROM smartgrid.batch AS b, sg_batch_lines(b.batch_id) AS line WHERE b.batch_id > 6;
-- A slot that is open for now.
SELECT * FROM sg_post_intervals(points => '{renamed}', starts => ARRAY[date_trunc('hour', now()) - interval '1 hour'], amounts => '{5}');
SELECT count(*) AS open FROM smartgrid.open_slot;
SELECT ok, count(*) FROM sg_verify_batches() GROUP BY ok;
SELECT sg_seal() IS NOT NULL AS sealed;
SELECT entry_id, sg_verify_proof(sg_prove_entry(entry_id), hash) FROM sg_ledger, sg_blocks ORDER BY entry_id;
SELECT count(*) FROM sg_verify_ledger() WHERE NOT ok;
SELECT count(*) FROM sg_check() WHERE NOT ok;

-- Batches cannot be taken back as entries are.
SELECT sg_reverse_entry(1, 'wrong');
SELECT sg_correct_reading(1, 5, 'wrong');

-- Whatever somebody changes is found, in the batch that it is of.
CREATE PROCEDURE pg_temp.try(what text) LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    BEGIN
        EXECUTE what;
        SELECT string_agg(coalesce(v.batch::text, 'none') || CASE WHEN v.computed IS NULL THEN ' (nothing)' WHEN v.stored IS DISTINCT FROM v.computed THEN ' (other)' ELSE '' END, ', ' ORDER BY v.batch)
        INTO found FROM sg_verify_batches() AS v WHERE NOT v.ok;
        RAISE 'done' USING ERRCODE = 'RB000';
    EXCEPTION WHEN SQLSTATE 'RB000' THEN
        RAISE INFO '%: %', what, found;
    END;
END $$;
CALL pg_temp.try($$UPDATE smartgrid.interval_day SET data = replace(data::text, ' 10,', ' 11,')::sg_day WHERE version = 1 AND batch_id = 1$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day SET recorded_at = recorded_at - interval '1 microsecond' WHERE batch_id = 1$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day SET version = version + 5 WHERE batch_id = 1$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day SET grid_id = 2 WHERE batch_id = 1$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day SET batch_id = 3 WHERE batch_id = 1$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day SET batch_id = 99 WHERE batch_id = 1$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day SET point_id = point_id + 1 WHERE batch_id = 3$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day SET day = day + 10 WHERE batch_id = 1$$);
CALL pg_temp.try($$DELETE FROM smartgrid.interval_day WHERE batch_id = 3$$);
CALL pg_temp.try($$INSERT INTO smartgrid.interval_day SELECT point_id, batch_id, now(), grid_id, day, 9, data FROM smartgrid.interval_day WHERE batch_id = 1$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day AS d SET data = regexp_replace(data::text, '-$', '5')::sg_day FROM smartgrid.interval_pack AS p WHERE p.pack_id = d.batch_id AND version = 1 AND 2 = ANY (p.batches) AND data::text LIKE '% 7,%'$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day AS d SET data = replace(data::text, ' 7,', ' 6,')::sg_day FROM smartgrid.interval_pack AS p WHERE p.pack_id = d.batch_id AND version = 1 AND 2 = ANY (p.batches)$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_day AS d SET recorded_at = now() FROM smartgrid.interval_pack AS p WHERE p.pack_id = d.batch_id$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_pack SET batches = array_replace(batches, 2, 5)$$);
CALL pg_temp.try($$UPDATE smartgrid.interval_pack SET batches = array_replace(batches, 2, 0)$$);
CALL pg_temp.try($$DELETE FROM smartgrid.interval_pack$$);
CALL pg_temp.try($$UPDATE smartgrid.open_slot SET start = start - interval '1 hour'$$);
CALL pg_temp.try($$UPDATE smartgrid.open_slot SET minutes = 30$$);
CALL pg_temp.try($$UPDATE smartgrid.open_slot SET recorded_at = recorded_at + interval '1 microsecond'$$);
CALL pg_temp.try($$UPDATE smartgrid.open_slot SET batch_id = 3$$);
CALL pg_temp.try($$UPDATE smartgrid.open_slot SET day = day - 1$$);
CALL pg_temp.try($$DELETE FROM smartgrid.open_slot$$);
CALL pg_temp.try($$UPDATE smartgrid.point_name SET name = 'x' WHERE name = 'AT1'$$);
CALL pg_temp.try($$UPDATE smartgrid.batch SET recorded_at = recorded_at + interval '1 microsecond' WHERE batch_id = 3$$);
CALL pg_temp.try($$UPDATE smartgrid.batch SET last_day = last_day - 1 WHERE batch_id = 2$$);
CALL pg_temp.try($$UPDATE smartgrid.batch SET digest = sha256('x') WHERE batch_id = 2$$);
CALL pg_temp.try($$UPDATE smartgrid.batch SET fresh = 0, digest = '' WHERE batch_id = 3$$);
CALL pg_temp.try($$UPDATE smartgrid.batch SET entry_id = 1 WHERE batch_id = 2$$);
CALL pg_temp.try($$UPDATE smartgrid.batch SET batch_id = 98 WHERE batch_id = 3$$);
CALL pg_temp.try($$DELETE FROM smartgrid.batch WHERE batch_id = 3$$);
CALL pg_temp.try($$UPDATE smartgrid.ledger SET trade_id = 1 WHERE entry_id = 2$$);
CALL pg_temp.try($$UPDATE smartgrid.ledger SET at = at - interval '1 microsecond' WHERE entry_id = 2$$);
CALL pg_temp.try($$DELETE FROM smartgrid.ledger WHERE entry_id = 3$$);
CALL pg_temp.try($$UPDATE smartgrid.entry_digest SET digest = sha256('x') WHERE entry_id = 2$$);
CALL pg_temp.try($$DELETE FROM smartgrid.entry_digest WHERE entry_id = 2$$);

-- Who may ask, and for what.
SELECT sg_batch_lines(99);
SELECT sg_batch_lines(NULL);
CREATE ROLE regress_member;
CREATE ROLE regress_auditor IN ROLE smartgrid_auditor;
SET ROLE regress_member;
SELECT * FROM sg_verify_batches();
SELECT sg_batch_lines(1);
SELECT count(*) FROM smartgrid.entry_digest;
SELECT count(*) FROM sg_ledger;
SET ROLE regress_auditor;
SELECT count(*) > 4 AS has FROM sg_verify_batches();
SELECT count(*) FROM sg_batch_lines(1);
SELECT count(*) FROM smartgrid.entry_digest;
RESET ROLE;
SET smartgrid.grid = 'nowhere';
SELECT sg_batch_lines(1);
SELECT * FROM sg_verify_batches();
SELECT sg_create_grid('nowhere');
SELECT sg_batch_lines(1);
SELECT * FROM sg_verify_batches();

DROP EXTENSION smartgrid;
DROP ROLE regress_member, regress_auditor;
