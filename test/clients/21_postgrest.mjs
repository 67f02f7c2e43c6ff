#!/usr/bin/env node
// The statements of PostgREST 12 over the schema that sg_create_api() makes.
// There is no package of PostgREST to run, so what it sends for a request is
// replayed: one transaction, of which the first statement sets the role, then
// the claims of the token; then one query that gives the body of the answer.
// needs-npm: pg@8
// setup: lib/api.sql
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

// NODE_PATH, which import does not look at
const pg = createRequire(`${process.env.NODE_PATH}/`)('pg');

// Its login, authenticator, and what it knows of a function from its schema cache.
const authenticator = new pg.Client({ user: 'web_app' });
const office = new pg.Client({ user: 'office' });
await authenticator.connect();
await office.connect();
const schemaCache = new Map((await authenticator.query(
    `SELECT p.proname, p.provolatile, p.proretset, p.prorettype = 'record'::regtype AS composite,
            ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, n) ORDER BY n) AS types,
            p.proargnames[1:p.pronargs] AS names, mediaType.typname AS media, mediaType.typnamespace::regnamespace::text AS "mediaSchema"
     FROM pg_proc AS p
          LEFT JOIN pg_type AS mediaType ON mediaType.oid = p.prorettype AND mediaType.typbasetype <> 0 AND NOT p.proretset
                    AND mediaType.typname ~* '^[A-Za-z0-9.-]+/[A-Za-z0-9.+-]+$'
     WHERE p.pronamespace = 'api'::regnamespace`)).rows.map((row) => [row.proname, row]));

