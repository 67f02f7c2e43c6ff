-- A walk along the edge of bigint that random calls find too seldom: every total that may not fit, made on both sides.

-- In the arguments: $first and $last trade of the grid, $0, $1, ... its last entry, the one before, $room for load, $free what
-- bob's balance has room for.
CREATE PROCEDURE model.step(who text, call text, arguments text DEFAULT '', grid_name text DEFAULT 'sgprop edge')
LANGUAGE plpgsql AS $$
DECLARE
    c     model.context;
    given text;
BEGIN
    c.principal := who;
    c.grid := grid_name;
    SELECT replace(replace(arguments, '$first', coalesce(min(t.id), 0)::text), '$last', coalesce(max(t.id), 0)::text) INTO given
    FROM model.trade AS t WHERE t.grid = c.grid;
    given := replace(given, '$room', coalesce((SELECT 9223372036854775807 - g.load FROM model.grid AS g WHERE g.name = c.grid), 0)::text);
    given := replace(given, '$free', coalesce((SELECT 9223372036854775807 - b.balance FROM model.consumer AS b
                                               WHERE b.grid = c.grid AND b.principal = 'sgprop bob'), 0)::text);
    FOR i IN 0..9 LOOP
        given := replace(given, '$' || i, coalesce((SELECT e.entry_id FROM model.entry AS e WHERE e.grid = c.grid
                                                    ORDER BY e.id DESC OFFSET i LIMIT 1), 0)::text);
    END LOOP;
    CALL model.call(ROW (call, given, c)::model.call);
END $$;

CREATE PROCEDURE model.edges()
LANGUAGE plpgsql AS $$
DECLARE
    biggest CONSTANT text := '9223372036854775807';
    two     CONSTANT text := 'sgprop edge 2';
    three   CONSTANT text := 'sgprop edge 3';
