-- Registration, activity, reputation and names.

CREATE FUNCTION model.register_producer(c model.context, a_capacity bigint, a_kind text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
    g  model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_capacity IS NOT NULL, 'SG108');
    PERFORM model.need(a_kind = ANY ('{solar,wind,hydro,nuclear,geothermal,biomass,natural-gas}'), 'SG108');
    me := model.who(c);
    g := model.here(c);
    PERFORM model.need(NOT EXISTS (SELECT FROM model.producer AS p WHERE p.grid = g.name AND p.principal = me), 'SG105');
    PERFORM model.need(a_capacity > 0, 'SG104');
    PERFORM model.fits(model.capacity(g.name) + a_capacity);
    INSERT INTO model.producer (grid, principal, capacity, kind) VALUES (g.name, me, a_capacity, a_kind);
    RETURN true;
END $$;

CREATE FUNCTION model.register_consumer(c model.context, a_maximum bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
    g  model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_maximum IS NOT NULL, 'SG108');
    me := model.who(c);
    g := model.here(c);
    PERFORM model.need(NOT EXISTS (SELECT FROM model.consumer AS p WHERE p.grid = g.name AND p.principal = me), 'SG105');
    PERFORM model.need(a_maximum > 0, 'SG104');
    INSERT INTO model.consumer (grid, principal, maximum) VALUES (g.name, me, a_maximum);
    RETURN true;
END $$;

CREATE FUNCTION model.register_storage(c model.context, a_capacity bigint, a_charge bigint, a_discharge bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
    g  model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(num_nulls(a_capacity, a_charge, a_discharge) = 0, 'SG108');
    me := model.who(c);
    g := model.here(c);
    PERFORM model.need(NOT EXISTS (SELECT FROM model.storage AS p WHERE p.grid = g.name AND p.principal = me), 'SG105');
    PERFORM model.need(a_capacity > 0 AND a_charge > 0 AND a_discharge > 0, 'SG104');
    INSERT INTO model.storage (grid, principal, capacity, charge_rate, discharge_rate)
    VALUES (g.name, me, a_capacity, a_charge, a_discharge);
    RETURN true;
END $$;

CREATE FUNCTION model.update_producer_reputation(c model.context, a_target text, a_score int) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND a_score BETWEEN 0 AND 100, 'SG108');
    g := model.operated(c);
    UPDATE model.producer AS p SET reputation = a_score WHERE p.grid = g.name AND p.principal = a_target;
    PERFORM model.need(FOUND, 'SG101');
    RETURN true;
END $$;

CREATE FUNCTION model.set_active(c model.context, a_target text, a_producer boolean, wanted boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND a_producer IS NOT NULL, 'SG108');
    g := model.operated(c);
    IF a_producer THEN
        UPDATE model.producer AS p SET active = wanted WHERE p.grid = g.name AND p.principal = a_target;
    ELSE
        UPDATE model.consumer AS p SET active = wanted WHERE p.grid = g.name AND p.principal = a_target;
    END IF;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.fits(model.capacity(g.name));
    RETURN true;
END $$;

CREATE FUNCTION model.deactivate_participant(c model.context, a_target text, a_producer boolean) RETURNS boolean
LANGUAGE sql AS $$
    SELECT model.set_active(c, a_target, a_producer, false)
$$;

CREATE FUNCTION model.reactivate_participant(c model.context, a_target text, a_producer boolean) RETURNS boolean
LANGUAGE sql AS $$
    SELECT model.set_active(c, a_target, a_producer, true)
$$;

CREATE FUNCTION model.is_participant(grid_name text, who text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM model.producer AS p WHERE p.grid = grid_name AND p.principal = who)
        OR EXISTS (SELECT FROM model.consumer AS p WHERE p.grid = grid_name AND p.principal = who)
        OR EXISTS (SELECT FROM model.storage AS p WHERE p.grid = grid_name AND p.principal = who)
$$;

CREATE FUNCTION model.rename_participant(c model.context, a_old text, a_new text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_old) AND model.is_name(a_new), 'SG108');
    g := model.operated(c);
    PERFORM model.need(model.is_participant(g.name, a_old), 'SG101');
    PERFORM model.need(NOT model.is_participant(g.name, a_new), 'SG105');
    UPDATE model.producer SET principal = a_new WHERE grid = g.name AND principal = a_old;
    UPDATE model.consumer SET principal = a_new WHERE grid = g.name AND principal = a_old;
    UPDATE model.storage SET principal = a_new WHERE grid = g.name AND principal = a_old;
    UPDATE model.trade SET seller = a_new WHERE grid = g.name AND seller = a_old;
    UPDATE model.trade SET buyer = a_new WHERE grid = g.name AND buyer = a_old;
    UPDATE model.entry SET participant = a_new WHERE grid = g.name AND participant = a_old;
    UPDATE model.entry SET counterparty = a_new WHERE grid = g.name AND counterparty = a_old;
    RETURN true;
END $$;
