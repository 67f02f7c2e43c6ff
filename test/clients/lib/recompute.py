"""Accounts, loads and totals from the rows of sg_ledger: plain sums, entry by entry, in Python's integers."""
import re
from collections import defaultdict
from datetime import datetime, timedelta, timezone

NULL = '\\N'
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# What an entry does to the load of its grid.
LOAD = {'production': 1, 'discharge': 1, 'release': 1, 'consumption': -1, 'charge': -1, 'hold': -1}


def instant(text):
    """A timestamptz as psql shows it in UTC, as microseconds since 1970; None stays None."""
    if text is None:
        return None
    seconds, _, fraction = text[:-3].partition('.')
    if not re.fullmatch(r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00', text):
        raise ValueError(text)
    at = datetime.strptime(seconds, '%Y-%m-%d %H:%M:%S').replace(tzinfo=timezone.utc)
    return (at - EPOCH) // timedelta(microseconds=1) + int(fraction.ljust(6, '0') or 0)


def moment(at):
    """The reverse."""
    if at is None:
        return NULL
    text = (EPOCH + timedelta(microseconds=at)).strftime('%Y-%m-%d %H:%M:%S.%f')
    return text.rstrip('0').rstrip('.') + '+00'


def scaled(units, scale):
    """Units of 10^-scale as a decimal number, exactly."""
    if scale == 0:
        return str(units)
    whole, rest = divmod(abs(units), 10 ** scale)
    return '%s%d.%0*d' % ('-' if units < 0 else '', whole, scale, rest)


class Entry:
    def __init__(self, row):
        self.id = int(row['entry_id'])
        self.grid, self.kind, self.participant, self.counterparty = (
            row[k] for k in ('grid', 'kind', 'participant', 'counterparty'))
        self.at_text, self.at = row['at'], instant(row['at'])
        self.energy, self.price, self.money = (int(row[k]) for k in ('energy', 'price', 'money'))
        self.trade = row['trade_id']
        self.load = LOAD.get(self.kind, 0) * self.energy


class Account:
    """What one participant has, after the entries that were posted."""

    def __init__(self):
        self.produced = self.unsold = self.earnings = self.consumed = self.balance = self.stored = 0
        self.latest = defaultdict(int)

    def post(self, e, principal):
        """Adds an entry as far as it is this participant's; what it did to its energy and money: in above 0."""
        energy = money = 0
        if e.participant == principal:
            self.latest[e.kind] = e.energy
            if e.kind == 'production':
                self.produced += e.energy
                self.unsold += e.energy
                energy = e.energy
            elif e.kind in ('hold', 'release'):
                energy = -e.energy if e.kind == 'hold' else e.energy
                self.unsold += energy
            elif e.kind == 'trade':
                money = e.money
                self.earnings += money
            elif e.kind == 'withdrawal':
                money = -e.money
                self.earnings += money
            elif e.kind == 'topup':
                money = e.money
                self.balance += money
            elif e.kind == 'consumption':
                energy, money = -e.energy, -e.money
                self.consumed += e.energy
                self.balance += money
            elif e.kind in ('charge', 'discharge'):
                energy = -e.energy if e.kind == 'charge' else e.energy
                self.stored -= energy
        elif e.kind == 'trade':
            energy, money = -e.energy, -e.money
            self.consumed += e.energy
            self.balance += money
        return energy, money


class Ledger:
    def __init__(self, rows):
        self.entries = [Entry(row) for row in rows]
        self.by_grid = defaultdict(list)
        self.accounts = defaultdict(Account)
        for e in self.entries:
            self.by_grid[e.grid].append(e)
            for name in {e.participant, e.counterparty} - {NULL}:
                self.accounts[e.grid, name].post(e, name)

    @staticmethod
    def new_account():
        return Account()

    def of(self, grid):
        return self.by_grid[grid]

    def account(self, grid, principal):
        return self.accounts[grid, principal]

    def load(self, grid):
        return sum(e.load for e in self.of(grid))

    def revenue(self, grid):
        return sum(e.money for e in self.of(grid) if e.kind == 'consumption')

    @staticmethod
    def cost(amount, price, scale):
        """amount * price / 10^scale, rounded half away from zero."""
        return (2 * amount * price + 10 ** scale) // (2 * 10 ** scale)

    def trades(self):
        """Each trade's entries by kind."""
        trades = defaultdict(dict)
        for e in self.entries:
            if e.trade != NULL:
                trades[e.trade][e.kind] = e
        return trades.values()

    @staticmethod
    def totals(entries):
        """The totals of a block, over all entries up to it."""
        energy, money = defaultdict(int), defaultdict(int)
        for e in entries:
            energy[e.kind] += e.energy
            money[e.kind] += e.money
        return {
            'load': sum(e.load for e in entries),
            'held': energy['hold'] - energy['trade'] - energy['release'],
            'balances': money['topup'] - money['consumption'] - money['trade'],
            'earnings': money['trade'] - money['withdrawal'],
            'revenue': money['consumption'],
            'stored': energy['charge'] - energy['discharge'],
            'produced': energy['production'], 'consumed': energy['consumption'], 'charged': energy['charge'],
            'discharged': energy['discharge'], 'traded': energy['trade'],
            'topups': money['topup'], 'withdrawals': money['withdrawal'],
        }

    def period(self, grid, inside):
        """Sums over the entries inside of a period, and the highest load after one of them, in the order of ids."""
        load, peaks, sums = 0, [0], defaultdict(int)
        for e in self.of(grid):
            load += e.load
            if inside(e):
                peaks.append(load)
                sums[e.kind] += e.energy
        return {'produced': sums['production'], 'consumed': sums['consumption'], 'traded': sums['trade'], 'peak_load': max(peaks)}
