-- Reading functions: what the caller may not see is missing, and NULL is the answer.

CREATE FUNCTION model.sees(c model.context, g model.grid, VARIADIC owners text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT model.reads_all(c, g.operator_role) OR coalesce(model.who_if_any(c) = ANY (owners), false)
$$;

CREATE FUNCTION model.get_producer_info(c model.context, a_principal text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.need(model.is_name(a_principal), 'SG108');
    g := model.here(c);
    RETURN (SELECT jsonb_build_object('capacity', p.capacity, 'current_production', p.current, 'total_produced', p.total,
                                      'energy_type', p.kind, 'active', p.active, 'reputation_score', p.reputation,
                                      'unsold', p.unsold, 'earnings', p.earnings)
            FROM model.producer AS p
            WHERE p.grid = g.name AND p.principal = a_principal AND model.sees(c, g, a_principal));
END $$;

CREATE FUNCTION model.get_consumer_info(c model.context, a_principal text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.need(model.is_name(a_principal), 'SG108');
    g := model.here(c);
    RETURN (SELECT jsonb_build_object('consumption_limit', p.maximum, 'total_consumed', p.total, 'current_usage', p.usage,
                                      'balance', p.balance, 'active', p.active)
            FROM model.consumer AS p
            WHERE p.grid = g.name AND p.principal = a_principal AND model.sees(c, g, a_principal));
END $$;

CREATE FUNCTION model.get_storage_info(c model.context, a_principal text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.need(model.is_name(a_principal), 'SG108');
    g := model.here(c);
    RETURN (SELECT jsonb_build_object('capacity', p.capacity, 'stored_amount', p.stored, 'charge_rate', p.charge_rate,
                                      'discharge_rate', p.discharge_rate)
            FROM model.storage AS p
            WHERE p.grid = g.name AND p.principal = a_principal AND model.sees(c, g, a_principal));
END $$;

-- Times are the extension's: the model says only whether there is one.
CREATE FUNCTION model.get_trade_info(c model.context, a_trade bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.need(a_trade IS NOT NULL, 'SG108');
    g := model.here(c);
    RETURN (SELECT jsonb_build_object('seller', t.seller, 'buyer', t.buyer, 'amount', t.amount, 'price', t.price,
                                      'cost', t.cost, 'status', t.status, 'completed', t.status = 'completed',
                                      'created_at', true, 'completed_at', t.status = 'completed')
            FROM model.trade AS t
            WHERE t.grid = g.name AND t.id = a_trade AND model.sees(c, g, t.seller, t.buyer));
END $$;

CREATE FUNCTION model.get_metrics(c model.context, a_metrics bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.need(a_metrics IS NOT NULL, 'SG108');
    g := model.here(c);
    RETURN (SELECT jsonb_build_object('production', m.production, 'consumption', m.consumption, 'peak_load', m.peak_load,
                                      'efficiency', m.efficiency, 'recorded_at', true, 'period', m.period)
            FROM model.metrics AS m
            WHERE m.grid = g.name AND m.id = a_metrics AND model.reads_all(c, g.operator_role));
END $$;

CREATE FUNCTION model.get_grid_status(c model.context) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g        model.grid := model.here(c);
    capacity numeric := model.capacity(g.name);
    price    numeric := model.price(g);
BEGIN
    PERFORM model.fits(price);
    RETURN jsonb_build_object('total_capacity', capacity, 'current_load', g.load,
                              'utilization', model.utilization(g.load, capacity), 'base_price', g.base_price,
                              'dynamic_price', price, 'emergency_mode', g.emergency);
END $$;

CREATE FUNCTION model.get_dynamic_price(c model.context) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
DECLARE
    price numeric := model.price(model.here(c));
BEGIN
    PERFORM model.fits(price);
    RETURN price;
END $$;

CREATE FUNCTION model.quote(c model.context, a_amount bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g     model.grid;
    price numeric;
    cost  numeric;
BEGIN
    PERFORM model.need(a_amount IS NOT NULL, 'SG108');
    g := model.here(c);
    PERFORM model.need_figure(g, a_amount);
    price := model.price(g);
    cost := model.consumption_cost(a_amount, price, coalesce((SELECT p.carry FROM model.consumer AS p
                                                              WHERE p.grid = g.name AND p.principal = model.who_if_any(c)), 0),
                                   g.energy_scale);
    PERFORM model.fits(price, cost);
    RETURN jsonb_build_object(
        'price', price, 'cost', cost, 'available', g.load >= a_amount,
        'affordable', (SELECT p.balance >= cost FROM model.consumer AS p
                       WHERE p.grid = g.name AND p.principal = model.who_if_any(c)));
END $$;
