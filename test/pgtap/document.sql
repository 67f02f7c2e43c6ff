-- Documents of random lines: sums of VAT groups, largest remainders, and the rules of EN 16931 that are sums; who sees what.

\ir lib/begin.sql
SELECT no_plan();
\ir ../../sql/include/settled.sql
SET timezone = 'Europe/Vienna';
SELECT setseed(0.25) \g /dev/null
SELECT sg_alter_grid('default', energy_scale => 6, money_scale => 2, currency => 'EUR') \g /dev/null
SELECT sg_set_time_zone('Europe/Vienna') \g /dev/null
SELECT sg_set_party(NULL, '2026-01-01', '{"name": "Village", "country": "AT", "vat_id": "ATU12345678", "vat": {"category": "S", "rate": 20}}') \g /dev/null
SELECT settled('[2026-06-01, 2026-07-01)', (
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('who', 'member ' || m, 'what', 'line ' || n, 'side', (n % 7 = 0)::integer, 'point', CASE WHEN n % 3 > 0 THEN 'AT' || n END,
        'money', (random() * 2000 - 700)::integer, 'quantity', round((random() * 20 - 5)::numeric, 6), 'unit', (ARRAY['kWh', 'kW', 'piece', '%'])[1 + n % 4],
        'price', CASE WHEN n % 5 > 0 THEN round((random() * 3 - 1)::numeric, 4) END, 'gross', random() < 0.6,
        'category', CASE n % 4 WHEN 1 THEN 'S' WHEN 2 THEN 'Z' END, 'rate', CASE n % 4 WHEN 1 THEN (ARRAY[7, 10, 13.7, 19.25])[1 + m % 4] END)))
    FROM generate_series(1, 60) AS m, generate_series(1, 12) AS n)) AS run \gset
SELECT sg_set_party(p.principal, '2026-06-01', '{"country": "DE", "vat_id": "DE123456789", "vat": {"category": "S", "rate": 19}}', true) FROM smartgrid.participant AS p \g /dev/null
CREATE TEMPORARY TABLE issued AS SELECT * FROM sg_issue(:run, '2026-07-03');
SELECT cmp_ok((SELECT count(*) FROM issued), '>', 80::bigint, 'documents');
SELECT bag_eq('SELECT DISTINCT kind FROM issued', ARRAY['invoice', 'credit_note', 'self_billed', 'self_billed_credit_note'], 'of all kinds of tax documents');
SELECT is_empty($$SELECT d.number FROM sg_documents AS d
                  WHERE (d.net_currency, d.vat_currency, d.gross_currency)
                        IS DISTINCT FROM (SELECT (sum(v.net_currency), sum(v.vat_currency), sum(v.gross_currency)) FROM sg_document_vat AS v WHERE v.number = d.number)$$, 'groups sum to documents');
SELECT is_empty($$SELECT v.number, v.vat_category, v.vat_rate FROM sg_document_vat AS v
                  WHERE v.net_currency <> (SELECT sum(l.net_currency) FROM sg_document_lines AS l WHERE (l.number, l.vat_category, l.vat_rate) = (v.number, v.vat_category, v.vat_rate))$$,
                'lines sum to groups');
SELECT is_empty($$SELECT v.number FROM sg_document_vat AS v
                  WHERE v.vat_currency <> (SELECT round(coalesce(sum(l.money_currency) FILTER (WHERE NOT l.gross_price), 0) * v.vat_rate / 100, 2)
                                                  + coalesce(sum(l.money_currency - l.net_currency) FILTER (WHERE l.gross_price), 0)
                                           FROM sg_document_lines AS l WHERE (l.number, l.vat_category, l.vat_rate) = (v.number, v.vat_category, v.vat_rate))$$, 'VAT of groups');
SELECT is_empty($$SELECT number, vat_rate FROM sg_document_lines WHERE gross_price GROUP BY number, vat_category, vat_rate
                  HAVING sum(net_currency) <> round(sum(money_currency) / (1 + vat_rate / 100), 2)$$, 'net of gross prices is rounded once for each group');
SELECT is_empty($$SELECT * FROM sg_document_lines WHERE gross_price AND abs(net_currency - money_currency / (1 + vat_rate / 100)) >= 0.01$$, 'each line is less than a cent from its own');
SELECT is_empty($$SELECT a.number FROM sg_document_lines AS a JOIN sg_document_lines AS b USING (number, vat_category, vat_rate)
                  WHERE a.gross_price AND b.gross_price AND a.line < b.line AND a.money_currency = b.money_currency AND a.net_currency < b.net_currency$$, 'ties go to the earlier line');
