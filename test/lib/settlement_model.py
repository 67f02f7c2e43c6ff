#!/usr/bin/env python3
"""Settlement of metered energy, a second time: what test/tap/032_settlement_model.pl holds the extension against.

    settlement_model.py STORY.json

A story is {"zone", "energy_scale", "money_scale", "steps"}; a step is a list: the name of a call of the extension and its named arguments,
or one of
    ["readings", {"rows": [[point, start, amount, quality], ...]}]   readings, which take the place of what was on record
    ["run", {"from", "to", "final"}]                                 a settlement of a period; a correction where a final one is on record
Times are seconds since 1970, what is decimal is exact. For each run a JSON line is written: {"lines": [...], "problems": [...], "charges",
"credits", "fresh": [...]}; lines are texts of one line each, fresh is what the period comes to as a whole (of a settlement: the same).

Slow and simple: it does slot by slot what the contract says, with exact fractions. Python 3.9 or newer, nothing else.
"""
import bisect
import json
import sys
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

LONGEST_STEP = 25 * 3600        # of a series
QUALITIES = ('measured', 'substituted', 'estimated', 'calculated', 'missing')
ENERGY = ('energy', 'covered', 'rest')
FIXED = ('point', 'participant')
UNITS = {'energy': 'kWh', 'covered': 'kWh', 'rest': 'kWh', 'demand': 'kW', 'point': 'piece', 'participant': 'piece', 'percent': '%'}


# ---- Numbers ----

def rounded(number):
    """To a whole number, halves away from zero."""
    if isinstance(number, int):
        return number
    whole = (abs(number) * 2 + 1) // 2
    return int(whole if number >= 0 else -whole)


def shown(number):
    """At most 12 decimals, without zeros at the end."""
    if number is None:
        return ''
    scaled = rounded(Fraction(number) * 10 ** 12)
    text = '%d.%012d' % divmod(abs(scaled), 10 ** 12)
    return ('-' if scaled < 0 else '') + text.rstrip('0').rstrip('.')


def largest_remainder(total, weights):
    """Parts of a total by weights: {name: weight} -> {name: part}."""
    whole = sum(weights.values())
    if whole == 0:
        return dict.fromkeys(weights, 0)
    exact = {name: Fraction(total) * weight / whole for name, weight in weights.items()}
    parts = {name: part.numerator // part.denominator for name, part in exact.items()}
    order = sorted(exact, key=lambda name: (parts[name] - exact[name], name.encode()))
    for name in order[:total - sum(parts.values())]:
        parts[name] += 1
    return parts


# ---- Facts with dates: lists of [from, fact], fact None where there is none ----

def fact_at(facts, time):
    place = bisect.bisect_right(facts, time, key=lambda entry: entry[0])
    return facts[place - 1][1] if place else None


def put_fact(facts, time, fact):
    facts[:] = sorted([entry for entry in facts if entry[0] != time] + [[time, fact]], key=lambda entry: entry[0])


def end_facts(facts, time):
    facts[:] = [entry for entry in facts if entry[0] < time] + [[time, None]]


# ---- Local time ----

class Clock:
    def __init__(self, zone):
        self.zone = ZoneInfo(zone)
        self.known = {}

    def midnight(self, day):
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())

    def local(self, time):
        """(day, minutes since 00:00 as the clock shows them)"""
        if time not in self.known:
            local = datetime.fromtimestamp(time, self.zone)
            self.known[time] = (local.date(), local.hour * 60 + local.minute)
        return self.known[time]

    def days(self, start, stop):
        """(day, first instant, instant after the last) of the local days that meet a period"""
        day = self.local(start)[0]
        while self.midnight(day) < stop:
            yield day, self.midnight(day), self.midnight(day + timedelta(days=1))
            day += timedelta(days=1)


def month_of(day):
    return day.replace(day=1)


def next_month(month):
    return (month + timedelta(days=32)).replace(day=1)


def months_before(month, count):
    months = []
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    return months


# ---- What is on record ----

class Grid:
    def __init__(self, story):
        self.clock = Clock(story['zone'])
        self.kwh = 10 ** story['energy_scale']
        self.money_unit = 10 ** story['money_scale']
        self.points = {}        # name -> {'kind', 'facts', 'shares'}
        self.readings = {}      # (point, start) -> (amount, quality)
        self.models = []
        self.tariffs = {}       # name -> versions
        self.assigned = {}      # (tariff, level, whom) -> facts: quantity, or 'exempt'
        self.series = {}        # name -> {start: (value, step)}
        self.series_starts = {}
        self.holidays = set()
        self.finals = {}        # (from, to) -> lines of its runs, a list for each


