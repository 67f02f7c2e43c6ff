-- The same village a month long, by its meters: shared by quarter-hour, settled by a tariff, billed, and corrected once. It is a
-- grid of its own: energy that is metered never enters the load of the real-time grid, and invoices are in cents.
\connect - postgres
SET client_min_messages = warning;
SELECT sg_create_grid('village-energy', operator_role => 'village_board', energy_scale => 3, money_scale => 2, currency => 'EUR') \g /dev/null

-- What the grid operator sends: who has which meter, and what each said in June. The profile of the day above, on other days
-- more or less of it: weekends, clouds and wind are invented. A household's meter is silent for two hours.
CREATE TABLE village.members AS
SELECT 'DE01' || lpad(house::text, 4, '0') AS point, principal AS owner, 'consumption' AS kind FROM village.member
UNION ALL
SELECT 'DE02' || lpad(house::text, 4, '0'), principal, 'production' FROM village.member WHERE roof_kw IS NOT NULL
UNION ALL
SELECT 'DE029001', 'miller', 'production';

CREATE TABLE village.june AS
SELECT m.point, timestamptz '2024-06-01 00:00 Europe/Berlin' + day * interval '1 day' + p.quarter * interval '15 minutes' AS start,
       round(p.wh * CASE p.kind WHEN 'need' THEN 0.85 + (ascii(p.principal) * 7 + day * 13) % 31 / 100.0 + CASE WHEN day % 7 < 2 THEN 0.1 ELSE 0 END
                                WHEN 'sun' THEN 0.25 + 0.75 * abs(sin(day * 1.7))::numeric
                                WHEN 'wind' THEN 0.30 + 0.70 * abs(sin(day * 0.9))::numeric END)::bigint AS amount
FROM village.plan AS p
     JOIN village.members AS m ON m.owner = p.principal AND m.kind = CASE p.kind WHEN 'need' THEN 'consumption' ELSE 'production' END
     CROSS JOIN generate_series(0, 29) AS day
WHERE NOT (p.principal = 'karla' AND p.kind = 'need' AND day = 7 AND p.quarter BETWEEN 36 AND 43);

\connect - oskar
SET smartgrid.grid = 'village-energy';
SET TimeZone = 'Europe/Berlin';
SELECT sg_set_time_zone('Europe/Berlin') \g /dev/null
SELECT sg_set_party(NULL, '2024-06-01 00:00', '{"name": "Village Energy eG", "street": "Mill Lane 1", "zip": "12345", "city": "Village", "country": "DE",
    "vat_id": "DE123456789", "iban": "DE02120300000000202051", "vat": {"category": "S", "rate": 19}}') \g /dev/null
SELECT sg_set_points('village.members') \g /dev/null
SELECT sg_set_party('ben', '2024-06-01 00:00', '{"name": "Ben Brook", "street": "Mill Lane 2", "zip": "12345", "city": "Village"}') \g /dev/null
SELECT sg_set_tariff('village', '2024-06-01 00:00', '[
    {"name": "From the village", "of": "covered", "price": 0.18},
    {"name": "From outside", "of": "rest", "price": 0.31},
    {"name": "Evening", "of": "rest", "price": 0.05, "when": {"times": ["17:00-21:00"]}},
    {"name": "Membership", "of": "participant", "price": 2.50},
    {"name": "Used in the village", "of": "covered", "kinds": ["production"], "price": 0.11},
    {"name": "Sold outside", "of": "rest", "kinds": ["production"], "price": 0.065}]', for_all => true) \g /dev/null
SELECT count(*) AS refused FROM sg_post_intervals('village.june', label => 'june.csv') \gset
SELECT sum(missing) AS missing FROM sg_completeness('[2024-06-01, 2024-07-01)') \gset
SELECT count(*) AS filled FROM sg_substitute('[2024-06-01, 2024-07-01)', 'linear') \gset

\echo
\echo '── June by the meters: loaded, shared by quarter-hour, settled, billed ─────────────'
\echo
SELECT format(E'  meters     %s: %s households, %s roofs, a turbine\n  june.csv   %s quarter-hours in one call, %s refused, %s missing, %s filled between neighbours',
              (SELECT count(*) FROM sg_points WHERE grid = sg_grid()), count(*), count(roof_kw), b.rows, :refused, :missing, :filled)
FROM village.member CROSS JOIN (SELECT rows FROM sg_batches WHERE grid = sg_grid() AND label = 'june.csv') AS b GROUP BY b.rows;
SELECT format(E'  shared     %s of %s kWh that roofs and turbine made were used in the village: %s %%\n             %s of what it needed, %s kWh came from outside',
              round(covered / 1000.0), round(produced / 1000.0), round(self_consumption), round(self_sufficiency) || ' %', round((consumed - covered) / 1000.0))
FROM sg_community('[2024-06-01, 2024-07-01)');

