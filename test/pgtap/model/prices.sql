-- Prices and costs, in numeric so that nothing can wrap.

CREATE FUNCTION model.capacity(grid_name text) RETURNS numeric
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(p.capacity), 0) FROM model.producer AS p WHERE p.grid = grid_name AND p.active
$$;

CREATE FUNCTION model.price(g model.grid) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
DECLARE
    capacity numeric := model.capacity(g.name);
BEGIN
    IF g.emergency THEN
        RETURN g.base_price * 3;
    ELSIF capacity = 0 THEN
        RETURN g.base_price;
    END IF;
    RETURN g.base_price + CASE g.price_rule
        WHEN 'load' THEN div(g.base_price * g.load, 2 * capacity)
        WHEN 'scarcity' THEN div(g.base_price * (capacity - least(g.load, capacity)), 2 * capacity)
        WHEN 'flat' THEN 0 END;
END $$;

-- Of trades: half away from zero; amounts and prices are positive here.
CREATE FUNCTION model.cost(amount numeric, price numeric, energy_scale int) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT div(2 * amount * price + ('1e' || energy_scale)::numeric, 2 * ('1e' || energy_scale)::numeric)
$$;

-- Of consumption: what is below a money unit is carried.
CREATE FUNCTION model.consumption_cost(amount numeric, price numeric, carry numeric, energy_scale int) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT div(amount * price + carry, ('1e' || energy_scale)::numeric)
$$;

CREATE FUNCTION model.utilization(load numeric, capacity numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN capacity = 0 THEN 0 ELSE round(div(20000 * load + capacity, 2 * capacity) * 0.01, 2) END
$$;
