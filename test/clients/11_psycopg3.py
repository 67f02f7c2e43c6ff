#!/usr/bin/python3
# The tour with psycopg 3 (README.md says what it is).
# needs-apt: python3-psycopg
# setup: lib/tour.sql
# expects: tour.out
import contextlib
import datetime
import decimal

import psycopg


def show(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%fZ')
    if value is None:
        return 'NULL'
    return str(value).lower() if isinstance(value, bool) else str(value)


def display(who, what, *values):
    print('%s: %s = %s' % (who, what, ' '.join(show(value) for value in values)))


def row(connection, *query):
    return connection.execute(*query).fetchone()


@contextlib.contextmanager
def acting(connection, principal):
    """One request of a web application: one transaction, who is calling first. None: nobody."""
    with connection.transaction():
        connection.execute("SELECT set_config('role', 'web_user', true)")
        if principal is not None:
            connection.execute("SELECT set_config('smartgrid.principal', %s, true)", [principal])
        yield connection


def one(connection, principal, *query):
    with acting(connection, principal):
        return row(connection, *query)


def display_error(who, connection, principal, *query):
    try:
        one(connection, principal, *query)
        display(who, 'error', 'none')
    except psycopg.Error as error:
        said = error.diag
        print('%s: error = %s' % (who, ' | '.join(
            part or '-' for part in (error.sqlstate, said.message_primary, said.message_detail, said.message_hint))))


anna = psycopg.connect('user=anna', autocommit=True)
meters = psycopg.connect('user=meters', autocommit=True)
operator = psycopg.connect('', autocommit=True)
# One connection, so that two principals have to share it.
app = psycopg.connect('user=web_app', autocommit=True)

display('anna', 'principal', *row(anna, 'SELECT sg_principal()'))
display('anna', 'register', *row(anna, 'SELECT sg_register_producer(%s, %s)', [5000, 'solar']))
display('anna', 'report', *row(anna, 'SELECT sg_report_production(%s)', [4000]))
for name in ('ben', 'cora'):
    display(name, 'register', *one(app, name, 'SELECT sg_register_consumer(%s)', [3000]))
display('nobody', 'topup', *one(app, None, 'SELECT sg_add_consumer_balance(%s, %s)', ['ben', 2000]))

with acting(app, 'ben'):
    display('ben', 'quote', *row(app, 'SELECT * FROM sg_quote(%s)', [1500]))
    display('ben', 'consume', *row(app, 'SELECT sg_consume_energy(%s)', [1500]))
    display('ben', 'entry', *row(
        app, 'SELECT kind, participant, counterparty, energy, price, money, trade_id FROM sg_last_entry()'))
consumer = 'SELECT balance, balance_currency, total_consumed_kwh FROM sg_consumers'
display('ben', 'consumer', *one(app, 'ben', consumer))
display_error('ben', app, 'ben', 'SELECT sg_consume_energy(%s, %s)', [1000, 5])
display_error('nobody', app, None, 'SELECT sg_consume_energy(%s)', [1000])

display('anna', 'trade', *row(anna, 'SELECT sg_create_trade(%s, %s, %s)', ['ben', 1000, 25]))
with acting(app, 'ben'):
    display('ben', 'trade', *row(
        app, 'SELECT trade_id, seller, amount, cost_currency, status, completed_at FROM sg_trades'))
    display('ben', 'complete', *row(app, 'SELECT sg_complete_trade(%s)', [1]))
    status, at = row(app, 'SELECT status, completed_at FROM sg_trades WHERE trade_id = %s', [1])
    display('ben', 'trade', status, abs(datetime.datetime.now(datetime.timezone.utc) - at).total_seconds() < 60)
for name in ('ben', 'cora', None):
    display(name or 'nobody', 'entries', *one(app, name, 'SELECT count(*) FROM sg_ledger'))

large = 9007199254740993
display('nobody', 'topup', *one(app, None, 'SELECT sg_add_consumer_balance(%s, %s)', ['cora', large]))
found = one(app, 'cora', consumer)
assert [type(value) for value in found] == [int, decimal.Decimal, decimal.Decimal] and found[0] == large, found
display('cora', 'consumer', *found)
display_error('nobody', app, None, 'SELECT sg_add_consumer_balance(%s, %s)', ['cora', 2 ** 63 - 1])
display('cora', 'unknown', *one(app, 'cora', 'SELECT balance, active FROM sg_get_consumer_info(%s)', ['otto']))

at = datetime.datetime(2026, 3, 29, 1, 0, 0, 123456, datetime.timezone.utc)
display('meters', 'readings', *row(
    meters, 'SELECT * FROM sg_post_readings(%s, %s, %s, %s)',
    [['anna', 'otto'], ['production', 'consumption'], [400, 100], [at, at]]))
# In a zone where the clocks were changed at that moment.
anna.execute("SET TimeZone = 'Europe/Berlin'")
display('anna', 'at', *row(anna, "SELECT at FROM sg_ledger WHERE kind = 'production' ORDER BY entry_id DESC LIMIT 1"))
display('operator', 'check', *row(operator, 'SELECT bool_and(ok) FROM sg_check()'))
