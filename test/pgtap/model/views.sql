-- What each kind of caller sees through the views, against what the model says that it may see.

CREATE FUNCTION model.in_units(units numeric, scale int) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT units * ('1e-' || scale)::numeric
$$;

-- One document of all views; run as the caller.
CREATE FUNCTION model.views_statement() RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT $q$
        SELECT jsonb_build_object(
            'directory', (SELECT jsonb_agg(jsonb_build_array(grid, principal, energy_type, active, reputation_score)
                                           ORDER BY grid COLLATE "C", principal COLLATE "C") FROM sg_producer_directory),
            'producers', (SELECT jsonb_agg(jsonb_build_array(grid, principal, energy_type, active, reputation_score,
                                                             capacity_kwh, current_production_kwh, total_produced_kwh,
                                                             unsold_kwh, earnings_currency, currency)
                                           ORDER BY grid COLLATE "C", principal COLLATE "C") FROM sg_producers),
            'consumers', (SELECT jsonb_agg(jsonb_build_array(grid, principal, active, consumption_limit_kwh,
                                                             total_consumed_kwh, current_usage_kwh, balance_currency,
                                                             cost_carry)
                                           ORDER BY grid COLLATE "C", principal COLLATE "C") FROM sg_consumers),
            'storages', (SELECT jsonb_agg(jsonb_build_array(grid, principal, capacity_kwh, stored_amount_kwh,
                                                            charge_rate_kwh, discharge_rate_kwh)
                                          ORDER BY grid COLLATE "C", principal COLLATE "C") FROM sg_storages),
            'trades', (SELECT jsonb_agg(jsonb_build_array(trade_id, grid, seller, buyer, amount_kwh, price_currency,
                                                          cost_currency, status, completed_at IS NOT NULL,
                                                          cancelled_at IS NOT NULL, reversed_at IS NOT NULL) ORDER BY trade_id) FROM sg_trades),
            'ledger', (SELECT jsonb_agg(jsonb_build_array(entry_id, grid, kind, participant, counterparty, energy_kwh,
                                                          price_currency, money_currency, trade_id, about)
                                        ORDER BY entry_id) FROM sg_ledger),
            'reversals', (SELECT jsonb_agg(jsonb_build_array(entry_id, about, kind, reason, corrected_by) ORDER BY entry_id)
                          FROM sg_reversals),
            'metrics', (SELECT jsonb_agg(jsonb_build_array(metrics_id, grid, production_kwh, consumption_kwh, peak_load_kwh,
                                                           efficiency, period) ORDER BY metrics_id) FROM sg_metrics),
            'requests', (SELECT jsonb_agg(jsonb_build_array(grid, caller, reference, function)
                                          ORDER BY made_at, grid COLLATE "C", caller COLLATE "C") FROM sg_requests),
            'grids', (SELECT jsonb_agg(jsonb_build_array(grid, operator_role, total_capacity_kwh, current_load_kwh,
                                                         utilization, base_price_currency, dynamic_price_currency,
                                                         emergency_mode, currency, energy_scale, money_scale, low_watermark,
                                                         high_watermark, max_topup, stripes, registration, max_amount,
                                                         price_rule)
                                       ORDER BY grid COLLATE "C") FROM sg_grids),
            'revenue', (SELECT jsonb_agg(jsonb_build_array(grid, revenue) ORDER BY grid COLLATE "C")
                        FROM sg_grids WHERE revenue > 0),
            'prices', (SELECT jsonb_agg(jsonb_build_array(p.grid, p.base_price_currency, p.emergency_mode, p.price_rule)
                                        ORDER BY p.grid COLLATE "C")
                       FROM sg_prices AS p
                       WHERE p.event_id = (SELECT max(x.event_id) FROM sg_prices AS x WHERE x.grid = p.grid)),
            'checked', (SELECT jsonb_agg(DISTINCT grid) FROM sg_check() WHERE grid IS NOT NULL))
    $q$
$$;

