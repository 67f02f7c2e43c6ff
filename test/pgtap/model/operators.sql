-- Grids, prices and metrics.

CREATE FUNCTION model.set_base_price(c model.context, a_price bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_price IS NOT NULL, 'SG108');
    g := model.operated(c);
    PERFORM model.need_figure(g, a_price);
    UPDATE model.grid AS x SET base_price = a_price WHERE x.name = g.name;
    RETURN true;
END $$;

CREATE FUNCTION model.toggle_emergency_mode(c model.context) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    g := model.operated(c);
    UPDATE model.grid AS x SET emergency = NOT x.emergency WHERE x.name = g.name;
    RETURN NOT g.emergency;
END $$;

CREATE FUNCTION model.record_metrics(
    c model.context, a_production bigint, a_consumption bigint, a_peak_load bigint, a_efficiency bigint
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(num_nulls(a_production, a_consumption, a_peak_load, a_efficiency) = 0, 'SG108');
    PERFORM model.need(a_efficiency BETWEEN 0 AND 100, 'SG108');
    g := model.operated(c);
    PERFORM model.need(a_production >= 0 AND a_consumption >= 0 AND a_peak_load >= 0, 'SG104');
    INSERT INTO model.metrics
    VALUES ((c.result #>> '{}')::bigint, g.name, a_production, a_consumption, a_peak_load, a_efficiency, NULL,
            c.began, c.ended);
    RETURN (c.result #>> '{}')::bigint;
END $$;

-- The script only asks for periods whose ends lie between two calls, so an entry is in it or not without doubt.
CREATE FUNCTION model.record_metrics(c model.context, a_period tstzrange) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    g         model.grid;
    reported  numeric;
    taken     numeric;
    peak_load numeric;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_period IS NOT NULL AND NOT isempty(a_period), 'SG108');
    PERFORM model.need(NOT lower_inf(a_period) AND NOT upper_inf(a_period), 'SG108');
    g := model.operated(c);
    SELECT coalesce(sum(CASE 'production' WHEN e.kind THEN e.energy WHEN e.reversed THEN -e.energy END), 0),
           coalesce(sum(e.energy) FILTER (WHERE e.kind IN ('consumption', 'trade')), 0)
               - coalesce(sum(e.energy) FILTER (WHERE e.reversed IN ('consumption', 'trade')), 0),
           coalesce(max(e.load), 0)
    INTO reported, taken, peak_load
    FROM model.entry AS e
    WHERE e.grid = g.name AND e.began <@ a_period AND e.ended <@ a_period;
    PERFORM model.fits(reported, taken);
    INSERT INTO model.metrics
    VALUES ((c.result #>> '{}')::bigint, g.name, reported, taken, peak_load,
            CASE WHEN reported = 0 THEN 0 ELSE least(100, div(100 * taken, reported)) END, a_period, c.began, c.ended);
    RETURN (c.result #>> '{}')::bigint;
END $$;

CREATE FUNCTION model.check_figures(g model.grid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM model.need(g.base_price > 0, 'SG104');
    PERFORM model.need(g.energy_scale BETWEEN 0 AND 18 AND g.money_scale BETWEEN 0 AND 18, 'SG104');
    PERFORM model.need(0 <= g.low AND g.low <= g.high AND g.high <= 100, 'SG104');
    PERFORM model.need(g.max_topup >= 1 AND g.stripes BETWEEN 1 AND 1024 AND g.max_amount >= 1, 'SG104');
END $$;

CREATE FUNCTION model.create_grid(
    c model.context, name text, operator_role text DEFAULT 'smartgrid_operator', base_price bigint DEFAULT 100,
    energy_scale int DEFAULT 0, money_scale int DEFAULT 0, currency text DEFAULT 'XXX',
    low_watermark numeric DEFAULT 20, high_watermark numeric DEFAULT 80, max_topup bigint DEFAULT 1000000,
    stripes int DEFAULT 64, registration text DEFAULT 'open', max_amount bigint DEFAULT 1000000000000000,
    price_rule text DEFAULT 'load'
) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(name), 'SG108');
    PERFORM model.need(num_nulls(operator_role, base_price, energy_scale, money_scale, currency, low_watermark,
                                 high_watermark, max_topup, stripes, registration, max_amount, price_rule) = 0, 'SG108');
    PERFORM model.need(registration IN ('open', 'operator') AND price_rule IN ('load', 'scarcity', 'flat'), 'SG108');
    PERFORM model.need(EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = operator_role), 'SG108');
    PERFORM model.need(c.asking IS NOT TRUE, 'XXASK');
    PERFORM model.need(model.is_member(c, 'smartgrid_operator'), 'SG100');
    PERFORM model.need(NOT EXISTS (SELECT FROM model.grid AS x WHERE x.name = create_grid.name), 'SG105');
    g := ROW (name, operator_role, base_price, energy_scale, money_scale, currency, low_watermark, high_watermark,
              max_topup, stripes, registration, max_amount, price_rule, false, 0);
    PERFORM model.check_figures(g);
    PERFORM model.need(base_price <= max_amount, 'SG104');
    INSERT INTO model.grid SELECT g.*;
    RETURN true;
END $$;

CREATE FUNCTION model.alter_grid(
    c model.context, name text, operator_role text DEFAULT NULL, base_price bigint DEFAULT NULL,
    energy_scale int DEFAULT NULL, money_scale int DEFAULT NULL, currency text DEFAULT NULL,
    low_watermark numeric DEFAULT NULL, high_watermark numeric DEFAULT NULL, max_topup bigint DEFAULT NULL,
    stripes int DEFAULT NULL, registration text DEFAULT NULL, max_amount bigint DEFAULT NULL, price_rule text DEFAULT NULL
) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    was model.grid;
    g   model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_name(name), 'SG108');
    PERFORM model.need(operator_role IS NULL OR EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = operator_role), 'SG108');
    PERFORM model.need(coalesce(registration, 'open') IN ('open', 'operator'), 'SG108');
    PERFORM model.need(coalesce(price_rule, 'load') IN ('load', 'scarcity', 'flat'), 'SG108');
    PERFORM model.need(c.asking IS NOT TRUE, 'XXASK');
    PERFORM model.need(model.is_member(c, 'smartgrid_operator'), 'SG100');
    SELECT * INTO was FROM model.grid AS x WHERE x.name = alter_grid.name;
    PERFORM model.need(FOUND, 'SG101');
    g := ROW (name, coalesce(operator_role, was.operator_role), coalesce(base_price, was.base_price),
              coalesce(energy_scale, was.energy_scale), coalesce(money_scale, was.money_scale),
              coalesce(currency, was.currency), coalesce(low_watermark, was.low), coalesce(high_watermark, was.high),
              coalesce(max_topup, was.max_topup), coalesce(stripes, was.stripes),
              coalesce(registration, was.registration), coalesce(max_amount, was.max_amount),
              coalesce(price_rule, was.price_rule), was.emergency, was.load);
    PERFORM model.check_figures(g);
    -- A price that stays may be above a new max_amount.
    PERFORM model.need(base_price IS NULL OR base_price <= g.max_amount, 'SG104');
    IF (g.energy_scale, g.money_scale) <> (was.energy_scale, was.money_scale) OR g.currency <> was.currency AND was.currency <> 'XXX' THEN
        PERFORM model.need(NOT EXISTS (SELECT FROM model.entry AS e WHERE e.grid = g.name), 'SG108');
    END IF;
    DELETE FROM model.grid AS x WHERE x.name = g.name;
    INSERT INTO model.grid SELECT g.*;
    RETURN true;
END $$;
