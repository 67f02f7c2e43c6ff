"""Accounts, loads and totals from the rows of sg_ledger: plain sums, entry by entry, in Python's integers."""
import re
from collections import defaultdict
from datetime import datetime, timedelta, timezone

NULL = '\\N'
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# What an entry does to the load of its grid. A reversal does the opposite of what it takes back; the energy of a trade
# that is taken back, which left the load when it was offered, is on the grid again.
LOAD = {'production': 1, 'discharge': 1, 'release': 1, 'consumption': -1, 'charge': -1, 'hold': -1, 'write_off': -1}
READINGS = ('production', 'consumption', 'charge', 'discharge')


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
    """A row of sg_ledger. `kind` is what it shows, `base` the kind that it books or, where `sign` is -1, takes back."""

    def __init__(self, row, by_id):
        self.id = int(row['entry_id'])
        self.grid, self.kind, self.participant, self.counterparty = (
            row[k] for k in ('grid', 'kind', 'participant', 'counterparty'))
        self.at_text, self.at = row['at'], instant(row['at'])
        self.booked_text, self.booked = row['booked_at'], instant(row['booked_at'])
        self.energy, self.price, self.money = (int(row[k]) for k in ('energy', 'price', 'money'))
        self.trade, self.about = row['trade_id'], row['about']
        self.original = by_id[int(self.about)] if self.kind == 'reversal' else None
        self.base, self.sign = (self.original.base, -1) if self.original else (self.kind, 1)
        self.stored_kind = ('reversal-' if self.original else '') + self.base
        self.load = self.sign * LOAD.get(self.base, 0) * self.energy
        if self.original and self.base == 'trade':
            self.load = self.energy
        # the two entries of a correction: what is taken back, then what is right
        self.first_of_correction = self.second_of_correction = False
        before = by_id.get(self.id - 1)
        if (before and before.original and not self.original and self.base in READINGS
                and (before.base, before.at, before.booked, before.participant) == (self.base, self.at, self.booked, self.participant)):
            self.second_of_correction = before.first_of_correction = True


class Account:
    """What one participant has, after the entries that were posted."""

    def __init__(self):
        self.produced = self.unsold = self.earnings = self.consumed = self.balance = self.stored = self.carry = self.owed = 0
        self.latest = defaultdict(int)

    def due(self, energy, price, unit):
        """What that much energy costs now, in whole money units; the rest is carried (evidence.md, Costs)."""
        return (energy * price + self.carry) // unit

    def post(self, e, principal):
        """Adds an entry as far as it is this participant's; what it did to its energy and money: in above 0."""
        energy = money = 0
        if e.participant == principal:
            if not e.original and not e.second_of_correction:
                self.latest[e.kind] = e.energy
            if e.base == 'production':
                energy = e.sign * e.energy
                self.produced += energy
                self.unsold += energy
            elif e.base in ('hold', 'release'):
                energy = -e.energy if e.base == 'hold' else e.energy
                self.unsold += energy
            elif e.base == 'trade':
                money = e.sign * e.money
                self.earnings += money
                if e.original:
                    energy = e.energy
                    self.unsold += energy
            elif e.base in ('withdrawal', 'payout'):
                money = e.sign * (e.money if e.base == 'payout' else -e.money)
                self.earnings += money
            elif e.base in ('topup', 'refund'):
                money = e.sign * (e.money if e.base == 'topup' else -e.money)
                self.balance += money
            elif e.base == 'consumption':
                energy, money = -e.sign * e.energy, -e.sign * e.money
                self.consumed -= energy
                self.balance += money
            elif e.base in ('bill', 'payment_out', 'credit', 'payment'):
                money = e.money if e.base in ('credit', 'payment') else -e.money
                self.owed -= money
            elif e.base == 'dues':
                money = -e.money
                self.balance += money
                self.owed += money
            elif e.base in ('charge', 'discharge'):
                energy = e.sign * (-e.energy if e.base == 'charge' else e.energy)
                self.stored -= energy
        elif e.base == 'trade':
            energy, money = -e.sign * e.energy, -e.sign * e.money
            self.consumed -= energy
            self.balance += money
        return energy, money


