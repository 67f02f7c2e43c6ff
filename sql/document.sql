-- Documents: issued of final runs, numbered without gaps, cancelled, booked.
\getenv abs_srcdir PG_ABS_SRCDIR
\set settled :abs_srcdir '/sql/include/settled.sql'
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
\i :settled

SET timezone = 'Europe/Vienna';
SET datestyle = ISO;
SELECT sg_alter_grid('default', energy_scale => 6, money_scale => 2, currency => 'EUR'), sg_set_time_zone('Europe/Vienna');
SELECT sg_set_party(NULL, '2026-01-01', '{"name": "Village Energy", "country": "AT", "vat_id": "ATU12345678", "vat": {"category": "S", "rate": 20}}', true);
SELECT settled('[2026-06-01, 2026-07-01)', '[
    {"who": "anna", "point": "AT1", "what": "Community energy", "quantity": 512.4, "unit": "kWh", "price": 0.151, "money": 7737, "qualities": ["measured"]},
    {"who": "anna", "point": "AT1", "what": "Levy", "quantity": 512.4, "unit": "kWh", "price": 0, "money": 0, "qualities": ["measured"]},
    {"who": "anna", "what": "Membership", "price": 12, "money": 1200},
    {"who": "bert", "point": "AT2", "what": "There and", "price": 10, "money": 1000, "gross": true, "qualities": ["measured", "missing"]},
    {"who": "bert", "point": "AT2", "what": "back", "quantity": -1, "price": 10, "money": -1000, "gross": true, "qualities": ["substituted", "calculated"]},
    {"who": "carl", "what": "Three", "price": 1, "money": 100, "gross": true}, {"who": "carl", "what": "of", "price": 1, "money": 100, "gross": true},
    {"who": "carl", "what": "one", "price": 1, "money": 100, "gross": true},
    {"who": "carl", "side": 1, "point": "AT3", "what": "Energy delivered", "quantity": 1250, "unit": "kWh", "price": 0.085, "money": 10625, "qualities": ["measured"]},
    {"who": "dora", "side": 1, "point": "AT4", "what": "Energy delivered", "quantity": 10, "unit": "kWh", "price": 0.085, "money": 85, "qualities": ["measured"]},
    {"who": "emil", "what": "Two rates", "price": 1, "money": 101}, {"who": "emil", "what": "Book", "price": 1, "money": 105, "category": "S", "rate": 10},
    {"who": "emil", "what": "Gross, too", "price": 1, "money": 100, "gross": true}]') AS run \gset
SELECT sg_set_party('dora', '2026-06-01', '{"producer_documents": "statement"}', true);
-- bert's two lines are nothing together: +10.00 and -10.00 at 20 % are 8.33 and -8.33. Who owes nothing gets no document.
SELECT * FROM sg_issue(:run, '2026-07-03');
SELECT number, line, point, component, quantity, unit, price, gross_price, money_currency, net_currency, vat_category, vat_rate, quality FROM sg_document_lines ORDER BY number, line;
SELECT * FROM sg_document_vat ORDER BY number, vat_rate;
\x
SELECT grid, number, kind, run, participant, side, issue_date, due_date, first_day, last_day, net, vat, gross, net_currency, vat_currency, gross_currency, currency,
       issuer, party, digest = encode(sha256(convert_to(sg_render_document(number, 'json'), 'UTF8')), 'hex') AS digest_is_of_json
FROM sg_documents WHERE participant IN ('anna', 'dora') ORDER BY number;
\x
-- +10.00 and -10.00 beside something else.
SELECT settled('[2026-05-01, 2026-06-01)', '[
    {"who": "bert", "what": "There and", "price": 10, "money": 1000, "gross": true}, {"who": "bert", "what": "back", "quantity": -1, "price": 10, "money": -1000, "gross": true},
    {"who": "bert", "what": "Book", "price": 1, "money": 110, "gross": true, "category": "S", "rate": 10}]') AS may \gset
SELECT * FROM sg_issue(:may, '2026-07-03');
SELECT line, component, money_currency, net_currency FROM sg_document_lines WHERE number = 'R202600004' ORDER BY line;

-- What is booked is what documents say.
SELECT entry_id, e.kind, e.participant, e.money, l.trade_id = d.document_id AS is_of_document
FROM sg_ledger AS e JOIN smartgrid.ledger AS l USING (entry_id) JOIN sg_documents AS d USING (entry_id) ORDER BY entry_id;
SELECT count(*) AS sealed FROM sg_seal();
SELECT invariant, left_side, right_side, ok FROM sg_check() WHERE NOT ok OR invariant ~ 'document';

-- Cancelled by the opposite, once; then it may be issued again, to another address.
SELECT sg_cancel_document('R202600001', 'wrong address', '2026-07-05'), sg_cancel_document('G202600001', 'wrong VAT id', '2026-07-05'), sg_cancel_document('A202600001', 'so be it', '2026-07-05');
SELECT sg_set_party('anna', '2026-07-05 12:00', '{"name": "Anna of the mill"}', true);
SELECT * FROM sg_issue(:run, '2026-07-05');
SELECT number, kind, net, vat, gross, due_date, cancels, cancelled_by, reason, party ->> 'name' AS name FROM sg_documents ORDER BY document_id;
SELECT * FROM sg_issue(:run, '2026-07-05');
SELECT sg_cancel_document('R202600001', 'again', '2026-07-06');
SELECT sg_cancel_document('K202600001', 'back', '2026-07-06');

