-- Energy that is on the grid in the books only.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
CREATE ROLE regress_member;

SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_report_production(500);
RESET smartgrid.principal;
SELECT sg_write_off(NULL, 'x');
SELECT sg_write_off(1, NULL);
SELECT sg_write_off(1, '');
SET ROLE regress_member;
SELECT sg_write_off(0, 'x');
RESET ROLE;
SELECT sg_write_off(0, 'x');
SELECT sg_write_off(1000000000000001, 'x');
SELECT sg_write_off(501, 'x');
SELECT sg_write_off(500, 'it was never there');
SELECT entry_id, kind, participant, counterparty, energy, price, money, trade_id, about FROM sg_last_entry();
SELECT entry_id, kind, participant, counterparty, energy, price, money, trade_id, about FROM sg_ledger ORDER BY entry_id;
SELECT entry_id, about, kind, reason FROM sg_reversals;
SELECT current_load FROM sg_get_grid_status();
-- The producer's books stay as they are.
SELECT total_produced, unsold FROM sg_producers;
SELECT invariant, left_side, right_side, ok FROM sg_check() WHERE invariant ~ '^energy' OR NOT ok;
SELECT sg_reverse_entry(2, 'it was there'), sg_write_off(20, 'some of it');
SELECT sg_reverse_entry(2, 'again');
-- Nobody but who reads the whole grid sees it: it is nobody's.
SET ROLE regress_member;
SELECT * FROM sg_ledger;
SELECT * FROM sg_reversals;
RESET ROLE;
SELECT count(*) FROM sg_seal();
SELECT * FROM sg_verify_ledger() WHERE NOT ok;
SELECT sums FROM sg_blocks;
BEGIN;
UPDATE smartgrid.ledger SET participant_id = 1 WHERE entry_id = 4;
SELECT height, problem, regexp_replace(detail, 'it is now.*', '...') AS detail FROM sg_verify_ledger() WHERE NOT ok;
SELECT invariant, left_side FROM sg_check() WHERE NOT ok;
ROLLBACK;

DROP EXTENSION smartgrid;
DROP ROLE regress_member;
