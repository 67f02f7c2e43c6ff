"""What settlement_model.py settles: numbers, facts with dates, local time, what is on record, slots and how they are shared, prices.

Written from the contract alone.
"""
import bisect
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

LONGEST_STEP = 25 * 3600        # of a series
ENERGY = ('energy', 'covered', 'rest')
FIXED = ('point', 'participant')


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


def is_loss(grid, name):
    return any(fact and fact['role'] == 'loss' for _, fact in grid.points[name]['facts'])


def fill_losses(grid, own):
    """What loss points have: exchange + production + storage - consumption of the others, where it is above 0, or below."""
    for name, slots in own.items():
        if is_loss(grid, name) and slots:
            lengths = {slot.start: slot.length for slot in slots}
            balance, starts = dict.fromkeys(lengths, 0), sorted(lengths)
            for other, theirs in own.items():
                sign = -1 if grid.points[other]['kind'] == 'consumption' else 1
                for part in [part for slot in theirs for part in split(slot, min(slot.length, slots[0].length))] if not is_loss(grid, other) else []:
                    place = bisect.bisect_right(starts, part.start) - 1
                    if place >= 0 and part.start < starts[place] + lengths[starts[place]]:
                        balance[starts[place]] += sign * part.amount
            for slot in slots:
                slot.quality = 'calculated'
                slot.amount = max(balance[slot.start] if slot.kind == 'consumption' else -balance[slot.start], 0)


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
    shared = {name: own[name] if is_loss(grid, name) else [] for name in own}
    for _, begin, end in grid.clock.days(start, stop):
        day = {name: [slot for slot in slots if begin <= slot.start < end] for name, slots in own.items()
               if grid.points[name]['kind'] != 'exchange' and not is_loss(grid, name)}
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
    spoilt = any(part.quality == 'missing' and share[part.point]['factor'] != 0 for part in parts)
    for part in parts:
        if part.quality != 'missing' and spoilt:
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
