-- The points of the metering cases, what they measure on any day, and the row
-- table that they are compared with. Variables: points.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS smartgrid;
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_alter_grid('default', energy_scale => 3, money_scale => 2, currency => 'EUR');

-- Three households of four take, one has panels; identifiers as long as those of metering points are.
CREATE TABLE members AS
SELECT 'AT0010000000000000000000' || lpad(i::text, 9, '0') AS point, 'm' || i AS owner, CASE WHEN i % 4 = 0 THEN 'production' ELSE 'consumption' END AS kind, i
FROM generate_series(1, :points) AS i;
SELECT count(*) FROM sg_set_points('members');

-- Wh in a quarter-hour: a base load with evenings and now and then a stove; the sun from 6 to 20.
CREATE FUNCTION shape(i integer, slot integer) RETURNS bigint
    LANGUAGE sql VOLATILE AS $$
    SELECT CASE
        WHEN i % 4 = 0 THEN greatest(0, (1200 + i % 7 * 100) * sin((slot - 24) / 56.0 * pi()) * (0.6 + 0.4 * random()))::bigint
        ELSE (20 + i % 13 * 4 + random() * 12 + CASE WHEN slot BETWEEN 68 AND 88 THEN 60 + random() * 60 ELSE 0 END
              + CASE WHEN random() < 0.03 THEN 300 + random() * 300 ELSE 0 END)::bigint
    END
$$;

CREATE TABLE plain (point text, start timestamptz, amount bigint);
CREATE TABLE row_table (
    point_id integer NOT NULL, start timestamptz NOT NULL, energy bigint NOT NULL, quality smallint NOT NULL, recorded_at timestamptz NOT NULL,
    PRIMARY KEY (point_id, start)
);
CREATE TABLE row_version (
    point_id integer NOT NULL, start timestamptz NOT NULL, version integer NOT NULL, energy bigint NOT NULL, quality smallint NOT NULL, recorded_at timestamptz NOT NULL,
    PRIMARY KEY (point_id, start, version)
);
CREATE TABLE taken (name text, ms numeric);
