-- Everything that can be seen of the extension's state against the model's, grid by grid.

-- The answers of reading functions in the form that the model gives: no row and a row of NULLs are both "none", of a
-- time only whether there is one is compared.
CREATE FUNCTION model.normal(answer jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN answer IS NULL OR answer = 'null' THEN NULL
        WHEN jsonb_typeof(answer) <> 'object' THEN answer
        WHEN jsonb_strip_nulls(answer) = '{}' THEN NULL
        ELSE answer
            || CASE WHEN answer ? 'created_at' THEN jsonb_build_object('created_at', answer -> 'created_at' <> 'null') ELSE '{}' END
            || CASE WHEN answer ? 'completed_at' THEN jsonb_build_object('completed_at', answer -> 'completed_at' <> 'null') ELSE '{}' END
            || CASE WHEN answer ? 'recorded_at' THEN jsonb_build_object('recorded_at', answer -> 'recorded_at' <> 'null') ELSE '{}' END
    END
$$;

CREATE FUNCTION model.difference(grid_name text, everything boolean) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    found_one text;
    c         model.context;
    state     text;
    answer    jsonb;
    wanted    jsonb;
BEGIN
    PERFORM set_config('smartgrid.grid', grid_name, true);
    c.grid := grid_name;

    SELECT format('producer %L: extension %s, model %s', n.principal, to_jsonb(e), to_jsonb(m)) INTO found_one
    FROM model.name AS n
    LEFT JOIN model.producer AS m ON m.grid = grid_name AND m.principal = n.principal
    LEFT JOIN LATERAL sg_get_producer_info(n.principal) AS e ON true
    WHERE (e.capacity, e.current_production, e.total_produced, e.energy_type, e.active, e.reputation_score, e.unsold, e.earnings)
          IS DISTINCT FROM (m.capacity, m.current, m.total, m.kind, m.active, m.reputation, m.unsold, m.earnings)
    LIMIT 1;
    IF FOUND THEN
        RETURN found_one;
    END IF;

    SELECT format('consumer %L: extension %s, model %s', n.principal, to_jsonb(e), to_jsonb(m)) INTO found_one
    FROM model.name AS n
    LEFT JOIN model.consumer AS m ON m.grid = grid_name AND m.principal = n.principal
    LEFT JOIN LATERAL sg_get_consumer_info(n.principal) AS e ON true
    WHERE (e.consumption_limit, e.total_consumed, e.current_usage, e.balance, e.active)
          IS DISTINCT FROM (m.maximum, m.total, m.usage, m.balance, m.active)
    LIMIT 1;
    IF FOUND THEN
        RETURN found_one;
    END IF;

    SELECT format('storage %L: extension %s, model %s', n.principal, to_jsonb(e), to_jsonb(m)) INTO found_one
    FROM model.name AS n
    LEFT JOIN model.storage AS m ON m.grid = grid_name AND m.principal = n.principal
    LEFT JOIN LATERAL sg_get_storage_info(n.principal) AS e ON true
    WHERE (e.capacity, e.stored_amount, e.charge_rate, e.discharge_rate)
          IS DISTINCT FROM (m.capacity, m.stored, m.charge_rate, m.discharge_rate)
    LIMIT 1;
    IF FOUND THEN
        RETURN found_one;
    END IF;

    SELECT format('trade %s: extension %s, model %s', m.id, to_jsonb(e), to_jsonb(m)) INTO found_one
    FROM (SELECT t.* FROM model.trade AS t WHERE t.grid = grid_name ORDER BY t.id DESC
          LIMIT CASE WHEN everything THEN NULL ELSE 12 END) AS m
    LEFT JOIN LATERAL sg_get_trade_info(m.id) AS e ON true
    WHERE (e.seller, e.buyer, e.amount, e.price, e.cost, e.status, e.completed)
          IS DISTINCT FROM (m.seller, m.buyer, m.amount, m.price, m.cost, m.status, m.status = 'completed')
       OR (e.created_at BETWEEN m.began AND m.ended) IS NOT TRUE
       OR (e.completed_at IS NOT NULL) <> (m.status = 'completed')
       OR e.completed_at < e.created_at
    LIMIT 1;
    IF FOUND THEN
        RETURN found_one;
    END IF;

    SELECT format('metrics %s: extension %s, model %s', m.id, to_jsonb(e), to_jsonb(m)) INTO found_one
    FROM (SELECT t.* FROM model.metrics AS t WHERE t.grid = grid_name ORDER BY t.id DESC
          LIMIT CASE WHEN everything THEN NULL ELSE 3 END) AS m
    LEFT JOIN LATERAL sg_get_metrics(m.id) AS e ON true
    WHERE (e.production, e.consumption, e.peak_load, e.efficiency, e.period)
          IS DISTINCT FROM (m.production, m.consumption, m.peak_load, m.efficiency, m.period)
       OR (e.recorded_at BETWEEN m.began AND m.ended) IS NOT TRUE
    LIMIT 1;
    IF FOUND THEN
        RETURN found_one;
    END IF;

    SELECT format('consumer %L carries %s, model %s', m.principal, e.cost_carry, m.carry) INTO found_one
    FROM model.consumer AS m
    LEFT JOIN sg_consumers AS e ON e.grid = m.grid AND e.principal = m.principal
    WHERE m.grid = grid_name AND e.cost_carry IS DISTINCT FROM m.carry
    LIMIT 1;
    IF FOUND THEN
        RETURN found_one;
    END IF;

    SELECT format('grid: extension %s, model %s', to_jsonb(e), to_jsonb(m)) INTO found_one
    FROM model.grid AS m
    LEFT JOIN sg_grids AS e ON e.grid = m.name
    WHERE m.name = grid_name
      AND (e.operator_role, e.base_price, e.currency, e.energy_scale, e.money_scale, e.max_topup, e.stripes, e.registration,
           e.max_amount, e.price_rule, e.emergency_mode, e.current_load, e.revenue, e.exact_after)
          IS DISTINCT FROM (m.operator_role, m.base_price, m.currency, m.energy_scale, m.money_scale, m.max_topup, m.stripes,
                            m.registration, m.max_amount, m.price_rule, m.emergency, m.load, model.revenue(m.name), 0);
    IF FOUND THEN
        RETURN found_one;
    END IF;

    BEGIN
        SELECT to_jsonb(e) INTO answer FROM sg_get_grid_status() AS e;
    EXCEPTION WHEN numeric_value_out_of_range THEN
        answer := '"22003"';
    END;
    BEGIN
        wanted := model.get_grid_status(c);
    EXCEPTION WHEN numeric_value_out_of_range THEN
        wanted := '"22003"';
    END;
    IF answer IS DISTINCT FROM wanted THEN
        RETURN format('status: extension %s, model %s', answer, wanted);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION model.any_difference() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    g         text;
    found_one text;
BEGIN
    FOR g IN SELECT x.name FROM model.grid AS x ORDER BY x.name LOOP
        found_one := model.difference(g, true);
        EXIT WHEN found_one IS NOT NULL;
    END LOOP;
    PERFORM set_config('smartgrid.grid', '', true);
    RETURN format('grid %L, ', g) || found_one;
END $$;

-- One entry on both sides.
CREATE FUNCTION model.same_entry(e sg_ledger, m model.entry) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (e.grid, e.kind, e.participant, e.counterparty, e.energy, e.price, e.money, e.trade_id, e.about)
           IS NOT DISTINCT FROM (m.grid, m.kind, m.participant, m.counterparty, m.energy, m.price, m.money, m.trade, m.about)
       AND coalesce(m.said = e.entry_id, true)
       AND coalesce(e.at BETWEEN m.began AND m.ended AND e.booked_at BETWEEN m.booked_after AND m.booked_until, false)
       -- A call that is given no time happens when it is booked.
       AND (e.at = e.booked_at OR m.began = m.ended OR m.began <> m.booked_after)
$$;

-- The entries that the last call wrote must be those that the model expects; from then on the model knows their ids.
CREATE FUNCTION model.learn_entries() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    first   bigint := (SELECT min(m.id) FROM model.entry AS m WHERE m.entry_id IS NULL);
    known   bigint := (SELECT coalesce(max(m.entry_id), 0) FROM model.entry AS m);
    problem text;
BEGIN
    SELECT format('entry: extension %s, model %s', to_jsonb(e), to_jsonb(m)) INTO problem
    FROM (SELECT x.*, row_number() OVER (ORDER BY x.entry_id) AS n FROM sg_ledger AS x WHERE x.entry_id > known) AS e
    FULL JOIN (SELECT x.*, row_number() OVER (ORDER BY x.id) AS n FROM model.entry AS x WHERE x.id >= first) AS m USING (n)
    WHERE NOT coalesce(model.same_entry((SELECT y FROM sg_ledger AS y WHERE y.entry_id = e.entry_id),
                                        (SELECT y FROM model.entry AS y WHERE y.id = m.id)), false)
    ORDER BY n LIMIT 1;
    IF NOT FOUND AND first IS NOT NULL THEN
        UPDATE model.entry AS x SET entry_id = y.entry_id
        FROM (SELECT m.id, e.entry_id
              FROM (SELECT z.entry_id, row_number() OVER (ORDER BY z.entry_id) AS n FROM sg_ledger AS z WHERE z.entry_id > known) AS e
              JOIN (SELECT z.id, row_number() OVER (ORDER BY z.id) AS n FROM model.entry AS z WHERE z.id >= first) AS m USING (n)) AS y
        WHERE x.id = y.id;
    END IF;
    RETURN problem;
END $$;

-- sg_check() as the superuser reads it: every invariant of every grid holds, and no grid is left out.
CREATE FUNCTION model.failed_check() RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(problem, '; ')
    FROM (SELECT format('grid %L: %s %s <> %s', c.grid, c.invariant, c.left_side, c.right_side) AS problem
          FROM sg_check() AS c WHERE c.ok IS NOT TRUE OR c.left_side <> c.right_side
          UNION ALL
          SELECT format('grid %L is not checked', g.name)
          FROM model.grid AS g WHERE NOT EXISTS (SELECT FROM sg_check() AS c WHERE c.grid = g.name)) AS x
$$;

-- The whole ledger, as the superuser reads it, and why entries were corrected.
CREATE FUNCTION model.ledger_difference() RETURNS text
LANGUAGE sql AS $$
    (SELECT format('entry: extension %s, model %s', to_jsonb(e), to_jsonb(m))
     FROM sg_ledger AS e FULL JOIN model.entry AS m ON m.entry_id = e.entry_id
     WHERE NOT coalesce(model.same_entry(e, m), false)
     ORDER BY coalesce(e.entry_id, m.entry_id) LIMIT 1)
    UNION ALL
    (SELECT format('a reversal is not of the time of its entry: %s, %s', to_jsonb(e), to_jsonb(o))
     FROM sg_ledger AS e LEFT JOIN sg_ledger AS o ON o.entry_id = e.about
     WHERE e.kind = 'reversal' AND e.at IS DISTINCT FROM o.at LIMIT 1)
    UNION ALL
    (SELECT format('a correction is not of the time of its entry: %s', to_jsonb(e))
     FROM model.entry AS m JOIN sg_ledger AS e ON e.entry_id = m.said
     JOIN model.entry AS b ON b.id = m.id - 1 JOIN sg_ledger AS o ON o.entry_id = b.about
     WHERE m.kind <> 'reversal' AND (e.at, e.price) IS DISTINCT FROM (o.at, o.price) LIMIT 1)
    LIMIT 1
$$;
