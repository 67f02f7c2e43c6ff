-- Trades between participants.

CREATE FUNCTION smartgrid.trade_status(status smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_trade_status';
COMMENT ON FUNCTION smartgrid.trade_status(smallint) IS 'name of a status of trades: @statuses@';

CREATE SEQUENCE smartgrid.trade_id_seq;
COMMENT ON SEQUENCE smartgrid.trade_id_seq IS 'identifiers of trades, of all grids together';

CREATE TABLE smartgrid.trade (
    trade_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.trade_id_seq') PRIMARY KEY,
    seller_id bigint NOT NULL,
    buyer_id bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    price bigint NOT NULL CHECK (price > 0),
    cost bigint NOT NULL CHECK (cost >= 0),
    created_at timestamptz NOT NULL,
    closed_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    status smallint NOT NULL CHECK (smartgrid.trade_status(status) IS NOT NULL),
    CONSTRAINT trade_parties_check CHECK (seller_id <> buyer_id),
    CONSTRAINT trade_closed_check CHECK ((status = @status=pending@) = (closed_at = 'infinity'))
) WITH (fillfactor = 80);
ALTER SEQUENCE smartgrid.trade_id_seq OWNED BY smartgrid.trade.trade_id;
COMMENT ON TABLE smartgrid.trade IS 'trades; a pending trade holds its energy';
COMMENT ON COLUMN smartgrid.trade.trade_id IS 'identifier';
COMMENT ON COLUMN smartgrid.trade.seller_id IS 'the producer that sells';
COMMENT ON COLUMN smartgrid.trade.buyer_id IS 'the consumer that may buy';
COMMENT ON COLUMN smartgrid.trade.amount IS 'energy units';
COMMENT ON COLUMN smartgrid.trade.price IS 'money units per kWh';
COMMENT ON COLUMN smartgrid.trade.cost IS 'money units for the whole amount';
COMMENT ON COLUMN smartgrid.trade.created_at IS 'when it was offered';
COMMENT ON COLUMN smartgrid.trade.closed_at IS 'when it was completed, cancelled or reversed; infinity while pending';
COMMENT ON COLUMN smartgrid.trade.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.trade.status IS 'code of the status, see smartgrid.trade_status()';
COMMENT ON CONSTRAINT trade_parties_check ON smartgrid.trade IS 'nobody trades with itself';
COMMENT ON CONSTRAINT trade_closed_check ON smartgrid.trade IS 'a trade is closed at infinity as long as it is pending, and only then';

CREATE INDEX trade_seller_idx ON smartgrid.trade (seller_id, buyer_id);
CREATE INDEX trade_seller_page_idx ON smartgrid.trade (seller_id, trade_id);
CREATE INDEX trade_buyer_idx ON smartgrid.trade (buyer_id, trade_id);
COMMENT ON INDEX smartgrid.trade_seller_idx IS 'whether two participants trade with each other';
COMMENT ON INDEX smartgrid.trade_seller_page_idx IS 'a seller''s trades in order, page by page';
COMMENT ON INDEX smartgrid.trade_buyer_idx IS 'a buyer''s trades in order, page by page';

CREATE UNIQUE INDEX trade_identity ON smartgrid.trade (trade_id, grid_id);
COMMENT ON INDEX smartgrid.trade_identity IS 'by which changes are replicated, of one grid if that is wanted';
ALTER TABLE smartgrid.trade REPLICA IDENTITY USING INDEX trade_identity;

ALTER TABLE smartgrid.trade ENABLE ROW LEVEL SECURITY;
CREATE POLICY party_or_grid_reader ON smartgrid.trade FOR SELECT
    USING (seller_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR buyer_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY party_or_grid_reader ON smartgrid.trade IS 'what one sells or buys; all for operators of the grid and auditors';

CREATE FUNCTION @extschema@.sg_create_trade(buyer text, amount bigint, price bigint) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_create_trade';
COMMENT ON FUNCTION @extschema@.sg_create_trade(text, bigint, bigint)
    IS 'the caller offers a buyer amount energy units at price money units per kWh; returns the trade''s id';

CREATE FUNCTION @extschema@.sg_complete_trade(trade_id bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_complete_trade';
COMMENT ON FUNCTION @extschema@.sg_complete_trade(bigint) IS 'the buyer accepts a pending trade and pays for it';

CREATE FUNCTION @extschema@.sg_cancel_trade(trade_id bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_cancel_trade';
COMMENT ON FUNCTION @extschema@.sg_cancel_trade(bigint) IS 'seller, buyer or operator cancels a pending trade; its energy goes back';

CREATE FUNCTION @extschema@.sg_get_trade_info(trade_id bigint,
    OUT seller text, OUT buyer text, OUT amount bigint, OUT price bigint, OUT cost bigint, OUT status text,
    OUT completed boolean, OUT created_at timestamptz, OUT completed_at timestamptz)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_trade_info';
COMMENT ON FUNCTION @extschema@.sg_get_trade_info(bigint)
    IS 'a trade of the current grid: amount in energy units, price in money units per kWh, cost in money units; NULL where there is none or it is hidden';

CREATE FUNCTION smartgrid.further_trades(skip integer) RETURNS SETOF smartgrid.trade
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000 SUPPORT smartgrid.hint_further_rows_support AS 'MODULE_PATHNAME', 'sg_further_trades';
COMMENT ON FUNCTION smartgrid.further_trades(integer) IS 'trades of the calling principal but for those of its first so many participants';

-- How it reads: see ledger/planning.sql. A trade has one party that is the caller's at most: trade_parties_check.
CREATE VIEW @extschema@.sg_trades WITH (security_invoker = true) AS
SELECT t.trade_id, g.name AS grid,
       smartgrid.shown_name(t.own, t.seller_id, s.principal) AS seller,
       smartgrid.shown_name(t.own, t.buyer_id, b.principal) AS buyer,
       t.amount, smartgrid.scaled(t.amount, g.energy_scale) AS amount_kwh,
       t.price, smartgrid.scaled(t.price, g.money_scale) AS price_currency,
       t.cost, smartgrid.scaled(t.cost, g.money_scale) AS cost_currency,
       g.currency,
       CASE t.status
       WHEN @status:code@ THEN '@status:name@'
       END AS status,
       t.created_at,
       CASE WHEN t.status = @status=completed@ THEN t.closed_at END AS completed_at,
       CASE WHEN t.status = @status=cancelled@ THEN t.closed_at END AS cancelled_at,
       CASE WHEN t.status = @status=reversed@ THEN t.closed_at END AS reversed_at
FROM (SELECT o.*, o.seller_id AS first_own, smartgrid.own_participant(2) AS second_own, true AS own FROM smartgrid.trade AS o
      UNION ALL
      SELECT o.*, o.buyer_id, smartgrid.own_participant(2), true FROM smartgrid.trade AS o
      UNION ALL
      SELECT o.*, smartgrid.own_participant(1), o.seller_id, true FROM smartgrid.trade AS o
      UNION ALL
      SELECT o.*, smartgrid.own_participant(1), o.buyer_id, true FROM smartgrid.trade AS o
      UNION ALL
      SELECT o.*, smartgrid.own_participant(1), smartgrid.own_participant(2), true FROM smartgrid.further_trades(2) AS o
      UNION ALL
      SELECT o.*, smartgrid.own_participant(1), smartgrid.own_participant(2), false FROM smartgrid.trade AS o) AS t
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = t.grid_id
     LEFT JOIN smartgrid.participant AS s ON s.participant_id = CASE WHEN NOT t.own THEN t.seller_id END
     LEFT JOIN smartgrid.participant AS b ON b.participant_id = CASE WHEN NOT t.own THEN t.buyer_id END
WHERE t.first_own = smartgrid.own_participant(1)
      AND t.second_own = smartgrid.own_participant(2)
      AND ((t.own AND smartgrid.hint_other_grid(t.grid_id, (SELECT smartgrid.readable_grids())))
           OR (NOT t.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND t.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.hint_whole_grid(t.trade_id)
               AND smartgrid.hint_any_party(t.seller_id)
               AND smartgrid.hint_any_party(t.buyer_id)));
COMMENT ON VIEW @extschema@.sg_trades IS 'trades: those the caller sells or buys in, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_trades.trade_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_trades.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_trades.seller IS 'name of the producer that sells';
COMMENT ON COLUMN @extschema@.sg_trades.buyer IS 'name of the consumer that may buy';
COMMENT ON COLUMN @extschema@.sg_trades.amount IS 'energy units';
COMMENT ON COLUMN @extschema@.sg_trades.amount_kwh IS 'kWh';
COMMENT ON COLUMN @extschema@.sg_trades.price IS 'money units per kWh';
COMMENT ON COLUMN @extschema@.sg_trades.price_currency IS 'currency per kWh';
COMMENT ON COLUMN @extschema@.sg_trades.cost IS 'cost of the whole amount, money units';
COMMENT ON COLUMN @extschema@.sg_trades.cost_currency IS 'cost of the whole amount, currency';
COMMENT ON COLUMN @extschema@.sg_trades.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_trades.status IS '@statuses:or@';
COMMENT ON COLUMN @extschema@.sg_trades.created_at IS 'when it was offered';
COMMENT ON COLUMN @extschema@.sg_trades.completed_at IS 'when it was completed; NULL where it was not, or was taken back';
COMMENT ON COLUMN @extschema@.sg_trades.cancelled_at IS 'when it was cancelled; NULL where it was not';
COMMENT ON COLUMN @extschema@.sg_trades.reversed_at IS 'when it was taken back after it had been completed; NULL where it was not';
