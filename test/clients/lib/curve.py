"""Time series and key figures from the entries of a ledger: plain sums over every bucket."""
from bisect import bisect_left
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from recompute import EPOCH, NULL, moment, scaled

QUARTER = 15 * 60 * 1000000
TYPES = ('solar', 'wind', 'hydro', 'nuclear', 'geothermal', 'biomass', 'natural-gas')
PAYMENTS = ('topup', 'withdrawal', 'payout', 'refund', 'batch', 'run', 'bill', 'credit', 'payment', 'payment_out', 'dues')


def rounded(value, decimals):
    """A fraction as PostgreSQL's round() shows it: half away from zero."""
    if value is None:
        return NULL
    units = (2 * abs(value) * 10 ** decimals + 1) // 2
    return scaled(int(units) if value >= 0 else -int(units), decimals)


def micros(at):
    return (at - EPOCH) // timedelta(microseconds=1)


def midnight(day, zone):
    return micros(datetime(day.year, day.month, day.day, tzinfo=zone))


def local_day(at, zone):
    return (EPOCH + timedelta(microseconds=at)).astimezone(zone).date()


def buckets(start, end, size, zone_name):
    """The buckets of a period, cut at its ends: size is ('minutes', n), ('days', 1), ('weeks', 1), ('months', n)."""
    zone = ZoneInfo(zone_name)
    unit, n = size
    day = local_day(start, zone)
    borders = []
    if unit == 'months':
        month = day.year * 12 + day.month - 1
        month -= month % n
        while True:
            borders.append(midnight(datetime(month // 12, month % 12 + 1, 1), zone))
            if borders[-1] >= end:
                break
            month += n
    elif unit == 'weeks':
        day -= timedelta(days=day.weekday())
        while not borders or borders[-1] < end:
            borders.append(midnight(day, zone))
            day += timedelta(days=7)
    else:
        while True:
            first, last = midnight(day, zone), midnight(day + timedelta(days=1), zone)
            borders.extend(range(first, last, n * 60 * 1000000) if unit == 'minutes' else [first])
            day += timedelta(days=1)
            if last >= end:
                borders.append(last)
                break
    found = [(max(a, start), min(b, end)) for a, b in zip(borders, borders[1:]) if b > start and a < end]
    return found


class Sums:
    def __init__(self):
        self.energy, self.by_type = defaultdict(int), defaultdict(int)
        self.value = self.revenue = self.count = self.entries = 0
        self.prices = set()

    def add(self, e, types):
        self.entries += 1
        self.count += e.base not in PAYMENTS
        energy = e.sign * e.energy
        self.energy[e.base] += energy
        if e.base == 'production':
            self.by_type[types[e.grid, e.participant]] += energy
        elif e.base == 'trade' and e.original:
            self.energy['release'] += e.energy
        elif e.base == 'consumption':
            self.value += energy * e.price
            self.revenue += e.sign * e.money
            self.prices.add(e.price)

    @property
    def low(self):
        """Of all consumption, taken back or not, if anything is left of it."""
        return min(self.prices) if self.energy['consumption'] else None

    @property
    def high(self):
        return max(self.prices) if self.energy['consumption'] else None

    @property
    def demand(self):
        return self.energy['consumption'] + self.energy['trade']

    @property
    def matched(self):
        supply = self.energy['production'] + self.energy['discharge'] - self.energy['charge']
        return max(0, min(self.demand, supply))

    def price(self):
        return Fraction(self.value, self.energy['consumption']) if self.energy['consumption'] else None

    def row(self):
        """The columns of sg_load_curve that are energy or money units."""
        row = {'produced': self.energy['production'], 'consumed': self.energy['consumption'], 'charged': self.energy['charge'],
               'discharged': self.energy['discharge'], 'traded': self.energy['trade'], 'demand': self.demand}
        row.update((name.replace('-', '_'), self.by_type[name]) for name in TYPES)
        return row


class Series:
    """A grid's entries as somebody sees them, in the order of their times; capacities are (instant, change)."""

    def __init__(self, entries, types, capacities, full):
        self.types, self.full = types, full
        self.in_order = list(entries)
        self.entries = sorted(self.in_order, key=lambda e: e.at)
        self.times = [e.at for e in self.entries]
        self.loads = [0]
        for e in self.entries:
            self.loads.append(self.loads[-1] + e.load)
        self.capacities = sorted(capacities)

    def sums(self, start, end):
        sums = Sums()
        for e in self.entries[bisect_left(self.times, start):bisect_left(self.times, end)]:
            sums.add(e, self.types)
        return sums

    def load_before(self, at):
        return self.loads[bisect_left(self.times, at)]

    def at_end(self, end, utilization):
        """Load and utilization at the end of a bucket."""
        if not self.full:
            return {'load': NULL, 'utilization': NULL}
        load = self.load_before(end)
        known = [change for at, change in self.capacities if at < end]
        # a producer that registers within the same second as a bucket ends may be in or not
        unsure = any(abs(at - end) < 1000000 for at, _ in self.capacities)
        return {'load': load, 'utilization': (lambda shown: True) if unsure else utilization(load, sum(known)) if known else NULL}

    def to_come(self, start, sums):
        """Is it a time that has not begun, and nothing is known of?"""
        return start > micros(datetime.now(timezone.utc)) and not sums.entries

    def curve(self, start, end, size, zone, utilization):
        """What sg_load_curve(grid, [start, end), size, zone) returns."""
        for a, b in buckets(start, end, size, zone):
            sums = self.sums(a, b)
            row = dict(sums.row(), price_avg=rounded(sums.price(), 4),
                       price_low=NULL if sums.low is None else sums.low, price_high=NULL if sums.high is None else sums.high,
                       revenue=sums.revenue, **self.at_end(b, utilization))
            if self.to_come(a, sums):
                row = dict.fromkeys(row, NULL)
            yield dict(row, bucket_start=moment(a), bucket_end=moment(b))

    def quarters(self, start, end):
        """The sums of each quarter-hour in which something happened in a period, by its start."""
        quarters = defaultdict(Sums)
        for e in self.entries[bisect_left(self.times, start):bisect_left(self.times, end)]:
            quarters[e.at - e.at % QUARTER].add(e, self.types)
        return quarters

    def kpis(self, start, end, e_scale, m_scale, currency, factors, storage_capacity):
        """What sg_kpis([start, end)) returns: kpi, value, unit, at."""
        sums, quarters = self.sums(start, end), self.quarters(start, end)
        produced, demand, discharged = sums.energy['production'], sums.demand, sums.energy['discharge']
        matched = sum(q.matched for q in quarters.values())
        kwh, power = 10 ** e_scale, max(3, e_scale)

        def percent(part, whole, decimals=2):
            return rounded(Fraction(100 * part, whole), decimals) if whole else NULL

        load, loads = 0, []
        for e in self.in_order:     # as they were written
            load += e.load
            if start <= e.at < end and not e.first_of_correction:
                loads.append((load, e.at))
        peak_load = max([l for l, _ in loads], default=None) if self.full else None
        peak = max([q.demand for q in quarters.values()], default=0)
        average = Fraction(demand * 3600 * 1000000, kwh * (end - start))

        def one_of(times):
            texts = {moment(t) for t in times} or {NULL}
            return lambda shown: shown in texts

        to_come = self.to_come(start, sums)

        def row(kpi, value, unit, at=NULL):
            return {'kpi': kpi, 'value': NULL if to_come else value, 'unit': unit, 'at': at}
        price = sums.price()
        peak_row = row('peak_demand', rounded(Fraction(4 * peak, kwh), power), 'kW',
                       one_of([t for t, q in quarters.items() if q.demand == peak] if peak else []))
        return [
            row('produced', scaled(produced, e_scale), 'kWh'),
            row('consumed', scaled(sums.energy['consumption'], e_scale), 'kWh'),
            row('traded', scaled(sums.energy['trade'], e_scale), 'kWh'),
            row('demand', scaled(demand, e_scale), 'kWh'),
            row('self_consumption', percent(matched, produced), '%'),
            row('self_sufficiency', percent(matched, demand), '%'),
            row('renewable_share', percent(sum(v for t, v in sums.by_type.items() if factors[t][0]), produced), '%'),
            row('co2_intensity', rounded(Fraction(sum(v * factors[t][1] for t, v in sums.by_type.items())) / produced, 2)
                if produced else NULL, 'g/kWh'),
            row('peak_load', NULL if peak_load is None else scaled(peak_load, e_scale), 'kWh',
                one_of([t for l, t in loads if l == peak_load])),
            peak_row,
            row('average_demand', rounded(average, power), 'kW'),
            row('load_factor', rounded(100 * average / Fraction(4 * peak, kwh), 2) if peak else NULL, '%'),
            row('price_avg', NULL if price is None else rounded(Fraction(rounded(price, 4)) / 10 ** m_scale, m_scale + 4), currency + '/kWh'),
            row('price_low', NULL if sums.low is None else scaled(sums.low, m_scale), currency + '/kWh'),
            row('price_high', NULL if sums.high is None else scaled(sums.high, m_scale), currency + '/kWh'),
            row('revenue', scaled(sums.revenue, m_scale), currency),
            row('storage_cycles', rounded(Fraction(discharged, storage_capacity), 4) if storage_capacity else NULL, 'cycles'),
            row('round_trip_efficiency', percent(discharged, sums.energy['charge']), '%'),
            row('delivery', percent(sums.energy['trade'], sums.energy['trade'] + sums.energy['release']), '%'),
        ]