CREATE FUNCTION model.views(c model.context) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH g AS (SELECT x.*, model.reads_all(c, x.operator_role) AS readable FROM model.grid AS x),
         me AS (SELECT model.who_if_any(c) AS principal)
    SELECT jsonb_build_object(
        'directory', (SELECT jsonb_agg(jsonb_build_array(p.grid, p.principal, p.kind, p.active, p.reputation)
                                       ORDER BY p.grid COLLATE "C", p.principal COLLATE "C") FROM model.producer AS p),
        'producers', (SELECT jsonb_agg(jsonb_build_array(
                                 p.grid, p.principal, p.kind, p.active, p.reputation,
                                 model.in_units(p.capacity, g.energy_scale), model.in_units(p.current, g.energy_scale),
                                 model.in_units(p.total, g.energy_scale), model.in_units(p.unsold, g.energy_scale),
                                 model.in_units(p.earnings, g.money_scale), g.currency)
                             ORDER BY p.grid COLLATE "C", p.principal COLLATE "C")
                      FROM model.producer AS p JOIN g ON g.name = p.grid CROSS JOIN me
                      WHERE g.readable OR p.principal = me.principal),
        'consumers', (SELECT jsonb_agg(jsonb_build_array(
                                 p.grid, p.principal, p.active, model.in_units(p.maximum, g.energy_scale),
                                 model.in_units(p.total, g.energy_scale), model.in_units(p.usage, g.energy_scale),
                                 model.in_units(p.balance, g.money_scale), p.carry)
                             ORDER BY p.grid COLLATE "C", p.principal COLLATE "C")
                      FROM model.consumer AS p JOIN g ON g.name = p.grid CROSS JOIN me
                      WHERE g.readable OR p.principal = me.principal),
        'storages', (SELECT jsonb_agg(jsonb_build_array(
                                p.grid, p.principal, model.in_units(p.capacity, g.energy_scale),
                                model.in_units(p.stored, g.energy_scale), model.in_units(p.charge_rate, g.energy_scale),
                                model.in_units(p.discharge_rate, g.energy_scale))
                            ORDER BY p.grid COLLATE "C", p.principal COLLATE "C")
                     FROM model.storage AS p JOIN g ON g.name = p.grid CROSS JOIN me
                     WHERE g.readable OR p.principal = me.principal),
        'trades', (SELECT jsonb_agg(jsonb_build_array(
                              t.id, t.grid, t.seller, t.buyer, model.in_units(t.amount, g.energy_scale),
                              model.in_units(t.price, g.money_scale), model.in_units(t.cost, g.money_scale), t.status,
                              t.status = 'completed', t.status = 'cancelled', t.status = 'reversed') ORDER BY t.id)
                   FROM model.trade AS t JOIN g ON g.name = t.grid CROSS JOIN me
                   WHERE g.readable OR me.principal IN (t.seller, t.buyer)),
        'ledger', (SELECT jsonb_agg(jsonb_build_array(e.entry_id, e.grid, e.kind, e.participant, e.counterparty,
                                                      model.in_units(e.energy, g.energy_scale),
                                                      model.in_units(e.price, g.money_scale),
                                                      model.in_units(e.money, g.money_scale), e.trade, e.about)
                                    ORDER BY e.entry_id)
                   FROM model.entry AS e JOIN g ON g.name = e.grid CROSS JOIN me
                   WHERE g.readable OR me.principal IN (e.participant, e.counterparty)),
        'reversals', (SELECT jsonb_agg(jsonb_build_array(e.entry_id, e.about, coalesce('reversal-' || e.reversed, e.kind), e.reason,
                                                         e.corrected_by) ORDER BY e.entry_id)
                      FROM model.entry AS e JOIN g ON g.name = e.grid CROSS JOIN me
                      WHERE e.reason IS NOT NULL AND (g.readable OR me.principal IN (e.participant, e.counterparty))),
        'metrics', (SELECT jsonb_agg(jsonb_build_array(
                               m.id, m.grid, model.in_units(m.production, g.energy_scale),
                               model.in_units(m.consumption, g.energy_scale), model.in_units(m.peak_load, g.energy_scale),
                               m.efficiency, m.period) ORDER BY m.id)
                    FROM model.metrics AS m JOIN g ON g.name = m.grid WHERE g.readable),
        'requests', (SELECT jsonb_agg(jsonb_build_array(r.grid, r.caller, r.reference, 'sg_' || r.function)
                                      ORDER BY r.made_after, r.grid COLLATE "C", r.caller COLLATE "C")
                     FROM model.request AS r JOIN g ON g.name = r.grid
                     CROSS JOIN me
                     WHERE g.readable OR r.caller = coalesce(me.principal, model.current_role(c))
                                         AND r.is_role = (me.principal IS NULL)),
        'grids', (SELECT jsonb_agg(jsonb_build_array(
                             g.name, g.operator_role, model.in_units(model.capacity(g.name), g.energy_scale),
                             model.in_units(g.load, g.energy_scale), model.utilization(g.load, model.capacity(g.name)),
                             model.in_units(g.base_price, g.money_scale),
                             model.in_units(model.price((SELECT x FROM model.grid AS x WHERE x.name = g.name)), g.money_scale),
                             g.emergency, g.currency, g.energy_scale, g.money_scale, g.low, g.high, g.max_topup, g.stripes,
                             g.registration, g.max_amount, g.price_rule)
                         ORDER BY g.name COLLATE "C") FROM g),
        'revenue', (SELECT jsonb_agg(jsonb_build_array(g.name, model.revenue(g.name)) ORDER BY g.name COLLATE "C")
                    FROM g WHERE g.readable AND model.revenue(g.name) > 0),
        'prices', (SELECT jsonb_agg(jsonb_build_array(g.name, model.in_units(g.base_price, g.money_scale), g.emergency,
                                                      g.price_rule)
                                    ORDER BY g.name COLLATE "C") FROM g),
        'checked', (SELECT jsonb_agg(DISTINCT g.name) FROM g WHERE g.readable))