SELECT is_empty($$SELECT * FROM sg_check() WHERE NOT ok AND invariant !~ '^final runs '$$, 'all invariants hold, but of the run, which is rows written by hand');

-- The rules of EN 16931 that are sums and signs, on what is rendered.
CREATE TEMPORARY TABLE ubl AS SELECT number, kind, sg_render_document(number, 'ubl')::xml AS x FROM issued;
CREATE FUNCTION pg_temp.all_of(x xml, path text) RETURNS numeric[] LANGUAGE sql AS $$
    SELECT array_agg(v::text::numeric) FROM unnest(xpath('/*' || path || '/text()', x, ARRAY[ARRAY['cac', 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2'],
        ARRAY['cbc', 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2']])) AS v
$$;
CREATE FUNCTION pg_temp.total(x xml, path text) RETURNS numeric LANGUAGE sql AS 'SELECT sum(v) FROM unnest(pg_temp.all_of(x, path)) AS v';
CREATE TEMPORARY TABLE sums AS
SELECT number, kind, pg_temp.total(x, '/cac:LegalMonetaryTotal/cbc:LineExtensionAmount') AS lines, pg_temp.total(x, '/cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount') AS net,
       pg_temp.total(x, '/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount') AS gross, pg_temp.total(x, '/cac:LegalMonetaryTotal/cbc:PayableAmount') AS payable,
       pg_temp.total(x, '/cac:TaxTotal/cbc:TaxAmount') AS vat, pg_temp.total(x, '/*/cbc:LineExtensionAmount[../cac:Item]') AS of_lines,
       pg_temp.total(x, '/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount') AS of_groups, pg_temp.total(x, '/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount') AS taxable,
       pg_temp.all_of(x, '/*/cac:Price/cbc:PriceAmount') AS prices
FROM ubl;
SELECT is_empty('SELECT number FROM sums WHERE (lines = of_lines) IS NOT TRUE', 'BR-CO-10: lines');
SELECT is_empty('SELECT number FROM sums WHERE (net = lines) IS NOT TRUE', 'BR-CO-13: without VAT');
SELECT is_empty('SELECT number FROM sums WHERE (vat = of_groups) IS NOT TRUE', 'BR-CO-14: VAT');
SELECT is_empty('SELECT number FROM sums WHERE (gross = net + vat AND taxable = net) IS NOT TRUE', 'BR-CO-15: with VAT');
SELECT is_empty('SELECT number FROM sums WHERE (payable = gross AND payable > 0) IS NOT TRUE', 'BR-CO-16: to pay, never below 0');
SELECT is_empty('SELECT number FROM sums WHERE (0 <= ALL (prices)) IS NOT TRUE', 'BR-27: prices are never below 0');
SELECT is_empty($$SELECT number FROM ubl WHERE (x::text ~ '<Invoice ') <> (kind IN ('invoice', 'self_billed'))$$, 'credit notes are of that kind');

-- Who sees what.
CREATE ROLE sgt_member LOGIN;
SELECT sg_rename_participant('member 1', 'sgt_member') \g /dev/null
SET ROLE sgt_member;
SELECT bag_eq('SELECT DISTINCT participant FROM sg_documents', ARRAY['member 1'], 'a member sees its own documents');
SELECT is_empty('SELECT number FROM sg_document_lines EXCEPT SELECT number FROM sg_documents', 'and lines');
SELECT bag_eq('SELECT DISTINCT participant FROM sg_parties', ARRAY['sgt_member', NULL], 'its own party, and the issuer');
SELECT throws_ok($$SELECT sg_issue(1)$$, 'SG100', NULL, 'issues none');
SELECT throws_ok($$SELECT sg_cancel_document('R202600001', 'x')$$, 'SG100', NULL, 'and cancels none');
SELECT is((SELECT count(sg_render_document(number)) FROM sg_documents), (SELECT count(*) FROM sg_documents), 'it renders its own');
RESET ROLE;
SELECT number AS other FROM sg_documents WHERE participant = 'member 2' LIMIT 1 \gset
SET ROLE sgt_member;
SELECT throws_ok(format('SELECT sg_render_document(%L)', :'other'), 'SG101', NULL, 'and no other');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