def component(given, place):
    """A component with what is not said filled in."""
    made = {'of': 'energy', 'classes': None, 'index': None, 'when': {}, 'tiers': None, 'tier_per': 'month', 'per': 'month', 'prorate': 'days',
            'days_of': 'month', 'demand': {}, 'over': 'point', 'on': [], 'vat': None, 'round': None, 'price_digits': None, 'price': None, **given}
    made['place'] = place
    if made['of'] == 'participant':
        made['over'] = 'participant'
    made.setdefault('kinds', ['consumption', 'production', 'storage'] if made['of'] in FIXED else ['consumption'])
    if made['of'] != 'percent':
        made.setdefault('pay', 'credit' if made['of'] in ENERGY and made['kinds'] == ['production'] else 'charge')
    return made


def record(grid, call, args):
    """One call of the extension."""
    if call == 'sg_set_point':
        point = grid.points.setdefault(args['point'], {'facts': [], 'shares': []})
        before = fact_at(point['facts'], args['valid_from'] - 1)
        fact = dict(before) if before else {'kind': point.get('kind'), 'owner': None, 'resolution': 15, 'class': None, 'role': None}
        fact.update({name: args[name] for name in ('kind', 'owner', 'resolution', 'class', 'role') if args.get(name) is not None})
        point['kind'] = fact['kind']
        put_fact(point['facts'], args['valid_from'], fact)
    elif call == 'sg_end_point':
        point = grid.points[args['point']]
        end_facts(point['facts'], args['valid_to'])
        end_facts(point['shares'], args['valid_to'])
        for (_, level, whom), facts in grid.assigned.items():
            if level == 'point' and whom == args['point']:
                end_facts(facts, args['valid_to'])
    elif call == 'sg_set_share':
        shares = grid.points[args['point']]['shares']
        fact = dict(fact_at(shares, args['valid_from'] - 1) or {'factor': 100, 'key': None, 'priority': 1})
        fact.update({name: args[name] for name in ('factor', 'key', 'priority') if args.get(name) is not None})
        put_fact(shares, args['valid_from'], fact)
    elif call == 'sg_set_allocation':
        put_fact(grid.models, args['valid_from'], args['model'])
    elif call == 'sg_set_tariff':
        version = {'from': args['valid_from'], 'gross': args.get('options', {}).get('gross', False),
                   'components': [component(given, place) for place, given in enumerate(args['components'])]}
        put_fact(grid.tariffs.setdefault(args['tariff'], []), args['valid_from'], version)
        if args.get('for_all'):
            put_fact(grid.assigned.setdefault((args['tariff'], 'grid', ''), []), args['valid_from'], 1)
    elif call == 'sg_assign_tariff':
        put_fact(assignments(grid, args), args['valid_from'], args.get('quantity', 1))
    elif call == 'sg_unassign_tariff':
        facts = assignments(grid, args)
        if fact_at(facts, args['valid_to']) in (None, 'exempt'):
            put_fact(facts, args['valid_to'], 'exempt')
        else:
            end_facts(facts, args['valid_to'])
    elif call == 'sg_post_series':
        values = grid.series.setdefault(args['series'], {})
        values.update((start, (Fraction(value), args['step'])) for start, value in zip(args['starts'], args['values']))
        grid.series_starts[args['series']] = sorted(values)
    elif call == 'sg_set_holidays':
        days = {date.fromisoformat(day) for day in args['days']}
        years = {day.year for day in days}
        grid.holidays = {day for day in grid.holidays if day.year not in years} | days
    elif call == 'readings':
        grid.readings.update(((point, start), (amount, quality)) for point, start, amount, quality in args['rows'])
    else:
        raise ValueError(call)


def assignments(grid, args):
    level = 'point' if args.get('point') else 'participant' if args.get('participant') else 'grid'
    return grid.assigned.setdefault((args['tariff'], level, args.get('point') or args.get('participant') or ''), [])


def assignment_at(grid, tariff, point, owner, time):
    """(level, quantity) of the tariff for a point at a time, or None."""
    for level, whom in (('point', point), ('participant', owner), ('grid', '')):
        fact = fact_at(grid.assigned.get((tariff, level, whom), []), time)
        if fact is not None:
            return None if fact == 'exempt' else (level, fact)
    return None


