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
import hashlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, 'lib')]
import curve        # noqa: E402
from recompute import Ledger, NULL, READINGS, scaled, instant, moment     # noqa: E402
from check_ledger import KINDS     # noqa: E402

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

grids = {row['grid']: row for row in query(
    'SELECT grid, energy_scale::int, money_scale::int, base_price, emergency_mode, currency, price_rule, exact_after FROM sg_grids')}
for grid in grids.values():
    grid['e'], grid['m'] = int(grid['energy_scale']), int(grid['money_scale'])
ledger = Ledger(query('SELECT * FROM sg_ledger ORDER BY entry_id'), grids)
wrong.extend(ledger.wrong)
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


def digest_of(e):
    """SHA-256 of the lines of a batch, as somebody has them who asks for them; of what community.sql has settled."""
    if e.kind in ('run', 'bill', 'credit'):
        return hashlib.sha256(e.kind.encode()).hexdigest()
    if e.kind != 'batch':
        return NULL
    lines = query("SELECT sg_batch_lines(%s) AS line" % e.about, settings='-c smartgrid.grid=%s' % e.grid)
    return hashlib.sha256(''.join(row['line'] + '\n' for row in lines).encode()).hexdigest()


def ledger_rows(entries):
    for e in entries:
        yield both({'entry_id': e.id, 'grid': e.grid, 'at': e.at_text, 'kind': e.kind, 'participant': e.participant,
                    'counterparty': e.counterparty, 'currency': grids[e.grid]['currency'], 'trade_id': e.trade,
                    'booked_at': e.booked_text, 'about': e.about, 'digest': digest_of(e)},
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
            yield both({'grid': c['grid'], 'principal': c['principal'], 'currency': grids[c['grid']]['currency'], 'cost_carry': a.carry}, c['grid'],
                       total_consumed=a.consumed, current_usage=a.latest['consumption'], balance_m=a.balance)


def storage_rows(principal=None):
    for s in storages:
        if principal in (None, s['principal']):
            a = ledger.account(s['grid'], s['principal'])
            yield both({'grid': s['grid'], 'principal': s['principal']}, s['grid'], stored_amount=a.stored)


def due_rows(principal=None):
    for (grid, who), a in ledger.accounts.items():
        if principal in (None, who) and any(e.base in ('bill', 'credit', 'payment', 'payment_out', 'dues') and e.participant == who for e in ledger.of(grid)):
            yield both({'grid': grid, 'participant': who, 'currency': grids[grid]['currency']}, grid, due_m=a.owed)


def time_of(entry):
    """A trade is of the time of its entry, and taken back when that was booked: then it is not completed any more."""
    return NULL if entry is None else entry.booked_text


def trade_rows(principal=None):
    for trade in ledger.trades():
        offer = trade['hold']
        if principal not in (None, offer.participant, offer.counterparty):
            continue
        done, back, reversal = trade.get('trade'), trade.get('release'), trade.get('reversal')
        cost = ledger.cost(offer.energy, offer.price, 10 ** grids[offer.grid]['e'])
        if done and done.money != cost:
            wrong.append('trade %s: paid %s, cost %s' % (offer.trade, done.money, cost))
        yield both({'trade_id': offer.trade, 'grid': offer.grid, 'seller': offer.participant, 'buyer': offer.counterparty,
                    'currency': grids[offer.grid]['currency'],
                    'status': 'reversed' if reversal else 'completed' if done else 'cancelled' if back else 'pending',
                    'created_at': time_of(offer), 'completed_at': NULL if reversal else time_of(done),
                    'cancelled_at': time_of(back), 'reversed_at': time_of(reversal)},
                   offer.grid, amount=offer.energy, price_m=offer.price, cost_m=cost)


def capacity(grid):
    return sum(int(p['capacity']) for p in producers if p['grid'] == grid and p['active'] == 't')


def price(grid):
    base = int(grids[grid]['base_price'])
    if grids[grid]['emergency_mode'] == 't':
        return 3 * base
    of_it = ledger.load(grid)
    if grids[grid]['price_rule'] == 'scarcity':
        of_it = capacity(grid) - min(of_it, capacity(grid))
    return base + base * of_it // (2 * capacity(grid)) if capacity(grid) else base


def utilization(load, capacity_then):
    return scaled((20000 * load + capacity_then) // (2 * capacity_then), 2) if capacity_then else '0.00'


def grid_rows(all_of_it=True):
    for grid in grids:
        row = both({'grid': grid, 'exact_after': 0, 'price_rule': {'default': 'load', 'hill': 'scarcity'}[grid],
                    'registration': {'default': 'open', 'hill': 'operator'}[grid],
                    'utilization': utilization(ledger.load(grid), capacity(grid))}, grid,
                   total_capacity=capacity(grid), current_load=ledger.load(grid), dynamic_price_m=price(grid),
                   revenue_m=ledger.totals(ledger.of(grid))[0]['revenue'])
        if not all_of_it:
            row.update(revenue=NULL, revenue_currency=NULL)
        yield row


def block_rows():
    """Heights, ids and times are given; the entries between the ids and all totals are counted again."""
    for block in query('SELECT grid, height, first_entry, last_entry FROM sg_blocks'):
        inside = [e for e in ledger.of(block['grid']) if int(block['first_entry']) <= e.id <= int(block['last_entry'])]
        before = [e for e in ledger.of(block['grid']) if e.id <= int(block['last_entry'])]
        totals, _, _, stored = ledger.totals(before)
        yield dict(totals, grid=block['grid'], height=block['height'], entries=len(inside),
                   first_entry=inside[0].id, last_entry=inside[-1].id, form=2,
                   sums=';'.join('%s:%d:%d' % (kind, *stored[kind]) for kind in KINDS if stored.get(kind, [0, 0]) != [0, 0]))


def reversal_rows(entries):
    """community.sql says why; nobody had set a principal."""
    for e in entries:
        if e.original or e.kind == 'write_off':
            yield {'entry_id': e.id, 'about': e.about, 'kind': e.stored_kind, 'booked_at': e.booked_text, 'corrected_by': 'postgres',
                   'reason': 'of entry %s' % e.about if e.original else 'lost on the lines'}


def check_rows():
    for grid in grids:
        t, energy, money, stored = ledger.totals(ledger.of(grid))
        told = sum(1 for _ in reversal_rows(ledger.of(grid)))
        sides = {
            'money: top-ups = balances + held + earnings + withdrawals + refunds + dues + revenue':
                (t['topups'], t['balances'] + t['earnings'] + t['withdrawals'] + money['refund'] + money['dues'] + t['revenue']),
            'energy: reported + discharged = consumed + charged + traded + held + written off + load':
                (t['produced'] + t['discharged'],
                 t['consumed'] + t['charged'] + t['traded'] + t['held'] + energy['write_off'] + t['load']),
            'grid capacity = capacities of active producers': (capacity(grid), capacity(grid)),
            'grid revenue = paid for consumption + fees + imbalance paid - imbalance received - payouts': (t['revenue'], t['revenue']),
            'held by pending trades = offered - traded - released':
                (t['held'], energy['hold'] - stored['trade'][0] - energy['release']),
            'cost of completed trades = paid to sellers': (money['trade'], money['trade']),
            'stored = charged - discharged': (t['stored'], t['charged'] - t['discharged']),
            'due = bill - credit - payment + payment_out - dues': (t['due'], t['due']),
            'dues that differ from the ledger = 0': (0, 0),
            'payments without their entry, entries without their payment = 0': (0, 0),
            'producers that differ from the ledger = 0': (0, 0),
            'consumers that differ from the ledger = 0': (0, 0),
            'storage facilities that differ from the ledger = 0': (0, 0),
            'consumers whose costs are not energy * price = 0': (0, 0),
            'reversals and write-offs with their reason = those of the ledger': (told, told),
            'entries without their digest, digests without their entry = 0': (0, 0),
            'rows without their participant = 0': (0, 0),
            'trades without their producer or consumer = 0': (0, 0),
            'operator roles that do not exist = 0': (0, 0),
            'stripes and accounts below zero = 0': (0, 0),
            'rows of metering points without point, identifier or owner = 0': (0, 0),
            'periods of metering points that overlap = 0': (0, 0),
            'intervals that no batch accounts for = 0': (0, 0),
            'shares of no metering point, or beyond 100 percent = 0': (0, 0),
            'versions of packed days out of order = 0': (0, 0),
            'packed days and open slots without point, or not of the slots of their day = 0': (0, 0),
            'shares of no metering point, or beyond 100 percent = 0': (0, 0),
            'newest price events that differ from the grid = 0': (0, 0),
            'entries that were booked before the grid was made = 0': (0, 0),
            'quarter-hours whose sums differ from their entries = 0': (0, 0),
        }
        for invariant, (left, right) in sides.items():
            yield {'grid': grid, 'invariant': invariant, 'left_side': left, 'right_side': right, 'ok': 't'}
    for invariant in ('rows without their grid = 0', 'sequences behind the rows = 0', 'triggers and rules that do not fire = 0'):
        yield {'grid': NULL, 'invariant': invariant, 'left_side': 0, 'right_side': 0, 'ok': 't'}


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
    """What was booked in [start, end) in microseconds, None: unbounded; rows as sg_statement() shows them."""
    rows, a = [], ledger.new_account()
    sealed = [(int(b['first_entry']), int(b['last_entry']), b) for b in query(
        "SELECT height, hash, first_entry, last_entry FROM sg_blocks WHERE grid = '%s' ORDER BY height" % grid)]

    def line(part, **more):
        row = dict({'entry_id': NULL, 'kind': NULL, 'counterparty': NULL, 'trade_id': NULL, 'energy': NULL, 'price': NULL,
                    'money': NULL, 'height': NULL, 'hash': NULL, 'booked_at': NULL, 'about': NULL}, part=part, balance=a.balance, earnings=a.earnings,
                   unsold=a.unsold, stored=a.stored, consumed=a.consumed, due=a.owed)
        row.update(more)
        return row
    own = [e for e in ledger.of(grid) if principal in (e.participant, e.counterparty)]
    for e in own:
        if start is not None and e.booked < start:
            a.post(e, principal)
    rows.append(line('opening', at=moment(start)))
    for e in own:
        if (start is None or e.booked >= start) and (end is None or e.booked < end):
            energy, money = a.post(e, principal)
            block = next((b for first, last, b in sealed if first <= e.id <= last), {'height': NULL, 'hash': NULL})
            other = e.counterparty if principal == e.participant else e.participant
            rows.append(line('entry', at=e.at_text, entry_id=e.id, kind=e.kind, counterparty=other, trade_id=e.trade,
                             energy=energy, price=e.price, money=money, height=block['height'], hash=block['hash'],
                             booked_at=e.booked_text, about=e.about))
    rows.append(line('closing', at=moment(end), height=sealed[-1][2]['height'], hash=sealed[-1][2]['hash']))
    return rows


# The data has to have what is compared: each kind that can be taken back, corrections of each kind of reading, a carry.
for what in set(KINDS) - {e.stored_kind for e in ledger.entries}:
    wrong.append('no entry of the kind %s' % what)
for what in set(READINGS) - {e.base for e in ledger.entries if e.second_of_correction}:
    wrong.append('no correction of a %s' % what)
if not any(a.carry for a in ledger.accounts.values()):
    wrong.append('nobody carries anything')


def request_rows(who=None):
    """The calls that community.sql makes under references, each of them twice."""
    for grid, caller, reference, function in (
            ('default', 'anna', 'roof/1', 'sg_report_production'), ('default', 'ben', 'kettle', 'sg_consume_energy'),
            ('default', 'postgres', 'desk/1', 'sg_write_off'), ('hill', 'ben', 'kettle', 'sg_withdraw_balance')):
        if who in (None, caller):
            yield {'grid': grid, 'caller': caller, 'reference': reference, 'function': function}


# ---- views, as the superuser, the auditor and members ----

for user in ('postgres', 'audrey'):
    view('sg_ledger', list(ledger_rows(ledger.entries)), ['entry_id'], '', user)
    view('sg_producers', list(producer_rows()), ['grid', 'principal'],
         'participant_id energy_type active reputation_score capacity capacity_kwh registered_at', user)
    view('sg_consumers', list(consumer_rows()), ['grid', 'principal'],
         'participant_id active consumption_limit consumption_limit_kwh registered_at', user)
    view('sg_dues', list(due_rows()), ['grid', 'participant'], '', user)
    view('sg_storages', list(storage_rows()), ['grid', 'principal'],
         'participant_id capacity capacity_kwh charge_rate charge_rate_kwh discharge_rate discharge_rate_kwh registered_at', user)
    view('sg_trades', list(trade_rows()), ['trade_id'], '', user)
    view('sg_grids', list(grid_rows()), ['grid'],
         'operator_role base_price base_price_currency emergency_mode currency energy_scale money_scale low_watermark '
         'high_watermark max_topup max_topup_currency stripes created_at max_amount', user)
    # Hashes are for check_ledger.py.
    view('sg_blocks', list(block_rows()), ['grid', 'height'], 'sealed_at root previous history hash line', user)
    view('sg_metrics', list(metrics_rows()), ['metrics_id'], 'recorded_at period period_start period_end', user)
    view('sg_reversals', list(reversal_rows(ledger.entries)), ['entry_id'], '', user)
    view('sg_requests', list(request_rows()), ['grid', 'caller', 'reference'], 'made_at', user)
    agree('sg_check() as %s' % user, list(check_rows()), query('SELECT * FROM sg_check()', user), ['grid', 'invariant'])
for member in ('anna', 'ben'):
    view('sg_ledger', list(ledger_rows(e for e in ledger.entries if member in (e.participant, e.counterparty))), ['entry_id'], '', member)
    view('sg_producers', list(producer_rows(member)), ['grid', 'principal'], '', member)
    view('sg_consumers', list(consumer_rows(member)), ['grid', 'principal'], '', member)
    view('sg_dues', list(due_rows(member)), ['grid', 'participant'], '', member)
    view('sg_storages', list(storage_rows(member)), ['grid', 'principal'], '', member)
    view('sg_trades', list(trade_rows(member)), ['trade_id'], '', member)
    view('sg_grids', list(grid_rows(False)), ['grid'], '', member)
    view('sg_blocks', list(block_rows()), ['grid', 'height'], '', member)
    view('sg_metrics', [], ['metrics_id'], '', member)
    view('sg_reversals', list(reversal_rows(e for e in ledger.entries if member in (e.participant, e.counterparty))), ['entry_id'], '', member)
    view('sg_requests', list(request_rows(member)), ['grid', 'caller', 'reference'], 'made_at', member)
    agree('sg_check() as %s' % member, [], query('SELECT * FROM sg_check()', member), ['grid', 'invariant'])

# ---- functions ----

for grid in grids:
    here = '-c smartgrid.grid=' + grid
    status = next(row for row in grid_rows() if row['grid'] == grid)
    columns = ('total_capacity', 'current_load', 'utilization', 'dynamic_price')
    agree('sg_get_grid_status() in %s' % grid, [{k: status[k] for k in columns}],
          query('SELECT total_capacity, current_load, utilization, dynamic_price FROM sg_get_grid_status()', 'ben', here), columns)
    amount = 1234
    cost = ledger.account(grid, 'ben').due(amount, price(grid), 10 ** grids[grid]['e'])
    agree('sg_quote() in %s' % grid,
          [{'price': price(grid), 'cost': cost, 'affordable': 't' if ledger.account(grid, 'ben').balance >= cost else 'f',
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
          [dict({k: row[k] for k in ('trade_id', 'seller', 'buyer', 'amount', 'price', 'cost', 'status', 'created_at', 'completed_at')},
                completed='t' if row['status'] == 'completed' else 'f') for row in trade_rows() if row['grid'] == grid],
          query("SELECT v.trade_id, f.* FROM sg_trades AS v, sg_get_trade_info(v.trade_id) AS f WHERE v.grid = '%s'" % grid,
                settings=here), ['trade_id'])
    for principal in sorted({name for e in ledger.of(grid) for name in (e.participant, e.counterparty)} - {NULL}):
        # What one call posts is booked at one time.
        booked = [e.booked_text for e in ledger.of(grid) if principal in (e.participant, e.counterparty)]
        third = booked[len(booked) // 3]
        for start, end in ((None, None), (None, third), (third, booked[-1]), (booked[-1], None)):
            if start is not None and start == end:
                continue
            low, high = instant(start), instant(end)
            agree('sg_statement(%s, %s to %s) in %s' % (principal, start, end, grid), statement(grid, principal, low, high),
                  query("SELECT * FROM sg_statement('%s', tstzrange(%s, %s))" % (
                      principal, "'%s'" % start if start else 'NULL', "'%s'" % end if end else 'NULL'), settings=here),
                  ['part', 'entry_id'])

# ---- time series and key figures ----

types = {(p['grid'], p['principal']): p['energy_type'] for p in producers}
zones = {'default': 'Europe/Berlin', 'hill': 'Australia/Sydney'}


def capacities(grid):
    """When the capacity changed, and by how much: made.capacity has what happened after registration."""
    changes = query("SELECT at, principal, capacity, change FROM made.capacity WHERE grid = '%s'" % grid)
    for p in producers:
        if p['grid'] == grid:
            at_first = [int(c['capacity']) for c in changes if c['principal'] == p['principal']]
            yield instant(p['registered_at']), (at_first or [int(p['capacity'])])[0]
    for c in changes:
        yield instant(c['at']), int(c['change'])


def series(grid, member=None):
    return curve.Series((e for e in ledger.of(grid) if member in (None, e.participant, e.counterparty)), types,
                        list(capacities(grid)), member is None)


def scale_columns(row, grid):
    """Adds the columns in kWh and currency to a row of sg_load_curve()."""
    for name, value in list(row.items()):
        money = name in ('price_avg', 'price_low', 'price_high', 'revenue')
        if name in ('bucket_start', 'bucket_end', 'utilization'):
            continue
        scale = grids[grid]['m' if money else 'e']
        row[name + ('_currency' if money else '_kwh')] = NULL if value == NULL else \
            curve.rounded(curve.Fraction(value) / 10 ** scale, scale + (4 if name == 'price_avg' else 0))
    row['currency'] = grids[grid]['currency']


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
                for row in expected:
                    scale_columns(row, grid)
                if zone == zones[grid] and count not in (None, len(expected)):
                    raise SystemExit('%s: %d buckets are not %d' % (period, len(expected), count))
                agree('sg_load_curve(%s, %s, %s) as %s' % (grid, period[1:17], size, user), expected,
                      query("SELECT * FROM sg_load_curve('%s', '%s', '%s'%s)" % (
                          grid, period, size, '' if zone == zones[grid] else ", '%s'" % zone), user), ['bucket_start'])
                if zone == zones[grid] and (grid, member) in ledger.accounts:
                    agree('sg_load_curve(%s, %s, %s) of %s' % (grid, period[1:17], size, member), expected,
                          query("SELECT * FROM sg_load_curve('%s', '%s', '%s', principal => '%s')" % (grid, period, size, member)),
                          ['bucket_start'])
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
    'sg_intervals': 'what metering points measured, slot by slot',
    'sg_interval_days': 'the same by day',
    'sg_batches': 'what brought it',
    'sg_points': 'what metering points are',
    'sg_point_periods': 'what they were',
    'sg_intervals': 'what they measured',
    'sg_interval_days': 'the same by day',
    'sg_batches': 'how that came',
    'sg_register_readings': 'what their registers showed',
    'sg_shares': 'how they share',
    'sg_share_periods': 'how they did',
    'sg_allocations': 'how a grid shares',
    'sg_parties': 'who documents are of',
    'sg_documents': 'what members are billed',
    'sg_document_lines': 'the same by line',
    'sg_document_vat': 'the same by VAT group',
    'sg_allocation_periods': 'how it did',
}
for row in query("SELECT c.relname FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid JOIN pg_extension AS e ON e.oid = d.refobjid "
                 "WHERE d.classid = 'pg_class'::regclass AND c.relkind = 'v' AND e.extname = 'smartgrid' AND c.relname LIKE 'sg\\_%'"):
    if row['relname'] not in seen | set(not_of_the_ledger):
        wrong.append('%s: a view that is not compared with the ledger' % row['relname'])

print('%d values compared with %d entries of the ledger' % (compared, len(ledger.entries)))
for line in wrong:
    print('WRONG:', line)
sys.exit(1 if wrong else 0)
