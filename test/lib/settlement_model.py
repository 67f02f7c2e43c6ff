#!/usr/bin/env python3
"""Settlement of metered energy, a second time: what test/tap/032_settlement_model.pl holds the extension against.

    settlement_model.py STORY.json

A story is {"zone", "energy_scale", "money_scale", "steps"}; a step is a list: the name of a call of the extension and its named arguments,
or one of
    ["readings", {"rows": [[point, start, amount, quality], ...]}]   readings, which take the place of what was on record
    ["run", {"from", "to", "final"}]                                 a settlement of a period; a correction where a final one is on record
Times are seconds since 1970, what is decimal is exact. For each run a JSON line is written: {"lines": [...], "problems": [...], "charges",
"credits", "fresh": [...], "final", "period"}; lines are texts of one line each, fresh is what the period comes to as a whole (of a settlement: the
same), period its start.

Slow and simple: it does slot by slot what the contract says, with exact fractions. Python 3.9 or newer, nothing else.
"""
import json
import sys
from datetime import date, timedelta
from fractions import Fraction

from settlement_facts import (applies, assignment_at, component, counted, ENERGY, fact_at, fill_losses, FIXED, Grid,
                              is_loss, is_of, month_of, months_before, named, next_month, own_slots, price_at,
                              record, rounded, shared_slots, shown, split, stretches, value_at, version_at)

QUALITIES = ('measured', 'substituted', 'estimated', 'calculated', 'missing')
UNITS = {'energy': 'kWh', 'covered': 'kWh', 'rest': 'kWh', 'demand': 'kW', 'point': 'piece', 'participant': 'piece', 'percent': '%'}


# ---- Lines ----

class Line:
    """What a line is added up from: units or pieces by price, in steps of the price."""

    def __init__(self, what, tariff, version, participant, point, start, stop, tier=0):
        self.what, self.tariff, self.version, self.participant, self.point = what, tariff, version, participant, point
        self.start, self.stop, self.tier, self.base, self.side = start, stop, tier, None, what.get('pay')
        self.steps, self.prices, self.quantity, self.qualities, self.unpriced = {}, set(), Fraction(0), set(), False
        self.vat = what['vat']

    def add(self, quantity, price, step, quality=None, money=None):
        """quantity in kWh, kW or pieces; money where it is not quantity * price."""
        self.quantity += quantity
        if quality:
            self.qualities |= {quality} if isinstance(quality, str) else quality
        if price is None:
            self.unpriced = True
            return
        self.prices.add(price)
        self.steps[step] = self.steps.get(step, 0) + (quantity * price if money is None else money)

    def money(self, grid):
        if self.unpriced:
            return None
        if self.what['round'] == 'step':
            return sum(rounded(money * grid.money_unit) for money in self.steps.values())
        return rounded(sum(self.steps.values()) * grid.money_unit)

    def price(self):
        return next(iter(self.prices)) if len(self.prices) == 1 and not self.unpriced else None


class Run:
    def __init__(self, grid, start, stop):
        self.grid, self.start, self.stop = grid, start, stop
        self.lines, self.unpriced = {}, {}
        self.basis = grid.clock.midnight(earliest_month(grid, start))
        self.own = {name: own_slots(grid, name, self.basis, stop) for name in grid.points}
        fill_losses(grid, self.own)
        month = grid.clock.midnight(month_of(grid.clock.local(start)[0]))
        self.shared = shared_slots(grid, self.own, month, stop)

    def slots(self, what, point):
        return self.shared[point] if what['of'] in ('covered', 'rest') else self.own[point]

    def line(self, what, tariff, version, participant, point, start, stop, tier=0):
        key = (tariff, version['from'], what['place'], participant, point, start, tier)
        if key not in self.lines:
            self.lines[key] = Line(what, tariff, version, participant, point, start, stop, tier)
        return self.lines[key]

    def whole(self, version, tariff):
        """What of the run a version holds."""
        later = [time for time, _ in self.grid.tariffs[tariff] if time > version['from']]
        return max(self.start, version['from']), min([self.stop] + later)

    def problem(self, point, participant, name, time):
        count, first = self.unpriced.get((point, participant, name), (0, time))
        self.unpriced[point, participant, name] = (count + 1, min(first, time))