async function transaction(client, { role, sub, headers, method, path, readOnly, before, media }, main, values) {
    await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ ${readOnly ? 'ONLY' : 'WRITE'}`);
    try {
        await client.query(
            `select set_config('search_path', $1, true), set_config('role', $2, true), set_config('request.jwt.claims', $3, true),
                    set_config('request.method', $4, true), set_config('request.path', $5, true), set_config('request.headers', $6, true),
                    set_config('request.cookies', $7, true)`,
            ['"api", "public"', role, JSON.stringify(sub ? { role, sub } : { role }), method, path, JSON.stringify(headers ?? before?.headers ?? {}), '{}']);
        if (before) await client.query(`select "${before.schema}"."${before.name}"()`);
        const { rows } = await client.query({ text: main, values, types: { getTypeParser: () => (text) => text } });
        await client.query('COMMIT');
        return media ? { status: 200, media, text: rows[0].body } : { status: 200, text: rows[0].body, body: JSON.parse(rows[0].body) };
    } catch (error) {
        await client.query('ROLLBACK');
        if (!(error instanceof pg.DatabaseError)) throw error;
        // 42501 is 403 (401 without a token); PostgREST knows no class SG, which makes a 400 of it.
        return { status: error.code === '42501' ? (sub ? 403 : 401) : 400,
                 body: { code: error.code, message: error.message, details: error.detail ?? null, hint: error.hint ?? null } };
    }
}

// GET /trades?select=...&where...
function get(client, who, view, select = '*', where = '') {
    const columns = select === '*' ? `"api"."${view}".*` : select.split(',').map((column) => {
        const [name, type] = column.split('::');
        return type ? `CAST("api"."${view}"."${name}" AS ${type} ) AS "${name}"` : `"api"."${view}"."${name}"`;
    }).join(', ');
    return transaction(client, { ...who, method: 'GET', path: `/${view}`, readOnly: true },
        `WITH pgrst_source AS ( SELECT ${columns} FROM "api"."${view}" ${where} )
         SELECT null::bigint AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total,
                coalesce(json_agg(_postgrest_t), '[]') AS body, nullif(current_setting('response.headers', true), '') AS response_headers,
                nullif(current_setting('response.status', true), '') AS response_status, '' AS response_inserted
         FROM ( SELECT * FROM pgrst_source ) _postgrest_t`, []);
}

// POST /rpc/consume_energy with a JSON body; GET is for functions that are not volatile, and read only.
function rpc(client, who, name, args = {}, method = 'POST') {
    const known = schemaCache.get(name);
    const type = (argument) => known.types[known.names.indexOf(argument)];
    const names = Object.keys(args);
    const call = `"api"."${name}"(${names.map((argument) => `"${argument}" := pgrst_body."${argument}"`).join(', ')})`;
    const body = names.length === 0 ? '' : `(SELECT $1::json AS json_data) pgrst_payload,
        LATERAL (SELECT ${names.map((argument) => `"${argument}"`).join(', ')} FROM json_to_record(pgrst_payload.json_data)
                 AS _(${names.map((argument) => `"${argument}" ${type(argument)}`).join(', ')}) LIMIT 1) pgrst_body , LATERAL `;
    const rows = known.proretset || known.composite;
    const source = rows ? `SELECT pgrst_call.* FROM ${body}${call} pgrst_call`
        : `SELECT pgrst_call.pgrst_scalar FROM ${body}(SELECT ${call} pgrst_scalar) pgrst_call`;
    const result = known.proretset ? `coalesce(json_agg(_postgrest_t), '[]')`
        : rows ? `coalesce(json_agg(_postgrest_t)->0, 'null')` : `coalesce(json_agg(_postgrest_t.pgrst_scalar)->0, 'null')`;
    return transaction(client, { ...who, method, path: `/rpc/${name}`, readOnly: method === 'GET' || known.provolatile !== 'v' },
        `WITH pgrst_source AS (${source})
         SELECT null::bigint AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total, ${result} AS body,
                nullif(current_setting('response.headers', true), '') AS response_headers,
                nullif(current_setting('response.status', true), '') AS response_status, '' AS response_inserted
         FROM (SELECT "${name}".* FROM "pgrst_source" AS "${name}") _postgrest_t`, names.length === 0 ? [] : [JSON.stringify(args)]);
}

// GET /rpc/report with Accept: text/html, for which a function is the handler whose result is of the domain of that name. PostgREST calls
// the domain as a function. Of what it does not accept, it says 406 without a statement.
function page(client, who, name, args = {}, accept = 'text/html') {
    const known = schemaCache.get(name);
    if (known.media !== accept) return { status: 406 };
    const given = Object.entries(args);
    const call = `"api"."${name}"(${given.map(([argument], i) => `"${argument}" := $${i + 1}`).join(', ')})`;
    return transaction(client, { ...who, method: 'GET', path: `/rpc/${name}`, readOnly: true, media: known.media },
        `WITH pgrst_source AS (SELECT ${call} pgrst_scalar)
         SELECT null::bigint AS total_result_set, 1 AS page_total, "${known.mediaSchema}"."${known.media}"(_postgrest_t.pgrst_scalar) AS body,
                nullif(current_setting('response.headers', true), '') AS response_headers,
                nullif(current_setting('response.status', true), '') AS response_status, '' AS response_inserted
         FROM (SELECT "${name}".* FROM "pgrst_source" AS "${name}") _postgrest_t`, given.map(([, value]) => value));
}

let checks = 0;
function equal(actual, expected, what) {
    assert.deepEqual(actual, expected, what);
    checks++;
    console.log(`ok: ${what}`);
}
const anna = { role: 'web_user', sub: 'anna' };
const ben = { role: 'web_user', sub: 'ben' };
const cora = { role: 'web_user', sub: 'cora' };
const nobody = { role: 'web_user' };
const payments = { role: 'payments' };
const operator = { role: 'office' };
const does = async (who, name, args, expected = true, client = authenticator) =>
    equal(await rpc(client, who, name, args), { status: 200, text: JSON.stringify(expected), body: expected }, `${who.sub ?? who.role}: ${name}`);

await does(anna, 'register_producer', { capacity: 5000, energy_type: 'solar' });
await does(ben, 'register_consumer', { consumption_limit: 3000 });
await does(cora, 'register_storage', { capacity: 6000, charge_rate: 2000, discharge_rate: 2000 });
await does(anna, 'report_production', { amount: 4000 });
const paying = new pg.Client({ user: 'payments' });
await paying.connect();
await does(payments, 'add_consumer_balance', { target: 'ben', amount: 2000 }, true, paying);
equal((await rpc(authenticator, ben, 'quote', { amount: 1500 }, 'GET')).body, { price: 42, cost: 63, affordable: true, available: true }, 'GET /rpc/quote');
await does(ben, 'consume_energy', { amount: 1500 });
await does(ben, 'consume_energy', { amount: 10, max_cost: 5 });
await does(cora, 'charge_storage', { amount: 1000 });
await does(cora, 'discharge_storage', { amount: 400 });
await does(anna, 'create_trade', { buyer: 'ben', amount: 1000, price: 25 }, 1);
await does(anna, 'create_trade', { buyer: 'ben', amount: 100, price: 25 }, 2);
await does(ben, 'complete_trade', { trade_id: 1 });
await does(ben, 'cancel_trade', { trade_id: 2 });
await does(anna, 'withdraw_earnings', { amount: 5 });

// ---- who sees what ----
equal((await get(authenticator, ben, 'trades', 'trade_id,seller,buyer,status', 'ORDER BY trade_id')).body,
    [{ trade_id: 1, seller: 'anna', buyer: 'ben', status: 'completed' }, { trade_id: 2, seller: 'anna', buyer: 'ben', status: 'cancelled' }], 'ben\'s trades');
equal((await get(authenticator, cora, 'trades')).body, [], 'cora has none');
equal((await get(authenticator, cora, 'ledger_entries', 'kind,energy_kwh', 'ORDER BY entry_id')).body, [{ kind: 'charge', energy_kwh: 1 }, { kind: 'discharge', energy_kwh: 0.4 }],
    'but two entries');
equal((await get(authenticator, nobody, 'ledger_entries')).body, [], 'nobody has no entry');
equal((await get(authenticator, nobody, 'grids', 'grid,base_price,revenue')).body, [{ grid: 'default', base_price: 30, revenue: null }], 'but what is public');
for (let i = 0; i < 20; i++)
    for (const who of [anna, ben, cora]) {
        const { body } = await rpc(authenticator, who, 'get_principal', {}, 'GET');
        assert.equal(body, who.sub);
    }
equal((await rpc(authenticator, nobody, 'get_principal', {}, 'GET')).status, 400, 'one connection for all, and no identity stays on it');

// ---- errors ----
equal(await rpc(authenticator, ben, 'consume_energy', { amount: 2900 }),
    { status: 400, body: { code: 'SG103', message: 'insufficient energy: the grid load does not cover 2900 energy units',
        details: 'Available: 890, asked for: 2900.', hint: null } }, 'an error has our SQLSTATE');
equal(await rpc(authenticator, nobody, 'consume_energy', { amount: 1 }),
    { status: 400, body: { code: 'SG102', message: 'no principal is set in this gateway session',
        details: 'Role "web_app" is a member of "smartgrid_gateway" and acts for others, never for itself.',
        hint: 'Name the principal in this transaction: SET LOCAL smartgrid.principal = \'...\', or set request.jwt.claims or jwt.claims.sub.' } },
    'and a hint');
equal((await rpc(authenticator, ben, 'consume_energy', { amount: 1 }, 'GET')).body.code, '25006', 'GET cannot write');
equal((await rpc(authenticator, ben, 'set_base_price', { new_price: 1 })).status, 403, 'what is the operator\'s is forbidden');
equal((await rpc(authenticator, ben, 'add_consumer_balance', { target: 'ben', amount: 1 })).body.code, '42501', 'so is a top-up');
equal((await rpc(authenticator, { role: 'office', sub: 'ben' }, 'set_base_price', { new_price: 1 })).body.code, '42501', 'and to become somebody else');
await does(operator, 'set_base_price', { new_price: 31 }, true, office);
equal((await rpc(office, operator, 'check_invariants', {}, 'GET')).body.every((invariant) => invariant.ok), true, 'the office checks the books');

// ---- exact figures: JSON's numbers are not, in JavaScript; a cast in select= makes text of them ----
const large = '9007199254740993';
await paying.query(`SELECT api.add_consumer_balance('ben', ${large})`);
const exact = '9007199254742905';
const inexact = await get(authenticator, ben, 'consumers', 'balance');
equal([inexact.text, String(inexact.body[0].balance) === exact], [`[{"balance":${exact}}]`, false], 'JavaScript rounds the numbers of JSON above 2^53');
equal((await get(authenticator, ben, 'consumers', 'balance::text')).body, [{ balance: exact }], '?select=balance::text is exact');

// ---- once only: Idempotency-Key, whose name PostgREST writes in lower case; what a client does whose connection broke ----
const ledger = async (who) => (await get(authenticator, who, 'ledger_entries', 'entry_id,kind,energy', 'ORDER BY entry_id')).body;
const keyed = (who, key, name, args, client = authenticator) => rpc(client, { ...who, headers: { 'content-type': 'application/json', 'idempotency-key': key } }, name, args);
const before = await ledger(ben);
const first = await keyed(ben, 'wash-1', 'consume_energy', { amount: 20 });
const again = await keyed(ben, 'wash-1', 'consume_energy', { amount: 20 });
equal([first, again], [{ status: 200, text: 'true', body: true }, first], 'the same POST twice has the same answer');
const second = new pg.Client({ user: 'web_app' });
await second.connect();
equal(await keyed(ben, 'wash-1', 'consume_energy', { amount: 20 }, second), first, 'and on another connection');
equal((await ledger(ben)).slice(before.length).map(({ kind, energy }) => [kind, energy]), [['consumption', 20]], 'and is one entry');
equal((await keyed(ben, 'wash-1', 'consume_energy', { amount: 21 })).body.code, 'SG105', 'the key of another call is refused');
equal((await keyed(ben, 'wash-1', 'withdraw_balance', { amount: 20 })).body.code, 'SG105', 'of another function, too');
const offer = { buyer: 'ben', amount: 100, price: 50 };
const offered = [await keyed(anna, 'wash-1', 'create_trade', offer), await keyed(anna, 'wash-1', 'create_trade', offer)];
equal(offered.map(({ body }) => body), [3, 3], 'anna\'s key is not ben\'s: a trade, and its id again');
equal((await get(authenticator, anna, 'trades', 'trade_id', 'ORDER BY trade_id')).body.length, 3, 'and one offer');
equal((await keyed(ben, 'wash-2', 'consume_energy', { amount: 2900 })).body.code, 'SG103', 'what fails is not remembered');
await does(anna, 'report_production', { amount: 4000 });
equal((await keyed(ben, 'wash-2', 'consume_energy', { amount: 2900 })).body, true, 'and is done when it can be');
const atOnce = await Promise.all([authenticator, second].map((client) => keyed(ben, 'wash-3', 'consume_energy', { amount: 30 }, client)));
equal(atOnce.map(({ body }) => body), [true, true], 'two at once have the same answer');
equal((await ledger(ben)).filter(({ kind, energy }) => kind === 'consumption' && energy === 30).length, 1, 'and are one entry');
equal((await rpc(authenticator, ben, 'consume_energy', { amount: 30 })).body && (await ledger(ben)).filter(({ energy }) => energy === 30).length, 2,
    'without a key it is done again: no key stays on the connection');
const topUp = { target: 'ben', amount: 77 };
equal([(await keyed(payments, 'bank/4711', 'add_consumer_balance', topUp, paying)).body, (await keyed(payments, 'bank/4711', 'add_consumer_balance', topUp, paying)).body,
    (await get(authenticator, ben, 'ledger_entries', 'money', "WHERE kind = 'topup' AND money = 77")).body.length], [true, true, 1],
    'a payment that is told of twice is one top-up');
equal((await keyed(ben, 'x'.repeat(129), 'consume_energy', { amount: 1 })).body.code, 'SG108', 'a key has at most 128 bytes');
equal((await get(authenticator, ben, 'requests', 'reference,function', 'ORDER BY made_at')).body.map((request) => [request.reference, request.function]),
    [['wash-1', 'sg_consume_energy'], ['wash-2', 'sg_consume_energy'], ['wash-3', 'sg_consume_energy']], 'ben sees what is remembered of his');

// ---- another grid: by a function that PostgREST calls before (db-pre-request), from a header ----
await office.query(`SELECT api.create_grid('hill', currency => 'CHF')`);
const superuser = new pg.Client();
await superuser.connect();
await superuser.query(`
    CREATE SCHEMA gateway;
    CREATE FUNCTION gateway.choose_grid() RETURNS void LANGUAGE sql AS $$
        SELECT set_config('smartgrid.grid', coalesce(current_setting('request.headers', true)::json ->> 'x-grid', ''), true)
    $$;
    GRANT USAGE ON SCHEMA gateway TO web_user`);
const inGrid = async (grid) => (await rpc(authenticator,
    { ...ben, before: { schema: 'gateway', name: 'choose_grid', headers: grid ? { 'x-grid': grid } : {} } }, 'get_current_grid', {}, 'GET')).body;
equal([await inGrid('hill'), await inGrid()], ['hill', 'default'], 'a header names the grid');

// ---- pages: what the operator settled is an invoice in a browser ----
for (const statement of `
    SELECT sg_set_time_zone('Europe/Vienna');
    SELECT sg_set_point('AT' || n, '2026-06-01 00:00 Europe/Vienna', (ARRAY['ben', 'cora'])[n], 'consumption') FROM generate_series(1, 2) AS n;
    SELECT sg_set_tariff('village', '2026-06-01 00:00 Europe/Vienna', '[{"name": "Membership", "of": "participant", "price": 31.00}]', for_all => true);
    SELECT sg_settle('[2026-06-01 00:00 Europe/Vienna, 2026-06-02 00:00 Europe/Vienna)', accept => '{missing}');
    SELECT sg_finalize(1);
    SELECT sg_issue(1, '2026-06-05')`.split(';')) await superuser.query(statement);
const invoice = await page(authenticator, ben, 'document', { number: 'R202600001' });
equal([invoice.status, invoice.media, invoice.text.startsWith('<!DOCTYPE html>'), invoice.text.includes('R202600001')], [200, 'text/html', true, true], 'GET /rpc/document is a page');
equal((await rpc(authenticator, ben, 'render_document', { number: 'R202600001' }, 'GET')).body, invoice.text, 'that of render_document');
equal((await page(authenticator, cora, 'document', { number: 'R202600001' })).body.code, 'SG101', 'another\'s invoice is none');
const reported = await page(authenticator, ben, 'report', { period: '[2026-06-01,2026-06-02)' });
equal([reported.status, reported.text.startsWith('<!DOCTYPE html>'), reported.text.trimEnd().endsWith('</html>')], [200, true, true], 'GET /rpc/report is one');
equal((await page(office, operator, 'report')).status, 200, 'of the last day, if no period is named');
equal((await page(authenticator, ben, 'get_report')).status, 406, 'what has no such type is no page');

await Promise.all([authenticator, second, office, paying, superuser].map((client) => client.end()));
console.log(`${checks} checks`);
