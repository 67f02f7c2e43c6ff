-- Entries that are taken back, readings that are corrected, energy that is written off.

CREATE FUNCTION model.is_reason(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(octet_length(convert_to(given, 'UTF8')) BETWEEN 1 AND 256, false)
$$;

-- An entry about another: with its parties, time and price.  `change` is that of the load.
CREATE FUNCTION model.post_about(
    c model.context, e model.entry, kind text, energy numeric, money numeric, change numeric, reason text, is_between boolean
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    load       numeric;
    is_reverse boolean := kind = 'reversal';
BEGIN
    UPDATE model.grid AS g SET load = g.load + change WHERE g.name = e.grid RETURNING g.load INTO load;
    INSERT INTO model.entry (id, grid, kind, reversed, about, participant, counterparty, energy, price, money, load,
                             began, ended, booked_after, booked_until, reason, corrected_by)
    VALUES (setval('model.last_entry', nextval('model.entries')), e.grid, kind, CASE WHEN is_reverse THEN e.kind END, CASE WHEN is_reverse THEN e.entry_id END,
            e.participant, e.counterparty, energy, e.price, money, CASE WHEN NOT is_between THEN load END,
            e.began, e.ended, c.began, c.ended,
            CASE WHEN is_reverse THEN reason END, CASE WHEN is_reverse THEN model.who_or_role(c) END);
END $$;

-- Rounded down, of numbers that may be negative.
CREATE FUNCTION model.floor_div(n numeric, d numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT div(n, d) - CASE WHEN n < 0 AND mod(n, d) <> 0 THEN 1 ELSE 0 END
$$;

-- Takes an entry back and, of a reading, books `amount` instead (NULL: nothing).  Only what is left at the end counts.
CREATE FUNCTION model.take_back(c model.context, g model.grid, e model.entry, amount numeric, reason text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    unit     numeric := ('1e' || g.energy_scale)::numeric;
    energy   numeric := coalesce(amount, 0) - e.energy;    -- how much more it is
    returned numeric := e.money;
    cost     numeric := 0;
    left_    numeric;
    p        model.producer;
    b        model.consumer;
    s        model.storage;
    sign     int;                                          -- of its effect on the load
BEGIN
    SELECT * INTO p FROM model.producer AS x WHERE x.grid = g.name AND x.principal = e.participant;
    SELECT * INTO b FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = coalesce(e.counterparty, e.participant);
    SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = e.participant;

    IF amount IS NOT NULL THEN
        PERFORM model.need(amount BETWEEN 0 AND least(g.max_amount, CASE e.kind
            WHEN 'production' THEN p.capacity WHEN 'consumption' THEN b.maximum
            WHEN 'charge' THEN s.charge_rate WHEN 'discharge' THEN s.discharge_rate END), 'SG104');
    END IF;

    CASE e.kind
    WHEN 'production' THEN
        sign := 1;
        PERFORM model.need(p.unsold + energy >= 0 AND g.load + energy >= 0, 'SG103');
        IF p.unsold < e.energy OR g.load < e.energy THEN
            PERFORM nextval('model.corrections_only_as_a_whole');
        END IF;
        PERFORM model.fits(p.unsold + energy, p.total + energy, g.load + energy);
        UPDATE model.producer AS x SET unsold = x.unsold + energy, total = x.total + energy
        WHERE x.grid = g.name AND x.principal = p.principal;
    WHEN 'consumption' THEN
        sign := -1;
        left_ := b.carry - e.energy * e.price;
        returned := -model.floor_div(left_, unit);
        left_ := left_ + returned * unit;
        IF amount IS NOT NULL THEN
            left_ := left_ + amount * e.price;
            cost := model.floor_div(left_, unit);
            left_ := left_ - cost * unit;
        END IF;
        PERFORM model.need(g.load - energy >= 0, 'SG103');
        PERFORM model.need(b.balance + returned - cost >= 0, 'SG107');
        PERFORM model.need(model.revenue(g.name) + cost - returned >= 0, 'SG107');
        PERFORM model.fits(cost, b.balance + returned - cost, b.total + energy, g.load - energy,
                           model.revenue(g.name) + cost - returned);
        UPDATE model.consumer AS x
        SET balance = x.balance + returned - cost, total = x.total + energy, carry = left_
        WHERE x.grid = g.name AND x.principal = b.principal;
    WHEN 'charge', 'discharge' THEN
        sign := CASE e.kind WHEN 'charge' THEN -1 ELSE 1 END;
        PERFORM model.need(s.stored - sign * energy <= s.capacity, 'SG104');
        PERFORM model.need(s.stored - sign * energy >= 0 AND g.load + sign * energy >= 0, 'SG103');
        PERFORM model.fits(g.load + sign * energy);
        UPDATE model.storage AS x SET stored = x.stored - sign * energy WHERE x.grid = g.name AND x.principal = s.principal;
    WHEN 'topup' THEN
        sign := 0;
        PERFORM model.need(b.balance >= e.money, 'SG107');
        UPDATE model.consumer AS x SET balance = x.balance - e.money WHERE x.grid = g.name AND x.principal = b.principal;
    WHEN 'refund' THEN
        sign := 0;
        PERFORM model.fits(b.balance + e.money);
        UPDATE model.consumer AS x SET balance = x.balance + e.money WHERE x.grid = g.name AND x.principal = b.principal;
    WHEN 'withdrawal' THEN
        sign := 0;
        PERFORM model.fits(p.earnings + e.money);
        UPDATE model.producer AS x SET earnings = x.earnings + e.money WHERE x.grid = g.name AND x.principal = p.principal;
    WHEN 'payout' THEN
        sign := 0;
        PERFORM model.need(p.earnings >= e.money, 'SG107');
        PERFORM model.fits(model.revenue(g.name) + e.money);
        UPDATE model.producer AS x SET earnings = x.earnings - e.money WHERE x.grid = g.name AND x.principal = p.principal;
    WHEN 'write_off' THEN
        sign := -1;
        PERFORM model.fits(g.load + e.energy);
    WHEN 'trade' THEN
        sign := -1;
        PERFORM model.need(p.earnings >= e.money, 'SG107');
        PERFORM model.fits(b.balance + e.money, p.unsold + e.energy, g.load + e.energy);
        UPDATE model.producer AS x SET earnings = x.earnings - e.money, unsold = x.unsold + e.energy
        WHERE x.grid = g.name AND x.principal = p.principal;
        UPDATE model.consumer AS x SET balance = x.balance + e.money, total = x.total - e.energy
        WHERE x.grid = g.name AND x.principal = b.principal;
        UPDATE model.trade AS x SET status = 'reversed' WHERE x.id = e.trade;
    END CASE;

    PERFORM model.post_about(c, e, 'reversal', e.energy, returned, -sign * e.energy, reason, amount IS NOT NULL);
    IF amount IS NOT NULL THEN
        PERFORM model.post_about(c, e, e.kind, amount, cost, sign * amount, NULL, false);
    END IF;
    -- What the extension says must be the id of its entry: model.learn_entries() looks.
    UPDATE model.entry AS x SET said = (c.result #>> '{}')::bigint
    WHERE x.id = (SELECT q.last_value FROM model.last_entry AS q);
    RETURN (c.result #>> '{}')::bigint;
END $$;

-- The entry that an operator means.
CREATE FUNCTION model.meant_entry(c model.context, g model.grid, a_entry bigint, kinds text[]) RETURNS model.entry
LANGUAGE plpgsql AS $$
DECLARE
    e model.entry;
BEGIN
    SELECT * INTO e FROM model.entry AS x WHERE x.grid = g.name AND x.entry_id = a_entry;
    PERFORM model.need(FOUND, 'SG101');
    PERFORM model.need(e.kind = ANY (kinds), 'SG108');
    PERFORM model.need(NOT EXISTS (SELECT FROM model.entry AS x WHERE x.about = a_entry), 'SG105');
    RETURN e;
END $$;

CREATE FUNCTION model.reverse_entry(c model.context, a_entry bigint, a_reason text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_entry IS NOT NULL AND model.is_reason(a_reason), 'SG108');
    g := model.operated(c);
    RETURN model.take_back(c, g, model.meant_entry(c, g, a_entry, '{production,consumption,charge,discharge,topup,withdrawal,
                                                                    payout,refund,write_off,trade}'), NULL, a_reason);
END $$;

CREATE FUNCTION model.correct_reading(c model.context, a_entry bigint, a_amount bigint, a_reason text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(num_nulls(a_entry, a_amount) = 0 AND model.is_reason(a_reason), 'SG108');
    g := model.operated(c);
    RETURN model.take_back(c, g, model.meant_entry(c, g, a_entry, '{production,consumption,charge,discharge}'), a_amount, a_reason);
END $$;

CREATE FUNCTION model.write_off(c model.context, a_amount bigint, a_reason text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(a_amount IS NOT NULL AND model.is_reason(a_reason), 'SG108');
    g := model.operated(c);
    PERFORM model.need_figure(g, a_amount);
    PERFORM model.need(g.load >= a_amount, 'SG103');
    PERFORM model.post(c, g.name, 'write_off', NULL, NULL, a_amount, NULL, NULL, NULL, -a_amount);
    UPDATE model.entry AS x SET reason = a_reason, corrected_by = model.who_or_role(c)
    WHERE x.id = (SELECT q.last_value FROM model.last_entry AS q);
    RETURN true;
END $$;