def earliest_month(grid, start):
    month = month_of(grid.clock.local(start)[0])
    earliest = month
    for versions in grid.tariffs.values():
        for _, version in versions:
            for what in version['components']:
                if 'ratchet_percent' in what['demand']:
                    earliest = min(earliest, *months_before(month, what['demand'].get('ratchet_months', 12)))
                if what['of'] == 'demand' and what['per'] == 'year':
                    earliest = min(earliest, month.replace(month=1))
    return earliest


def step_of(grid, what, time):
    """The step of the price in which a slot is: that of the series, of a day at most."""
    value = what['index'] and value_at(grid, what['index']['series'], time)
    return grid.clock.local(time)[0], value and value[1]


def settle_energy(run, tariff):
    """Components of energy, covered and rest, without tiers."""
    for point in sorted(run.grid.points):
        for begin, end, owner, _, _, version in stretches(run.grid, tariff, point, run.start, run.stop, False):
            for what in version['components'] if version else ():
                if what['of'] in ENERGY and not what['tiers']:
                    settle_stretch(run, tariff, version, what, point, owner, begin, end)


def settle_stretch(run, tariff, version, what, point, owner, begin, end):
    start, stop = (begin, end) if what['over'] == 'point' else run.whole(version, tariff)
    for slot in run.slots(what, point):
        if begin <= slot.start < end and is_of(what, slot.kind, slot.label) and applies(run.grid, what, slot.start):
            price = digits(what, price_at(run.grid, what, slot.start))
            line = run.line(what, tariff, version, owner, point if what['over'] == 'point' else '', start, stop)
            line.add(Fraction(counted(what, slot), run.grid.kwh), price, step_of(run.grid, what, slot.start), slot.quality)
            if price is None:
                run.problem(point, owner, what['name'], slot.start)


def digits(what, price):
    if price is None or what['price_digits'] is None:
        return price
    return Fraction(rounded(price * 10 ** what['price_digits']), 10 ** what['price_digits'])


def settle_tiers(run, tariff, name):
    """Components of energy with tiers, by name: units are counted in the order of slots, then points."""
    grid, counts = run.grid, {}
    parts = {point: stretches(grid, tariff, point, run.start, run.stop, False) for point in grid.points}
    slots = []
    for _, version in grid.tariffs[tariff]:
        what = named(version, name)
        if what and what['tiers']:
            slots += [(slot.start, point.encode(), slot, version, what) for point in grid.points for slot in run.slots(what, point)
                      if version_at(grid, tariff, slot.start) is version and slot.owner and is_of(what, slot.kind, slot.label)
                      and applies(grid, what, slot.start)]
    for time, _, slot, version, what in sorted(slots, key=lambda entry: entry[:2]):
        day = grid.clock.local(time)[0]
        if what['tier_per'] == 'run' and time < run.start:
            continue
        point = slot.point if what['over'] == 'point' else ''
        key = (slot.owner, point, {'month': month_of(day), 'day': day, 'run': 0}[what['tier_per']])
        count, units = counts.get(key, 0), counted(what, slot)
        counts[key] = count + units
        part = next((part for part in parts[slot.point] if part[0] <= time < part[1]), None)
        if part:
            start, stop = part[:2] if what['over'] == 'point' else run.whole(version, tariff)
            take_tiers(run, tariff, version, what, slot, point, start, stop, count, units)


