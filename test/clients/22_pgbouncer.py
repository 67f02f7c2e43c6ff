#!/usr/bin/python3
# PgBouncer in transaction mode: two members in turn on one connection to the
# server, at once and for long, never see each other. What a session-level SET
# does there is shown, and what helps against it.
# needs-apt: pgbouncer python3-psycopg
# setup: lib/api.sql
import contextlib
import os
import shutil
import subprocess
import threading
import time

import psycopg

SCRATCH = os.environ['SCRATCH']
PORT = int(os.environ['PGPORT'])
# not in PATH of an unprivileged user
PGBOUNCER = shutil.which('pgbouncer') or '/usr/sbin/pgbouncer'
checks = 0


def equal(actual, expected, what):
    global checks
    assert actual == expected, '%s: %r, expected %r' % (what, actual, expected)
    checks += 1
    print('ok: ' + what, flush=True)


@contextlib.contextmanager
def pgbouncer(name, *settings):
    """A PgBouncer with one connection to the server for web_app; gives the directory of its socket."""
    directory = os.path.join(SCRATCH, name)
    os.mkdir(directory, 0o700)
    with open(os.path.join(directory, 'users.txt'), 'w') as users:
        users.write('"web_app" ""\n')
    ini = os.path.join(directory, 'pgbouncer.ini')
    with open(ini, 'w') as config:
        config.write('\n'.join([
            '[databases]', '* = host=%s port=%d' % (os.environ['PGHOST'], PORT),
            '[pgbouncer]', 'listen_addr =', 'listen_port = %d' % PORT, 'unix_socket_dir = ' + directory,
            'logfile = ' + os.path.join(directory, 'log'), 'pidfile = ' + os.path.join(directory, 'pid'),
            'auth_type = trust', 'auth_file = ' + os.path.join(directory, 'users.txt'), 'admin_users = web_app',
            'pool_mode = transaction', 'default_pool_size = 1', 'max_client_conn = 100', *settings, '']))
    server = subprocess.Popen([PGBOUNCER, '-q', ini], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if os.path.exists(os.path.join(directory, '.s.PGSQL.%d' % PORT)):
                break
            time.sleep(0.1)
        yield directory
    finally:
        server.terminate()
        server.wait()


def connect(directory):
    # PgBouncer of this version knows no prepared statements of the protocol in transaction mode.
    return psycopg.connect(host=directory, port=PORT, user='web_app', dbname=os.environ['PGDATABASE'], prepare_threshold=None, autocommit=True)


@contextlib.contextmanager
def acting(connection, principal):
    """One request: one transaction, and who is calling first."""
    with connection.transaction():
        connection.execute("SELECT set_config('role', 'web_user', true), set_config('smartgrid.principal', %s, true)", [principal])
        yield connection


def value(connection, *query):
    return connection.execute(*query).fetchone()[0]


def seen(connection):
    return connection.execute("""SELECT api.get_principal(), (SELECT array_agg(principal ORDER BY principal) FROM api.consumers),
        (SELECT array_agg(DISTINCT coalesce(counterparty, participant)) FROM api.ledger_entries), pg_backend_pid()""").fetchone()


# An operator and the payment service do not go through the pool.
with psycopg.connect(user='payments', autocommit=True) as payments, pgbouncer('pool') as directory:
    anna, ben = connect(directory), connect(directory)
    for connection, name in (anna, 'anna'), (ben, 'ben'):
        with acting(connection, name) as session:
            equal(value(session, 'SELECT api.register_consumer(1000)'), True, name + ' registers')
    for name in 'anna', 'ben':
        equal(value(payments, 'SELECT api.add_consumer_balance(%s, 100000)', [name]), True, name + ' is topped up')
    with acting(anna, 'anna') as session:
        equal(value(session, "SELECT api.register_producer(5000, 'solar') AND api.report_production(5000)"), True, 'anna reports')

    # In turn on one connection.
    pids = set()
    for _ in range(50):
        for connection, name in (anna, 'anna'), (ben, 'ben'):
            with acting(connection, name) as session:
                principal, consumers, entries, pid = seen(session)
                assert (principal, consumers, entries) == (name, [name], [name]), (name, principal, consumers, entries)
                pids.add(pid)
    equal(len(pids), 1, 'two members in turn, 100 transactions, one connection to the server')
    # A transaction that fails, in the middle, leaves nothing to the next one.
    try:
        with acting(anna, 'anna') as session:
            session.execute('SELECT api.consume_energy(100000)')
        assert False, 'no error'
    except psycopg.DatabaseError as error:
        equal((error.sqlstate, error.diag.message_primary, error.diag.message_detail),
              ('SG104', "a consumption of 100000 energy units is outside the consumer's range",
               'Consumer "anna" may take 1 to 1000 energy units at a time.'), 'an error arrives as it is')
    with ben.transaction():
        equal(value(ben, "SELECT current_setting('smartgrid.principal')"), '', 'and nothing of who made it')
    with acting(ben, 'ben') as session:
        equal(seen(session)[0], 'ben', 'the next one is who it says')
    # Who does not say who it is, is nobody: never the one before.
    try:
        value(ben, 'SELECT sg_principal()')
        assert False, 'no error'
    except psycopg.DatabaseError as error:
        equal((error.sqlstate, error.diag.message_hint is not None), ('SG102', True), 'who does not say who it is, is nobody')
    equal(value(anna, 'SELECT count(*) FROM sg_ledger'), 0, 'and sees nothing')

    # At once: each takes its turn on the one connection.
    wrong = []

    def work(name):
        with connect(directory) as connection:
            for _ in range(100):
                with acting(connection, name) as session:
                    session.execute('SELECT api.consume_energy(1)')
                    principal, consumers, entries, pid = seen(session)
                    if (principal, consumers, entries) != (name, [name], [name]) or pid not in pids:
                        wrong.append((name, principal, consumers, entries, pid))

    threads = [threading.Thread(target=work, args=[name]) for name in ['anna', 'ben'] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(wrong, [], '8 clients at once, 800 transactions')
    equal(value(payments, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'web_app'"), 1, 'still one connection')
    with psycopg.connect(user='office') as office:
        equal(office.execute("""SELECT principal, total_consumed FROM api.consumers ORDER BY principal""").fetchall(),
              [('anna', 400), ('ben', 400)], 'and each paid for its own')

    # The warning of the documentation: a session-level SET stays on the server's connection.
    anna.execute("SET smartgrid.principal = 'anna'")
    equal(value(ben, 'SELECT sg_principal()'), 'anna', 'a warning: after a session-level SET the next client is anna')
    with acting(ben, 'ben') as session:
        equal(seen(session)[0], 'ben', 'who says who it is, is not concerned')
    equal(value(ben, 'SELECT sg_principal()'), 'anna', 'but the setting is still there afterwards')
    anna.execute('SET ROLE web_user')
    equal(value(ben, 'SELECT current_user'), 'web_user', 'a session-level SET ROLE stays as well')
    anna.close()
    ben.close()

# What helps: PgBouncer resets the connection after every transaction.
with pgbouncer('reset', 'server_reset_query = DISCARD ALL', 'server_reset_query_always = 1') as directory:
    anna, ben = connect(directory), connect(directory)
    anna.execute("SET smartgrid.principal = 'anna'")
    try:
        value(ben, 'SELECT sg_principal()')
        assert False, 'no error'
    except psycopg.DatabaseError as error:
        equal(error.sqlstate, 'SG102', 'with server_reset_query_always = 1 it is gone')
    with acting(ben, 'ben') as session:
        equal(seen(session)[0], 'ben', 'and requests work as before')
    anna.close()
    ben.close()
print('%d checks' % checks)
