-- Documents in their forms: the same text for ever, whatever a session has set.
\getenv abs_srcdir PG_ABS_SRCDIR
\set settled :abs_srcdir '/sql/include/settled.sql'
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
\i :settled

SET timezone = 'Europe/Vienna';
SELECT sg_alter_grid('default', energy_scale => 6, money_scale => 2, currency => 'EUR'), sg_set_time_zone('Europe/Vienna');
SELECT sg_set_party(NULL, '2026-01-01', '{"name": "Village <Energy>", "street": "Mill Lane 1", "zip": "1234", "city": "Village", "country": "AT", "vat_id": "ATU12345678",
    "iban": "AT61 1904 3002 3457 3201", "vat": {"category": "S", "rate": 20}, "texts": {"before": "Dear member,\nthank you.", "footer": "A & B"}}', true);
-- What was measured: a quarter-hour of each, of which the community covered one.
SELECT sg_set_point('AT1', '2026-06-01', 'anna', 'consumption'), sg_set_point('AT3', '2026-06-01', 'carl', 'production');
SELECT * FROM sg_post_intervals('{AT1,AT1,AT3}'::text[], '{2026-06-01 12:00,2026-06-01 12:15,2026-06-01 12:15}', '{2000000,1000000,600000}');
SELECT settled('[2026-06-01, 2026-07-01)', '[
    {"who": "anna", "point": "AT1", "what": "Community energy", "quantity": 512.4, "unit": "kWh", "price": 0.151, "money": 7737, "qualities": ["measured"]},
    {"who": "anna", "point": "AT1", "what": "Peak, \"high\"", "quantity": 3.5, "unit": "kW", "price": 12, "money": 4200, "gross": true, "qualities": ["measured", "missing"], "to": "2026-06-16"},
    {"who": "anna", "what": "Discount", "quantity": 119.37, "unit": "%", "price": -10, "money": -1194}, {"who": "anna", "what": "Tiers", "quantity": 10, "unit": "kWh", "money": 333, "tier": 2},
    {"who": "carl", "side": 1, "point": "AT3", "what": "Energy delivered", "quantity": 1250, "unit": "kWh", "price": 0.085, "money": 10625, "qualities": ["measured"]},
    {"who": "dora", "side": 1, "point": "AT4", "what": "Energy delivered", "quantity": 10, "unit": "kWh", "price": 0.085, "money": 85, "qualities": ["measured"]}]') AS run \gset
SELECT sg_set_party('dora', '2026-06-01', '{"producer_documents": "statement"}', true), sg_set_party('carl', '2026-06-01', '{"language": "de", "tax_id": "12-345/6789", "country": "DE"}', true);
SELECT number FROM sg_issue(:run, '2026-07-03');
\pset format unaligned
\pset tuples_only on
SELECT sg_render_document('R202600001');
SELECT sg_render_document('R202600001', 'json');
SELECT sg_render_document('R202600001', 'csv');
SELECT sg_render_document('R202600001', 'ubl');
SELECT sg_render_document('G202600001', 'ubl');
SELECT sg_cancel_document('R202600001', 'wrong address', '2026-07-04');
SELECT sg_render_document('K202600001', 'ubl');
\pset tuples_only off
\pset format aligned
-- The community's figures are those of the run, and the pages those of the day of issue.
SELECT participant, body::jsonb -> 'community' AS community FROM smartgrid.document AS d JOIN sg_documents AS s USING (document_id) ORDER BY document_id;
CREATE TEMPORARY TABLE page AS SELECT d.number, f.format, sg_render_document(d.number, f.format) AS page
FROM sg_documents AS d CROSS JOIN unnest('{html,json,csv,ubl}'::text[]) AS f (format) WHERE f.format <> 'ubl' OR d.kind <> 'statement';
SELECT count(*) FROM page;
SELECT sg_set_party(NULL, '2026-01-01', '{"name": "Other"}', true), sg_set_party('carl', '2026-01-01', '{"name": "Other"}', true);
SELECT sg_rename_point('AT1', 'AT1B');
SET timezone = 'Asia/Tokyo';
SET datestyle = 'German';
SET extra_float_digits = -15;
SET intervalstyle = 'iso_8601';
SET bytea_output = 'escape';
SET xmloption = document;
SET search_path = pg_temp;
SET standard_conforming_strings = off;
SELECT number, format FROM page WHERE page IS DISTINCT FROM public.sg_render_document(number, format);
RESET search_path;
RESET standard_conforming_strings;

-- What is refused.
SELECT sg_render_document(NULL);
SELECT sg_render_document('R202600001', NULL);
SELECT sg_render_document('R202600001', 'pdf');
SELECT sg_render_document('R202600002');
SELECT sg_render_document('A202600001', 'ubl');
SELECT sg_set_party(NULL, '2026-07-01', '{"vat_id": "ATU12345678", "vat": {"category": "E"}}', true), sg_set_party('carl', '2026-07-01', '{}', true);
SELECT settled('[2026-07-01, 2026-08-01)', '[
    {"who": "anna", "what": "Exempt", "money": 100}, {"who": "anna", "what": "Outside", "money": 100, "category": "O"}, {"who": "carl", "what": "Exempt", "money": 100},
    {"who": "carl", "what": "Exempt", "money": 100, "side": 1, "category": "E"}]') AS july \gset
SELECT number FROM sg_issue(:july, '2026-08-03');
SELECT sg_render_document('R202600002', 'ubl');
SELECT sg_set_party(NULL, '2026-08-04', '{"country": "AT", "vat_id": "ATU12345678"}', true);
SELECT sg_cancel_document(n, 'no country', '2026-08-04') FROM unnest('{R202600002,G202600002}'::text[]) AS n;
SELECT number FROM sg_issue(:july, '2026-08-04');
SELECT sg_render_document('R202600004', 'ubl');
SELECT sg_render_document('G202600003', 'ubl');

DROP FUNCTION settled;
DROP TABLE page;
DROP EXTENSION smartgrid;
