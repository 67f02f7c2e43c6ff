-- The village: roles, the extension, its grid, and the script of the day.
\set QUIET on
SET client_min_messages = warning;

CREATE EXTENSION smartgrid;

-- Who connects. Most members have no role of their own: the village's
-- application speaks for them and says for whom. Five have one.
CREATE ROLE village_board NOLOGIN;                                  -- operates this grid
CREATE ROLE oskar LOGIN IN ROLE village_board;                      -- ... and is on duty today
CREATE ROLE village_app LOGIN IN ROLE smartgrid_gateway;            -- application and payment gateway
CREATE ROLE audrey LOGIN IN ROLE smartgrid_auditor;                 -- auditor
CREATE ROLE anna LOGIN;                                             -- household with a solar roof
CREATE ROLE ben LOGIN;                                              -- her neighbour
CREATE ROLE miller LOGIN;                                           -- wind turbine
CREATE ROLE utility LOGIN;                                          -- the line to the outside

-- Energy in Wh, money in 1/100 cent, 0.25 EUR/kWh, one top-up at most 20 EUR;
-- a quarter of the capacity is what the village takes in a busy quarter-hour.
SELECT sg_create_grid('village', operator_role => 'village_board', base_price => 2500,
                      energy_scale => 3, money_scale => 4, currency => 'EUR',
                      low_watermark => 25, high_watermark => 80, max_topup => 200000) \g /dev/null
ALTER DATABASE village SET smartgrid.grid = 'village';
SET smartgrid.grid = 'village';
SELECT sg_set_time_zone('Europe/Berlin') \g /dev/null

-- Only the payment gateway tops up.
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;

-- The script of the day: who lives here, the weather, what people need.
CREATE SCHEMA village;
GRANT USAGE ON SCHEMA village TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA village GRANT SELECT ON TABLES TO PUBLIC;

-- Published figures: see demo/README.md.
CREATE TABLE village.profile (quarter_hour time PRIMARY KEY, kwh_per_million numeric NOT NULL);
\copy village.profile FROM 'profile.csv' WITH (FORMAT csv, HEADER)

CREATE TABLE village.member (
    house integer PRIMARY KEY,
    principal text NOT NULL UNIQUE,
    kwh_a_year integer NOT NULL,
    roof_kw numeric,                                    -- solar roof; NULL: none
    own_role boolean NOT NULL,                          -- connects as itself
    flexible boolean NOT NULL                           -- sets a price limit and can wait
);
INSERT INTO village.member
SELECT house, name, 2000 + house * 7919 % 31 * 100,
       CASE WHEN house % 10 IN (1, 4, 7) THEN 2.5 + house % 3 * 0.5 END,
       name IN ('anna', 'ben'), house % 5 = 0
FROM unnest(string_to_array('anna ben clara david emma felix greta hugo ida jonas '
                            'karla leo mia noah olga paul quirin rosa simon tilda '
                            'uwe vera willi xenia yannik zoe alma bruno carlo dora '
                            'emil frieda georg hanna igor julia kurt lotte max nora', ' ')) WITH ORDINALITY AS houses (name, house);

CREATE TABLE village.clock (
    quarter integer PRIMARY KEY,                        -- 0: 00:00 to 00:15
    began timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE village.clock IS 'which moment of the real clock, which the ledger goes by, is which quarter-hour of the village';
GRANT INSERT ON village.clock TO village_app;

-- Production and need in Wh. The factors: 0.8096 adapts the household profile
-- to day 172 of the year; a clear sky is 75 % of the roof's peak power times
-- the 1.5th power of a sine from 05:15 to 21:30; the wind is invented.
CREATE TABLE village.plan (
    quarter integer,
    principal text,
    wh bigint NOT NULL CHECK (wh >= 0),
    kind text,                                          -- need, sun or wind
    PRIMARY KEY (principal, kind, quarter)
);
INSERT INTO village.plan (quarter, principal, wh, kind)
WITH quarters AS (
    SELECT (extract(epoch FROM quarter_hour) / 900)::integer AS quarter, kwh_per_million,
           extract(epoch FROM quarter_hour) / 3600 + 0.125 AS hour
    FROM village.profile
)
SELECT quarter, principal, round(kwh_a_year * kwh_per_million / 1000 * 0.8096), 'need'
FROM village.member CROSS JOIN quarters
UNION ALL
SELECT quarter, principal,
       round(roof_kw * 250 * 0.75 * greatest(0, sin(pi() * (hour - 5.25) / 16.25))::numeric ^ 1.5), 'sun'
FROM village.member CROSS JOIN quarters
WHERE roof_kw IS NOT NULL
UNION ALL
SELECT quarter, 'miller',
       round(3750 * (0.26 + 0.15 * sin(quarter * 0.09 + 1) + 0.08 * sin(quarter * 0.71))), 'wind'
FROM quarters;

CREATE TABLE village.meter (
    principal text PRIMARY KEY REFERENCES village.member (principal),
    bought bigint NOT NULL DEFAULT 0,                   -- from neighbours, not used yet, Wh
    postponed bigint NOT NULL DEFAULT 0,                -- to the evening, Wh
    unserved bigint NOT NULL DEFAULT 0                  -- there was none, Wh
);
INSERT INTO village.meter (principal) SELECT principal FROM village.member;
GRANT UPDATE ON village.meter TO village_app, anna, ben;

CREATE TABLE village.log (
    quarter integer PRIMARY KEY,
    load bigint NOT NULL,                               -- before the households take theirs, Wh
    utilization numeric NOT NULL,
    price bigint NOT NULL,
    emergency boolean NOT NULL
);
COMMENT ON TABLE village.log IS 'the operator''s log book: state of the grid in each quarter-hour';
GRANT INSERT ON village.log TO village_board;

CREATE TABLE village.event (
    hour integer,
    what text,
    PRIMARY KEY (hour, what)
);
GRANT INSERT ON village.event TO PUBLIC;
