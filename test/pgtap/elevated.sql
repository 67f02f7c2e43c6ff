-- SQL as the owner of the tables: inside of it a function may do the same, and whatever comes in between, an error too, the caller
-- is who he was, with the settings that he had.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;
-- His transactions show who he is and what he has set after a statement.
CREATE FUNCTION sgtest.me() RETURNS text
    LANGUAGE sql AS $$ SELECT concat_ws(' ', current_user, current_setting('search_path'), current_setting('row_security')) $$;
GRANT USAGE ON SCHEMA sgtest TO sgt_operator;
GRANT EXECUTE ON FUNCTION sgtest.me() TO sgt_operator;
\set settings '{"search_path": "public, sgtest", "row_security": "on"}'

\o /dev/null
SELECT sgtest.given('@pat', $$SELECT sg_register_producer(1000, 'solar')$$);
SELECT sgtest.given('@pat', 'SELECT sg_report_production(100)');
\o

-- Sealing inserts a block in elevated SQL; what else that does is said by a trigger of the superuser's.
CREATE TABLE sgtest.seen (n integer GENERATED ALWAYS AS IDENTITY, moment text, me text);
CREATE FUNCTION sgtest.note(moment text) RETURNS void
    LANGUAGE sql AS $$ INSERT INTO sgtest.seen (moment, me) VALUES (moment, sgtest.me()) $$;
CREATE FUNCTION sgtest.act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE pg_catalog.current_setting('sgtest.act');
    RETURN NULL;
END $$;
CREATE TRIGGER act AFTER INSERT ON smartgrid.block FOR EACH ROW EXECUTE FUNCTION sgtest.act();

-- What became of sealing, and who the operator was after it.
CREATE FUNCTION sgtest.sealing(act text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('sgtest.act', act, true);
    RETURN sgtest.try('sgt_operator', 'SELECT height, me() FROM sg_seal()', '{"search_path": "public, sgtest", "row_security": "on"}');
END $$;
-- The same where he goes on after an error.
CREATE FUNCTION sgtest.failing(act text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('sgtest.act', act, true);
    RETURN sgtest.try('sgt_operator', 'SELECT caught(''SELECT FROM sg_seal()''), me()',
                      '{"search_path": "public, sgtest", "row_security": "on"}');
END $$;
CREATE FUNCTION sgtest.caught(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
\set caller '"sgt_operator public, sgtest on"'

-------------------------------------------------------------------------------------------------------------- nesting
SELECT is(sgtest.sealing(''), '0,' || :'caller', 'elevated once');
SELECT is(sgtest.sealing($$SELECT FROM public.sg_statement('pat', '(,)')$$), '0,' || :'caller', 'elevated SQL calls what reads as owner');
SELECT is(sgtest.sealing($$SELECT public.sg_set_energy_type('solar', true, 1, 'test')$$), '0,' || :'caller',
          'elevated SQL calls what writes as owner');
SELECT is(sgtest.sealing($$SELECT public.sg_set_energy_type('solar', true, 1, 'test') FROM public.sg_statement('pat', '(,)')$$), '0,' || :'caller',
          'one after the other');

-- What the inner one leaves to the outer one.
CREATE FUNCTION sgtest.inside(act text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('sgtest.act', format('SELECT sgtest.note(''before''); %s; SELECT sgtest.note(''after'')', act), true);
    TRUNCATE sgtest.seen;
    PERFORM sgtest.given('sgt_operator', 'SELECT FROM sg_seal()');
    RETURN (SELECT string_agg(moment || ' ' || me, ', ' ORDER BY n) FROM sgtest.seen);
END $$;
SAVEPOINT before;
SELECT is(sgtest.inside($$SELECT FROM public.sg_statement('pat', '(,)')$$),
          format('before %1$s pg_catalog, pg_temp off, after %1$s pg_catalog, pg_temp off', current_user), 'the outer one is the owner before and after');
ROLLBACK TO before;

--------------------------------------------------------------------------------------------------------------- errors
SELECT is(sgtest.failing('SELECT 1 / 0'), '22012,' || :'caller', 'an error in elevated SQL');
CREATE FUNCTION sgtest.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'XY001'; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON smartgrid.energy_type_factor FOR EACH ROW EXECUTE FUNCTION sgtest.refuse();
SELECT is(sgtest.failing($$SELECT public.sg_set_energy_type('solar', true, 1, 'test')$$), 'XY001,' || :'caller',
          'an error in elevated SQL inside of elevated SQL');
SELECT is(sgtest.sealing($$SELECT sgtest.caught('SELECT public.sg_set_energy_type(''solar'', true, 1, ''test'')')$$), '0,' || :'caller',
          'the same, caught inside: the outer one goes on');
SAVEPOINT before;
SELECT is(sgtest.inside($$SELECT sgtest.caught('SELECT public.sg_set_energy_type(''solar'', true, 1, ''test'')')$$),
          format('before %1$s pg_catalog, pg_temp off, after %1$s pg_catalog, pg_temp off', current_user), 'and is the owner still');
ROLLBACK TO before;

--------------------------------------------------------------------------------------------------------- search_path
-- Names in the statements are those of pg_catalog: whoever unpins search_path, which takes a trigger of the owner, is told.
SELECT is(sgtest.failing($$SELECT pg_catalog.set_config('search_path', 'sgtest, pg_catalog', true)$$), '55000,' || :'caller',
          'a trigger sets search_path');
SELECT is(sgtest.failing($$SELECT pg_catalog.set_config('search_path', 'sgtest, pg_catalog', false)$$), '55000,' || :'caller',
          'a trigger sets search_path for the session');
SELECT matches(sgtest.complaint('sgt_operator', 'SELECT FROM sg_seal()'), '^search_path was set to "sgtest, pg_catalog" while .*\nHINT: Drop the triggers',
               'the error says so');

SELECT * FROM finish();
ROLLBACK;
