-- Energy, and its automatic balancing.

-- Every effect ends here: the load of the grid moves and an entry says so.
CREATE FUNCTION model.post(
    c model.context, grid_name text, kind text, participant text, counterparty text,
    energy numeric, price numeric, money numeric, trade bigint, load_change numeric
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    new_load numeric;
BEGIN
    UPDATE model.grid AS g SET load = g.load + load_change WHERE g.name = grid_name RETURNING g.load INTO new_load;
    PERFORM model.need(new_load >= 0, 'XXNEG');
    PERFORM model.fits(new_load);
    INSERT INTO model.entry
    VALUES (nextval('model.entries'), grid_name, kind, participant, counterparty, energy, price, money, trade,
            new_load, c.began, c.ended);
END $$;

CREATE FUNCTION model.report_production(c model.context, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
    g  model.grid;
    p  model.producer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    g := model.here(c);
    SELECT * INTO p FROM model.producer AS x WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(p.active, 'SG106');
    PERFORM model.need(a_amount BETWEEN 0 AND p.capacity, 'SG104');
    PERFORM model.fits(p.total + a_amount, p.unsold + a_amount, g.load + a_amount);
    UPDATE model.producer AS x
    SET current = a_amount, total = x.total + a_amount, unsold = x.unsold + a_amount
    WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.post(c, g.name, 'production', me, NULL, a_amount, NULL, NULL, NULL, a_amount);
    RETURN true;
END $$;

CREATE FUNCTION model.revenue(grid_name text) RETURNS numeric
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(e.money), 0) FROM model.entry AS e WHERE e.grid = grid_name AND e.kind = 'consumption'
$$;

CREATE FUNCTION model.consume_energy(c model.context, a_amount bigint, a_max_cost bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me    text;
    g     model.grid;
    p     model.consumer;
    price numeric;
    cost  numeric;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    g := model.here(c);
    SELECT * INTO p FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(p.active, 'SG106');
    PERFORM model.need(a_amount > 0 AND a_amount <= p.maximum, 'SG104');
    price := model.price(g);
    cost := model.consumption_cost(a_amount, price, p.carry, g.energy_scale);
    PERFORM model.need(a_max_cost IS NULL OR cost <= a_max_cost, 'SG104');
    PERFORM model.need(g.load >= a_amount, 'SG103');
    PERFORM model.need(p.balance >= cost, 'SG107');
    PERFORM model.fits(price, p.total + a_amount, model.revenue(g.name) + cost);
    UPDATE model.consumer AS x
    SET balance = x.balance - cost, total = x.total + a_amount, usage = a_amount,
        carry = a_amount * price + x.carry - cost * ('1e' || g.energy_scale)::numeric
    WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.post(c, g.name, 'consumption', me, NULL, a_amount, price, cost, NULL, -a_amount);
    RETURN true;
END $$;

CREATE FUNCTION model.charge_storage(c model.context, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
    g  model.grid;
    s  model.storage;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    g := model.here(c);
    SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(a_amount > 0 AND a_amount <= s.charge_rate, 'SG104');
    PERFORM model.need(s.stored + a_amount <= s.capacity, 'SG104');
    PERFORM model.need(g.load >= a_amount, 'SG103');
    UPDATE model.storage AS x SET stored = x.stored + a_amount WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.post(c, g.name, 'charge', me, NULL, a_amount, NULL, NULL, NULL, -a_amount);
    RETURN true;
END $$;

CREATE FUNCTION model.discharge_storage(c model.context, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
    g  model.grid;
    s  model.storage;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    g := model.here(c);
    SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(a_amount > 0 AND a_amount <= s.discharge_rate, 'SG104');
    PERFORM model.need(s.stored >= a_amount, 'SG103');
    PERFORM model.fits(g.load + a_amount);
    UPDATE model.storage AS x SET stored = x.stored - a_amount WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.post(c, g.name, 'discharge', me, NULL, a_amount, NULL, NULL, NULL, a_amount);
    RETURN true;
END $$;

CREATE FUNCTION model.balance_load(c model.context) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    g        model.grid;
    capacity numeric;
    action   text;
    target   numeric;
    wanted   numeric;
    possible numeric;
    leftover numeric;
    share    record;
    result   jsonb := '[]';
BEGIN
    PERFORM model.writes(c);
    g := model.operated(c);
    capacity := model.capacity(g.name);
    IF capacity = 0 THEN
        RETURN result;
    END IF;
    IF g.load > floor(capacity * g.high * 0.01) THEN
        action := 'charge';
        target := floor(capacity * g.high * 0.01);
    ELSIF g.load < ceil(capacity * g.low * 0.01) THEN
        action := 'discharge';
        target := ceil(capacity * g.low * 0.01);
    ELSE
        RETURN result;
    END IF;
    SELECT sum(CASE action WHEN 'charge' THEN least(s.charge_rate, s.capacity - s.stored)
                           ELSE least(s.discharge_rate, s.stored) END)
    INTO possible
    FROM model.storage AS s WHERE s.grid = g.name;
    wanted := least(abs(g.load - target), coalesce(possible, 0));
    IF wanted = 0 THEN
        RETURN result;
    END IF;

    DELETE FROM model.share;
    INSERT INTO model.share
    SELECT x.principal, x.can, div(wanted * x.can, possible), mod(wanted * x.can, possible), 0
    FROM (SELECT s.principal, CASE action WHEN 'charge' THEN least(s.charge_rate, s.capacity - s.stored)
                                          ELSE least(s.discharge_rate, s.stored) END AS can
          FROM model.storage AS s WHERE s.grid = g.name) AS x;
    SELECT wanted - sum(x.whole) INTO leftover FROM model.share AS x;
    UPDATE model.share AS x SET extra = 1
    WHERE x.principal IN (SELECT y.principal FROM model.share AS y
                          ORDER BY y.rest DESC, convert_to(y.principal, 'UTF8') LIMIT leftover);
    FOR share IN SELECT x.principal, x.whole + x.extra AS amount FROM model.share AS x
                 WHERE x.whole + x.extra > 0 ORDER BY convert_to(x.principal, 'UTF8') LOOP
        UPDATE model.storage AS s
        SET stored = s.stored + CASE action WHEN 'charge' THEN share.amount ELSE -share.amount END
        WHERE s.grid = g.name AND s.principal = share.principal;
        PERFORM model.post(c, g.name, action, share.principal, NULL, share.amount, NULL, NULL, NULL,
                           CASE action WHEN 'charge' THEN -share.amount ELSE share.amount END);
        result := result || jsonb_build_object('principal', share.principal, 'action', action, 'amount', share.amount);
    END LOOP;
    RETURN result;
END $$;
