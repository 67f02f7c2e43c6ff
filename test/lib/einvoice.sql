-- A document of each kind and VAT category, written into :work as UBL (test/lib/einvoice.sh).
\i :settled
SET timezone = 'Europe/Vienna';
\o /dev/null
SELECT sg_alter_grid('default', energy_scale => 6, money_scale => 2, currency => 'EUR');
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_set_party(NULL, '2026-01-01', '{"name": "Village <Energy> & co", "street": "Mill Lane 1", "zip": "1234", "city": "Village", "country": "AT", "vat_id": "ATU12345678",
    "email": "office@village.example", "iban": "AT61 1904 3002 3457 3201", "vat": {"category": "S", "rate": 20}}');
SELECT settled('[2026-06-01, 2026-07-01)', '[
    {"who": "standard", "point": "A1", "what": "Energy", "quantity": 512.4, "unit": "kWh", "price": 0.151, "money": 7737, "qualities": ["measured", "missing"]},
    {"who": "standard", "point": "A1", "what": "Peak", "quantity": 3.5, "unit": "kW", "price": 12, "money": 4200, "gross": true},
    {"who": "standard", "what": "Discount", "quantity": 119.37, "unit": "%", "price": -10, "money": -1194}, {"who": "standard", "what": "Tiers", "quantity": 10, "unit": "kWh", "money": 333},
    {"who": "standard", "what": "Book", "price": 1.05, "money": 105, "category": "S", "rate": 10}, {"who": "standard", "what": "Free", "price": 1.05, "money": 105, "category": "Z"},
    {"who": "standard", "what": "Insurance", "price": 1.05, "money": 105, "category": "E"},
    {"who": "reverse", "what": "Grid fee", "price": 10, "money": 1000, "category": "AE", "rate": 20}, {"who": "outside", "what": "Membership", "price": 10, "money": 1000, "category": "O"},
    {"who": "reverse", "side": 1, "point": "P1", "what": "Delivered", "quantity": 1250, "unit": "kWh", "price": 0.085, "money": 10625},
    {"who": "outside", "side": 1, "point": "P2", "what": "Delivered", "quantity": 980.5, "unit": "kWh", "price": 0.085, "money": 8334}]') AS run \gset
SELECT sg_set_party('reverse', '2026-06-01', '{"name": "Producer", "country": "DE", "vat_id": "DE123456789", "iban": "AT61 1904 3002 3457 3201", "vat": {"category": "AE"}}', true);
SELECT sg_set_party('outside', '2026-06-01', '{"language": "de"}', true);
SELECT * FROM sg_issue(:run, '2026-07-03');
SELECT settled('[2026-06-01, 2026-07-01)', '[
    {"who": "standard", "point": "A1", "what": "Energy", "quantity": -10, "unit": "kWh", "price": 0.151, "money": -151},
    {"who": "outside", "side": 1, "point": "P2", "what": "Delivered", "quantity": -10, "unit": "kWh", "price": 0.085, "money": -85}]', 1) AS correction \gset
SELECT * FROM sg_issue(:correction, '2026-07-04');
SELECT sg_cancel_document(number, 'wrong address', '2026-07-05') FROM sg_documents WHERE run = :correction OR kind = 'self_billed' ORDER BY document_id;
\o
\pset format unaligned
\pset tuples_only on
SELECT format(E'\\o %s/%s.xml\nSELECT btrim(sg_render_document(%L, ''ubl''), E''\\n'');\n\\o', :'work', number, number) FROM sg_documents ORDER BY document_id \g :work/render.sql
\i :work/render.sql