def value_at(grid, series, time):
    """(value, its start) of a series at a time, or None. Steps: seconds, or 'day'."""
    starts = grid.series_starts.get(series, [])
    for place in range(bisect.bisect_right(starts, time) - 1, -1, -1):
        start = starts[place]
        value, step = grid.series[series][start]
        if time - start > LONGEST_STEP:
            break
        stop = start + step if isinstance(step, int) else grid.clock.midnight(grid.clock.local(start)[0] + timedelta(days=1))
        if start <= time < stop:
            return value, start
    return None


# ---- Slots of points, and what of them is shared ----

class Slot:
    __slots__ = ('start', 'length', 'point', 'kind', 'owner', 'label', 'amount', 'quality', 'covered')

    def __init__(self, start, length, point, kind, fact, amount, quality):
        self.start, self.length, self.point, self.kind, self.amount, self.quality = start, length, point, kind, amount, quality
        self.owner, self.label, self.covered = fact['owner'], fact['class'], 0

    def copy(self):
        return Slot(self.start, self.length, self.point, self.kind, {'owner': self.owner, 'class': self.label}, self.amount, self.quality)


def own_slots(grid, name, start, stop):
    """The slots of a point that begin in a period of local days."""
    point, slots = grid.points[name], []
    for _, begin, end in grid.clock.days(start, stop):
        held = [fact_at(point['facts'], begin)] + [fact for time, fact in point['facts'] if begin < time < end]
        length = next((fact['resolution'] * 60 for fact in held if fact), None)
        for time in range(begin, end, length) if length else ():
            fact = fact_at(point['facts'], time)
            if fact:
                amount, quality = grid.readings.get((name, time), (0, 'missing'))
                slots.append(Slot(time, length, name, point['kind'], fact, amount, quality))
    return slots


def split(slot, length):
    """A slot in parts of a length."""
    if slot.length == length:
        return [slot.copy()]
    count, parts = slot.length // length, []
    for i in range(count):
        part = Slot(slot.start + i * length, length, slot.point, slot.kind, {'owner': slot.owner, 'class': slot.label},
                    rounded(Fraction(slot.amount * (i + 1), count)) - rounded(Fraction(slot.amount * i, count)), slot.quality)
        parts.append(part)
    return parts


def shared_slots(grid, own, start, stop):
    """{point: slots} of section 6, with what is covered, and the quality of the share."""
    shared = {name: [] for name in own}
    for _, begin, end in grid.clock.days(start, stop):
        day = {name: [slot for slot in slots if begin <= slot.start < end] for name, slots in own.items() if grid.points[name]['kind'] != 'exchange'}
        shortest = min((slot.length for slots in day.values() for slot in slots), default=0)
        meeting = {}
        for name, slots in day.items():
            for slot in slots:
                for part in split(slot, shortest):
                    shared[name].append(part)
                    meeting.setdefault(part.start, []).append(part)
        for time, parts in meeting.items():
            share_out(grid, time, parts)
    return shared


def share_out(grid, time, parts):
    share, need, give = {}, {}, {}
    by_name = {part.point: part for part in parts}
    for part in parts:
        share[part.point] = fact_at(grid.points[part.point]['shares'], time) or {'factor': 100, 'key': None, 'priority': 1}
        eligible = abs(part.amount) * Fraction(share[part.point]['factor']) // 100
        if part.kind == 'consumption' or part.kind == 'storage' and part.amount < 0:
            need[part.point] = eligible
        elif part.kind == 'production' or part.amount > 0:
            give[part.point] = eligible
    got = cover(fact_at(grid.models, time) or 'dynamic', share, need, sum(give.values()))
    got.update(largest_remainder(sum(got.values()), give))
    for name, covered in got.items():
        by_name[name].covered = covered
    missing = [part.point for part in parts if part.quality == 'missing']
    spoiling = [name for name in missing if share[name]['factor'] != 0]
    for part in parts:
        if part.quality != 'missing' and spoiling:
            part.quality = 'estimated'


