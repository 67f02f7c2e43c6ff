-- What registers of metering points showed, and exchanges of meters (src/metering/register.h).

CREATE FUNCTION smartgrid.quality_name(quality smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_quality_name';
COMMENT ON FUNCTION smartgrid.quality_name(smallint) IS 'name of a quality';

CREATE TABLE smartgrid.register_reading (
    point_id bigint NOT NULL,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    batch_id bigint NOT NULL,
    grid_id integer NOT NULL,
    quality smallint NOT NULL CHECK (smartgrid.quality_name(quality) IS NOT NULL),
    digits smallint CHECK (digits BETWEEN 0 AND 18),
    reading numeric NOT NULL CHECK (reading >= 0 AND reading < 'Infinity'),
    initial numeric CHECK (initial >= 0 AND initial < 'Infinity'),
    spread text COLLATE "C" NOT NULL,
    PRIMARY KEY (point_id, at, recorded_at),
    CONSTRAINT register_reading_check CHECK ((digits IS NULL) = (initial IS NULL))
);
COMMENT ON TABLE smartgrid.register_reading IS 'readings of registers; of one point and time the last that was recorded counts, unless its batch was withdrawn';
COMMENT ON COLUMN smartgrid.register_reading.point_id IS 'the metering point';
COMMENT ON COLUMN smartgrid.register_reading.at IS 'when it was read';
COMMENT ON COLUMN smartgrid.register_reading.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN smartgrid.register_reading.batch_id IS 'number of the batch that brought it';
COMMENT ON COLUMN smartgrid.register_reading.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.register_reading.quality IS 'code of its quality, see smartgrid.quality_name()';
COMMENT ON COLUMN smartgrid.register_reading.digits IS 'of an exchange of the meter: digits of whole kWh that the new one has, 0: not known; NULL: it is none';
COMMENT ON COLUMN smartgrid.register_reading.reading IS 'what the register showed, kWh; of an exchange, that of the old meter at last';
COMMENT ON COLUMN smartgrid.register_reading.initial IS 'of an exchange of the meter: what the register of the new one showed first, kWh; NULL: it is none';
COMMENT ON COLUMN smartgrid.register_reading.spread IS 'how the energy since the reading before is spread over slots: even, or a series of weights; empty: nobody says';
COMMENT ON CONSTRAINT register_reading_check ON smartgrid.register_reading IS 'an exchange has both an initial reading and digits';
ALTER TABLE smartgrid.register_reading REPLICA IDENTITY FULL;

-- EXPLAIN tells statistics to everybody.
ALTER TABLE smartgrid.register_reading ALTER COLUMN reading SET STATISTICS 0;
ALTER TABLE smartgrid.register_reading ALTER COLUMN initial SET STATISTICS 0;

ALTER TABLE smartgrid.register_reading ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_reader ON smartgrid.register_reading FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_reader ON smartgrid.register_reading IS 'operators of the grid and auditors';

-- Members see what follows from readings in their slots (sg_intervals): two readings tell what another owner used in between.
CREATE VIEW @extschema@.sg_register_readings WITH (security_invoker = true) AS
SELECT g.name AS grid, n.name AS point, r.at, r.reading, r.initial, NULLIF(r.digits, 0) AS digits,
       smartgrid.quality_name(r.quality) AS quality, NULLIF(r.spread, '') AS spread, r.recorded_at, r.batch_id AS batch
FROM smartgrid.register_reading AS r
     JOIN smartgrid.point_name AS n ON n.point_id = r.point_id AND n.superseded_at = 'infinity'
     JOIN smartgrid.grid AS g ON g.grid_id = r.grid_id
WHERE NOT EXISTS (SELECT FROM smartgrid.batch AS w WHERE w.withdraws_id = r.batch_id AND w.withdraws_id > 0)
      AND NOT EXISTS (SELECT FROM smartgrid.register_reading AS l
                      WHERE l.point_id = r.point_id AND l.at = r.at AND l.recorded_at > r.recorded_at
                            AND NOT EXISTS (SELECT FROM smartgrid.batch AS w WHERE w.withdraws_id = l.batch_id AND w.withdraws_id > 0));
COMMENT ON VIEW @extschema@.sg_register_readings IS 'readings of registers and exchanges of meters that are on record (operators of the grid, auditors)';
COMMENT ON COLUMN @extschema@.sg_register_readings.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_register_readings.point IS 'identifier of the metering point, as it is called now (key, with grid and at)';
COMMENT ON COLUMN @extschema@.sg_register_readings.at IS 'when it was read';
COMMENT ON COLUMN @extschema@.sg_register_readings.reading IS 'what the register showed, kWh; where the meter was exchanged, that of the old one at last';
COMMENT ON COLUMN @extschema@.sg_register_readings.initial IS 'where the meter was exchanged: what the register of the new one showed first, kWh; else NULL';
COMMENT ON COLUMN @extschema@.sg_register_readings.digits IS 'where the meter was exchanged: digits of whole kWh that the new one has; NULL: not known';
COMMENT ON COLUMN @extschema@.sg_register_readings.quality IS 'measured, substituted, estimated or calculated';
COMMENT ON COLUMN @extschema@.sg_register_readings.spread IS 'how the energy since the reading before is spread over slots: even, or a series of weights; NULL: nobody says';
COMMENT ON COLUMN @extschema@.sg_register_readings.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_register_readings.batch IS 'number of the batch that brought it';

CREATE FUNCTION @extschema@.sg_post_registers(points text[], at timestamptz[], readings numeric[], qualities text[] DEFAULT NULL,
    label text DEFAULT NULL, spread text DEFAULT NULL)
    RETURNS TABLE (ord bigint, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_post_registers';
COMMENT ON FUNCTION @extschema@.sg_post_registers(text[], timestamptz[], numeric[], text[], text, text)
    IS 'loads what registers of metering points showed, kWh, as one batch: the slots between two readings get their part, as spread says (even, or a series of weights); returns the rows that were refused (gateway, operator)';

CREATE FUNCTION @extschema@.sg_exchange_meter(point text, at timestamptz, final_value numeric, meter text, initial_value numeric DEFAULT 0,
    digits integer DEFAULT NULL, correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_exchange_meter';
COMMENT ON FUNCTION @extschema@.sg_exchange_meter(text, timestamptz, numeric, text, numeric, integer, boolean)
    IS 'says when a metering point got another meter, what the old one showed last and the new one first, kWh, and its digits of whole kWh (NULL: as the old one) (operator)';
