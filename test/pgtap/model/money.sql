-- Money.

CREATE FUNCTION model.add_consumer_balance(c model.context, a_target text, a_amount bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
    p model.consumer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND a_amount IS NOT NULL, 'SG108');
    g := model.here(c);
    SELECT * INTO p FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = a_target;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(p.active, 'SG106');
    PERFORM model.need(a_amount BETWEEN 1 AND g.max_topup, 'SG104');
    PERFORM model.fits(p.balance + a_amount);
    UPDATE model.consumer AS x SET balance = x.balance + a_amount WHERE x.grid = g.name AND x.principal = a_target;
    PERFORM model.post(c, g.name, 'topup', a_target, NULL, NULL, NULL, a_amount, NULL, 0);
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