-- A correction: credit notes refer to what they correct, and to what is valid only.
SELECT settled('[2026-06-01, 2026-07-01)', '[
    {"who": "anna", "point": "AT1", "what": "Community energy", "quantity": -10, "unit": "kWh", "price": 0.151, "money": -151},
    {"who": "bert", "what": "Late", "price": 1, "money": 100},
    {"who": "carl", "side": 1, "point": "AT3", "what": "Energy delivered", "quantity": -10, "unit": "kWh", "price": 0.085, "money": -85},
    {"who": "dora", "side": 1, "point": "AT4", "what": "Energy delivered", "quantity": -10, "unit": "kWh", "price": 0.085, "money": -85}]', 1) AS correction \gset
SELECT * FROM sg_issue(:correction, '2026-08-01');
SELECT number, body -> 'references' AS "references", body -> 'due_date' AS due_date FROM smartgrid.document WHERE run_id = :correction ORDER BY document_id;
-- A credit note is cancelled by an invoice.
SELECT sg_cancel_document('K202600002', 'not so', '2026-08-02');
SELECT number, kind, gross, due_date FROM sg_documents WHERE cancels = 'K202600002';

-- The year of the date of issue; other prefixes, digits and a start; kinds that share a prefix share its sequence.
SELECT sg_set_party(NULL, '2027-01-01', '{"name": "Village Energy", "country": "AT", "vat_id": "ATU12345678", "vat": {"category": "S", "rate": 20}, "digits": 2, "start": 99,
    "prefix": {"invoice": "V-", "credit_note": "V-"}}', true);
SELECT settled('[2026-12-01, 2027-01-01)', '[{"who": "anna", "what": "Membership", "money": 1200}]') AS december \gset
SELECT number FROM sg_issue(:december, '2026-12-31');
SELECT sg_cancel_document('R202600008', 'of the new year', '2027-01-01');
SELECT number FROM sg_issue(:december, '2027-01-01');
SELECT prefix, year, first, last FROM smartgrid.document_number ORDER BY prefix, year;

-- A transaction that fails gives its numbers back.
BEGIN;
SELECT sg_cancel_document('V-2027100', 'no', '2027-01-02');
ROLLBACK;
SELECT sg_cancel_document('V-2027100', 'yes', '2027-01-02');

-- VAT that is the seller's: without a VAT id there is none, and reverse charge needs both ids.
SELECT settled('[2027-01-01, 2027-02-01)', '[
    {"who": "anna", "what": "Reverse", "money": 1200, "category": "AE", "rate": 20}]') AS reverse \gset
SELECT * FROM sg_issue(:reverse, '2027-02-01');
SELECT sg_set_party('anna', '2027-01-15', '{"name": "Anna", "vat_id": "ATU11111111"}', true);
SELECT number, net, vat, gross FROM sg_issue(:reverse, '2027-02-01');
SELECT vat_category, vat_rate, net_currency, vat_currency FROM sg_document_vat WHERE number = 'V-2027102';
SELECT settled('[2027-02-01, 2027-03-01)', '[
    {"who": "anna", "side": 1, "what": "Taxed", "money": 1200}, {"who": "bert", "side": 1, "what": "Taxed", "money": 1200, "category": "S", "rate": 20}]') AS credit \gset
SELECT * FROM sg_issue(:credit, '2027-03-01');
SELECT sg_set_party('bert', '2027-01-15', '{"vat_id": "ATU22222222"}', true), sg_set_party('anna', '2027-02-15', '{"vat_id": "ATU11111111", "vat": {"category": "AE"}}', true);
SELECT number, participant, net, vat, gross FROM sg_issue(:credit, '2027-03-01');
SELECT sg_set_party(NULL, '2027-03-01', '{"name": "Village Energy", "country": "AT", "vat": {"category": "S", "rate": 20}}', true);
SELECT settled('[2027-03-01, 2027-04-01)', '[{"who": "anna", "what": "Membership", "money": 1200}]') AS outside \gset
SELECT number, participant, net, vat, gross FROM sg_issue(:outside, '2027-04-01');
SELECT vat_category, vat_rate FROM sg_document_vat WHERE number = 'R202700001';

-- Figures near the ends of what there is.
SELECT settled('[2027-04-01, 2027-05-01)', '[{"who": "zoe", "what": "All there is", "money": 9223372036854775807}, {"who": "zoe", "what": "and more", "money": 1}]') AS most \gset
SELECT * FROM sg_issue(:most, '2027-05-01');

-- What is refused.
SELECT sg_issue(NULL, '2027-01-01');
SELECT sg_issue(:run, NULL);
SELECT sg_issue(0, '2027-01-01');
SELECT sg_issue(:run, 'infinity');
SELECT sg_issue(:run, '0001-01-01 BC');
UPDATE smartgrid.run SET state = 0, finalized_at = 'infinity', entry_id = 0 WHERE run_id = :outside;
SELECT sg_issue(:outside, '2027-01-01');
SELECT sg_cancel_document(NULL, 'x', '2027-01-01');
SELECT sg_cancel_document('R202600002', NULL, '2027-01-01');
SELECT sg_cancel_document('R202600002', '', '2027-01-01');
SELECT sg_cancel_document('R202600002', E'a\tb', '2027-01-01');
SELECT sg_cancel_document('R202600002', 'x', NULL);
SELECT sg_cancel_document('R202600002', 'x', '-infinity');
SELECT sg_cancel_document('R2', 'x', '2027-01-01');

DROP FUNCTION settled;
DROP EXTENSION smartgrid;
