-- Energy, and its automatic balancing.

-- Every effect ends here: the load of the grid moves and an entry says so.
CREATE FUNCTION model.post(
    c model.context, grid_name text, kind text, participant text, counterparty text,
    energy numeric, price numeric, money numeric, trade bigint, load_change numeric, at timestamptz DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    new_load numeric;
BEGIN
    UPDATE model.grid AS g SET load = g.load + load_change WHERE g.name = grid_name RETURNING g.load INTO new_load;
    PERFORM model.need(new_load >= 0, 'XXNEG');
    PERFORM model.fits(new_load);
    INSERT INTO model.entry (id, grid, kind, participant, counterparty, energy, price, money, trade, load,
                             began, ended, booked_after, booked_until)
    VALUES (setval('model.last_entry', nextval('model.entries')), grid_name, kind, participant, counterparty, coalesce(energy, 0), coalesce(price, 0),
            coalesce(money, 0), trade, new_load, coalesce(at, c.began), coalesce(at, c.ended), c.began, c.ended);
END $$;

-- What the grid has of consumers' money.
CREATE FUNCTION model.revenue(grid_name text) RETURNS numeric
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(CASE WHEN e.kind = 'consumption' OR e.reversed = 'payout' THEN e.money
                             WHEN e.kind = 'payout' OR e.reversed = 'consumption' THEN -e.money END), 0)
    FROM model.entry AS e WHERE e.grid = grid_name
$$;

-- Who is deactivated does nothing more, but that an operator may post what a meter said before that: `final_at`.
CREATE FUNCTION model.takes_part(active boolean, left_after timestamptz, left_until timestamptz, final_at timestamptz)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT active AND final_at > left_after AND final_at < left_until THEN
        RAISE EXCEPTION 'the model does not know whether % is before the deactivation', final_at;
    END IF;
    PERFORM model.need(active OR final_at <= left_after, 'SG106');
    IF NOT active THEN
        PERFORM nextval('model.final_readings');
    END IF;
END $$;

-- A time that is given.
CREATE FUNCTION model.is_timely(c model.context, at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT at IS NULL OR at >= '2000-01-01 00:00Z' AND at <= c.ended + interval '1 hour'
$$;

-- The rules of energy; `least` is 1 of single calls, 0 of readings.  `at` and `final_at` are given by readings only.
CREATE FUNCTION model.produce(
    c model.context, g model.grid, who text, amount numeric, at timestamptz DEFAULT NULL, final_at timestamptz DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    p model.producer;
BEGIN
    SELECT * INTO p FROM model.producer AS x WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.takes_part(p.active, p.left_after, p.left_until, final_at);
    PERFORM model.need(model.is_timely(c, at), 'SG104');
    PERFORM model.need(amount BETWEEN 0 AND least(p.capacity, g.max_amount), 'SG104');
    PERFORM model.fits(p.total + amount, p.unsold + amount, g.load + amount);
    UPDATE model.producer AS x
    SET current = amount, total = x.total + amount, unsold = x.unsold + amount
    WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.post(c, g.name, 'production', who, NULL, amount, NULL, NULL, NULL, amount, at);
END $$;

CREATE FUNCTION model.consume(
    c model.context, g model.grid, who text, amount numeric, max_cost numeric, least_amount int,
    at timestamptz DEFAULT NULL, final_at timestamptz DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    p     model.consumer;
    price numeric;
    cost  numeric;
BEGIN
    SELECT * INTO p FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.takes_part(p.active, p.left_after, p.left_until, final_at);
    PERFORM model.need(model.is_timely(c, at), 'SG104');
    PERFORM model.need(amount BETWEEN least_amount AND least(p.maximum, g.max_amount), 'SG104');
    price := model.price(g);
    cost := model.consumption_cost(amount, price, p.carry, g.energy_scale);
    PERFORM model.need(max_cost IS NULL OR cost <= max_cost, 'SG104');
    PERFORM model.need(g.load >= amount, 'SG103');
    PERFORM model.need(p.balance >= cost, 'SG107');
    PERFORM model.fits(price, p.total + amount, model.revenue(g.name) + cost);
    UPDATE model.consumer AS x
    SET balance = x.balance - cost, total = x.total + amount, usage = amount,
        carry = amount * price + x.carry - cost * ('1e' || g.energy_scale)::numeric
    WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.post(c, g.name, 'consumption', who, NULL, amount, price, cost, NULL, -amount, at);
END $$;

CREATE FUNCTION model.charge(
    c model.context, g model.grid, who text, amount numeric, least_amount int, at timestamptz DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    s model.storage;
BEGIN
    SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(model.is_timely(c, at), 'SG104');
    PERFORM model.need(amount BETWEEN least_amount AND least(s.charge_rate, g.max_amount), 'SG104');
    PERFORM model.need(s.stored + amount <= s.capacity, 'SG104');
    PERFORM model.need(g.load >= amount, 'SG103');
    UPDATE model.storage AS x SET stored = x.stored + amount WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.post(c, g.name, 'charge', who, NULL, amount, NULL, NULL, NULL, -amount, at);
END $$;

CREATE FUNCTION model.discharge(
    c model.context, g model.grid, who text, amount numeric, least_amount int, at timestamptz DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    s model.storage;
BEGIN
    SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(model.is_timely(c, at), 'SG104');
    PERFORM model.need(amount BETWEEN least_amount AND least(s.discharge_rate, g.max_amount), 'SG104');
    PERFORM model.need(s.stored >= amount, 'SG103');
    PERFORM model.fits(g.load + amount);
    UPDATE model.storage AS x SET stored = x.stored - amount WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.post(c, g.name, 'discharge', who, NULL, amount, NULL, NULL, NULL, amount, at);
END $$;

CREATE FUNCTION model.report_production(c model.context, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    PERFORM model.produce(c, model.here(c), me, a_amount);
    RETURN true;
END $$;

CREATE FUNCTION model.consume_energy(c model.context, a_amount bigint, a_max_cost bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    PERFORM model.consume(c, model.here(c), me, a_amount, a_max_cost, 1);
    RETURN true;
END $$;

CREATE FUNCTION model.charge_storage(c model.context, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    PERFORM model.charge(c, model.here(c), me, a_amount, 1);
    RETURN true;
END $$;

CREATE FUNCTION model.discharge_storage(c model.context, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    PERFORM model.discharge(c, model.here(c), me, a_amount, 1);
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
    SELECT sum(CASE action WHEN 'charge' THEN least(s.charge_rate, s.capacity - s.stored, g.max_amount)
                           ELSE least(s.discharge_rate, s.stored, g.max_amount) END)
    INTO possible
    FROM model.storage AS s WHERE s.grid = g.name;
    wanted := least(abs(g.load - target), coalesce(possible, 0));
    IF wanted = 0 THEN
        RETURN result;
    END IF;

    DELETE FROM model.share;
    INSERT INTO model.share
    SELECT x.principal, x.can, div(wanted * x.can, possible), mod(wanted * x.can, possible), 0
    FROM (SELECT s.principal, CASE action WHEN 'charge' THEN least(s.charge_rate, s.capacity - s.stored, g.max_amount)
                                          ELSE least(s.discharge_rate, s.stored, g.max_amount) END AS can
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
