-- Roles, the extension, tables of the readings.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;

CREATE ROLE replay_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE replay_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE replay_auditor LOGIN IN ROLE smartgrid_auditor;
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;

ALTER DATABASE replay SET smartgrid.grid = 'replay';
-- Times without a zone are taken as UTC, until the file is read (replay_parse.sql).
ALTER DATABASE replay SET TimeZone = 'UTC';

CREATE SCHEMA replay;
GRANT USAGE ON SCHEMA replay TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA replay GRANT SELECT ON TABLES TO PUBLIC;

CREATE TABLE replay.line (
    number bigint PRIMARY KEY,              -- of the line in the file, from 1
    bytes text NOT NULL                     -- one character for each byte
);
CREATE TABLE replay.bad_line (
    number bigint PRIMARY KEY,
    problem text NOT NULL,
    line text NOT NULL
);
CREATE TABLE replay.reading (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    principal text COLLATE "C" NOT NULL,
    produced bigint NOT NULL,               -- Wh
    consumed bigint NOT NULL,               -- Wh
    UNIQUE (at, principal)
);
CREATE TABLE replay.clock (                 -- one row: by which times are shown, days and months summed
    time_zone text NOT NULL,                -- of PostgreSQL: a name or a rule
    label text NOT NULL                     -- as it is shown
);
CREATE TABLE replay.period (
    starts timestamptz PRIMARY KEY,
    ends timestamptz NOT NULL,
    label text NOT NULL,
    imported bigint NOT NULL DEFAULT 0,     -- from the utility, Wh
    paid numeric NOT NULL DEFAULT 0         -- by the members, money units
);
GRANT UPDATE (imported, paid) ON replay.period TO replay_gateway;

-- How numbers are shown.
CREATE FUNCTION replay.grouped(wh numeric) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(wh, 'FM999,999,999,999,999,999,990');
$$;
CREATE FUNCTION replay.counted(number bigint, noun text) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT format('%s %s%s', replay.grouped(number), noun, CASE WHEN number <> 1 THEN 's' END);
$$;
