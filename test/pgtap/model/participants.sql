-- Registration, activity, limits, reputation and names.

-- Who registers itself in a grid in which operators register must be one, or a gateway.
CREATE FUNCTION model.may_register(c model.context, g model.grid) RETURNS void
LANGUAGE sql AS $$
    SELECT model.need(g.registration = 'open' OR model.is_operator(c, g.operator_role) OR model.is_gateway(c), 'SG102')
$$;

-- A capacity, limit, rate, amount of energy or price as a call names it.
CREATE FUNCTION model.need_figure(g model.grid, VARIADIC figures numeric[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    figure numeric;
BEGIN
    FOREACH figure IN ARRAY figures LOOP
        PERFORM model.need(figure > 0 AND figure <= g.max_amount, 'SG104');
    END LOOP;
END $$;

CREATE FUNCTION model.is_energy_type(kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT kind = ANY ('{solar,wind,hydro,nuclear,geothermal,biomass,natural-gas}')
$$;

CREATE FUNCTION model.join_producer(g model.grid, who text, capacity bigint, kind text) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    PERFORM model.need(NOT EXISTS (SELECT FROM model.producer AS p WHERE p.grid = g.name AND p.principal = who), 'SG105');
    PERFORM model.need_figure(g, capacity);
    PERFORM model.fits(model.capacity(g.name) + capacity);
    INSERT INTO model.producer (grid, principal, capacity, kind) VALUES (g.name, who, capacity, kind);
    RETURN true;
END $$;

CREATE FUNCTION model.join_consumer(g model.grid, who text, maximum bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    PERFORM model.need(NOT EXISTS (SELECT FROM model.consumer AS p WHERE p.grid = g.name AND p.principal = who), 'SG105');
    PERFORM model.need_figure(g, maximum);
    INSERT INTO model.consumer (grid, principal, maximum) VALUES (g.name, who, maximum);
    RETURN true;
END $$;

CREATE FUNCTION model.join_storage(g model.grid, who text, capacity bigint, charge bigint, discharge bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    PERFORM model.need(NOT EXISTS (SELECT FROM model.storage AS p WHERE p.grid = g.name AND p.principal = who), 'SG105');
    PERFORM model.need_figure(g, capacity, charge, discharge);
    INSERT INTO model.storage (grid, principal, capacity, charge_rate, discharge_rate)
    VALUES (g.name, who, capacity, charge, discharge);
    RETURN true;
END $$;

CREATE FUNCTION model.register_producer(c model.context, a_capacity bigint, a_kind text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    me text;
    g  model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_capacity IS NOT NULL AND model.is_energy_type(a_kind), 'SG108');
    me := model.who(c);
    g := model.here(c);
    PERFORM model.may_register(c, g);
    RETURN model.join_producer(g, me, a_capacity, a_kind);
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
    PERFORM model.may_register(c, g);
    RETURN model.join_consumer(g, me, a_maximum);
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
    PERFORM model.may_register(c, g);
    RETURN model.join_storage(g, me, a_capacity, a_charge, a_discharge);
END $$;

CREATE FUNCTION model.enrol_producer(c model.context, a_target text, a_capacity bigint, a_kind text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND a_capacity IS NOT NULL AND model.is_energy_type(a_kind), 'SG108');
    RETURN model.join_producer(model.operated(c), a_target, a_capacity, a_kind);
END $$;

CREATE FUNCTION model.enrol_consumer(c model.context, a_target text, a_maximum bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND a_maximum IS NOT NULL, 'SG108');
    RETURN model.join_consumer(model.operated(c), a_target, a_maximum);
END $$;

CREATE FUNCTION model.enrol_storage(
    c model.context, a_target text, a_capacity bigint, a_charge bigint, a_discharge bigint
) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(a_target) AND num_nulls(a_capacity, a_charge, a_discharge) = 0, 'SG108');
    RETURN model.join_storage(model.operated(c), a_target, a_capacity, a_charge, a_discharge);
END $$;

CREATE FUNCTION model.alter_producer(c model.context, principal text, capacity bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    g model.grid;
    p model.producer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(principal), 'SG108');
    g := model.operated(c);
    SELECT * INTO p FROM model.producer AS x WHERE x.grid = g.name AND x.principal = alter_producer.principal;
    PERFORM model.need(FOUND, 'SG101');
    IF capacity IS NOT NULL THEN
        PERFORM model.need_figure(g, capacity);
        UPDATE model.producer AS x SET capacity = alter_producer.capacity WHERE x.grid = g.name AND x.principal = p.principal;
    END IF;
    PERFORM model.fits(model.capacity(g.name));
    RETURN true;
END $$;

CREATE FUNCTION model.alter_consumer(c model.context, principal text, consumption_limit bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    g model.grid;
    p model.consumer;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(principal), 'SG108');
    g := model.operated(c);
    SELECT * INTO p FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = alter_consumer.principal;
    PERFORM model.need(FOUND, 'SG101');
    IF consumption_limit IS NOT NULL THEN
        PERFORM model.need_figure(g, consumption_limit);
        UPDATE model.consumer AS x SET maximum = consumption_limit WHERE x.grid = g.name AND x.principal = p.principal;
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION model.alter_storage(
    c model.context, principal text, capacity bigint DEFAULT NULL, charge_rate bigint DEFAULT NULL,
    discharge_rate bigint DEFAULT NULL
) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    g model.grid;
    s model.storage;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(principal), 'SG108');
    g := model.operated(c);
    SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = alter_storage.principal;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need_figure(g, VARIADIC array_remove(ARRAY[capacity, charge_rate, discharge_rate]::numeric[], NULL));
    PERFORM model.need(coalesce(capacity, s.capacity) >= s.stored, 'SG104');
    UPDATE model.storage AS x
    SET capacity = coalesce(alter_storage.capacity, s.capacity),
        charge_rate = coalesce(alter_storage.charge_rate, s.charge_rate),
        discharge_rate = coalesce(alter_storage.discharge_rate, s.discharge_rate)
    WHERE x.grid = g.name AND x.principal = s.principal;
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
    -- When somebody left counts for final readings; to be deactivated again changes nothing.
    IF a_producer THEN
        PERFORM model.need(EXISTS (SELECT FROM model.producer AS p WHERE p.grid = g.name AND p.principal = a_target), 'SG101');
        UPDATE model.producer AS p
        SET active = wanted, left_after = CASE WHEN NOT wanted THEN c.began END, left_until = CASE WHEN NOT wanted THEN c.ended END
        WHERE p.grid = g.name AND p.principal = a_target AND p.active <> wanted;
    ELSE
        PERFORM model.need(EXISTS (SELECT FROM model.consumer AS p WHERE p.grid = g.name AND p.principal = a_target), 'SG101');
        UPDATE model.consumer AS p
        SET active = wanted, left_after = CASE WHEN NOT wanted THEN c.began END, left_until = CASE WHEN NOT wanted THEN c.ended END
        WHERE p.grid = g.name AND p.principal = a_target AND p.active <> wanted;
    END IF;
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
    -- What is remembered goes along, but for references that the new name has.
    UPDATE model.request AS r SET caller = a_new
    WHERE r.grid = g.name AND r.caller = a_old AND NOT r.is_role
      AND NOT EXISTS (SELECT FROM model.request AS n
                      WHERE n.grid = g.name AND n.caller = a_new AND NOT n.is_role AND n.reference = r.reference);
    DELETE FROM model.request AS r WHERE r.grid = g.name AND r.caller = a_old AND NOT r.is_role;
    UPDATE model.entry SET participant = a_new WHERE grid = g.name AND participant = a_old;
    UPDATE model.entry SET counterparty = a_new WHERE grid = g.name AND counterparty = a_old;
    RETURN true;
END $$;
