#!/usr/bin/env node
// PostGraphile 4 over the schema that sg_create_api() makes: two members who do
// not see each other, the office of the operators, a payment service.
// needs-npm: postgraphile@4.14 pg@8
// setup: lib/api.sql
import { createRequire } from 'node:module';
import { newServer, requestSettings, secret, serve, tour } from './lib/graphql.mjs';

// NODE_PATH, which import does not look at
const require = createRequire(`${process.env.NODE_PATH}/`);
const pg = require('pg');
const { postgraphile } = require('postgraphile');

const pools = [];
const servers = [];
async function service(user, options) {
    const pool = new pg.Pool({ user, max: 1 });
    const server = newServer(postgraphile(pool, 'api', {
        ignoreRBAC: false,                               // show what the login may do, and no more
        extendedErrors: ['errcode', 'detail', 'hint'],   // our SQLSTATEs and hints
        disableQueryLog: true,
        retryOnInitFail: false,
        ...options,
    }));
    pools.push(pool);
    servers.push(server);
    return serve(server);
}

// The token says who it is: PostGraphile sets the role first, then jwt.claims.sub.
const members = await service('web_app', { jwtSecret: secret, pgSettings: (request) => ({ role: 'web_user', ...requestSettings(request) }) });
const office = await service('office');
const payments = await service('payments');
await tour({ members, office, payments, result: (type) => type });
servers.forEach((server) => server.close());
await Promise.all(pools.map((pool) => pool.end()));
