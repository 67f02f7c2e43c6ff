-- What people do. Every function acts for the principal that calls it: that is
-- the role itself, or in the application's sessions whoever it speaks for.

CREATE FUNCTION village.remember(quarter integer, what text) RETURNS void
    LANGUAGE sql AS $$
    INSERT INTO village.event VALUES (quarter / 4, what) ON CONFLICT DO NOTHING;
$$;

-- The households' need that is still open in this quarter-hour, after what they
-- bought from neighbours and with what they postponed.
CREATE FUNCTION village.need(who text, at_quarter integer) RETURNS bigint
    LANGUAGE sql STABLE AS $$
    SELECT greatest(0, p.wh - m.bought) + CASE WHEN at_quarter >= 88 THEN m.postponed ELSE 0 END
    FROM village.plan AS p JOIN village.meter AS m USING (principal)
    WHERE p.kind = 'need' AND p.principal = who AND p.quarter = at_quarter;
$$;

-- A solar roof feeds in.
CREATE FUNCTION village.feed_in(at_quarter integer) RETURNS void
    LANGUAGE sql AS $$
    SELECT sg_report_production(wh) FROM village.plan
    WHERE principal = sg_principal() AND quarter = at_quarter AND kind = 'sun';
$$;

-- At each full hour from nine to five, a solar roof offers one of its two
-- neighbours the energy of one hour, a tenth below the grid's price.
CREATE FUNCTION village.offer(at_quarter integer) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    me CONSTANT text := sg_principal();
    neighbour text;
    amount bigint;
BEGIN
    IF at_quarter % 4 <> 0 OR at_quarter NOT BETWEEN 36 AND 71 THEN
        RETURN;
    END IF;
    SELECT n.principal INTO neighbour
    FROM village.member AS m JOIN village.member AS n ON n.house = m.house + 1 + at_quarter / 4 % 2
    WHERE m.principal = me AND m.roof_kw IS NOT NULL;
    IF neighbour IS NULL THEN
        RETURN;
    END IF;
    SELECT sum(wh) INTO amount FROM village.plan
    WHERE principal = neighbour AND kind = 'need' AND quarter BETWEEN at_quarter AND at_quarter + 3;
    PERFORM sg_create_trade(neighbour, amount, sg_get_dynamic_price() * 9 / 10);
EXCEPTION
    WHEN SQLSTATE 'SG103' THEN RETURN;              -- not enough produced yet
END
$$;

-- A neighbour accepts. Mia is out from one to two, so Karla takes her offer back.
CREATE FUNCTION village.accept(at_quarter integer) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    me CONSTANT text := sg_principal();
    offer record;
BEGIN
    FOR offer IN SELECT trade_id, seller, buyer, amount FROM sg_trades WHERE status = 'pending' ORDER BY trade_id LOOP
        IF offer.buyer = me AND (me <> 'mia' OR at_quarter NOT BETWEEN 52 AND 55) THEN
            PERFORM sg_complete_trade(offer.trade_id);
            UPDATE village.meter SET bought = bought + offer.amount WHERE principal = me;
        ELSIF offer.seller = me AND at_quarter % 4 = 2 THEN
            PERFORM sg_cancel_trade(offer.trade_id);
            PERFORM village.remember(at_quarter, format('%s does not answer, %s cancels the offer', initcap(offer.buyer), initcap(me)));
        END IF;
    END LOOP;
END
$$;

-- A household takes what it needs. The flexible ones pay 0.50 EUR/kWh at most;
-- where that is refused, half of their need waits for the evening.
CREATE FUNCTION village.live(at_quarter integer) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    me CONSTANT text := sg_principal();
    amount bigint := village.need(me, at_quarter);
    max_cost bigint;