$$;

CREATE FUNCTION model.views_difference(c model.context) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    theirs record;
    ours   jsonb;
    part   text;
    n      int;
BEGIN
    theirs := model.ask_extension(model.views_statement(), c);
    IF theirs.state <> '00000' THEN
        RETURN theirs.state || ' ' || theirs.message;
    END IF;
    ours := model.views(c);
    FOR part IN SELECT jsonb_object_keys(ours) ORDER BY 1 LOOP
        IF ours -> part <> (theirs.c).result -> part THEN
            IF jsonb_typeof(ours -> part) <> 'array' OR jsonb_typeof((theirs.c).result -> part) <> 'array' THEN
                RETURN format('%s: extension %s, model %s', part, left(((theirs.c).result -> part)::text, 400),
                              left((ours -> part)::text, 400));
            END IF;
            n := (SELECT min(i) FROM generate_series(0, greatest(jsonb_array_length(ours -> part),
                                                                 jsonb_array_length((theirs.c).result -> part))) AS i
                  WHERE ours -> part -> i IS DISTINCT FROM (theirs.c).result -> part -> i);
            RETURN format('%s, row %s: extension %s, model %s', part, n + 1, (theirs.c).result -> part -> n, ours -> part -> n);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Every kind of caller.
CREATE FUNCTION model.callers() RETURNS TABLE (title text, context model.context)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT x.name FROM model.role AS x WHERE x.name <> 'sgprop_gateway' ORDER BY x.name COLLATE "C" LOOP
        title := format('the role %s', r.name);
        context := NULL;
        context.role := r.name;
        RETURN NEXT;
    END LOOP;
    FOR r IN SELECT x.principal FROM model.name AS x ORDER BY x.position LOOP
        title := format('the gateway for %s', left(to_json(r.principal)::text, 30));
        context := NULL;
        context.gateway := true;
        context.principal := r.principal;
        RETURN NEXT;
    END LOOP;
    title := 'the gateway for nobody';
    context := NULL;
    context.gateway := true;
    RETURN NEXT;
    title := 'the superuser';
    context := NULL;
    RETURN NEXT;
END $$;

-- A price beyond bigint makes reading the status an error: end that before the views are read.
CREATE PROCEDURE model.tame_prices()
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
    c model.context;
BEGIN
    FOR g IN SELECT x.* FROM model.grid AS x WHERE model.price(x) > 9223372036854775807 ORDER BY x.name LOOP
        c.grid := g.name;
        CALL model.call(ROW ('set_base_price', '''100''::bigint', c)::model.call);
    END LOOP;
END $$;
