-- What one would write at first: the grid is one row, the rules are PL/pgSQL.
-- The same checks, prices, rows and ledger with the same indexes as the
-- extension's; locks before reads, so that it is correct; the principal comes
-- from a setting, too. To its advantage: one grid, no CHECK constraints, no
-- row-level security. Only what the benchmark calls.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE SCHEMA naive;
SET search_path = naive;

CREATE TABLE grid (
    grid_id integer PRIMARY KEY,
    base_price bigint NOT NULL,
    emergency_mode boolean NOT NULL,
    load bigint NOT NULL,
    capacity bigint NOT NULL,
    revenue bigint NOT NULL
) WITH (fillfactor = 10);
CREATE TABLE participant (LIKE smartgrid.participant INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE producer (LIKE smartgrid.producer INCLUDING DEFAULTS INCLUDING INDEXES) WITH (fillfactor = 70);
CREATE TABLE consumer (LIKE smartgrid.consumer INCLUDING DEFAULTS INCLUDING INDEXES) WITH (fillfactor = 70);
CREATE TABLE trade (LIKE smartgrid.trade INCLUDING DEFAULTS INCLUDING INDEXES) WITH (fillfactor = 80);
CREATE TABLE ledger (LIKE smartgrid.ledger INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE SEQUENCE trade_id_seq;
CREATE SEQUENCE ledger_id_seq;
ALTER TABLE trade ALTER trade_id SET DEFAULT nextval('trade_id_seq');
ALTER TABLE ledger ALTER entry_id SET DEFAULT nextval('ledger_id_seq');

INSERT INTO participant TABLE smartgrid.participant ORDER BY participant_id;
INSERT INTO producer TABLE smartgrid.producer ORDER BY participant_id;
INSERT INTO consumer TABLE smartgrid.consumer ORDER BY participant_id;
INSERT INTO ledger TABLE smartgrid.ledger ORDER BY entry_id;
SELECT setval('ledger_id_seq', max(entry_id)) FROM ledger \g /dev/null
INSERT INTO grid
SELECT g.grid_id, g.base_price, g.emergency_mode, sum(p.load), sum(p.capacity), sum(p.revenue)
FROM smartgrid.grid AS g JOIN smartgrid.pool AS p USING (grid_id)
WHERE g.name = 'g1'
GROUP BY g.grid_id;

CREATE FUNCTION report(amount bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    id bigint;
    producer naive.producer;
BEGIN
    SELECT participant_id INTO id FROM naive.participant WHERE principal = current_setting('smartgrid.principal');
    SELECT * INTO producer FROM naive.producer AS p WHERE p.participant_id = id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'producer not found' USING ERRCODE = 'SG101';
    ELSIF NOT producer.active THEN
        RAISE EXCEPTION 'producer is not active' USING ERRCODE = 'SG106';
    ELSIF amount < 0 OR amount > producer.capacity THEN
        RAISE EXCEPTION 'invalid amount' USING ERRCODE = 'SG104';
    END IF;
    UPDATE naive.producer AS p
    SET current_production = amount, total_produced = p.total_produced + amount, unsold = p.unsold + amount
    WHERE p.participant_id = id;
    UPDATE naive.grid AS g SET load = g.load + amount WHERE g.grid_id = producer.grid_id;
    INSERT INTO naive.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, booked_at, grid_id, kind)
    VALUES (id, 0, amount, 0, 0, 0, clock_timestamp(), clock_timestamp(), producer.grid_id, 0);
    RETURN true;
END
$$;

CREATE FUNCTION consume(amount bigint, max_cost bigint DEFAULT NULL) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    id bigint;
    consumer naive.consumer;
    grid naive.grid;
    price bigint;
    cost bigint;
BEGIN
    SELECT participant_id INTO id FROM naive.participant WHERE principal = current_setting('smartgrid.principal');
    SELECT * INTO consumer FROM naive.consumer AS c WHERE c.participant_id = id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'consumer not found' USING ERRCODE = 'SG101';
    ELSIF NOT consumer.active THEN
        RAISE EXCEPTION 'consumer is not active' USING ERRCODE = 'SG106';
    ELSIF amount <= 0 OR amount > consumer.consumption_limit THEN
        RAISE EXCEPTION 'invalid amount' USING ERRCODE = 'SG104';
    END IF;
    SELECT * INTO grid FROM naive.grid AS g WHERE g.grid_id = consumer.grid_id FOR NO KEY UPDATE;
    price := CASE WHEN grid.emergency_mode THEN grid.base_price * 3
                  WHEN grid.capacity = 0 THEN grid.base_price
                  ELSE grid.base_price + grid.base_price * grid.load / (2 * grid.capacity) END;
    cost := amount * price;
    IF cost > max_cost THEN
        RAISE EXCEPTION 'the cost exceeds max_cost' USING ERRCODE = 'SG104';
    ELSIF grid.load < amount THEN
        RAISE EXCEPTION 'insufficient energy' USING ERRCODE = 'SG103';
    ELSIF consumer.balance < cost THEN
        RAISE EXCEPTION 'insufficient balance' USING ERRCODE = 'SG107';
    END IF;
    UPDATE naive.consumer AS c
    SET balance = c.balance - cost, total_consumed = c.total_consumed + amount, current_usage = amount
    WHERE c.participant_id = id;
    UPDATE naive.grid AS g SET load = g.load - amount, revenue = g.revenue + cost WHERE g.grid_id = consumer.grid_id;
    INSERT INTO naive.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, booked_at, grid_id, kind)
    VALUES (id, 0, amount, price, cost, 0, clock_timestamp(), clock_timestamp(), consumer.grid_id, 1);
    RETURN true;
END
$$;

CREATE FUNCTION topup(target text, amount bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    consumer naive.consumer;
BEGIN
    SELECT c.* INTO consumer FROM naive.consumer AS c JOIN naive.participant AS p USING (participant_id)
    WHERE p.principal = target
    FOR NO KEY UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'consumer not found' USING ERRCODE = 'SG101';
    ELSIF NOT consumer.active THEN
        RAISE EXCEPTION 'consumer is not active' USING ERRCODE = 'SG106';
    ELSIF amount < 1 OR amount > 1000000000000 THEN
        RAISE EXCEPTION 'invalid amount' USING ERRCODE = 'SG104';
    END IF;
    UPDATE naive.consumer AS c SET balance = c.balance + amount WHERE c.participant_id = consumer.participant_id;
    INSERT INTO naive.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, booked_at, grid_id, kind)
    VALUES (consumer.participant_id, 0, 0, 0, amount, 0, clock_timestamp(), clock_timestamp(), consumer.grid_id, 7);
    RETURN true;
END
$$;

CREATE FUNCTION create_trade(buyer text, amount bigint, price bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    id bigint;
    producer naive.producer;
    consumer naive.consumer;
    trade bigint;
BEGIN
    SELECT participant_id INTO id FROM naive.participant WHERE principal = current_setting('smartgrid.principal');
    SELECT * INTO producer FROM naive.producer AS p WHERE p.participant_id = id FOR NO KEY UPDATE;
    SELECT c.* INTO consumer FROM naive.consumer AS c JOIN naive.participant AS p USING (participant_id)
    WHERE p.principal = create_trade.buyer;
    IF producer IS NULL OR consumer IS NULL THEN
        RAISE EXCEPTION 'participant not found' USING ERRCODE = 'SG101';
    ELSIF consumer.participant_id = id THEN
        RAISE EXCEPTION 'a trade with oneself' USING ERRCODE = 'SG108';
    ELSIF NOT producer.active OR NOT consumer.active THEN
        RAISE EXCEPTION 'participant is not active' USING ERRCODE = 'SG106';
    ELSIF amount <= 0 OR price <= 0 THEN
        RAISE EXCEPTION 'invalid amount' USING ERRCODE = 'SG104';
    ELSIF producer.unsold < amount THEN
        RAISE EXCEPTION 'insufficient energy' USING ERRCODE = 'SG103';
    END IF;
    UPDATE naive.grid AS g SET load = g.load - amount WHERE g.grid_id = producer.grid_id AND g.load >= amount;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'insufficient energy' USING ERRCODE = 'SG103';
    END IF;
    UPDATE naive.producer AS p SET unsold = p.unsold - amount WHERE p.participant_id = id;
    INSERT INTO naive.trade (seller_id, buyer_id, amount, price, cost, created_at, closed_at, grid_id, status)
    VALUES (id, consumer.participant_id, amount, price, amount * price, clock_timestamp(), 'infinity', producer.grid_id, 0)
    RETURNING trade_id INTO trade;
    INSERT INTO naive.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, booked_at, grid_id, kind)
    VALUES (id, consumer.participant_id, amount, price, 0, trade, clock_timestamp(), clock_timestamp(), producer.grid_id, 4);
    RETURN trade;
END
$$;

CREATE FUNCTION complete_trade(id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    buyer bigint;
    trade naive.trade;
    both_active boolean;
    funds bigint;
BEGIN
    SELECT participant_id INTO buyer FROM naive.participant WHERE principal = current_setting('smartgrid.principal');
    SELECT * INTO trade FROM naive.trade AS t WHERE t.trade_id = id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'trade not found' USING ERRCODE = 'SG101';
    ELSIF trade.buyer_id <> buyer THEN
        RAISE EXCEPTION 'not your trade' USING ERRCODE = 'SG102';
    END IF;
    -- Participants by their ids, then the trade: as everywhere, in one order.
    IF trade.seller_id < buyer THEN
        PERFORM FROM naive.producer AS p WHERE p.participant_id = trade.seller_id FOR NO KEY UPDATE;
        PERFORM FROM naive.consumer AS c WHERE c.participant_id = buyer FOR NO KEY UPDATE;
    ELSE
        PERFORM FROM naive.consumer AS c WHERE c.participant_id = buyer FOR NO KEY UPDATE;
        PERFORM FROM naive.producer AS p WHERE p.participant_id = trade.seller_id FOR NO KEY UPDATE;
    END IF;
    SELECT * INTO trade FROM naive.trade AS t WHERE t.trade_id = id FOR NO KEY UPDATE;
    SELECT p.active AND c.active, c.balance INTO both_active, funds
    FROM naive.producer AS p, naive.consumer AS c
    WHERE p.participant_id = trade.seller_id AND c.participant_id = buyer;
    IF trade.status <> 0 THEN
        RAISE EXCEPTION 'trade is not pending' USING ERRCODE = 'SG108';
    ELSIF NOT both_active THEN
        RAISE EXCEPTION 'participant is not active' USING ERRCODE = 'SG106';
    ELSIF funds < trade.cost THEN
        RAISE EXCEPTION 'insufficient balance' USING ERRCODE = 'SG107';
    END IF;
    UPDATE naive.consumer AS c
    SET balance = c.balance - trade.cost, total_consumed = c.total_consumed + trade.amount
    WHERE c.participant_id = buyer;
    UPDATE naive.producer AS p SET earnings = p.earnings + trade.cost WHERE p.participant_id = trade.seller_id;
    UPDATE naive.trade AS t SET status = 1, closed_at = clock_timestamp() WHERE t.trade_id = id;
    INSERT INTO naive.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, booked_at, grid_id, kind)
    VALUES (trade.seller_id, buyer, trade.amount, trade.price, trade.cost, id, clock_timestamp(), clock_timestamp(), trade.grid_id, 5);
    RETURN true;
END
$$;

GRANT USAGE ON SCHEMA naive TO bench_gateway;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA naive TO bench_gateway;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA naive TO bench_gateway;
VACUUM ANALYZE;
