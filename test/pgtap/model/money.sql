-- Money.

CREATE FUNCTION model.topup(c model.context, g model.grid, who text, amount numeric, at timestamptz DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    p model.consumer;
BEGIN
    SELECT * INTO p FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(p.active, 'SG106');
    PERFORM model.need(model.is_timely(c, at), 'SG104');
    PERFORM model.need(amount BETWEEN 1 AND g.max_topup, 'SG104');
    PERFORM model.fits(p.balance + amount);
    UPDATE model.consumer AS x SET balance = x.balance + amount WHERE x.grid = g.name AND x.principal = who;
    PERFORM model.post(c, g.name, 'topup', who, NULL, NULL, NULL, amount, NULL, 0, at);
END $$;

CREATE FUNCTION model.add_consumer_balance(c model.context, a_target text, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND a_amount IS NOT NULL, 'SG108');
    PERFORM model.topup(c, model.here(c), a_target, a_amount);
    RETURN true;
END $$;

CREATE FUNCTION model.withdraw_earnings(c model.context, a_amount bigint) RETURNS boolean
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
    PERFORM model.need(a_amount > 0, 'SG104');
    PERFORM model.need(a_amount <= p.earnings, 'SG107');
    UPDATE model.producer AS x SET earnings = x.earnings - a_amount WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.post(c, g.name, 'withdrawal', me, NULL, NULL, NULL, a_amount, NULL, 0);
    RETURN true;
END $$;

-- Prepaid money goes back.
CREATE FUNCTION model.give_back(c model.context, g model.grid, p model.consumer, amount numeric) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM model.need(amount > 0, 'SG104');
    PERFORM model.need(amount <= p.balance, 'SG107');
    UPDATE model.consumer AS x SET balance = x.balance - amount WHERE x.grid = g.name AND x.principal = p.principal;
    PERFORM model.post(c, g.name, 'refund', p.principal, NULL, NULL, NULL, amount, NULL, 0);
    RETURN true;
END $$;

CREATE FUNCTION model.withdraw_balance(c model.context, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
    g  model.grid;
    p  model.consumer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    me := model.who(c);
    g := model.here(c);
    SELECT * INTO p FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = me;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(p.active, 'SG106');
    RETURN model.give_back(c, g, p, a_amount);
END $$;

CREATE FUNCTION model.refund(c model.context, a_target text, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
    p model.consumer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND a_amount IS NOT NULL, 'SG108');
    g := model.operated(c);
    SELECT * INTO p FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = a_target;
    PERFORM model.need(FOUND, 'SG101');
    RETURN model.give_back(c, g, p, a_amount);
END $$;

CREATE FUNCTION model.pay_producer(c model.context, a_target text, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
    p model.producer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND a_amount IS NOT NULL, 'SG108');
    g := model.operated(c);
    SELECT * INTO p FROM model.producer AS x WHERE x.grid = g.name AND x.principal = a_target;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(p.active, 'SG106');
    PERFORM model.need(a_amount > 0, 'SG104');
    PERFORM model.need(a_amount <= model.revenue(g.name), 'SG107');
    PERFORM model.fits(p.earnings + a_amount);
    UPDATE model.producer AS x SET earnings = x.earnings + a_amount WHERE x.grid = g.name AND x.principal = a_target;
    PERFORM model.post(c, g.name, 'payout', a_target, NULL, NULL, NULL, a_amount, NULL, 0);
    RETURN true;
END $$;