def take_tiers(run, tariff, version, what, slot, point, start, stop, count, units):
    grid, bottom, pieces = run.grid, Fraction(0), []
    for tier, entry in enumerate(what['tiers'], 1):
        top = Fraction(entry['upto']) * grid.kwh if 'upto' in entry else None
        low, high = max(bottom, count), count + units if top is None else min(top, count + units)
        if high > low or units == 0 and bottom <= count and (top is None or count <= top) and not pieces:
            pieces.append((tier, entry['price'], high - low if units else 0))
        bottom = top
        if top is None:
            break
    for tier, base, part in pieces:
        price = digits(what, price_at(grid, what, slot.start, base))
        line = run.line(what, tariff, version, slot.owner, point, start, stop, tier)
        line.add(Fraction(part) / grid.kwh, price, step_of(grid, what, slot.start), slot.quality)
    if any(price_at(grid, what, slot.start, base) is None for _, base, _ in pieces):
        run.problem(slot.point, slot.owner, what['name'], slot.start)


def drop_empty_tiers(run):
    """Of the lines of one component and stretch those that got units, or the first that was met."""
    groups = {}
    for key, line in run.lines.items():
        if line.tier and line.what['of'] != 'demand':
            groups.setdefault(key[:-1], []).append((key, line))
    for entries in groups.values():
        got = [entry for entry in entries if entry[1].quantity] or entries[:1]
        for key, line in entries:
            if not any(line is kept for _, kept in got):
                del run.lines[key]


# ---- Fixed components ----

def settle_fixed(run, tariff):
    once = set()
    for day, begin, _ in run.grid.clock.days(run.start, run.stop):
        version = version_at(run.grid, tariff, begin)
        for what in version['components'] if version else ():
            if what['of'] in FIXED:
                settle_day(run, tariff, version, what, day, begin, once)


def settle_day(run, tariff, version, what, day, begin, once):
    """What a day of a fixed component is: a piece for each point, or for each owner."""
    have = {}
    for point in sorted(run.grid.points):
        fact = fact_at(run.grid.points[point]['facts'], begin)
        if fact and fact['owner'] and is_of(what, fact['kind'], fact['class']):
            assignment = assignment_at(run.grid, tariff, point, fact['owner'], begin)
            if assignment:
                have[point] = (fact['owner'], Fraction(assignment[1]))
    if what['of'] == 'participant':
        have = {('', owner): (owner, max(quantity for whose, quantity in have.values() if whose == owner)) for owner in {owner for owner, _ in have.values()}}
    for name, (owner, quantity) in have.items():
        part = part_of(run, what, day, (tariff, what['name'], name), once)
        if part:
            point = name if what['over'] == 'point' else ''
            start, stop = run.whole(version, tariff)
            if point:
                start, stop = next(entry[:2] for entry in stretches(run.grid, tariff, point, run.start, run.stop, True) if entry[0] <= begin < entry[1])
            price = price_at(run.grid, what, begin)
            line = run.line(what, tariff, version, owner, point, start, stop)
            rounded_price = None if price is None else digits(what, price * part)
            line.add(part * quantity, None if price is None else rounded_price / part, (day, None), None, rounded_price and rounded_price * quantity)
            if price is None:
                run.problem(name if what['of'] == 'point' else '', owner, what['name'], begin)