class Ledger:
    """The rows of sg_ledger; `grids` has energy_scale and exact_after of each."""

    def __init__(self, rows, grids):
        self.by_id, self.wrong = {}, []
        for row in rows:
            e = Entry(row, self.by_id)
            self.by_id[e.id] = e
        self.entries = list(self.by_id.values())
        self.by_grid = defaultdict(list)
        self.accounts = defaultdict(Account)
        taken_back = set()
        for e in self.entries:
            self.by_grid[e.grid].append(e)
            self.pay(e, 10 ** int(grids[e.grid]['energy_scale']), int(grids[e.grid]['exact_after']))
            for name in {e.participant, e.counterparty} - {NULL}:
                self.accounts[e.grid, name].post(e, name)
            if e.original:
                self.check(e, 'its original', ('grid', 'participant', 'counterparty', 'at', 'energy', 'price'), e.original)
                if e.about in taken_back or e.original.original:
                    self.wrong.append('entry %d takes entry %s back, as another does' % (e.id, e.about))
                taken_back.add(e.about)
            elif e.base not in READINGS and e.at != e.booked:
                self.wrong.append('entry %d: a %s happens when it is booked' % (e.id, e.kind))
        for a, b in zip(self.entries, self.entries[1:]):
            if a.booked > b.booked:      # all of the data is of one session
                self.wrong.append('entry %d is booked before entry %d' % (b.id, a.id))

    def check(self, e, what, names, other):
        for name in names:
            if getattr(e, name) != getattr(other, name):
                self.wrong.append('entry %d: %s is %s, of %s %s' % (e.id, name, getattr(e, name), what, getattr(other, name)))

    def pay(self, e, unit, exact_after):
        """What consumption costs and what its reversal gives back, to the last unit; what is paid by itself otherwise."""
        a = self.accounts[e.grid, e.participant]
        expected = e.original.money if e.original else e.money
        if e.base == 'consumption' and (e.original or e).id > exact_after:
            expected = e.sign * a.due(e.sign * e.energy, e.price, unit)
            a.carry += e.sign * (e.energy * e.price - expected * unit)
        elif e.base in ('consumption', 'trade') and not e.original:
            expected = self.cost(e.energy, e.price, unit)
        if e.money != expected:
            self.wrong.append('entry %d: %d paid for %d at %d, not %d' % (e.id, e.money, e.energy, e.price, expected))

    @staticmethod
    def new_account():
        return Account()

    def of(self, grid):
        return self.by_grid[grid]

    def account(self, grid, principal):
        return self.accounts[grid, principal]

    def load(self, grid):
        return sum(e.load for e in self.of(grid))

    @staticmethod
    def cost(amount, price, unit):
        """amount * price / unit, rounded half away from zero: what a trade costs."""
        return (2 * amount * price + unit) // (2 * unit)

    def trades(self):
        """Each trade's entries by kind, a reversal among them."""
        trades = defaultdict(dict)
        for e in self.entries:
            if e.original and e.base == 'trade':
                trades[e.original.trade]['reversal'] = e
            elif e.trade != NULL:
                trades[e.trade][e.kind] = e
        return trades.values()

    @staticmethod
    def totals(entries):
        """The totals of a block, over all entries up to it (evidence.md, Totals); those of sg_check() besides."""
        energy, money, stored = defaultdict(int), defaultdict(int), defaultdict(lambda: [0, 0])
        for e in entries:
            energy[e.base] += e.sign * e.energy
            money[e.base] += e.sign * e.money
            stored[e.stored_kind][0] += e.energy
            stored[e.stored_kind][1] += e.money
        return {
            'load': sum(e.load for e in entries),
            'held': energy['hold'] - stored['trade'][0] - energy['release'],
            'balances': money['topup'] - money['consumption'] - money['trade'] - money['refund'] - money['dues'],
            'reserved': 0, 'due': money['bill'] - money['credit'] - money['payment'] + money['payment_out'] - money['dues'],
            'earnings': money['trade'] - money['withdrawal'] + money['payout'],
            'revenue': money['consumption'] - money['payout'],
            'stored': energy['charge'] - energy['discharge'],
            'produced': energy['production'], 'consumed': energy['consumption'], 'charged': energy['charge'],
            'discharged': energy['discharge'], 'traded': energy['trade'],
            'topups': money['topup'], 'withdrawals': money['withdrawal'],
        }, energy, money, stored

    def period(self, grid, inside):
        """Sums over the entries inside of a period, and the highest load after one of them, in the order of ids. Between
        the two entries of a correction there is nothing to be seen."""
        load, peaks, sums = 0, [0], defaultdict(int)
        for e in self.of(grid):
            load += e.load
            if inside(e):
                if not e.first_of_correction:
                    peaks.append(load)
                sums[e.base] += e.sign * e.energy
        return {'produced': sums['production'], 'consumed': sums['consumption'], 'traded': sums['trade'], 'peak_load': max(peaks)}
