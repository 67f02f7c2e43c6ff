#!/usr/bin/python3
# The tour with ODBC (README.md says what it is).
# needs-apt: odbc-postgresql unixodbc python3-pyodbc
# setup: lib/tour.sql
import contextlib
import datetime
import decimal
import os
import re

import pyodbc


def connect(user):
    # BoolsAsChar=0, or a boolean comes as the text '1'.
    return pyodbc.connect(
        'DRIVER={PostgreSQL Unicode};SERVER=%s;PORT=%s;DATABASE=%s;UID=%s;PWD=%s;BoolsAsChar=0' % (
            os.environ['SG_TCP_HOST'], os.environ['PGPORT'], os.environ['PGDATABASE'], user, os.environ['PGPASSWORD']),
        autocommit=True)


def show(value):
    if value is None:
        return 'NULL'
    if isinstance(value, datetime.datetime):
        return value.strftime('%Y-%m-%dT%H:%M:%S.%f')
    return str(value).lower() if isinstance(value, bool) else str(value)


def display(who, what, *values):
    print('%s: %s = %s' % (who, what, ' '.join(show(value) for value in values)))


def row(connection, sql, *arguments):
    return connection.execute(sql, *arguments).fetchone()


@contextlib.contextmanager
def acting(connection, principal):
    """One request of a web application: one transaction, who is calling first. None: nobody."""
    connection.autocommit = False
    try:
        row(connection, "SELECT set_config('role', 'web_user', true)")
        if principal is not None:
            row(connection, "SELECT set_config('smartgrid.principal', ?, true)", principal)
        yield connection
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.autocommit = True


def one(connection, principal, sql, *arguments):
    with acting(connection, principal):
        return row(connection, sql, *arguments)


def display_error(who, connection, principal, sql, *arguments):
    """SQLSTATE and one text are all that arrives: see whether it has a detail and a hint."""
    try:
        one(connection, principal, sql, *arguments)
        display(who, 'error', 'none')
    except pyodbc.Error as error:
        state, text = error.args
        text = re.sub(r'^\[\w+\] |;\s*Error while executing.*', '', text, flags=re.S)
        print('%s: error = %s | %s' % (who, state, re.sub(r'\s+', ' ', text)))


anna, meters, operator = connect('anna'), connect('meters'), connect('postgres')
# One connection, so that two principals have to share it.
app = connect('web_app')

display('anna', 'principal', *row(anna, 'SELECT sg_principal()'))
display('anna', 'register', *row(anna, 'SELECT sg_register_producer(?, ?)', 5000, 'solar'))
display('anna', 'report', *row(anna, 'SELECT sg_report_production(?)', 4000))
for name in ('ben', 'cora'):
    display(name, 'register', *one(app, name, 'SELECT sg_register_consumer(?)', 3000))
display('nobody', 'topup', *one(app, None, 'SELECT sg_add_consumer_balance(?, ?)', 'ben', 2000))

with acting(app, 'ben'):
    display('ben', 'quote', *row(app, 'SELECT * FROM sg_quote(?)', 1500))
    display('ben', 'consume', *row(app, 'SELECT sg_consume_energy(?)', 1500))
    display('ben', 'entry', *row(
        app, 'SELECT kind, participant, counterparty, energy, price, money, trade_id FROM sg_last_entry()'))
consumer = 'SELECT balance, balance_currency, total_consumed_kwh FROM sg_consumers'
display('ben', 'consumer', *one(app, 'ben', consumer))
display_error('ben', app, 'ben', 'SELECT sg_consume_energy(?, ?)', 1000, 5)
display_error('nobody', app, None, 'SELECT sg_consume_energy(?)', 1000)

display('anna', 'trade', *row(anna, 'SELECT sg_create_trade(?, ?, ?)', 'ben', 1000, 25))
with acting(app, 'ben'):
    display('ben', 'trade', *row(
        app, 'SELECT trade_id, seller, amount, cost_currency, status, completed_at FROM sg_trades'))
    display('ben', 'complete', *row(app, 'SELECT sg_complete_trade(?)', 1))
    row(app, "SELECT set_config('TimeZone', 'UTC', true)")
    status, at = row(app, 'SELECT status, completed_at FROM sg_trades WHERE trade_id = ?', 1)
    display('ben', 'trade', status, abs(datetime.datetime.utcnow() - at).total_seconds() < 60)
for name in ('ben', 'cora', None):
    display(name or 'nobody', 'entries', *one(app, name, 'SELECT count(*) FROM sg_ledger'))

large = 9007199254740993
display('nobody', 'topup', *one(app, None, 'SELECT sg_add_consumer_balance(?, ?)', 'cora', large))
found = one(app, 'cora', consumer)
assert [type(value) for value in found] == [int, decimal.Decimal, decimal.Decimal] and found[0] == large, found
display('cora', 'consumer', *found)
display_error('nobody', app, None, 'SELECT sg_add_consumer_balance(?, ?)', 'cora', 2 ** 63 - 1)
display('cora', 'unknown', *one(app, 'cora', 'SELECT balance, active FROM sg_get_consumer_info(?)', 'otto'))

# ODBC has no arrays: they go as text.
at = '2026-03-29T01:00:00.123456Z'
display('meters', 'readings', *row(
    meters, 'SELECT * FROM sg_post_readings(?::text[], ?::text[], ?::bigint[], ?::timestamptz[])',
    '{anna,otto}', '{production,consumption}', '{400,100}', '{%s,%s}' % (at, at)))
# A timestamptz comes without its zone, as local time of the session's.
latest = "SELECT at FROM sg_ledger WHERE kind = 'production' ORDER BY entry_id DESC LIMIT 1"
for zone in ('UTC', 'Europe/Berlin'):
    row(anna, "SELECT set_config('TimeZone', ?, false)", zone)
    display('anna', 'at in ' + zone, *row(anna, latest))
display('operator', 'check', *row(operator, 'SELECT bool_and(ok) FROM sg_check()'))
