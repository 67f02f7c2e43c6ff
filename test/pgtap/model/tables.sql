-- The model's own state: plain tables, no constraint that could hide a wrong rule.

CREATE SCHEMA model;

CREATE TABLE model.grid (
    name          text PRIMARY KEY,
    operator_role text,
    base_price    numeric,
    energy_scale  int,
    money_scale   int,
    currency      text,
    low           numeric,
    high          numeric,
    max_topup     numeric,
    stripes       int,
    registration  text DEFAULT 'open',
    max_amount    numeric DEFAULT 1000000000000000,
    price_rule    text DEFAULT 'load',
    emergency     boolean DEFAULT false,
    load          numeric DEFAULT 0
);

CREATE TABLE model.producer (
    grid       text,
    principal  text,
    capacity   numeric,
    kind       text,
    current    numeric DEFAULT 0,
    total      numeric DEFAULT 0,
    unsold     numeric DEFAULT 0,
    earnings   numeric DEFAULT 0,
    reputation int DEFAULT 100,
    active     boolean DEFAULT true,
    left_after timestamptz,
    left_until timestamptz,
    PRIMARY KEY (grid, principal)
);

CREATE TABLE model.consumer (
    grid      text,
    principal text,
    maximum   numeric,
    total     numeric DEFAULT 0,
    usage     numeric DEFAULT 0,
    balance   numeric DEFAULT 0,
    active    boolean DEFAULT true,
    carry     numeric DEFAULT 0,
    left_after timestamptz,
    left_until timestamptz,
    PRIMARY KEY (grid, principal)
);

CREATE TABLE model.storage (
    grid           text,
    principal      text,
    capacity       numeric,
    stored         numeric DEFAULT 0,
    charge_rate    numeric,
    discharge_rate numeric,
    PRIMARY KEY (grid, principal)
);

CREATE TABLE model.trade (
    id     bigint PRIMARY KEY,
    grid   text,
    seller text,
    buyer  text,
    amount numeric,
    price  numeric,
    cost   numeric,
    status text DEFAULT 'pending',
    began  timestamptz,
    ended  timestamptz
);

-- The exact times of an entry are the extension's; the model knows that it happened between `began` and `ended` (the same
-- if the time was given) and was booked between `booked_after` and `booked_until`.  So are entry ids: `entry_id` is learned
-- after the call, `id` is the model's own.
CREATE TABLE model.entry (
    id           bigint PRIMARY KEY,
    entry_id     bigint,
    said         bigint,        -- by the call that wrote it
    grid         text,
    kind         text,
    reversed     text,          -- what a reversal takes back: the kind
    about        bigint,        -- and the entry_id
    participant  text,
    counterparty text,
    energy       numeric,
    price        numeric,
    money        numeric,
    trade        bigint,
    load         numeric,       -- after it; NULL: between the two entries of a correction
    began        timestamptz,
    ended        timestamptz,
    booked_after timestamptz,
    booked_until timestamptz,
    reason       text,
    corrected_by text
);

CREATE TABLE model.metrics (
    id          bigint PRIMARY KEY,
    grid        text,
    production  numeric,
    consumption numeric,
    peak_load   numeric,
    efficiency  numeric,
    period      tstzrange,
    began       timestamptz,
    ended       timestamptz
);

CREATE INDEX ON model.trade (grid, id);
CREATE INDEX ON model.entry (grid, id);
CREATE INDEX ON model.entry (entry_id);
CREATE INDEX ON model.entry (about);

-- Working space of balance_load.
CREATE TABLE model.share (principal text, can numeric, whole numeric, rest numeric, extra int);

-- Every principal that can occur: the twelve, those that a rename makes, the superuser.
CREATE TABLE model.name (
    position  int GENERATED ALWAYS AS IDENTITY,
    principal text PRIMARY KEY,
    is_role   boolean,
    caller    boolean
);

-- Database roles and what they are members of, as the script grants it.
CREATE TABLE model.role (
    name      text PRIMARY KEY,
    member_of text[] DEFAULT '{}'
);

-- Counters are sequences, because a rollback must not undo what was counted.
CREATE SEQUENCE model.calls;
CREATE SEQUENCE model.entries;
CREATE SEQUENCE model.last_entry MINVALUE 0;
CREATE SEQUENCE model.references;
CREATE SEQUENCE model.doubtful MINVALUE 0;
CREATE SEQUENCE model.mismatches MINVALUE 0;
CREATE SEQUENCE model.undone MINVALUE 0;
CREATE SEQUENCE model.savepoints MINVALUE 0;

-- What happened that no SQLSTATE tells.
CREATE SEQUENCE model.refused_readings MINVALUE 0;
CREATE SEQUENCE model.final_readings MINVALUE 0;
CREATE SEQUENCE model.remembered MINVALUE 0;
CREATE SEQUENCE model.answered MINVALUE 0;
CREATE SEQUENCE model.refused_references MINVALUE 0;
CREATE SEQUENCE model.empty_readings MINVALUE 0;
CREATE SEQUENCE model.corrections_only_as_a_whole MINVALUE 0;

CREATE TABLE model.weight (
    call   text PRIMARY KEY,
    weight numeric,
    upto   numeric
);

CREATE TABLE model.outcome (state text PRIMARY KEY);
INSERT INTO model.outcome
VALUES ('00000'), ('SG100'), ('SG101'), ('SG102'), ('SG103'), ('SG104'), ('SG105'), ('SG106'), ('SG107'), ('SG108'),
       ('22003'), ('25006'), ('other');

-- One call: the part of its name after sg_, its arguments as SQL text, and who makes it how.
-- What is remembered of a call under a reference.
CREATE TABLE model.request (
    grid      text,
    caller    text,
    is_role   boolean,
    reference text,
    function  text,
    arguments text,
    result    jsonb,
    entry     bigint,       -- of model.entry, that it wrote last
    made_after timestamptz,
    made_until timestamptz,
    PRIMARY KEY (grid, caller, is_role, reference)
);

CREATE TYPE model.context AS (
    gateway   boolean,      -- the session belongs to a member of smartgrid_gateway, else to a superuser
    role      text,         -- SET ROLE
    principal text,         -- smartgrid.principal
    claims    text,         -- request.jwt.claims
    subject   text,         -- jwt.claims.sub
    grid      text,         -- smartgrid.grid
    read_only boolean,
    reference text,         -- smartgrid.reference
    headers   text,         -- request.headers
    asking    boolean,      -- the model only: stops after the first step of the checks
    result    jsonb,        -- what the extension answered: ids are its to give
    began     timestamptz,
    ended     timestamptz
);
CREATE TYPE model.call AS (name text, arguments text, context model.context);