def part_of(run, what, day, key, once):
    """Which part of a piece a day is."""
    if what['per'] == 'day':
        return Fraction(1)
    if what['per'] == 'run':
        first = key not in once
        once.add(key)
        return Fraction(int(first))
    if what['prorate'] == 'none':
        return Fraction(int(day.day == 1 and (what['per'] == 'month' or day.month == 1)))
    if what['days_of'] == 'period':
        return Fraction(1, sum(1 for _ in run.grid.clock.days(run.start, run.stop)))
    if what['per'] == 'year':
        return Fraction(1, (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days)
    return Fraction(1, (next_month(month_of(day)) - month_of(day)).days)


# ---- Demand ----

def settle_demand(run, tariff, name):
    """A component of demand: each owner's part of a period of the measure, where it ends in the run."""
    grid, parts = run.grid, {}
    horizon = grid.clock.midnight(next_month(month_of(grid.clock.local(run.stop)[0])) + timedelta(days=366))
    for point in sorted(grid.points):
        for begin, end, owner, _, _, _ in stretches(grid, tariff, point, run.basis, horizon, False, False):
            for first, last, period in periods(run, tariff, name, begin, end):
                version = version_at(grid, tariff, last - 1)
                what = named(version, name)
                if what and is_of(what, grid.points[point]['kind'], fact_at(grid.points[point]['facts'], last - 1)['class']):
                    key = (owner, point if what['over'] == 'point' else '', period)
                    was = parts.get(key, (first, last))
                    parts[key] = (min(first, was[0]), max(last, was[1]))
    for (owner, point, period), (first, last) in parts.items():
        if run.start < last <= run.stop:
            bill_demand(run, tariff, name, owner, point, period, first, last)


def periods(run, tariff, name, begin, end):
    """(from, to, first day) of the periods of the measure in a stretch."""
    clock, found = run.grid.clock, []
    what = named(version_at(run.grid, tariff, min(end, run.stop) - 1), name)
    if what is None:
        return found
    if what['per'] == 'run':
        first, last = max(begin, run.start), min(end, run.stop)
        return [(first, last, 0)] if first < last else []
    day = clock.local(begin)[0]
    while True:
        first_day = {'day': day, 'month': month_of(day), 'year': day.replace(month=1, day=1)}[what['per']]
        day = period_after(what['per'], first_day)
        first, last = max(begin, clock.midnight(first_day)), min(end, clock.midnight(day))
        if first >= end:
            return found
        found.append((first, last, first_day))


def period_after(per, day):
    return {'day': day + timedelta(days=1), 'month': next_month(month_of(day)), 'year': date(day.year + 1, 1, 1)}[per]


def bill_demand(run, tariff, name, owner, point, period, first, last):
    grid = run.grid
    version = version_at(grid, tariff, last - 1)
    what = named(version, name)
    if period and 'months' in what['when'] and grid.clock.local(last - 1)[0].month not in what['when']['months']:
        return
    begin, end = run.start, run.stop
    if period:
        begin, end = grid.clock.midnight(period), min(run.stop, grid.clock.midnight(period_after(what['per'], period)))
    measured, qualities = measure(run, what, owner, point, begin, end)
    if measured is None:
        return
    if 'ratchet_percent' in what['demand']:
        measured = max(measured, ratchet(run, what, owner, point, period))
    bottom = Fraction(0)
    for tier, entry in enumerate(what['tiers'] or [{'price': what['price']}], 1):
        top = Fraction(entry['upto']) if 'upto' in entry else measured
        part = max(min(top, measured) - bottom, 0)
        bottom = top
        if part or tier == 1 and measured == 0:
            price = price_at(grid, what, last - 1, entry['price'])
            line = run.line(what, tariff, version, owner, point, max(first, run.start), last, tier if what['tiers'] else 0)
            line.add(part, price, 0, qualities)


def ratchet(run, what, owner, point, period):
    demand, highest = what['demand'], Fraction(0)
    for month in months_before(period, demand.get('ratchet_months', 12)):
        if month.month in demand.get('ratchet_calendar_months', range(1, 13)):
            clock = run.grid.clock
            measured = measure(run, what, owner, point, clock.midnight(month), clock.midnight(next_month(month)))[0]
            highest = max(highest, measured or 0)
    return highest * Fraction(demand['ratchet_percent']) / 100


def measure(run, what, owner, point, begin, end):
    """(kW, qualities) of what an owner had in a time."""
    demand = what['demand']
    names = [point] if point else sorted(run.grid.points)
    own = windows(run, what, names, begin, end, lambda slot: slot.owner == owner and is_of(what, slot.kind, slot.label))
    if not own:
        return None, set()
    if demand.get('at') == 'community_peak':
        rows = windows(run, what, sorted(run.grid.points), begin, end, lambda slot: slot.kind == 'consumption' and not is_loss(run.grid, slot.point))
        peak = min(rows, key=lambda time: (-rows[time][0], time))
        return own.get(peak, (Fraction(0),))[0], set().union(*(row[1] for row in own.values()))
    if demand.get('distinct_days'):
        best = {}
        for time, row in own.items():
            best[run.grid.clock.local(time)[0]] = max(best.get(run.grid.clock.local(time)[0], row[0]), row[0])
        kws = sorted(best.values(), reverse=True)
    else:
        kws = sorted((row[0] for row in own.values()), reverse=True)
    top = kws[:demand.get('n', 1) if demand.get('measure') == 'mean' else 1]
    return sum(top) / len(top), set().union(*(row[1] for row in own.values()))


def windows(run, what, names, begin, end, chosen):
    """{start: (kW, qualities)} of the windows of which something is chosen."""
    rows = {}
    wanted = int(what['demand'].get('interval', '15 minutes').split()[0])
    wanted *= 3600 if 'hour' in what['demand'].get('interval', '') else 60
    picked = [slot for name in names for slot in run.own[name] if begin <= slot.start < end and chosen(slot)]
    longest = {}
    for slot in picked:
        day = run.grid.clock.local(slot.start)[0]
        longest[day] = max(longest.get(day, wanted), slot.length)
    for slot in picked:
        day = run.grid.clock.local(slot.start)[0]
        midnight, length = run.grid.clock.midnight(day), longest[day]
        start = midnight + (slot.start - midnight) // length * length
        if not applies(run.grid, what, start, False):
            continue
        kw, qualities = rows.get(start, (Fraction(0), frozenset()))
        rows[start] = (kw + Fraction(counted(what, slot) * 3600, run.grid.kwh * length), qualities | {slot.quality})
    return rows


# ---- Percent, problems, corrections ----

def finished(run):
    """Lines as dicts, with those of percents."""
    lines = []
    for line in run.lines.values():
        lines.append({'participant': line.participant, 'point': line.point, 'tariff': line.tariff, 'component': line.what['name'], 'side': line.side,
                      'from': line.start, 'to': line.stop, 'place': line.what['place'], 'tier': line.tier, 'base': '', 'quantity': Fraction(rounded(line.quantity * 10 ** 12), 10 ** 12),
                      'unit': UNITS[line.what['of']], 'price': line.price(), 'money': line.money(run.grid), 'gross': line.version['gross'],
                      'vat': line.vat, 'qualities': frozenset(line.qualities), 'version': line.version})
    for tariff, versions in run.grid.tariffs.items():
        for _, version in versions:
            for what in version['components']:
                if what['of'] == 'percent':
                    lines += [percent(run, what, base) for base in lines
                              if base['tariff'] == tariff and base['version'] is version and base['component'] in what['on']]
    return lines


def percent(run, what, base):
    money = None if base['money'] is None else rounded(base['money'] * Fraction(what['price']) / 100)
    return {**base, 'component': what['name'], 'place': what['place'], 'side': what.get('pay') or base['side'], 'unit': '%',
            'base': base['component'] + (' of ' + base['base'] if base['base'] else ''), 'quantity': Fraction(base['money'] or 0, run.grid.money_unit),
            'price': Fraction(what['price']), 'money': money, 'vat': what['vat'] or base['vat']}


KEY = ('participant', 'point', 'tariff', 'component', 'side', 'from', 'to', 'tier', 'base')


def line_key(line):
    return tuple(line[name] for name in KEY) + (line['gross'], json.dumps(line['vat'], default=str, sort_keys=True))


def difference(run, lines, earlier):
    """What lines are more than those of earlier runs."""
    rest = {}
    for old in earlier:
        was = rest.get(line_key(old), {'quantity': 0, 'money': 0})
        rest[line_key(old)] = {**old, 'quantity': was['quantity'] - old['quantity'], 'money': was['money'] - old['money']}
    for line in lines:
        was = rest.get(line_key(line), {'quantity': 0, 'money': 0})
        rest[line_key(line)] = {**line, 'quantity': line['quantity'] + was['quantity'],
                                'money': None if line['money'] is None else line['money'] + was['money']}
    found = []
    for line in rest.values():
        if line['quantity'] != 0 or line['money'] != 0:
            unit = Fraction(run.grid.money_unit) / (100 if line['unit'] == '%' else 1)
            if line['price'] is not None and (line['money'] is None or rounded(line['quantity'] * line['price'] * unit) != line['money']):
                line['price'] = None
            found.append(line)
    return found


def problems(run, accept):
    grid, rows = run.grid, []
    for name in grid.points:
        point, found = grid.points[name], {}
        for slot in run.own[name]:
            if slot.start < run.start:
                continue
            held = [tariff for tariff in grid.tariffs if assignment_at(grid, tariff, name, slot.owner, slot.start)]
            very = [tariff for tariff in grid.tariffs if fact_at(grid.assigned.get((tariff, 'point', name), []), slot.start) not in (None, 'exempt')]
            kinds = {'missing': slot.quality == 'missing', 'quality': slot.quality != 'missing' and slot.quality not in accept,
                     'no_tariff': slot.owner and point['kind'] != 'exchange' and not is_loss(grid, name) and not held, 'no_owner': not slot.owner and very}
            for kind, bad in kinds.items():
                if bad and kind not in accept:
                    count, first = found.get((kind, slot.owner or ''), (0, slot.start))
                    found[kind, slot.owner or ''] = (count + 1, first)
        rows += ['%s|%s|%s||%d|%d' % (kind, name, owner, *counts) for (kind, owner), counts in found.items()]
    rows += ['unpriced|%s|%s|%s|%d|%d' % (*key, *counts) for key, counts in run.unpriced.items()]
    return sorted(rows)


def settle(grid, start, stop):
    run = Run(grid, start, stop)
    for tariff, versions in grid.tariffs.items():
        names = sorted({what['name'] for _, version in versions for what in version['components']})
        settle_energy(run, tariff)
        for name in names:
            whats = [named(version, name) for _, version in versions]
            if any(what and what['of'] in ENERGY and what['tiers'] for what in whats):
                settle_tiers(run, tariff, name)
            if any(what and what['of'] == 'demand' for what in whats):
                settle_demand(run, tariff, name)
        settle_fixed(run, tariff)
    drop_empty_tiers(run)
    return run, finished(run)


def text_of(line):
    vat = {'rate': 0, **line['vat']} if line['vat'] else {}
    return '|'.join([line['participant'], line['side'], line['point'], str(line['from']), str(line['to']), line['tariff'], line['component'],
                     str(line['tier']), line['base'], shown(line['quantity']), line['unit'], shown(line['price']),
                     '' if line['money'] is None else str(line['money']), 'gross' if line['gross'] else 'net', vat.get('category', ''),
                     shown(vat.get('rate')), ','.join(quality for quality in QUALITIES if quality in line['qualities'])])


def in_order(lines):
    def key(line):
        return (line['participant'].encode(), line['side'], line['point'] == '', line['point'].encode(), line['from'], line['tariff'].encode(),
                line['place'], line['tier'], line['to'], line['base'])
    return [text_of(line) for line in sorted(lines, key=key)]


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        story = json.load(file, parse_float=Fraction)
    grid = Grid(story)
    for call, args in story['steps']:
        if call != 'run':
            record(grid, call, args)
            continue
        run, lines = settle(grid, args['from'], args['to'])
        runs = grid.finals.setdefault((args['from'], args['to']), [])
        result = difference(run, lines, [line for made in runs for line in made]) if runs else lines
        if args.get('final'):
            runs.append(result)
        sums = []
        for side in ('charge', 'credit'):
            money = [line['money'] for line in result if line['side'] == side]
            sums.append(None if None in money else sum(money))
        print(json.dumps({'lines': in_order(result), 'problems': problems(run, args['accept']), 'charges': sums[0], 'credits': sums[1],
                          'fresh': in_order(lines), 'final': bool(args.get('final')), 'period': args['from']}))


if __name__ == '__main__':
    main()