SELECT sg_settle('[2024-06-01, 2024-07-01)') AS run \gset
SELECT format('  preview    run %s: %s lines, %s problems', :run, count(*), (SELECT count(*) FROM sg_run_problems(:run))) FROM sg_run_lines WHERE run = :run;
SELECT sg_finalize(:run) \g /dev/null
SELECT format('  final      the members pay %s EUR, and are paid %s EUR; with a digest in the ledger', charges_currency, credits_currency) FROM sg_runs WHERE run = :run;
SELECT format('  issued     %s invoices, %s self-billed ones of producers', count(*) FILTER (WHERE kind = 'invoice'), count(*) FILTER (WHERE kind = 'self_billed'))
FROM sg_issue(:run, '2024-07-02');

\connect - ben
SET smartgrid.grid = 'village-energy';
\echo
\echo '── What ben pays for June: his invoice, as he sees it himself; invoice.html is its page ─'
\echo
\pset tuples_only off
\pset format aligned
SELECT '  ' || d.number AS "  invoice", l.component AS what, l.quantity, l.unit, l.price, l.net_currency AS "EUR"
FROM sg_documents AS d JOIN sg_document_lines AS l USING (grid, number) ORDER BY l.line;
\pset tuples_only on
\pset format unaligned
SELECT format('  net %s + %s %% VAT %s = %s EUR, to be paid until %s', d.net_currency, v.vat_rate, d.vat_currency, d.gross_currency, d.due_date)
FROM sg_documents AS d JOIN sg_document_vat AS v USING (grid, number);

-- In July the grid operator sends a day of the turbine again: it had made half as much. What follows is the difference.
\connect - oskar
SET smartgrid.grid = 'village-energy';
SET TimeZone = 'Europe/Berlin';
\echo
\echo '── A correction: the turbine made half as much on the 20th, says the grid operator ──'
\echo
CREATE TEMPORARY TABLE again AS
SELECT point, start, amount / 2 AS amount FROM village.june WHERE point = 'DE029001' AND start >= '2024-06-20' AND start < '2024-06-21';
SELECT count(*) AS refused FROM sg_post_intervals('again', label => 'correction of the turbine') \gset
SELECT sg_settle('[2024-06-01, 2024-07-01)') AS run \gset
SELECT sg_finalize(:run) \g /dev/null
SELECT format(E'  corrected  run %s: %s lines with the differences, members pay %s EUR, and are paid %s EUR\n             in all now %s and %s EUR',
              :run, (SELECT count(*) FROM sg_run_lines WHERE run = :run), max(charges_currency) FILTER (WHERE run = :run), max(credits_currency) FILTER (WHERE run = :run),
              sum(charges_currency), sum(credits_currency))
FROM sg_runs WHERE grid = sg_grid();
SELECT format('  issued     %s invoices, %s self-billed ones of producers, %s credit note', count(*) FILTER (WHERE kind = 'invoice'),
              count(*) FILTER (WHERE kind = 'self_billed'), count(*) FILTER (WHERE kind LIKE '%credit_note'))
FROM sg_issue(:run, '2024-08-01');
SELECT count(sg_record_payment(participant, due, 'bank/' || participant)) AS paid FROM sg_dues WHERE grid = sg_grid() AND participant <> 'karla' AND due <> 0 \gset
SELECT format('  paid       %s by bank; %s owes %s EUR still', :paid, participant, due_currency) FROM sg_dues WHERE grid = sg_grid() AND due <> 0;
SELECT height FROM sg_seal() \g /dev/null

\connect - ben
SET smartgrid.grid = 'village-energy';
SELECT hash FROM sg_blocks WHERE grid = sg_grid() ORDER BY height DESC LIMIT 1 \gset
SELECT format('  proven     %s ben''s invoice %s is in the sealed ledger', CASE WHEN sg_verify_proof(sg_prove_entry(entry_id), :'hash') THEN '✓' ELSE '✗ NOT PROVEN' END, number)
FROM sg_documents ORDER BY issue_date LIMIT 1;

\connect - audrey
SET smartgrid.grid = 'village-energy';
SELECT format('  verified   %s audrey computed both runs again from what was on record at their time', CASE WHEN bool_and(v.ok) THEN '✓' ELSE '✗ CHANGED' END)
FROM sg_runs AS r CROSS JOIN sg_verify_run(r.run) AS v WHERE r.grid = sg_grid();
DO $$
BEGIN
    IF NOT (SELECT bool_and(ok) FROM sg_check()) THEN
        RAISE EXCEPTION 'an invariant does not hold';
    ELSIF NOT (SELECT bool_and(v.ok) FROM sg_runs AS r CROSS JOIN sg_verify_run(r.run) AS v) THEN
        RAISE EXCEPTION 'a run does not follow from what was on record';
    END IF;
END
$$;
\echo
\echo '── To look further, in psql ────────────────────────────────────────────────────────'
\echo
\echo '  \\c - anna          SELECT * FROM sg_trades;             a member sees its own trades'
\echo '  \\c - oskar         SELECT * FROM sg_consumers;          the operator sees everybody'
\echo '  \\c - audrey        \\d+ sg_ledger                        every column with its unit'
\echo '                     SELECT * FROM village.ledger WHERE quarter = 80;   the storm'
\echo '                     SET smartgrid.grid = ''village-energy''; SELECT * FROM sg_run_lines;'
\echo '  \\c - village_app   BEGIN; SET LOCAL smartgrid.principal = ''karla'';'
\echo '                     SELECT * FROM sg_quote(1000); COMMIT;'
\echo
