-- Reading what points measured (doc/reference/metering.md#interval).

CREATE FUNCTION @extschema@.sg_interval_series(point text, period tstzrange, resolution interval DEFAULT NULL, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (start timestamptz, amount bigint, kwh numeric, quality text, qualities text[], owner text, recorded_at timestamptz, batch bigint)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 1000 ROWS 3000 AS 'MODULE_PATHNAME', 'sg_interval_series';
COMMENT ON FUNCTION @extschema@.sg_interval_series(text, tstzrange, interval, timestamptz)
    IS 'what a metering point measured, a row for each slot that begins within the period, missing ones too, and for each of its owners, energy units and kWh: all of it for operators of the grid and auditors, for anybody else the slots of which it was the owner';

CREATE FUNCTION @extschema@.sg_interval_versions(point text, start timestamptz)
    RETURNS TABLE (version integer, amount bigint, quality text, label text, batch bigint, recorded_at timestamptz, superseded_at timestamptz)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 1000 ROWS 3 AS 'MODULE_PATHNAME', 'sg_interval_versions';
COMMENT ON FUNCTION @extschema@.sg_interval_versions(text, timestamptz)
    IS 'every value that a slot of a metering point has had, energy units, with the batch that it came by and when it was on record (operators of the grid, auditors, who was its owner)';

CREATE FUNCTION @extschema@.sg_completeness(period tstzrange, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (point text, owner text, kind text, expected bigint, measured bigint, substituted bigint, estimated bigint, calculated bigint,
                   missing bigint, percent numeric, first_missing timestamptz, last_recorded_at timestamptz)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_completeness';
COMMENT ON FUNCTION @extschema@.sg_completeness(tstzrange, timestamptz)
    IS 'of each metering point with slots in a period how many there should be, how many there are of each quality, and what share is not missing, percent: all for operators of the grid and auditors, for anybody else the slots of which it was the owner';

CREATE FUNCTION @extschema@.sg_gaps(period tstzrange, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (point text, gap tstzrange, slots bigint)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_gaps';
COMMENT ON FUNCTION @extschema@.sg_gaps(tstzrange, timestamptz)
    IS 'the gaps of each metering point in a period, adjacent missing slots as one range: all for operators of the grid and auditors, for anybody else those of which it was the owner';

CREATE FUNCTION smartgrid.interval_limits_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_interval_limits_support';
COMMENT ON FUNCTION smartgrid.interval_limits_support(internal) IS 'planner support: conditions of a query become limits of what is read';

CREATE FUNCTION smartgrid.interval_slots(grids text[], points text[], first_day date, last_day date, first_start timestamptz, last_start timestamptz)
    RETURNS TABLE (grid text, point text, kind text, owner text, day date, start timestamptz, minutes integer, amount bigint, kwh numeric, quality text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 10000 SUPPORT smartgrid.interval_limits_support AS 'MODULE_PATHNAME', 'sg_interval_slots';
COMMENT ON FUNCTION smartgrid.interval_slots(text[], text[], date, date, timestamptz, timestamptz)
    IS 'the slots that the caller may see, energy units and kWh, of grids, points, days and starts; NULL: no limit';

CREATE FUNCTION smartgrid.interval_day_sums(grids text[], points text[], first_day date, last_day date, first_start timestamptz, last_start timestamptz)
    RETURNS TABLE (grid text, point text, kind text, owner text, class text, day date, amount numeric, kwh numeric,
                   measured integer, substituted integer, estimated integer, calculated integer, missing integer, qualities text[])
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 10000 SUPPORT smartgrid.interval_limits_support AS 'MODULE_PATHNAME', 'sg_interval_day_sums';
COMMENT ON FUNCTION smartgrid.interval_day_sums(text[], text[], date, date, timestamptz, timestamptz)
    IS 'sums of the slots that the caller may see by point, local day and owner, energy units and kWh, of grids, points, days and starts; NULL: no limit';

CREATE FUNCTION smartgrid.interval_hour_sums(period tstzrange, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (kind text, day date, hour integer, kwh numeric)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 10000 AS 'MODULE_PATHNAME', 'sg_interval_hour_sums';
COMMENT ON FUNCTION smartgrid.interval_hour_sums(tstzrange, timestamptz)
    IS 'sums of the slots of the current grid that the caller may see, kWh, by kind of metering point, local day and hour of its clock';

CREATE VIEW @extschema@.sg_intervals WITH (security_invoker = true) AS
SELECT s.grid, s.point, s.day, s.start, pg_catalog.make_interval(mins => s.minutes) AS resolution, s.kind, s.owner, s.amount, s.kwh, s.quality
-- LATERAL, or the planner would simplify the call before it has the conditions of the query.
FROM LATERAL smartgrid.interval_slots(NULL, NULL, NULL, NULL, NULL, NULL) AS s;
COMMENT ON VIEW @extschema@.sg_intervals
    IS 'what metering points measured, slot by slot, from the first to the last day that is on record: all for operators of the grid and auditors, for anybody else the slots of which it was the owner; conditions on grid, point, day and start are those of what is read';
COMMENT ON COLUMN @extschema@.sg_intervals.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_intervals.point IS 'identifier of the metering point (key, with grid and start)';
COMMENT ON COLUMN @extschema@.sg_intervals.day IS 'local day of the grid';
COMMENT ON COLUMN @extschema@.sg_intervals.start IS 'when the slot begins';
COMMENT ON COLUMN @extschema@.sg_intervals.resolution IS 'its length';
COMMENT ON COLUMN @extschema@.sg_intervals.kind IS 'consumption, production, exchange or storage';
COMMENT ON COLUMN @extschema@.sg_intervals.owner IS 'the principal that pays or is paid; NULL: nobody';
COMMENT ON COLUMN @extschema@.sg_intervals.amount IS 'what was measured, energy units; 0 if it is missing';
COMMENT ON COLUMN @extschema@.sg_intervals.kwh IS 'the same, kWh';
COMMENT ON COLUMN @extschema@.sg_intervals.quality IS 'measured, substituted, estimated, calculated or missing';

CREATE VIEW @extschema@.sg_interval_days WITH (security_invoker = true) AS
SELECT s.grid, s.point, s.day, s.kind, s.owner, s.class, s.amount, s.kwh, s.measured, s.substituted, s.estimated, s.calculated, s.missing, s.qualities
FROM LATERAL smartgrid.interval_day_sums(NULL, NULL, NULL, NULL, NULL, NULL) AS s;
COMMENT ON VIEW @extschema@.sg_interval_days
    IS 'what metering points measured, as sums by local day and owner: of all slots for operators of the grid and auditors, for anybody else of those of which it was the owner; conditions on grid, point and day are those of what is read';
COMMENT ON COLUMN @extschema@.sg_interval_days.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_interval_days.point IS 'identifier of the metering point (key, with grid, day and owner)';
COMMENT ON COLUMN @extschema@.sg_interval_days.day IS 'local day of the grid';
COMMENT ON COLUMN @extschema@.sg_interval_days.kind IS 'consumption, production, exchange or storage';
COMMENT ON COLUMN @extschema@.sg_interval_days.owner IS 'the principal that pays or is paid; NULL: nobody';
COMMENT ON COLUMN @extschema@.sg_interval_days.class IS 'label that groups points in sums and tariffs';
COMMENT ON COLUMN @extschema@.sg_interval_days.amount IS 'sum of its slots, energy units';
COMMENT ON COLUMN @extschema@.sg_interval_days.kwh IS 'the same, kWh';
COMMENT ON COLUMN @extschema@.sg_interval_days.measured IS 'slots of this quality';
COMMENT ON COLUMN @extschema@.sg_interval_days.substituted IS 'slots of this quality';
COMMENT ON COLUMN @extschema@.sg_interval_days.estimated IS 'slots of this quality';
COMMENT ON COLUMN @extschema@.sg_interval_days.calculated IS 'slots of this quality';
COMMENT ON COLUMN @extschema@.sg_interval_days.missing IS 'slots that are missing';
COMMENT ON COLUMN @extschema@.sg_interval_days.qualities IS 'the qualities of its slots';
