-- What came into the grid and was taken out of it (doc/reference/metering.md#grid-balance).

CREATE FUNCTION @extschema@.sg_grid_balance(period tstzrange, resolution interval DEFAULT '15 minutes', by text DEFAULT 'grid',
                                            digits integer DEFAULT NULL, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (start timestamptz, key text, class text, production bigint, consumption bigint, storage bigint, exchange bigint, loss bigint,
                   qualities text[])
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 3000 AS 'MODULE_PATHNAME', 'sg_grid_balance';
COMMENT ON FUNCTION @extschema@.sg_grid_balance(tstzrange, interval, text, integer, timestamptz)
    IS 'what came into the grid and was taken out of it in the slots that begin within a period, energy units, by grid, owner, point or neighbour, with sums rounded to so many decimals of a kWh: all for operators of the grid and auditors; for participants their own slots, and totals of slots in which at least five owners took part';
