-- Parties of documents: who the members and the community are.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET timezone = 'Europe/Vienna';
SET datestyle = ISO;
SELECT sg_set_time_zone('Europe/Vienna');
SELECT * FROM sg_set_party(NULL, '2026-01-01', '{"name": "Village Energy", "street": "Mill Lane 1", "zip": "1234", "city": "Village", "country": "AT",
    "vat_id": "ATU12345678", "tax_id": "ZVR 123456789", "email": "office@village.example", "iban": "AT61 1904 3002 3457 3201", "language": "de",
    "producer_documents": "self_billed", "vat": {"category": "S", "rate": 20}, "due_days": 14, "digits": 5, "start": 1,
    "prefix": {"invoice": "R", "self_billed": "G", "credit_note": "K", "self_billed_credit_note": "L", "statement": "A"},
    "texts": {"before": "Dear member,\nthis is what you had.", "after": "", "footer": "ZVR 123456789"}}');
SET smartgrid.principal = 'anna';
SELECT sg_register_consumer(1000);
RESET smartgrid.principal;
SELECT sg_set_party('anna', '2026-01-01', '{"name": "Anna"}'), sg_set_party('anna', '2026-06-01', '{"name": "Anna B.", "vat": {"category": "AE"}}');
SELECT participant, details, valid_from, valid_to FROM sg_parties WHERE participant = 'anna' AND superseded_at IS NULL ORDER BY valid_from;
-- What is NULL is as just before; again, nothing is recorded.
SELECT sg_set_party('anna', '2026-03-01', NULL);
SELECT sg_set_party('anna', '2026-01-01', '{"name": "Anna"}');
SELECT participant, details ->> 'name' AS name, valid_from, valid_to, superseded_at IS NULL AS on_record FROM sg_parties WHERE participant = 'anna' ORDER BY recorded_at, valid_from;

-- What is refused, with its path.
SELECT sg_set_party('anna', NULL, '{}');
SELECT sg_set_party('', '2026-01-01', '{}');
SELECT sg_set_party('anna', '2026-01-01', '{}', NULL);
SELECT sg_set_party('anna', '2026-01-01', '[]');
SELECT sg_set_party('anna', '2026-01-01', '{"nam": "Anna"}');
SELECT sg_set_party('anna', '2026-01-01', '{"due_days": 14}');
SELECT sg_set_party('anna', '2026-01-01', '{"name": ""}');
SELECT sg_set_party('anna', '2026-01-01', '{"name": 1}');
SELECT sg_set_party('anna', '2026-01-01', '{"street": "two\nlines"}');
SELECT sg_set_party('anna', '2026-01-01', jsonb_build_object('name', repeat('x', 10240)));
SELECT sg_set_party('anna', '2026-01-01', '{"country": "A "}');
SELECT sg_set_party('anna', '2026-01-01', '{"country": "XX"}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat_id": "12345678"}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat_id": "ATU 1234"}');
SELECT sg_set_party('anna', '2026-01-01', '{"iban": "AT61 1904 3002 3457 3202"}');
SELECT sg_set_party('anna', '2026-01-01', '{"iban": ["AT611904300234573201"]}');
SELECT sg_set_party('anna', '2026-01-01', '{"language": "tlh"}');
SELECT sg_set_party('anna', '2026-01-01', '{"producer_documents": "none"}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat": "S"}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat": {"rate": 20}}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat": {"category": "X"}}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat": {"category": "S"}}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat": {"category": "E", "rate": 20}}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat": {"category": "S", "rate": 101}}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat": {"category": "S", "rate": 0.0000000000001}}');
SELECT sg_set_party('anna', '2026-01-01', '{"vat": {"category": "S", "rat": 20}}');
SELECT sg_set_party(NULL, '2026-01-01', '{"due_days": 1.5}');
SELECT sg_set_party(NULL, '2026-01-01', '{"digits": 19}');
SELECT sg_set_party(NULL, '2026-01-01', '{"start": 0}');
SELECT sg_set_party(NULL, '2026-01-01', '{"prefix": {"invoice": "R 1"}}');
SELECT sg_set_party(NULL, '2026-01-01', '{"prefix": {"bill": "R"}}');
SELECT sg_set_party(NULL, '2026-01-01', '{"texts": {"before": 1}}');
SELECT sg_set_party(NULL, '2026-01-01', '{"texts": []}');
SELECT sg_set_party('nobody', '2026-01-01', '{}');
SELECT sg_set_party('anna', '2025-01-01', NULL);
SELECT sg_set_party('anna', 'infinity', '{}');

-- Whoever writes it: one object for each moment.
\set VERBOSITY sqlstate
INSERT INTO smartgrid.party SELECT * FROM smartgrid.party WHERE superseded_at = 'infinity' LIMIT 1;
UPDATE smartgrid.party SET details = '[]';
UPDATE smartgrid.party SET valid_to = 'infinity' WHERE superseded_at = 'infinity' AND valid_to < 'infinity';
\set VERBOSITY default

DROP EXTENSION smartgrid;
