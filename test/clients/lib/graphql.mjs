// What both versions of PostGraphile have to do with the schema that
// sg_create_api() makes (lib/api.sql). They differ in little: how a mutation's
// result is called.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import http from 'node:http';

export const secret = crypto.randomBytes(32).toString('hex');

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// A JSON Web Token as an identity provider would issue it.
function token(claims) {
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ aud: 'postgraphile', ...claims })}`;
    return `${signed}.${crypto.createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

// The settings that a request asks for: a retry has the same Idempotency-Key.
export const requestSettings = (request) => ({ 'smartgrid.reference': request.headers['idempotency-key'] ?? '' });

// Serves, and gives the function that asks: principal (null: nobody), query,
// variables, key. It asks over HTTP, as a browser does.
export async function serve(server) {
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.on('listening', resolve));
    const url = `http://127.0.0.1:${server.address().port}/graphql`;
    return async (principal, query, variables, key) => {
        const headers = { 'content-type': 'application/json', accept: 'application/json' };
        if (principal !== null) headers.authorization = `Bearer ${token({ role: 'web_user', sub: principal })}`;
        if (key !== undefined) headers['idempotency-key'] = key;
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
        return response.json();
    };
}

export const newServer = (handler) => http.createServer(handler);

const psql = (sql) => execFileSync('psql', ['-XAtc', sql], { encoding: 'utf8' }).trim();

