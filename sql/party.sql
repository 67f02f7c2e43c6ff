-- Who may know the names of parties.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_seller;
CREATE ROLE regress_buyer;
CREATE ROLE regress_stranger;
CREATE ROLE regress_auditor IN ROLE smartgrid_auditor;
CREATE FUNCTION pg_temp.seen() RETURNS TABLE (caller name, seller text, buyer text, stranger text, nobody text, own_entry text, read_entry text, readable bigint[])
    LANGUAGE sql AS $$
    SELECT current_user, smartgrid.party_name(1), smartgrid.party_name(2), smartgrid.party_name(3), smartgrid.party_name(0),
           smartgrid.shown_name(true, 2, 'joined'), smartgrid.shown_name(false, 2, 'joined'),
           smartgrid.readable_parties(ARRAY['regress_buyer', 'regress_stranger', 'nobody', NULL])
$$;

SET ROLE regress_seller;
SELECT sg_register_producer(100, 'solar'), sg_report_production(50);
SET ROLE regress_buyer;
SELECT sg_register_consumer(100);
SET ROLE regress_stranger;
SELECT sg_register_consumer(100);

-- Producers are in the directory; of others each knows itself, and readers of the grid everybody.
SELECT * FROM pg_temp.seen();
SET ROLE regress_buyer;
SELECT * FROM pg_temp.seen();
SET ROLE regress_auditor;
SELECT * FROM pg_temp.seen();
SET ROLE regress_seller;
SELECT * FROM pg_temp.seen();
-- A trade that it has offered tells the seller who the buyer is; cancelled or not.
SELECT sg_create_trade('regress_buyer', 10, 1);
SELECT * FROM pg_temp.seen();
SELECT sg_cancel_trade(1);
SELECT * FROM pg_temp.seen();
SET ROLE regress_stranger;
SELECT * FROM pg_temp.seen();
RESET ROLE;

DROP FUNCTION pg_temp.seen();
DROP EXTENSION smartgrid;
DROP ROLE regress_seller, regress_buyer, regress_stranger, regress_auditor;
