-- What the grid's books say against what the file says; fails where they differ.
\connect - replay_auditor
\pset format unaligned
\pset tuples_only on
SELECT set_config('replay.file_sums', :'file_sums', false) \g /dev/null

CREATE TEMPORARY TABLE outcome AS
WITH file AS (
    SELECT sums[1] AS readings, sums[2] AS produced, sums[3] AS consumed
    FROM (SELECT string_to_array(current_setting('replay.file_sums'), '|')::numeric[]) AS given (sums)
), books AS (
    SELECT (SELECT COALESCE(sum(total_produced), 0) FROM sg_producers WHERE principal <> 'utility') AS produced,
           (SELECT total_produced FROM sg_producers WHERE principal = 'utility') AS imported,
           (SELECT COALESCE(sum(total_consumed), 0) FROM sg_consumers) AS consumed,
           (SELECT current_load FROM sg_grids WHERE grid = sg_grid()) AS load
), ledger AS (
    SELECT COALESCE(sum(energy) FILTER (WHERE kind = 'production' AND participant <> 'utility'), 0) AS produced,
           COALESCE(sum(energy) FILTER (WHERE kind = 'production' AND participant = 'utility'), 0) AS imported,
           COALESCE(sum(energy) FILTER (WHERE kind = 'consumption'), 0) AS consumed,
           count(*) FILTER (WHERE kind = 'production' AND participant <> 'utility') AS readings
    FROM sg_ledger
)
SELECT compared.*
FROM file, books, ledger,
     LATERAL (VALUES (1, 'readings', file.readings, ledger.readings::numeric, ledger.readings::numeric),
                     (2, 'Wh produced by members', file.produced, books.produced, ledger.produced),
                     (3, 'Wh consumed by members', file.consumed, books.consumed, ledger.consumed),
                     (4, 'Wh fed in by the utility', file.consumed + books.load - file.produced, books.imported, ledger.imported))
         AS compared (position, figure, by_file, by_accounts, by_ledger);

\pset linestyle unicode
\pset border 0
\pset footer off
\echo
\echo '── The books against the file (its sums are added up by awk, without the database) ─'
\echo
\pset tuples_only off
\pset format aligned
SELECT '  ' || figure AS " ", to_char(by_file, '999,999,999,999,990') AS "the file",
       to_char(by_accounts, '999,999,999,999,990') AS "the accounts", to_char(by_ledger, '999,999,999,999,990') AS "the ledger",
       CASE WHEN by_file = by_accounts AND by_file = by_ledger THEN '✓' ELSE '✗ DIFFERENT' END AS "  "
FROM outcome ORDER BY position;
\echo '── Members (the ten that consumed most) ────────────────────────────────────────────'
\echo
SELECT '  ' || c.principal AS "  principal", p.total_produced_kwh AS "produced kWh", c.total_consumed_kwh AS "consumed kWh",
       COALESCE(l.paid, 0) AS paid, round(l.paid / NULLIF(c.total_consumed_kwh, 0), 4) AS "a kWh", c.balance_currency AS balance
FROM sg_consumers AS c JOIN sg_producers AS p USING (grid, principal)
     LEFT JOIN (SELECT grid, participant, sum(money_currency) AS paid
                FROM sg_ledger WHERE kind = 'consumption' GROUP BY grid, participant) AS l
         ON l.grid = c.grid AND l.participant = c.principal
ORDER BY c.total_consumed DESC, c.principal LIMIT 10;
\pset tuples_only on
\pset format unaligned
\echo '── sg_check(): nothing is lost, nothing made up (left side = right side) ───────────'
\echo
SELECT format('  %s %s  %s', CASE WHEN ok THEN '✓' ELSE '✗ VIOLATED' END,
              lpad(CASE WHEN ok THEN left_side::text ELSE left_side || ' <> ' || right_side END, 14),
              regexp_replace(invariant, '(.{60}\S*) ', E'\\1\n' || repeat(' ', 20)))
FROM sg_check() WHERE grid = sg_grid();
SELECT format(E'\n  %s posted, %s left out; %s ledger entries; %s of %s invariants hold.',
              replay.counted((SELECT by_ledger FROM outcome WHERE position = 1)::bigint, 'reading'),
              replay.counted((SELECT count(*) FROM replay.bad_line), 'bad line'),
              replay.grouped((SELECT count(*) FROM sg_ledger)), count(*) FILTER (WHERE ok), count(*))
FROM sg_check() WHERE grid = sg_grid();
\echo
\echo '── To look further, in psql ────────────────────────────────────────────────────────'
\echo
\echo '  \\c - replay_auditor   SELECT * FROM sg_ledger ORDER BY entry_id LIMIT 20;'
\echo '                        SELECT * FROM sg_consumers;'
\echo '                        SELECT * FROM replay.bad_line;'
\echo
DO $$
BEGIN
    IF NOT (SELECT bool_and(by_file = by_accounts AND by_file = by_ledger) FROM outcome) THEN
        RAISE EXCEPTION 'the books differ from the file';
    END IF;
    IF NOT (SELECT bool_and(ok) FROM sg_check()) THEN
        RAISE EXCEPTION 'an invariant does not hold';
    END IF;
END
$$;
