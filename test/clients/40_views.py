#!/usr/bin/env python3
"""Computes every number that the views and reading functions show from the exported ledger, and compares.

Exports sg_ledger as CSV, as an operator would, and from then on takes the database's word only for what is not in the
ledger: who is registered with which capacity and type, prices and scales of the grids. Written from doc/reference/.
Python's standard library and psql. The data (lib/community.sql) has readings posted late and out of order, trades of
every fate, storage, two grids, blocks and a tail, and both changes of the clocks.

needs-apt: python3 tzdata
setup: lib/community.sql
"""
import csv
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
import curve        # noqa: E402
from recompute import Ledger, NULL, scaled, instant, moment     # noqa: E402

wrong = []
compared = 0
seen = set()


def query(sql, user='postgres', settings=''):
    """The rows of a query as dictionaries of texts; NULL is NULL."""
    environment = dict(os.environ, PGUSER=user, PGTZ='UTC', PGDATESTYLE='ISO', PGOPTIONS=settings)
    done = subprocess.run(['psql', '-XqAt', '--csv', '-P', 'tuples_only=off', '-P', 'null=' + NULL, '-v', 'ON_ERROR_STOP=1', '-c', sql],
                          env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode != 0:
        raise SystemExit('%s: %s' % (sql, done.stderr))
    return list(csv.DictReader(done.stdout.splitlines()))


def agree(what, expected, found, key):
    """Compares rows by their key: every row, every value that is expected."""
    global compared
    expected = {tuple(str(row[k]) for k in key): row for row in expected}
    by_key = {tuple(row[k] for k in key): row for row in found}
    if len(by_key) != len(found):
        wrong.append('%s: %d rows with one key' % (what, len(found) - len(by_key)))
    for missing in sorted(set(expected) - set(by_key))[:5]:
        wrong.append('%s: no row %s' % (what, missing))
    for surplus in sorted(set(by_key) - set(expected))[:5]:
        wrong.append('%s: surplus row %s' % (what, surplus))
    before = len(wrong)
    for row_key in expected:
        for column, value in expected[row_key].items():
            if row_key in by_key and len(wrong) < before + 10:
                compared += 1
                shown = by_key[row_key][column]
                if value(shown) is False if callable(value) else shown != str(value):
                    wrong.append('%s %s: %s is %s, the ledger says %s' % (what, row_key, column, shown, value))
    print('%-60s %5d rows' % (what, len(found)))


def view(name, expected, key, given, user='postgres', where='true'):
    """A view: what it shows, column by column; `given` are the columns that are not of the ledger."""
    found = query('SELECT * FROM %s WHERE %s' % (name, where), user)
    agree('%s as %s' % (name, user), expected, found, key)
    if user == 'postgres':
        seen.add(name)
        columns = {row['attname'] for row in query(
            "SELECT attname FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0" % name)}
        unknown = columns - set(given.split()) - {c for row in expected for c in row}
        if unknown:
            wrong.append('%s: columns that nothing is compared with: %s' % (name, sorted(unknown)))


# ---- the export, and what is not in the ledger ----

ledger = Ledger(query('SELECT * FROM sg_ledger ORDER BY entry_id'))
grids = {row['grid']: row for row in query(
    'SELECT grid, energy_scale::int, money_scale::int, base_price, emergency_mode, currency FROM sg_grids')}
for grid in grids.values():
    grid['e'], grid['m'] = int(grid['energy_scale']), int(grid['money_scale'])
producers = query('SELECT grid, principal, energy_type, active, capacity, registered_at FROM sg_producers')
consumers = query('SELECT grid, principal FROM sg_consumers')
storages = query('SELECT grid, principal FROM sg_storages')


def both(row, grid, **amounts):
    """Adds amounts in units, and in kWh or currency: name=value for energy, name_m for money (name without _m)."""
    for name, value in amounts.items():
        money = name.endswith('_m')
        name = name[:-2] if money else name
        row[name] = value
        row[name + ('_currency' if money else '_kwh')] = scaled(value, grids[grid]['m' if money else 'e'])
    return row


def ledger_rows(entries):
    for e in entries:
        yield both({'entry_id': e.id, 'grid': e.grid, 'at': e.at_text, 'kind': e.kind, 'participant': e.participant,
                    'counterparty': e.counterparty, 'currency': grids[e.grid]['currency'], 'trade_id': e.trade},
                   e.grid, energy=e.energy, price_m=e.price, money_m=e.money)


def producer_rows(principal=None):
    for p in producers:
        if principal in (None, p['principal']):
            a = ledger.account(p['grid'], p['principal'])
            yield both({'grid': p['grid'], 'principal': p['principal'], 'currency': grids[p['grid']]['currency']}, p['grid'],
                       current_production=a.latest['production'], total_produced=a.produced, unsold=a.unsold, earnings_m=a.earnings)


def consumer_rows(principal=None):
    for c in consumers:
        if principal in (None, c['principal']):
            a = ledger.account(c['grid'], c['principal'])
            yield both({'grid': c['grid'], 'principal': c['principal'], 'currency': grids[c['grid']]['currency']}, c['grid'],
                       total_consumed=a.consumed, current_usage=a.latest['consumption'], balance_m=a.balance)


def storage_rows(principal=None):
    for s in storages:
        if principal in (None, s['principal']):
            a = ledger.account(s['grid'], s['principal'])
            yield both({'grid': s['grid'], 'principal': s['principal']}, s['grid'], stored_amount=a.stored)


def time_of(entry):
    """A trade is of the time of its entry."""
    if entry is None:
        return NULL
    return lambda shown: shown != NULL and instant(shown) == entry.at


def trade_rows(principal=None):
    for trade in ledger.trades():
        offer = trade['hold']
        if principal not in (None, offer.participant, offer.counterparty):
            continue
        done, back = trade.get('trade'), trade.get('release')
        cost = ledger.cost(offer.energy, offer.price, grids[offer.grid]['e'])
        if done and done.money != cost:
            wrong.append('trade %s: paid %s, cost %s' % (offer.trade, done.money, cost))
        yield both({'trade_id': offer.trade, 'grid': offer.grid, 'seller': offer.participant, 'buyer': offer.counterparty,
                    'currency': grids[offer.grid]['currency'],
                    'status': 'completed' if done else 'cancelled' if back else 'pending',
                    'created_at': time_of(offer), 'completed_at': time_of(done),
                    'cancelled_at': time_of(back)},
                   offer.grid, amount=offer.energy, price_m=offer.price, cost_m=cost)


def capacity(grid):
    return sum(int(p['capacity']) for p in producers if p['grid'] == grid and p['active'] == 't')


def price(grid):
    base = int(grids[grid]['base_price'])
    if grids[grid]['emergency_mode'] == 't':
        return 3 * base
    return base + base * ledger.load(grid) // (2 * capacity(grid)) if capacity(grid) else base


def utilization(load, capacity_then):
    return scaled((20000 * load + capacity_then) // (2 * capacity_then), 2) if capacity_then else '0.00'


def grid_rows(all_of_it=True):
    for grid in grids:
        row = both({'grid': grid, 'utilization': utilization(ledger.load(grid), capacity(grid))}, grid,
                   total_capacity=capacity(grid), current_load=ledger.load(grid), dynamic_price_m=price(grid),
                   revenue_m=ledger.revenue(grid))
        if not all_of_it:
            row.update(revenue=NULL, revenue_currency=NULL)
        yield row


def block_rows():
    """Heights, ids and times are given; the entries between the ids and all totals are counted again."""
    for block in query('SELECT grid, height, first_entry, last_entry FROM sg_blocks'):
        inside = [e for e in ledger.of(block['grid']) if int(block['first_entry']) <= e.id <= int(block['last_entry'])]
        before = [e for e in ledger.of(block['grid']) if e.id <= int(block['last_entry'])]
        yield dict(ledger.totals(before), grid=block['grid'], height=block['height'], entries=len(inside),
                   first_entry=inside[0].id, last_entry=inside[-1].id)


def check_rows():
    for grid in grids:
        t = ledger.totals(ledger.of(grid))
        paid = sum(e.money for e in ledger.of(grid) if e.kind == 'trade')
        offered = sum(e.energy for e in ledger.of(grid) if e.kind == 'hold')
        released = sum(e.energy for e in ledger.of(grid) if e.kind == 'release')
        sides = {
            'money: top-ups = balances + earnings + withdrawals + revenue':
                (t['topups'], t['balances'] + t['earnings'] + t['withdrawals'] + t['revenue']),
            'energy: reported + discharged = consumed + charged + traded + held + load':
                (t['produced'] + t['discharged'], t['consumed'] + t['charged'] + t['traded'] + t['held'] + t['load']),
            'grid capacity = capacities of active producers': (capacity(grid), capacity(grid)),
            'grid revenue = paid for consumption': (t['revenue'], t['revenue']),
            'held by pending trades = offered - traded - released': (t['held'], offered - t['traded'] - released),
            'cost of completed trades = paid to sellers': (paid, paid),
            'stored = charged - discharged': (t['stored'], t['charged'] - t['discharged']),
            'producers that differ from the ledger = 0': (0, 0),
            'consumers that differ from the ledger = 0': (0, 0),
            'storage facilities that differ from the ledger = 0': (0, 0),
            'rows without their participant = 0': (0, 0),
            'trades without their producer or consumer = 0': (0, 0),
            'operator roles that do not exist = 0': (0, 0),
        }
        for invariant, (left, right) in sides.items():
            yield {'grid': grid, 'invariant': invariant, 'left_side': left, 'right_side': right, 'ok': 't'}


def metrics_rows():
    for m in query('SELECT metrics_id, grid, period_start, period_end, lower_inc(period) AS li, upper_inc(period) AS ui FROM sg_metrics'):
        start, end = instant(m['period_start']), instant(m['period_end'])

        def inside(e):
            return (start < e.at or m['li'] == 't' and start == e.at) and (e.at < end or m['ui'] == 't' and e.at == end)
        figures = ledger.period(m['grid'], inside)
        used = figures['consumed'] + figures['traded']
        yield both({'metrics_id': m['metrics_id'], 'grid': m['grid'],
                    'efficiency': min(100 * used // figures['produced'], 100) if figures['produced'] else 0},
                   m['grid'], production=figures['produced'], consumption=used, peak_load=figures['peak_load'])


def statement(grid, principal, start, end):
    """[start, end) in microseconds, None: unbounded; rows as sg_statement() shows them."""
    rows, a = [], ledger.new_account()
    sealed = [(int(b['first_entry']), int(b['last_entry']), b) for b in query(
        "SELECT height, hash, first_entry, last_entry FROM sg_blocks WHERE grid = '%s' ORDER BY height" % grid)]

    def line(part, **more):
        row = dict({'entry_id': NULL, 'kind': NULL, 'counterparty': NULL, 'trade_id': NULL, 'energy': NULL, 'price': NULL,
                    'money': NULL, 'height': NULL, 'hash': NULL}, part=part, balance=a.balance, earnings=a.earnings,
                   unsold=a.unsold, stored=a.stored, consumed=a.consumed)
        row.update(more)
        return row
    own = [e for e in ledger.of(grid) if principal in (e.participant, e.counterparty)]
    for e in own:
        if start is not None and e.at < start:
            a.post(e, principal)
    rows.append(line('opening', at=moment(start)))
    for e in own:
        if (start is None or e.at >= start) and (end is None or e.at < end):
            energy, money = a.post(e, principal)
            block = next((b for first, last, b in sealed if first <= e.id <= last), {'height': NULL, 'hash': NULL})
            other = e.counterparty if principal == e.participant else e.participant
            rows.append(line('entry', at=e.at_text, entry_id=e.id, kind=e.kind, counterparty=other, trade_id=e.trade,
                             energy=energy, price=e.price, money=money, height=block['height'], hash=block['hash']))
    rows.append(line('closing', at=moment(end), height=sealed[-1][2]['height'], hash=sealed[-1][2]['hash']))
    return rows


# What was paid is what the price of the moment makes of the energy.
for e in ledger.entries:
    if e.kind in ('consumption', 'trade') and e.money != ledger.cost(e.energy, e.price, grids[e.grid]['e']):
        wrong.append('entry %d: %d paid for %d at %d' % (e.id, e.money, e.energy, e.price))

# ---- views, as the superuser, the auditor and members ----

for user in ('postgres', 'audrey'):
    view('sg_ledger', list(ledger_rows(ledger.entries)), ['entry_id'], '', user)
    view('sg_producers', list(producer_rows()), ['grid', 'principal'],
         'participant_id energy_type active reputation_score capacity capacity_kwh registered_at', user)
    view('sg_consumers', list(consumer_rows()), ['grid', 'principal'],
         'participant_id active consumption_limit consumption_limit_kwh registered_at', user)
    view('sg_storages', list(storage_rows()), ['grid', 'principal'],
         'participant_id capacity capacity_kwh charge_rate charge_rate_kwh discharge_rate discharge_rate_kwh registered_at', user)
    view('sg_trades', list(trade_rows()), ['trade_id'], '', user)
    view('sg_grids', list(grid_rows()), ['grid'],
         'operator_role base_price base_price_currency emergency_mode currency energy_scale money_scale low_watermark '
         'high_watermark max_topup max_topup_currency stripes created_at', user)
    # Hashes are for check_ledger.py.
    view('sg_blocks', list(block_rows()), ['grid', 'height'], 'sealed_at root previous history hash line', user)
    view('sg_metrics', list(metrics_rows()), ['metrics_id'], 'recorded_at period period_start period_end', user)
    agree('sg_check() as %s' % user, list(check_rows()), query('SELECT * FROM sg_check()', user), ['grid', 'invariant'])
for member in ('anna', 'ben'):
    view('sg_ledger', list(ledger_rows(e for e in ledger.entries if member in (e.participant, e.counterparty))), ['entry_id'], '', member)
    view('sg_producers', list(producer_rows(member)), ['grid', 'principal'], '', member)
    view('sg_consumers', list(consumer_rows(member)), ['grid', 'principal'], '', member)
    view('sg_storages', list(storage_rows(member)), ['grid', 'principal'], '', member)
    view('sg_trades', list(trade_rows(member)), ['trade_id'], '', member)
    view('sg_grids', list(grid_rows(False)), ['grid'], '', member)
    view('sg_blocks', list(block_rows()), ['grid', 'height'], '', member)
    view('sg_metrics', [], ['metrics_id'], '', member)
    agree('sg_check() as %s' % member, [], query('SELECT * FROM sg_check()', member), ['grid', 'invariant'])

# ---- functions ----

for grid in grids:
    here = '-c smartgrid.grid=' + grid
    status = next(row for row in grid_rows() if row['grid'] == grid)
    columns = ('total_capacity', 'current_load', 'utilization', 'dynamic_price')
    agree('sg_get_grid_status() in %s' % grid, [{k: status[k] for k in columns}],
          query('SELECT total_capacity, current_load, utilization, dynamic_price FROM sg_get_grid_status()', 'ben', here), columns)
    amount = 1234
    agree('sg_quote() in %s' % grid,
          [{'price': price(grid), 'cost': ledger.cost(amount, price(grid), grids[grid]['e']),
            'affordable': 't' if ledger.account(grid, 'ben').balance >= ledger.cost(amount, price(grid), grids[grid]['e']) else 'f',
            'available': 't' if ledger.load(grid) >= amount else 'f'}],
          query('SELECT * FROM sg_quote(%d)' % amount, 'ben', here), ['price'])
    agree('sg_get_metrics() in %s' % grid,
          [{k: row[k] for k in ('metrics_id', 'production', 'consumption', 'peak_load', 'efficiency')}
           for row in metrics_rows() if row['grid'] == grid],
          query("SELECT v.metrics_id, f.* FROM sg_metrics AS v, sg_get_metrics(v.metrics_id) AS f WHERE v.grid = '%s'" % grid,
                settings=here), ['metrics_id'])
    for kind, rows, columns in (('producer', producer_rows, 'total_produced current_production unsold earnings'),
                                ('consumer', consumer_rows, 'total_consumed current_usage balance'),
                                ('storage', storage_rows, 'stored_amount')):
        columns = columns.split()
        expected = [{k: row[k] for k in ['principal'] + columns} for row in rows() if row['grid'] == grid]
        agree('sg_get_%s_info() in %s' % (kind, grid), expected, query(
            "SELECT v.principal, f.* FROM sg_%ss AS v, sg_get_%s_info(v.principal) AS f WHERE v.grid = '%s'" % (kind, kind, grid),
            settings=here), ['principal'])
    agree('sg_get_trade_info() in %s' % grid,
          [{k: row[k] for k in ('trade_id', 'seller', 'buyer', 'amount', 'price', 'cost', 'status', 'created_at', 'completed_at')}
           for row in trade_rows() if row['grid'] == grid],
          query("SELECT v.trade_id, f.* FROM sg_trades AS v, sg_get_trade_info(v.trade_id) AS f WHERE v.grid = '%s'" % grid,
                settings=here), ['trade_id'])
    for principal in sorted({name for e in ledger.of(grid) for name in (e.participant, e.counterparty)} - {NULL}):
        for start, end in ((None, None), ('2026-03-29 00:00:00+00', '2026-10-24 22:00:00+00'), ('2026-10-25 00:59:59.999999+00', None)):
            low, high = instant(start), instant(end)
            agree('sg_statement(%s, %s to %s) in %s' % (principal, start, end, grid), statement(grid, principal, low, high),
                  query("SELECT * FROM sg_statement('%s', tstzrange(%s, %s))" % (
                      principal, "'%s'" % start if start else 'NULL', "'%s'" % end if end else 'NULL'), settings=here),
                  ['part', 'entry_id'])

# ---- time series and key figures ----

types = {(p['grid'], p['principal']): p['energy_type'] for p in producers}
zones = {'default': 'Europe/Berlin', 'hill': 'Australia/Sydney'}


def capacities(grid):
    """When the capacity changed, and by how much."""
    for p in producers:
        if p['grid'] == grid:
            yield instant(p['registered_at']), int(p['capacity'])
    for gone in query("SELECT at, principal FROM made.deactivation WHERE grid = '%s'" % grid):
        yield instant(gone['at']), -next(int(p['capacity']) for p in producers if (p['grid'], p['principal']) == (grid, gone['principal']))


def series(grid, member=None):
    return curve.Series((e for e in ledger.of(grid) if member in (None, e.participant, e.counterparty)), types,
                        list(capacities(grid)), member is None)


def curve_view(principal):
    for grid in grids:
        its = series(grid, principal)
        scale = grids[grid]['e'], grids[grid]['m']
        for start, sums in its.quarters(-2 ** 62, 2 ** 62).items():
            if sums.count == 0:
                continue
            row = both({'grid': grid, 'bucket_start': moment(start), 'bucket_end': moment(start + curve.QUARTER),
                        'currency': grids[grid]['currency']}, grid, revenue_m=sums.revenue, **sums.row())
            row['price_avg'] = curve.rounded(sums.price(), 4)
            row['price_avg_currency'] = NULL if sums.price() is None else curve.rounded(
                curve.Fraction(row['price_avg']) / 10 ** scale[1], scale[1] + 4)
            for name, value in (('price_low', sums.low), ('price_high', sums.high)):
                row[name], row[name + '_currency'] = (NULL, NULL) if value is None else (value, scaled(value, scale[1]))
            row.update(its.at_end(start + curve.QUARTER, utilization))
            row['load_kwh'] = NULL if row['load'] == NULL else scaled(row['load'], scale[0])
            yield row


for user, member in (('postgres', None), ('audrey', None), ('anna', 'anna'), ('ben', 'ben')):
    view('sg_load_curve', list(curve_view(member)), ['grid', 'bucket_start'], '', user)

# period, bucket, and how many there are where that is known
curves = {
    'default': [
        ("[2026-03-29 00:00 Europe/Berlin, 2026-03-30 00:00 Europe/Berlin)", '15 minutes', 92),
        ("[2026-10-25 00:00 Europe/Berlin, 2026-10-26 00:00 Europe/Berlin)", '15 minutes', 100),
        ("[2026-03-28 17:07:13.5Z, 2026-03-30 01:00:00.000001Z)", '15 minutes', None),
        ("[2026-03-28 17:07:13.5Z, 2026-03-30 01:00:00.000001Z)", '1 hour', None),
        ("[2026-03-28 00:00Z, 2026-03-30 00:00Z)", '7 minutes', None),
        ("[2026-10-23 00:00 Europe/Berlin, 2026-10-28 00:00 Europe/Berlin)", '1 day', 5),
        ("[2026-01-01 00:00 Europe/Berlin, 2027-01-01 00:00 Europe/Berlin)", '1 month', 12),
        ("[2026-01-01 00:00 Europe/Berlin, 2027-01-01 00:00 Europe/Berlin)", '1 year', 1),
        ("[2025-12-31 22:59:59.999999Z, 2027-01-01 00:00Z)", '1 month', 14),
        ("[2026-03-25 00:00 Europe/Berlin, 2026-04-06 00:00 Europe/Berlin)", '7 days', 2),
        ("[2026-02-25 00:00 Europe/Berlin, 2026-10-06 00:00 Europe/Berlin)", '3 months', 4),
        ("(2026-10-25 00:30Z, 2026-10-25 01:30Z]", '15 minutes', 5),
        ("[2025-06-01 00:00Z, 2025-06-02 00:00Z)", '1 hour', 24),
        ("[2026-03-29 12:00Z, 2026-03-29 12:00:00.000001Z)", '1 day', 1),
        ("[2026-01-01 00:00 Europe/Berlin, 2027-01-01 00:00 Europe/Berlin)", '15 minutes', 35040),
    ],
    'hill': [
        ("[2026-04-05 00:00 Australia/Sydney, 2026-04-06 00:00 Australia/Sydney)", '15 minutes', 100),
        ("[2026-10-04 00:00 Australia/Sydney, 2026-10-05 00:00 Australia/Sydney)", '15 minutes', 92),
        ("[2026-04-03 00:00 Australia/Sydney, 2026-04-07 00:00 Australia/Sydney)", '1 day', 4),
        ("[2026-01-01 00:00 Australia/Sydney, 2027-01-01 00:00 Australia/Sydney)", '1 month', 12),
    ],
}
sizes = {'7 minutes': ('minutes', 7), '15 minutes': ('minutes', 15), '1 hour': ('minutes', 60), '1 day': ('days', 1), '7 days': ('weeks', 1),
        
         '1 month': ('months', 1), '3 months': ('months', 3), '1 year': ('months', 12)}
factors = {grid: {} for grid in grids}
for row in query('SELECT grid, energy_type, renewable, co2_g_per_kwh FROM sg_energy_types'):
    factors[row['grid']][row['energy_type']] = (row['renewable'] == 't', curve.Fraction(row['co2_g_per_kwh']))
storage_capacity = {(s['grid'], s['principal']): int(s['capacity']) for s in query('SELECT grid, principal, capacity FROM sg_storages')}

for grid in grids:
    for user, member in (('postgres', None), ('ben', 'ben'), ('anna', 'anna')):
        its = series(grid, member)
        for period, size, count in curves[grid]:
            if member and count == 35040:
                continue
            bounds = query("SELECT lower(p) AS low, upper(p) AS high FROM (SELECT '%s'::tstzrange) AS q (p)" % period)[0]
            # times are whole microseconds
            start, end = instant(bounds['low']) + (period[0] == '('), instant(bounds['high']) + (period[-1] == ']')
            for zone in (zones[grid], 'Asia/Kathmandu') if size in ('1 day', '1 hour') else (zones[grid],):
                expected = list(its.curve(start, end, sizes[size], zone, utilization))
                if zone == zones[grid] and count not in (None, len(expected)):
                    raise SystemExit('%s: %d buckets are not %d' % (period, len(expected), count))
                agree('sg_load_curve(%s, %s, %s) as %s' % (grid, period[1:17], size, user), expected,
                      query("SELECT * FROM sg_load_curve('%s', '%s', '%s'%s)" % (
                          grid, period, size, '' if zone == zones[grid] else ", '%s'" % zone), user), ['bucket_start'])
            storage = sum(c for (g, p), c in storage_capacity.items() if g == grid and member in (None, p))
            agree('sg_kpis(%s) in %s as %s' % (period[1:17], grid, user),
                  its.kpis(start, end, grids[grid]['e'], grids[grid]['m'], grids[grid]['currency'], factors[grid], storage),
                  query("SELECT kpi, value, unit, at FROM sg_kpis('%s', '%s')" % (period, grid), user), ['kpi'])

# ---- nothing is forgotten ----

not_of_the_ledger = {
    'sg_prices': 'changes of the base price',
    'sg_producer_directory': 'names, types and reputation',
    'sg_energy_types': 'factors of the energy types',
    'sg_ledger_lines': 'the bytes that are hashed, for check_ledger.py',
}
for row in query("SELECT c.relname FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid JOIN pg_extension AS e ON e.oid = d.refobjid "
                 "WHERE d.classid = 'pg_class'::regclass AND c.relkind = 'v' AND e.extname = 'smartgrid' AND c.relname LIKE 'sg\\_%'"):
    if row['relname'] not in seen | set(not_of_the_ledger):
        wrong.append('%s: a view that is not compared with the ledger' % row['relname'])

print('%d values compared with %d entries of the ledger' % (compared, len(ledger.entries)))
for line in wrong:
    print('WRONG:', line)
sys.exit(1 if wrong else 0)