BEGIN
    CALL model.step('', 'create_grid', format('''sgprop edge'', base_price => 1, max_topup => %1$s, max_amount => %1$s, stripes => 5', biggest));
    CALL model.step('sgprop bob', 'register_producer', biggest || ', ''hydro''');
    CALL model.step('sgprop_alice', 'register_producer', '1, ''hydro''');                   -- 22003: capacity
    CALL model.step('', 'deactivate_participant', '''sgprop bob'', true');
    CALL model.step('sgprop_alice', 'register_producer', biggest || ', ''hydro''');
    CALL model.step('', 'reactivate_participant', '''sgprop bob'', true');                  -- 22003: capacity
    CALL model.step('', 'deactivate_participant', '''sgprop_alice'', true');
    CALL model.step('', 'reactivate_participant', '''sgprop bob'', true');
    CALL model.step('', 'deactivate_participant', '''sgprop bob'', true');
    CALL model.step('', 'reactivate_participant', '''sgprop_alice'', true');
    CALL model.step('sgprop_alice', 'register_storage', format('%s, %s, %s', biggest, biggest, biggest));
    CALL model.step('sgprop_alice', 'register_consumer', biggest);
    CALL model.step('🌞 solar coop', 'register_consumer', biggest);
    CALL model.step('sgprop_日本電力', 'register_consumer', biggest);

    -- The load, by report, discharge and cancellation.
    CALL model.step('sgprop_alice', 'report_production', biggest);
    CALL model.step('sgprop_alice', 'report_production', '0');
    CALL model.step('sgprop_alice', 'report_production', '1');                              -- 22003: load, unsold and total
    CALL model.step('', 'get_grid_status');
    CALL model.step('', 'balance_load');
    CALL model.step('sgprop_alice', 'charge_storage', '7');
    CALL model.step('sgprop_alice', 'discharge_storage', biggest);                          -- SG103
    CALL model.step('sgprop_alice', 'discharge_storage', '7');
    CALL model.step('sgprop_alice', 'charge_storage', biggest);                             -- SG104: room
    CALL model.step('sgprop_alice', 'charge_storage', '10');
    CALL model.step('sgprop_alice', 'report_production', '1');                              -- 22003: total, not the load

    -- Prices and costs beyond bigint.
    CALL model.step('', 'set_base_price', biggest);
    CALL model.step('', 'get_dynamic_price');                                               -- 22003
    CALL model.step('', 'get_grid_status');                                                 -- 22003
    CALL model.step('🌞 solar coop', 'quote', '1');                                        -- 22003
    CALL model.step('🌞 solar coop', 'consume_energy', '1, ' || biggest);                  -- SG104: max_cost
    CALL model.step('🌞 solar coop', 'consume_energy', '1');                               -- SG107
    CALL model.step('🌞 solar coop', 'consume_energy', biggest);                           -- SG103 or SG107, by the load
    CALL model.step('', 'toggle_emergency_mode');
    CALL model.step('🌞 solar coop', 'consume_energy', '5');                               -- SG107
    CALL model.step('', 'get_dynamic_price');                                               -- 22003
    CALL model.step('', 'set_base_price', '3074457345618258602');
    CALL model.step('', 'get_dynamic_price');                                               -- 3 * base is 2^63 - 2
    CALL model.step('🌞 solar coop', 'quote', '1');
    CALL model.step('🌞 solar coop', 'quote', '2');                                        -- 22003: cost
    CALL model.step('', 'set_base_price', '3074457345618258603');
    CALL model.step('', 'get_dynamic_price');                                               -- 22003

    -- Money: a balance, the grid's revenue, a seller's earnings.
    CALL model.step('', 'set_base_price', '3074457345618258602');
    CALL model.step('', 'add_consumer_balance', '''🌞 solar coop'', ' || biggest);
    CALL model.step('', 'add_consumer_balance', '''🌞 solar coop'', 1');                    -- 22003: balance
    CALL model.step('🌞 solar coop', 'consume_energy', '1, 9223372036854775805');          -- SG104
    CALL model.step('🌞 solar coop', 'consume_energy', '1, 9223372036854775806');
    CALL model.step('', 'add_consumer_balance', '''🌞 solar coop'', 9223372036854775806');
    CALL model.step('🌞 solar coop', 'consume_energy', '1');                               -- 22003: revenue
    CALL model.step('', 'toggle_emergency_mode');
    CALL model.step('', 'set_base_price', '1');
    CALL model.step('sgprop_alice', 'create_trade', '''🌞 solar coop'', 2, 4611686018427387904');      -- 22003: cost
    CALL model.step('sgprop_alice', 'create_trade', '''sgprop_alice'', 1, 1');              -- SG108
    CALL model.step('sgprop_alice', 'create_trade', '''🌞 solar coop'', 1, ' || biggest);
    CALL model.step('sgprop_alice', 'create_trade', '''sgprop_日本電力'', 1, ' || biggest);
    CALL model.step('🌞 solar coop', 'complete_trade', '$first');
    CALL model.step('', 'add_consumer_balance', '''sgprop_日本電力'', ' || biggest);
    CALL model.step('sgprop_日本電力', 'complete_trade', '$last');    -- 22003: earnings
    CALL model.step('', 'reactivate_participant', '''sgprop_alice'', true');
    CALL model.step('sgprop_alice', 'withdraw_earnings', '1');
    CALL model.step('sgprop_alice', 'withdraw_earnings', biggest);                          -- SG107
    CALL model.step('sgprop_alice', 'withdraw_earnings', '9223372036854775806');
    CALL model.step('sgprop_日本電力', 'complete_trade', '$last');

    -- A consumer's total; a trade's energy that no longer fits when it comes back.
    CALL model.step('🌞 solar coop', 'add_consumer_balance', '''🌞 solar coop'', 1000');
    CALL model.step('', 'deactivate_participant', '''sgprop_alice'', true');
    CALL model.step('', 'reactivate_participant', '''sgprop bob'', true');
    CALL model.step('', 'alter_grid', '''sgprop edge'', base_price => 1, high_watermark => 100, low_watermark => 100');
    CALL model.step('sgprop_alice', 'discharge_storage', '1');
    CALL model.step('', 'balance_load');
    CALL model.step('', 'alter_grid', '''sgprop edge'', low_watermark => 0, high_watermark => 0');
    CALL model.step('', 'balance_load');                                                    -- everything into the storage
    CALL model.step('sgprop bob', 'report_production', biggest);
    CALL model.step('sgprop bob', 'create_trade', format('''🌞 solar coop'', %s, 1', biggest));
    CALL model.step('sgprop_alice', 'discharge_storage', '1');
    CALL model.step('sgprop bob', 'cancel_trade', '$last');    -- 22003: load
    CALL model.step('🌞 solar coop', 'complete_trade', '$last');                           -- SG107
    CALL model.step('', 'add_consumer_balance', '''🌞 solar coop'', 9223372036854774807');
    CALL model.step('🌞 solar coop', 'complete_trade', '$last');                           -- 22003: total consumed
    CALL model.step('sgprop_alice', 'charge_storage', '1');
    CALL model.step('sgprop bob', 'cancel_trade', '$last');
    CALL model.step('', 'balance_load');
    CALL model.step('', 'record_metrics', format('%L::tstzrange', tstzrange('2001-01-01', clock_timestamp() + interval '1 day')));
    CALL model.step('', 'record_metrics', '0, 0, 0, 101');
    CALL model.step('', 'record_metrics', format('%s, %s, %s, 100', biggest, biggest, biggest));

    -- Where a unit is worth next to nothing: a consumer's total, and a price beyond bigint that the balance would cover.
    CALL model.step('', 'create_grid', '''sgprop edge 2'', base_price => 1, energy_scale => 18, max_amount => ' || biggest, two);
    CALL model.step('sgprop bob', 'register_producer', biggest || ', ''wind''', two);
    CALL model.step('sgprop bob', 'report_production', biggest, two);
    CALL model.step('sgprop_alice', 'register_consumer', biggest, two);
    CALL model.step('sgprop bob', 'register_consumer', '10', two);
    CALL model.step('', 'add_consumer_balance', '''sgprop_alice'', 1000', two);
    CALL model.step('', 'add_consumer_balance', '''sgprop bob'', 1000', two);
    CALL model.step('sgprop_alice', 'consume_energy', biggest || ', 8', two);               -- SG104
    CALL model.step('sgprop_alice', 'consume_energy', biggest || ', 9', two);
    CALL model.step('', 'deactivate_participant', '''sgprop bob'', true', two);
    CALL model.step('sgprop "carol"', 'register_producer', biggest || ', ''wind''', two);
    CALL model.step('sgprop "carol"', 'report_production', biggest, two);
    CALL model.step('sgprop_alice', 'consume_energy', '1', two);                            -- 22003: total consumed
    CALL model.step('sgprop bob', 'consume_energy', '1', two);                              -- costs nothing
    CALL model.step('', 'set_base_price', biggest, two);
    CALL model.step('sgprop bob', 'quote', '1', two);                                       -- 22003: price
    CALL model.step('sgprop bob', 'consume_energy', '1', two);                              -- 22003: price
    CALL model.step('', 'toggle_emergency_mode', '', two);
    CALL model.step('sgprop bob', 'consume_energy', '1, 27', two);                          -- SG104
    CALL model.step('sgprop bob', 'consume_energy', '1', two);                              -- 22003: price
    CALL model.step('', 'set_base_price', '3074457345618258602', two);
    CALL model.step('sgprop bob', 'consume_energy', '1, 8', two);                           -- SG104
    CALL model.step('sgprop bob', 'consume_energy', '1, 9', two);

    -- What is taken back: costs with a carry, readings of which most is used, what is not there any more or has no room.
    CALL model.step('', 'create_grid', format('''sgprop edge 3'', base_price => 30, energy_scale => 3, max_topup => %1$s, stripes => 2,
                                              max_amount => %1$s, price_rule => ''flat''', biggest), three);
    CALL model.step('', 'enrol_producer', '''sgprop_alice'', 1000, ''solar''', three);
    CALL model.step('', 'enrol_consumer', '''sgprop bob'', 1000', three);
    CALL model.step('sgprop_alice', 'report_production', '1000', three);
    CALL model.step('', 'add_consumer_balance', '''sgprop bob'', 1000', three);
    FOR i IN 1..4 LOOP
        CALL model.step('sgprop bob', 'consume_energy', '11', three);                       -- 0, 0, 0, 1; carry 320
    END LOOP;
    CALL model.step('', 'reverse_entry', '$3, ''one''', three);                             -- 1 back, carry 990
    CALL model.step('', 'reverse_entry', '$4, ''one''', three);                             -- SG105
    CALL model.step('', 'correct_reading', '$4, 1, ''one''', three);                        -- SG105
    CALL model.step('', 'reverse_entry', '$0, ''one''', three);                             -- SG108
    CALL model.step('', 'correct_reading', '$3, 12, ''one''', three);
    CALL model.step('sgprop bob', 'consume_energy', '866', three);                          -- 100 are left
    CALL model.step('', 'reverse_entry', '$9, ''one''', three);                             -- SG103
    CALL model.step('', 'correct_reading', '$9, 899, ''one''', three);                      -- SG103
    CALL model.step('', 'correct_reading', '$9, 1001, ''one''', three);                     -- SG104
    CALL model.step('', 'correct_reading', '$9, 900, ''one''', three);
    CALL model.step('', 'correct_reading', '$0, 1000, ''two''', three);
    CALL model.step('', 'correct_reading', '$0, 1000, ''three''', three);
    CALL model.step('', 'alter_grid', '''sgprop edge 3'', max_amount => 999', three);
    CALL model.step('', 'correct_reading', '$0, 1000, ''four''', three);                    -- SG104
    CALL model.step('', 'alter_grid', '''sgprop edge 3'', max_amount => ' || biggest, three);

    -- A trade; its money is gone, then its energy.
    CALL model.step('sgprop_alice', 'create_trade', '''sgprop bob'', 50, 100', three);
    CALL model.step('', 'reverse_entry', '$0, ''a hold''', three);                          -- SG108
    CALL model.step('sgprop bob', 'complete_trade', '$last', three);
    CALL model.step('sgprop_alice', 'withdraw_earnings', '1', three);
    CALL model.step('', 'reverse_entry', '$1, ''paid out''', three);                        -- SG107
    CALL model.step('', 'reverse_entry', '$0, ''withdrawn''', three);
    CALL model.step('', 'correct_reading', '$2, 1, ''no reading''', three);                 -- SG108
    CALL model.step('', 'reverse_entry', '$2, ''sold''', three);
    CALL model.step('', 'get_trade_info', '$last', three);
    CALL model.step('sgprop bob', 'complete_trade', '$last', three);                        -- SG108
    CALL model.step('sgprop bob', 'cancel_trade', '$last', three);                          -- SG108
    CALL model.step('', 'reverse_entry', '$3, ''sold''', three);                            -- SG105

    -- A top-up that is spent, a refund for which there is no room.
    CALL model.step('', 'add_consumer_balance', '''sgprop bob'', 7', three);
    CALL model.step('', 'refund', '''sgprop bob'', 9223372036854775807', three);            -- SG107
    CALL model.step('', 'refund', '''sgprop bob'', 975', three);
    CALL model.step('', 'reverse_entry', '$1, ''spent''', three);                           -- SG107, if it is
    CALL model.step('sgprop bob', 'withdraw_balance', '1', three);
    CALL model.step('', 'add_consumer_balance', '''sgprop bob'', 9223372036854775800', three);
    CALL model.step('', 'reverse_entry', '$2, ''no room''', three);                         -- 22003
    CALL model.step('', 'reverse_entry', '$0, ''again''', three);

    -- Revenue: paid out, so that it cannot be given back; full, so that a payout cannot come back.
    CALL model.step('', 'pay_producer', '''sgprop_alice'', 27', three);
    CALL model.step('', 'pay_producer', '''sgprop_alice'', 9223372036854775807', three);    -- SG107
    CALL model.step('', 'add_consumer_balance', '''sgprop bob'', 20', three);
    CALL model.step('sgprop bob', 'consume_energy', '100', three);
    CALL model.step('', 'pay_producer', '''sgprop_alice'', 3', three);
    CALL model.step('', 'reverse_entry', '$1, ''paid out''', three);                        -- SG107
    CALL model.step('', 'correct_reading', '$1, 50, ''paid out''', three);                  -- SG107
    CALL model.step('sgprop_alice', 'withdraw_earnings', '30', three);
    CALL model.step('', 'reverse_entry', '$1, ''withdrawn''', three);                       -- SG107
    CALL model.step('', 'reverse_entry', '$0, ''withdrawn''', three);
    CALL model.step('sgprop_alice', 'report_production', '1000', three);
    CALL model.step('', 'set_base_price', biggest, three);
    CALL model.step('', 'add_consumer_balance', '''sgprop bob'', $free', three);
    CALL model.step('sgprop bob', 'consume_energy', '1000', three);
    CALL model.step('', 'reverse_entry', '$5, ''no room''', three);                         -- 22003: revenue
    CALL model.step('', 'add_consumer_balance', '''sgprop bob'', $free', three);
    CALL model.step('', 'reverse_entry', '$1, ''no room''', three);                         -- 22003: balance
    CALL model.step('', 'correct_reading', '$1, 1, ''no room''', three);                    -- 22003: balance
    CALL model.step('', 'refund', '''sgprop bob'', 9223372036854775807', three);
    CALL model.step('', 'correct_reading', '$2, 999, ''room''', three);
    CALL model.step('', 'correct_reading', '$0, 1000, ''dear''', three);
    CALL model.step('', 'pay_producer', '''sgprop_alice'', 2', three);
    CALL model.step('', 'reverse_entry', '$1, ''not there''', three);                       -- SG107: revenue
    CALL model.step('', 'reverse_entry', '$0, ''nobody''', three);
    CALL model.step('', 'reverse_entry', '$2, ''dear''', three);
    CALL model.step('', 'set_base_price', '1', three);

    -- Storage: room and what is stored.  Then a load that has no room for anything.
    CALL model.step('', 'enrol_storage', '''sgprop_alice'', 10, 10, 10', three);
    CALL model.step('sgprop_alice', 'charge_storage', '10', three);
    CALL model.step('sgprop_alice', 'discharge_storage', '4', three);
    CALL model.step('', 'reverse_entry', '$1, ''discharged''', three);                      -- SG103
    CALL model.step('sgprop_alice', 'charge_storage', '4', three);
    CALL model.step('', 'reverse_entry', '$1, ''full''', three);                            -- SG104
    CALL model.step('', 'alter_storage', '''sgprop_alice'', capacity => 9', three);         -- SG104
    CALL model.step('', 'alter_storage', '''sgprop_alice'', capacity => 14, charge_rate => 3, discharge_rate => 20', three);
    CALL model.step('', 'correct_reading', '$0, 4, ''rate''', three);                       -- SG104
    CALL model.step('', 'correct_reading', '$1, 2, ''a digit''', three);
    CALL model.step('', 'reverse_entry', '$0, ''twice''', three);
    CALL model.step('', 'write_off', '10, ''lost''', three);
    CALL model.step('', 'write_off', '9223372036854775807, ''lost''', three);               -- SG103
    CALL model.step('', 'deactivate_participant', '''sgprop_alice'', true', three);
    CALL model.step('', 'enrol_producer', '''sgprop "carol"'', ' || biggest || ', ''wind''', three);
    CALL model.step('', 'alter_producer', '''sgprop_alice'', ' || biggest, three);
    CALL model.step('', 'reactivate_participant', '''sgprop_alice'', true', three);         -- 22003
    CALL model.step('sgprop "carol"', 'report_production', '$room', three);
    CALL model.step('', 'reverse_entry', '$1, ''no room''', three);                         -- 22003: load
    CALL model.step('', 'post_readings', '''{sgprop_alice, sgprop_alice}'', ''{production, charge}'', ''{1, 0}'', ''{2026-03-29 01:00Z, 2026-03-29 01:00Z}''', three);
    CALL model.step('', 'reverse_entry', '$1, ''none''', three);
    CALL model.step('', 'reverse_entry', '$3, ''room''', three);
END $$;