def cover(model, share, need, produced):
    """What consumers get."""
    got = dict.fromkeys(need, 0)
    if model == 'none':
        return got
    if model in ('static', 'cascade'):
        keys = {name: Fraction(share[name]['key'] or 0) for name in need}
        entitled = largest_remainder(int(produced * sum(keys.values()) // 100), keys)
        got = {name: min(need[name], entitled[name]) for name in need}
    if model in ('dynamic', 'cascade'):
        for priority in sorted({share[name]['priority'] for name in need}):
            unmet = {name: need[name] - got[name] for name in need if share[name]['priority'] == priority}
            left = produced - sum(got.values())
            for name, part in largest_remainder(min(left, sum(unmet.values())), unmet).items():
                got[name] += part
    return got


# ---- What of a component applies, and its price ----

def applies(grid, what, time, with_months=True):
    when, (day, minute) = what['when'], grid.clock.local(time)
    holiday = day in grid.holidays
    mode = when.get('holidays', 'as_sunday')
    weekday = 7 if holiday and mode == 'as_sunday' else day.isoweekday()
    if with_months and 'months' in when and day.month not in when['months']:
        return False
    if 'days' in when and weekday not in when['days'] or mode == 'only' and not holiday:
        return False
    if 'times' in when and not any(within(minute, times) for times in when['times']):
        return False
    if 'marked' in when and grid.series.get(when['marked']):
        value = value_at(grid, when['marked'], time)
        return value is not None and value[0] != 0
    return True


def within(minute, times):
    start, stop = (int(text[:2]) * 60 + int(text[3:]) for text in times.split('-'))
    return start <= minute < stop if start < stop else minute >= start or minute < stop


def price_at(grid, what, time, base=None):
    """The price at a time, or None. base: that of a tier."""
    if 'marked' in what['when'] and not grid.series.get(what['when']['marked']):
        return None
    price = Fraction(base if base is not None else what['price'] or 0)
    index = what['index']
    if index:
        value = value_at(grid, index['series'], time)
        if value is None:
            return None
        price += value[0] * Fraction(index.get('factor', 1))
        price = min(price, Fraction(index['cap'])) if 'cap' in index else price
        price = max(price, Fraction(index['floor'])) if 'floor' in index else price
    return price


def counted(what, slot):
    """The units of a slot that a component counts."""
    if slot.kind == 'storage' and (slot.amount < 0) != (what['pay'] == 'charge'):
        return 0
    amount = abs(slot.amount) if slot.kind == 'storage' else slot.amount
    return {'energy': amount, 'demand': amount, 'covered': slot.covered, 'rest': amount - slot.covered}[what['of']]


def is_of(what, kind, label):
    return kind in what['kinds'] and (what['classes'] is None or label in what['classes'])


def version_at(grid, tariff, time):
    return fact_at(grid.tariffs[tariff], time)


def named(version, name):
    return next((what for what in version['components'] if what['name'] == name), None) if version else None


# ---- Stretches ----

def stretches(grid, tariff, point, start, stop, with_quantity, with_version=True):
    """[from, to, owner, level, quantity, version] of a point: as long as they are the same."""
    times = {start, stop}
    facts = grid.points[point]['facts']
    owners = {fact['owner'] for _, fact in facts if fact}
    lists = [facts, grid.tariffs[tariff], grid.assigned.get((tariff, 'grid', ''), []), grid.assigned.get((tariff, 'point', point), [])]
    lists += [grid.assigned.get((tariff, 'participant', owner), []) for owner in owners]
    times |= {time for entries in lists for time, _ in entries if start < time < stop}
    found, order = [], sorted(times)
    for begin, end in zip(order, order[1:]):
        fact = fact_at(facts, begin)
        assignment = fact and fact['owner'] and assignment_at(grid, tariff, point, fact['owner'], begin)
        if not assignment:
            continue
        version = version_at(grid, tariff, begin)
        made = [begin, end, fact['owner'], assignment[0], assignment[1] if with_quantity else None, version if with_version else None]
        if found and found[-1][1] == begin and found[-1][2:] == made[2:]:
            found[-1][1] = end
        else:
            found.append(made)
    return found


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


def settle_energy(run, tariff, names):
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
                run.problem(point, owner, what['name'], begin)


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
        for begin, end, owner, _, _, _ in stretches(grid, tariff, point, run.basis, horizon, False):
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
        rows = windows(run, what, sorted(run.grid.points), begin, end, lambda slot: slot.kind == 'consumption')
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
    picked = [slot for name in names for slot in run.own[name] if begin <= slot.start < end and chosen(slot) and applies(run.grid, what, slot.start, False)]
    longest = {}
    for slot in picked:
        day = run.grid.clock.local(slot.start)[0]
        longest[day] = max(longest.get(day, wanted), slot.length)
    for slot in picked:
        day = run.grid.clock.local(slot.start)[0]
        midnight, length = run.grid.clock.midnight(day), longest[day]
        start = midnight + (slot.start - midnight) // length * length
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
                     'no_tariff': slot.owner and point['kind'] != 'exchange' and not held, 'no_owner': not slot.owner and very}
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
        settle_energy(run, tariff, names)
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
                          'fresh': in_order(lines), 'final': bool(args.get('final'))}))


if __name__ == '__main__':
    main()
