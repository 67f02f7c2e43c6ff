-- Trades between participants.

CREATE FUNCTION model.create_trade(c model.context, a_buyer text, a_amount bigint, a_price bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    me     text;
    g      model.grid;
    seller model.producer;
    buyer  model.consumer;
    cost   numeric;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_buyer) AND num_nulls(a_amount, a_price) = 0, 'SG108');
    me := model.who(c);
    PERFORM model.need(a_buyer <> me, 'SG108');
    g := model.here(c);
    SELECT * INTO seller FROM model.producer AS x WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.need(FOUND, 'SG101');
    SELECT * INTO buyer FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = a_buyer;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(seller.active AND buyer.active, 'SG106');
    PERFORM model.need_figure(g, a_amount, a_price);
    cost := model.cost(a_amount, a_price, g.energy_scale);
    PERFORM model.need(cost > 0, 'SG104');
    PERFORM model.need(seller.unsold >= a_amount AND g.load >= a_amount, 'SG103');
    PERFORM model.fits(cost);
    UPDATE model.producer AS x SET unsold = x.unsold - a_amount WHERE x.grid = g.name AND x.principal = me;
    -- The id is the extension's to give, once: a second one of the same number fails on the primary key here.
    INSERT INTO model.trade
    VALUES ((c.result #>> '{}')::bigint, g.name, me, a_buyer, a_amount, a_price, cost, 'pending', c.began, c.ended);
    PERFORM model.post(c, g.name, 'hold', me, a_buyer, a_amount, a_price, NULL, (c.result #>> '{}')::bigint, -a_amount);
    RETURN (c.result #>> '{}')::bigint;
END $$;

CREATE FUNCTION model.complete_trade(c model.context, a_trade bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me     text;
    g      model.grid;
    t      model.trade;
    seller model.producer;
    buyer  model.consumer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_trade IS NOT NULL, 'SG108');
    me := model.who(c);
    g := model.here(c);
    SELECT * INTO t FROM model.trade AS x WHERE x.grid = g.name AND x.id = a_trade;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(t.buyer = me, 'SG102');
    PERFORM model.need(t.status = 'pending', 'SG108');
    SELECT * INTO seller FROM model.producer AS x WHERE x.grid = g.name AND x.principal = t.seller;
    SELECT * INTO buyer FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = t.buyer;
    PERFORM model.need(seller.active AND buyer.active, 'SG106');
    PERFORM model.need(buyer.balance >= t.cost, 'SG107');
    PERFORM model.fits(seller.earnings + t.cost, buyer.total + t.amount);
    UPDATE model.producer AS x SET earnings = x.earnings + t.cost WHERE x.grid = g.name AND x.principal = t.seller;
    UPDATE model.consumer AS x SET balance = x.balance - t.cost, total = x.total + t.amount
    WHERE x.grid = g.name AND x.principal = t.buyer;
    UPDATE model.trade AS x SET status = 'completed' WHERE x.id = t.id;
    PERFORM model.post(c, g.name, 'trade', t.seller, t.buyer, t.amount, t.price, t.cost, t.id, 0);
    RETURN true;
END $$;

CREATE FUNCTION model.cancel_trade(c model.context, a_trade bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me     text;
    agent  boolean;
    g      model.grid;
    t      model.trade;
    seller model.producer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_trade IS NOT NULL, 'SG108');
    SELECT * INTO g FROM model.grid AS x WHERE x.name = coalesce(nullif(c.grid, ''), 'default');
    agent := NOT model.is_operator(c, coalesce(g.operator_role, ''));
    -- Who is no operator must be somebody: that is asked for before what is remembered.
    me := CASE WHEN agent THEN model.who(c) ELSE model.principal_if_set(c) END;
    PERFORM model.need(c.asking IS NOT TRUE, 'XXASK');
    g := model.here(c);
    SELECT * INTO t FROM model.trade AS x WHERE x.grid = g.name AND x.id = a_trade;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(NOT agent OR me IN (t.seller, t.buyer), 'SG102');
    PERFORM model.need(t.status = 'pending', 'SG108');
    SELECT * INTO seller FROM model.producer AS x WHERE x.grid = g.name AND x.principal = t.seller;
    PERFORM model.fits(seller.unsold + t.amount, g.load + t.amount);
    UPDATE model.producer AS x SET unsold = x.unsold + t.amount WHERE x.grid = g.name AND x.principal = t.seller;
    UPDATE model.trade AS x SET status = 'cancelled' WHERE x.id = t.id;
    PERFORM model.post(c, g.name, 'release', t.seller, t.buyer, t.amount, t.price, NULL, t.id, t.amount);
    RETURN true;
END $$;