// office, payments and members ask; result is what the result of a mutation
// that returns one value is called: by its type (4) or always the same (5).
export async function tour({ members, office, payments, result }) {
    const called = new Set();
    let checks = 0;

    const data = async (ask, principal, query, variables, key) => {
        const answer = await ask(principal, query, variables, key);
        assert.equal(answer.errors, undefined, `${query}: ${JSON.stringify(answer.errors)}`);
        return answer.data;
    };
    // A mutation that returns a value of this type: as(anna, 'consumeEnergy', 'boolean', { amount: '1' })
    const mutation = (name, type, args, returned = result(type)) => {
        called.add(name);
        const input = Object.entries(args).map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ');
        return `mutation { ${name}(input: {${input}}) { ${returned} } }`;
    };
    const act = async (ask, principal, name, type, args, key) =>
        (await data(ask, principal, mutation(name, type, args), undefined, key))[name][result(type)];
    const equal = (actual, expected, what) => {
        assert.deepEqual(actual, expected, what);
        checks++;
        console.log(`ok: ${what}`);
    };
    const refused = async (ask, principal, query, expected, what, key) => {
        const answer = await ask(principal, query, undefined, key);
        const { message, extensions } = answer.errors[0];
        const { errcode, detail, hint } = { ...extensions, ...extensions?.exception };
        equal({ errcode, message, detail: detail ?? null, hint: hint ?? null }, { detail: null, hint: null, ...expected }, what);
    };
    const fields = async (ask, principal) => {
        const { __schema } = await data(ask, principal,
            '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }');
        const names = (type) => type.fields.map((field) => field.name).sort();
        return { queries: names(__schema.queryType), mutations: names(__schema.mutationType) };
    };
    const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    const granted = (role) => psql(
        `SELECT proname FROM pg_proc WHERE pronamespace = 'api'::regnamespace AND provolatile = 'v'
         AND proacl::text ~ '[{,]${role}=X' ORDER BY 1`).split('\n').map(camel).sort();

    // Each service has the mutations that its role was granted, and no other: nothing is written through a view.
    const there = {};
    for (const [role, ask] of Object.entries({ web_user: members, office, payments })) {
        there[role] = await fields(ask, null);
        equal(there[role].mutations, granted(role), `${role}: a mutation for each function that writes, no other`);
    }
    for (const name of ['allTrades', 'allLedgerEntries', 'allProducers', 'allGrids', 'tradeByTradeId', 'quote', 'getGridStatus'])
        assert.ok(there.web_user.queries.includes(name), `no query ${name}`);
    equal(there.web_user.mutations.includes('addConsumerBalance'), false, 'a member cannot top itself up');

    // ---- members ----
    equal(await act(members, 'anna', 'registerProducer', 'boolean', { capacity: '5000', energyType: 'solar' }), true, 'anna registers');
    equal(await act(members, 'anna', 'registerConsumer', 'boolean', { consumptionLimit: '3000' }), true, 'as a consumer, too');
    equal(await act(members, 'ben', 'registerConsumer', 'boolean', { consumptionLimit: '1000000000000000' }), true, 'ben registers');
    equal(await act(members, 'cora', 'registerStorage', 'boolean', { capacity: '6000', chargeRate: '2000', dischargeRate: '2000' }), true,
        'cora registers');
    equal(await act(members, 'anna', 'reportProduction', 'boolean', { amount: '4000' }), true, 'anna reports');
    equal(await act(payments, null, 'addConsumerBalance', 'boolean', { target: 'ben', amount: '2000' }), true, 'ben is topped up');
    equal((await data(members, 'ben', '{ quote(amount: "1500") { price cost affordable available } }')).quote,
        { price: '42', cost: '63', affordable: true, available: true }, 'ben asks for the price');
    equal(await act(members, 'ben', 'consumeEnergy', 'boolean', { amount: '1500' }), true, 'ben takes energy');
    equal(await act(members, 'cora', 'chargeStorage', 'boolean', { amount: '1000' }), true, 'cora charges');
    equal(await act(members, 'cora', 'dischargeStorage', 'boolean', { amount: '400' }), true, 'cora discharges');
    equal(await act(members, 'anna', 'createTrade', 'bigInt', { buyer: 'ben', amount: '1000', price: '25' }), '1', 'anna offers');
    equal(await act(members, 'anna', 'createTrade', 'bigInt', { buyer: 'ben', amount: '100', price: '25' }), '2', 'and again');
    equal(await act(members, 'ben', 'completeTrade', 'boolean', { tradeId: '1' }), true, 'ben accepts');
    equal(await act(members, 'ben', 'cancelTrade', 'boolean', { tradeId: '2' }), true, 'and does not');
    equal(await act(members, 'anna', 'withdrawEarnings', 'boolean', { amount: '5' }), true, 'anna withdraws');

    // ---- errors: SQLSTATE, message, detail, hint ----
    await refused(members, 'ben', mutation('consumeEnergy', 'boolean', { amount: '9000' }),
        { errcode: 'SG103', message: 'insufficient energy: the grid load does not cover 9000 energy units', detail: 'Available: 900, asked for: 9000.' },
        'too much');
    await refused(members, 'ben', mutation('registerProducer', 'boolean', { capacity: '1', energyType: 'Solar' }),
        { errcode: 'SG108', message: 'unknown energy type "Solar"',
          hint: 'Use one of solar, wind, hydro, nuclear, geothermal, biomass, natural-gas, in lower case.' }, 'a hint');
    await refused(members, 'cora', mutation('completeTrade', 'boolean', { tradeId: '1' }),
        { errcode: 'SG102', message: 'only the buyer of trade 1 may complete it' }, 'somebody else\'s trade');
    await refused(members, null, mutation('consumeEnergy', 'boolean', { amount: '1' }),
        { errcode: 'SG102', message: 'no principal is set in this gateway session',
          detail: 'Role "web_app" is a member of "smartgrid_gateway" and acts for others, never for itself.',
          hint: 'Name the principal in this transaction: SET LOCAL smartgrid.principal = \'...\', or set request.jwt.claims or jwt.claims.sub.' },
        'who has no token is nobody');
    equal((await data(members, 'ben', '{ allConsumers { nodes { balance } } }')).allConsumers.nodes, [{ balance: '1912' }],
        'what was refused left nothing behind');

    // ---- who sees what ----
    const seen = `{ getPrincipal allLedgerEntries(orderBy: ENTRY_ID_ASC) { nodes { kind participant counterparty energy } }
        allTrades { nodes { tradeId seller buyer status costCurrency gridByGrid { currency } } } allConsumers { nodes { principal balance } }
        allStorages { nodes { principal storedAmount } } tradeByTradeId(tradeId: "1") { status } }`;
    const ben = await data(members, 'ben', seen);
    const cora = await data(members, 'cora', seen);
    equal(ben.allLedgerEntries.nodes.map((entry) => entry.kind), ['topup', 'consumption', 'hold', 'hold', 'trade', 'release'], 'ben\'s entries');
    equal(ben.allTrades.nodes.find((trade) => trade.tradeId === '1'),
        { tradeId: '1', seller: 'anna', buyer: 'ben', status: 'completed', costCurrency: '0.25', gridByGrid: { currency: 'EUR' } }, 'ben\'s trade, with its grid');
    equal(ben.allStorages.nodes, [], 'nothing of cora\'s');
    equal(cora, { getPrincipal: 'cora', allTrades: { nodes: [] }, allConsumers: { nodes: [] },
        allLedgerEntries: { nodes: [{ kind: 'charge', participant: 'cora', counterparty: null, energy: '1000' },
                                    { kind: 'discharge', participant: 'cora', counterparty: null, energy: '400' }] },
        allStorages: { nodes: [{ principal: 'cora', storedAmount: '600' }] }, tradeByTradeId: null }, 'cora sees what is hers');
    equal(await data(members, null, '{ allLedgerEntries { nodes { entryId } } allTrades { nodes { tradeId } } allGrids { nodes { grid revenue } } }'),
        { allLedgerEntries: { nodes: [] }, allTrades: { nodes: [] }, allGrids: { nodes: [{ grid: 'default', revenue: null }] } },
        'nobody sees what is public');
    // All of them share one connection to the database.
    const crowd = await Promise.all(Array.from({ length: 60 }, (_, i) =>
        data(members, ['anna', 'ben', 'cora'][i % 3], '{ getPrincipal allConsumers { nodes { principal } } }')));
    equal(crowd.every((answer, i) => answer.getPrincipal === ['anna', 'ben', 'cora'][i % 3] &&
        answer.allConsumers.nodes.map((consumer) => consumer.principal).join() === ['anna', 'ben', ''][i % 3]), true,
        '60 requests at once, each sees its own');
    const page = (await data(members, 'ben', `{ allLedgerEntries(first: 2, orderBy: ENTRY_ID_DESC, condition: { participant: "anna" })
        { nodes { kind } pageInfo { hasNextPage } totalCount } }`)).allLedgerEntries;
    equal(page, { nodes: [{ kind: 'release' }, { kind: 'trade' }], pageInfo: { hasNextPage: true }, totalCount: 4 }, 'a page, newest first');

    // ---- exact figures ----
    const large = '9007199254740993';
    await act(payments, null, 'addConsumerBalance', 'boolean', { target: 'ben', amount: large });
    equal((await data(members, 'ben', '{ allConsumers { nodes { balance balanceCurrency } } }')).allConsumers.nodes,
        [{ balance: '9007199254742905', balanceCurrency: '90071992547429.05' }], 'a bigint is exact, and a string');

    // ---- once only: the same request again ----
    for (const what of ['ben takes money out', 'and asks again'])
        equal(await act(members, 'ben', 'withdrawBalance', 'boolean', { amount: '7' }, 'key 1'), true, what);
    await refused(members, 'ben', mutation('withdrawBalance', 'boolean', { amount: '8' }),
        { errcode: 'SG105', message: 'reference "key 1" was used for another call', detail: 'It was sg_withdraw_balance(); sg_requests has when.',
          hint: 'A retry has the same arguments; another call needs a reference of its own.' }, 'a key is for one call', 'key 1');
    equal((await data(members, 'ben', `{ allLedgerEntries(condition: { kind: "refund" }) { nodes { money } }
        allRequests { nodes { caller reference function } } }`)),
        { allLedgerEntries: { nodes: [{ money: '7' }] }, allRequests: { nodes: [{ caller: 'ben', reference: 'key 1', function: 'sg_withdraw_balance' }] } },
        'it was done once');

    // ---- figures, where this version has them ----
    const total = (nodes, name) => nodes.reduce((sum, node) => sum + Number(node[name]), 0);
    for (const [principal, produced, consumed] of [['anna', 4000, 0], ['ben', 0, 1500], [null, 0, 0]]) {
        if (!there.web_user.queries.includes('getLoadCurve')) break;
        const figures = await data(members, principal, `{ getLoadCurve(bucket: { hours: 1 }) { nodes { produced consumed priceAvg } }
            allLoadCurvePoints { nodes { produced consumed } } getKpis { nodes { kpi value unit } } }`);
        equal([total(figures.getLoadCurve.nodes, 'produced'), total(figures.getLoadCurve.nodes, 'consumed')], [produced, consumed],
            `${principal}'s curve`);
        equal([total(figures.allLoadCurvePoints.nodes, 'produced'), total(figures.allLoadCurvePoints.nodes, 'consumed')], [produced, consumed],
            `${principal}'s quarter-hours`);
        equal(Number(figures.getKpis.nodes.find((kpi) => kpi.kpi === 'produced').value), produced / 1000, `${principal}'s key figures`);
    }
    if (there.web_user.queries.includes('getReport')) {
        const { getReport } = await data(members, 'ben', '{ getReport }');
        equal([/^<!doctype html>/i.test(getReport), /\bben\b/.test(getReport), /\bcora\b/.test(getReport)], [true, true, false], 'ben\'s report');
    }

    // ---- the office ----
    const rows = async (name, args, list) => {
        const payload = name[0].toUpperCase() + name.slice(1) + 'Payload';
        const answer = await data(office, null, mutation(name, null, args, `${await resultName(office, payload)} { ${list} }`));
        return Object.values(answer[name])[0];
    };
    equal(await rows('sealLedger', {}, 'height entries'), [{ height: '0', entries: '12' }], 'the office seals');
    equal((await data(office, null, '{ allBlocks { nodes { grid height entries } } }')).allBlocks.nodes,
        [{ grid: 'default', height: '0', entries: 12 }], 'and reads the block');
    equal(await rows('balanceLoad', {}, 'principal action amount'),
        [{ principal: 'cora', action: 'discharge', amount: '100' }], 'and balances the load');
    equal(await rows('postReadings', { principals: ['ben', 'otto'], kinds: ['consumption', 'consumption'], amounts: ['1', '1'] }, 'ord sqlstate'),
        [{ ord: '2', sqlstate: 'SG101' }], 'readings are posted');
    const firstOf = (kind) => psql(`SELECT min(entry_id) FROM sg_ledger WHERE kind = '${kind}'`);
    const latestEntry = () => psql('SELECT max(entry_id) FROM sg_ledger');
    const operations = [
        ['setBasePrice', 'boolean', { newPrice: '31' }, true],
        ['toggleEmergencyMode', 'boolean', {}, true],
        ['recordMetrics', 'bigInt', { production: '1', consumption: '2', peakLoad: '3', efficiency: '4' }, '1'],
        ['recordPeriodMetrics', 'bigInt', { period: null }, '2'],
        ['updateProducerReputation', 'boolean', { target: 'anna', newScore: 95 }, true],
        ['deactivateParticipant', 'boolean', { target: 'ben', isProducer: false }, true],
        ['reactivateParticipant', 'boolean', { target: 'ben', isProducer: false }, true],
        ['renameParticipant', 'boolean', { old: 'cora', new: 'cora weber' }, true],
        ['createGrid', 'boolean', { name: 'hill', operatorRole: 'smartgrid_operator', basePrice: '100', energyScale: 3, moneyScale: 2, currency: 'CHF',
            lowWatermark: '20', highWatermark: '80', maxTopup: '1000', stripes: 4 }, true],
        ['alterGrid', 'boolean', { name: 'hill', basePrice: '200' }, true],
        ['enrolProducer', 'boolean', { principal: 'dora', capacity: '10', energyType: 'wind' }, true],
        ['enrolConsumer', 'boolean', { principal: 'dora', consumptionLimit: '10' }, true],
        ['enrolStorage', 'boolean', { principal: 'dora', capacity: '10', chargeRate: '10', dischargeRate: '10' }, true],
        ['alterProducer', 'boolean', { principal: 'dora', capacity: '20' }, true],
        ['alterConsumer', 'boolean', { principal: 'dora', consumptionLimit: '20' }, true],
        ['alterStorage', 'boolean', { principal: 'dora', chargeRate: '20' }, true],
        ['correctReading', 'bigInt', { entryId: firstOf('production'), amount: '4001', reason: 'a digit was wrong' }, latestEntry],
        ['reverseEntry', 'bigInt', { entryId: firstOf('topup'), reason: 'a payment that bounced' }, latestEntry],
        ['refund', 'boolean', { target: 'ben', amount: '1' }, true],
        ['payProducer', 'boolean', { target: 'anna', amount: '1' }, true],
        ['writeOff', 'boolean', { amount: '1', reason: 'lost on the lines' }, true],
        ['forgetRequests', 'bigInt', { before: '2100-01-01T00:00:00Z' }, '1'],
        // what a later version, or an earlier one, may not have
        ['setTimeZone', 'boolean', { timeZone: 'Europe/Berlin' }, true],
        ['setEnergyType', 'boolean', { energyType: 'solar', co2GPerKwh: '40' }, true],
    ];
    for (const [name, type, args, expected] of operations) {
        if (!there.office.mutations.includes(name)) continue;
        if (name === 'recordPeriodMetrics') {
            called.add(name);
            const range = 'period: {start: {value: "2020-01-01T00:00:00Z", inclusive: true}, end: {value: "2100-01-01T00:00:00Z", inclusive: false}}';
            equal((await data(office, null, `mutation { ${name}(input: {${range}}) { ${result(type)} } }`))[name][result(type)], expected, name);
            continue;
        }
        const answer = await act(office, null, name, type, args);
        equal(answer, typeof expected === 'function' ? expected() : expected, name);
    }
    equal((await data(office, null, '{ checkInvariants { nodes { ok } } }')).checkInvariants.nodes.every((invariant) => invariant.ok), true,
        'the office checks the books');
    equal((await data(office, null, '{ allTrades { totalCount } allMetrics { nodes { production peakLoad } } }')),
        { allTrades: { totalCount: 2 }, allMetrics: { nodes: [{ production: '1', peakLoad: '3' }, { production: '4000', peakLoad: '4000' }] } },
        'the office sees all of it');
    await refused(office, null, mutation('setBasePrice', 'boolean', { newPrice: '0' }),
        { errcode: 'SG104', message: 'base price must be positive, not 0' }, 'and is refused as well');
    equal([...new Set(Object.values(there).flatMap((one) => one.mutations))].filter((name) => !called.has(name)), [], 'every mutation was called');
    console.log(`${checks} checks`);
}

// What a payload calls the result of a function that returns rows.
async function resultName(ask, payload) {
    const { data } = await ask(null, `{ __type(name: "${payload}") { fields { name type { kind ofType { kind } } } } }`);
    return data.__type.fields.find((field) => !['clientMutationId', 'query'].includes(field.name)).name;
}