BEGIN
    SELECT CASE WHEN flexible THEN amount * 5 END INTO max_cost FROM village.member WHERE principal = me;
    UPDATE village.meter AS m
    SET bought = greatest(0, m.bought - p.wh),
        postponed = CASE WHEN at_quarter >= 88 THEN 0 ELSE m.postponed END
    FROM village.plan AS p
    WHERE m.principal = me AND p.principal = me AND p.kind = 'need' AND p.quarter = at_quarter
        AND (m.bought > 0 OR m.postponed > 0);
    WHILE amount > 0 LOOP
        BEGIN
            PERFORM sg_consume_energy(amount, max_cost);
            RETURN;
        EXCEPTION
            WHEN SQLSTATE 'SG104' THEN                  -- dearer than max_cost
                UPDATE village.meter SET postponed = postponed + amount / 2 WHERE principal = me;
                PERFORM village.remember(at_quarter, 'the flexible households refuse the price: half their need waits');
                amount := amount - amount / 2;
                max_cost := NULL;
            WHEN SQLSTATE 'SG103' THEN                  -- none left
                UPDATE village.meter SET unserved = unserved + amount WHERE principal = me;
                PERFORM village.remember(at_quarter, 'not enough energy for everybody');
                RETURN;
        END;
    END LOOP;
END
$$;

-- The application goes from member to member: one transaction each, and in it
-- SET LOCAL says for whom. This is how a pool in transaction mode works, too.
CREATE PROCEDURE village.members(at_quarter integer, acts text[])
    LANGUAGE plpgsql AS $$
DECLARE
    act text;
    member record;
BEGIN
    FOR member IN SELECT principal FROM village.member WHERE NOT own_role ORDER BY house LOOP
        EXECUTE format('SET LOCAL smartgrid.principal = %L', member.principal);
        FOREACH act IN ARRAY acts LOOP
            CASE act
                WHEN 'feed in' THEN PERFORM village.feed_in(at_quarter);
                WHEN 'offer' THEN PERFORM village.offer(at_quarter);
                WHEN 'accept' THEN PERFORM village.accept(at_quarter);
                WHEN 'live' THEN PERFORM village.live(at_quarter);
            END CASE;
        END LOOP;
        COMMIT;
    END LOOP;
END
$$;

-- Prepaid accounts: whoever has less than one euro is topped up by five.
CREATE PROCEDURE village.top_up()
    LANGUAGE plpgsql AS $$
DECLARE
    member record;
BEGIN
    FOR member IN SELECT principal FROM village.member ORDER BY house LOOP
        EXECUTE format('SET LOCAL smartgrid.principal = %L', member.principal);
        IF (sg_get_consumer_info(member.principal)).balance < 10000 THEN
            PERFORM sg_add_consumer_balance(member.principal, 50000);
        END IF;
        COMMIT;
    END LOOP;
END
$$;

-- The turbine stands still while the grid is full.
CREATE FUNCTION village.turn(at_quarter integer) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    IF (sg_get_grid_status()).utilization > 105 THEN
        PERFORM sg_report_production(0);
        PERFORM village.remember(at_quarter, 'the turbine is braked, the grid is full');
    ELSE
        PERFORM sg_report_production(wh) FROM village.plan
        WHERE principal = sg_principal() AND quarter = at_quarter AND kind = 'wind';
    END IF;
END
$$;

-- The operator: a storm cuts the line to the utility from eight to nine; the
-- batteries follow the load by themselves.
CREATE FUNCTION village.operate(at_quarter integer) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    IF at_quarter = 80 THEN
        PERFORM sg_toggle_emergency_mode();
        PERFORM village.remember(at_quarter, 'EMERGENCY: a storm cuts the line to the utility, three times the price');
    ELSIF at_quarter = 84 THEN
        PERFORM sg_toggle_emergency_mode();
        PERFORM village.remember(at_quarter, 'the line is repaired, normal prices again');
    END IF;
    PERFORM sg_balance_load();
    INSERT INTO village.log
    SELECT at_quarter, current_load, utilization, dynamic_price, emergency_mode FROM sg_get_grid_status();
END
$$;

-- The utility feeds in what is missing for this quarter-hour, unless the line is cut.
CREATE FUNCTION village.import(at_quarter integer) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    missing bigint;
BEGIN
    SELECT sum(village.need(principal, at_quarter)) - (sg_get_grid_status()).current_load INTO missing
    FROM village.member;
    IF missing > 0 AND NOT (sg_get_grid_status()).emergency_mode THEN
        PERFORM sg_report_production(missing);
    END IF;
END
$$;

-- For the report: what a call answers, or the error it gets.
CREATE FUNCTION village.attempt(call text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE call INTO answer;
    RETURN COALESCE(answer, 'NULL');
EXCEPTION
    WHEN OTHERS THEN RETURN format('ERROR %s: %s', SQLSTATE, SQLERRM);
END
$$;
