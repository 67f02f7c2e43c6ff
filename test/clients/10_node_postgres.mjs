#!/usr/bin/env node
// The tour with node-postgres (README.md says what it is).
// needs-npm: pg@8
// setup: lib/tour.sql
// expects: tour.out
import { createRequire } from 'node:module';
// NODE_PATH, which import does not look at
const pg = createRequire(process.env.NODE_PATH + '/')('pg');

const show = (value) => (value === null ? 'NULL' : String(value));
const print = (who, what, ...values) => console.log(`${who}: ${what} = ${values.map(show).join(' ')}`);
// A row as an array: [{ price: '42', ... }] gives ['42', ...].
const row = async (client, text, values) => (await client.query({ text, values, rowMode: 'array' })).rows[0];

// A timestamptz becomes a Date, which has milliseconds only. As text it keeps
// what the server has.
const TIMESTAMPTZ = 1184;
const exactTypes = {
    getTypeParser: (oid, format) => (oid === TIMESTAMPTZ ? (text) => text : pg.types.getTypeParser(oid, format)),
};

// One request of a web application: everything in one transaction, who is
// calling first. A principal of null is a request of nobody.
async function as(pool, principal, request) {
    const client = await pool.connect();
    try {
        await client.query('BEGIN');
        await client.query("SELECT set_config('role', 'web_user', true)");
        if (principal !== null)
            await client.query("SELECT set_config('smartgrid.principal', $1, true)", [principal]);
        const result = await request(client);
        await client.query('COMMIT');
        return result;
    } catch (error) {
        await client.query('ROLLBACK');
        throw error;
    } finally {
        client.release();
    }
}

async function printError(who, promise) {
    try {
        await promise;
        print(who, 'error', 'none');
    } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error;
        console.log(`${who}: error = ${[error.code, error.message, error.detail ?? '-', error.hint ?? '-'].join(' | ')}`);
    }
}

const anna = new pg.Client({ user: 'anna' });
const meters = new pg.Client({ user: 'meters' });
const operator = new pg.Client();
// One connection, so that two principals have to share it.
const pool = new pg.Pool({ user: 'web_app', max: 1 });
await anna.connect();
await meters.connect();
await operator.connect();

print('anna', 'principal', ...(await row(anna, 'SELECT sg_principal()')));
print('anna', 'register', ...(await row(anna, 'SELECT sg_register_producer($1, $2)', [5000, 'solar'])));
print('anna', 'report', ...(await row(anna, 'SELECT sg_report_production($1)', [4000])));
for (const name of ['ben', 'cora'])
    print(name, 'register', ...(await as(pool, name, (c) => row(c, 'SELECT sg_register_consumer($1)', [3000]))));
print('nobody', 'topup', ...(await as(pool, null, (c) => row(c, 'SELECT sg_add_consumer_balance($1, $2)', ['ben', 2000]))));

await as(pool, 'ben', async (c) => {
    print('ben', 'quote', ...(await row(c, 'SELECT * FROM sg_quote($1)', [1500])));
    print('ben', 'consume', ...(await row(c, 'SELECT sg_consume_energy($1)', [1500])));
    print('ben', 'entry', ...(await row(c,
        'SELECT kind, participant, counterparty, energy, price, money, trade_id FROM sg_last_entry()')));
});
const consumer = 'SELECT balance, balance_currency, total_consumed_kwh FROM sg_consumers';
print('ben', 'consumer', ...(await as(pool, 'ben', (c) => row(c, consumer))));
await printError('ben', as(pool, 'ben', (c) => row(c, 'SELECT sg_consume_energy($1, $2)', [1000, 5])));
await printError('nobody', as(pool, null, (c) => row(c, 'SELECT sg_consume_energy($1)', [1000])));

print('anna', 'trade', ...(await row(anna, 'SELECT sg_create_trade($1, $2, $3)', ['ben', 1000, 25])));
await as(pool, 'ben', async (c) => {
    print('ben', 'trade', ...(await row(c, 'SELECT trade_id, seller, amount, cost_currency, status, completed_at FROM sg_trades')));
    print('ben', 'complete', ...(await row(c, 'SELECT sg_complete_trade($1)', [1])));
    const [status, at] = await row(c, 'SELECT status, completed_at FROM sg_trades WHERE trade_id = $1', [1]);
    print('ben', 'trade', status, at instanceof Date && Math.abs(Date.now() - at) < 60000);
});
const entries = 'SELECT count(*) FROM sg_ledger';
for (const name of ['ben', 'cora', null])
    print(name ?? 'nobody', 'entries', ...(await as(pool, name, (c) => row(c, entries))));

// A bigint comes as a string; a BigInt is what it fits in. Number would make it ...992.
const large = 9007199254740993n;
print('nobody', 'topup', ...(await as(pool, null, (c) => row(c, 'SELECT sg_add_consumer_balance($1, $2)', ['cora', large]))));
const [balance, ...rest] = await as(pool, 'cora', (c) => row(c, consumer));
if (typeof balance !== 'string' || BigInt(balance) !== large) throw new Error(`a bigint came as ${balance}`);
print('cora', 'consumer', balance, ...rest);
await printError('nobody', as(pool, null, (c) =>
    row(c, 'SELECT sg_add_consumer_balance($1, $2)', ['cora', 9223372036854775807n])));
print('cora', 'unknown', ...(await as(pool, 'cora', (c) => row(c, 'SELECT balance, active FROM sg_get_consumer_info($1)', ['otto']))));

const at = '2026-03-29T01:00:00.123456Z';
print('meters', 'readings', ...(await row(meters, 'SELECT * FROM sg_post_readings($1, $2, $3, $4)',
    [['anna', 'otto'], ['production', 'consumption'], [400, 100], [at, at]])));
await anna.query("SET TimeZone = 'UTC'");
const latest = "SELECT at FROM sg_ledger WHERE kind = 'production' ORDER BY entry_id DESC LIMIT 1";
const [rounded] = await row(anna, latest);
if (rounded.toISOString() !== '2026-03-29T01:00:00.123Z') throw new Error(`a timestamptz came as ${rounded}`);
const [text] = (await anna.query({ text: latest, rowMode: 'array', types: exactTypes })).rows[0];
print('anna', 'at', text.replace(' ', 'T').replace('+00', 'Z'));
print('operator', 'check', ...(await row(operator, 'SELECT bool_and(ok) FROM sg_check()')));

await Promise.all([anna.end(), meters.end(), operator.end(), pool.end()]);
