#!/usr/bin/env python3
"""Checks what smartgrid says about its ledger, without a database.

    check_ledger.py ledger LEDGER.csv BLOCKS.csv [--hash HEIGHT:HASH ...] [--costs SCALE:AFTER] [--batch NUMBER:LINES.csv ...]
    check_ledger.py proof PROOF.json HASH [EARLIER_HASH] [--batch NUMBER:LINES.csv]
    check_ledger.py selftest

"ledger" takes one grid's whole ledger and its blocks, as doc/evidence.md exports
them, and computes everything again: the entries' tree, the totals, the chain and
the history of each block, and the hashes that were published; with --costs what
every consumer has paid, from the grid's energy_scale and exact_after; with --batch
whether the lines of a batch of readings are those that its entry has the digest of.
"proof" takes the result of sg_prove_entry() and the published hash of the block,
or the result of sg_prove_blocks() and the published hashes of both blocks.

Written from doc/evidence.md alone. Python 3.6 or newer, nothing else.
Exit status: 0 it is good, 1 it is not, 2 the question makes no sense.
"""
import csv
import hashlib
import json
import re
import sys

KINDS = ('production', 'consumption', 'charge', 'discharge', 'hold', 'trade', 'release', 'topup', 'withdrawal',
         'payout', 'refund', 'write_off',
         'reversal-production', 'reversal-consumption', 'reversal-charge', 'reversal-discharge', 'reversal-topup',
         'reversal-withdrawal', 'reversal-payout', 'reversal-refund', 'reversal-write_off', 'reversal-trade', 'batch',
         'run', 'bill', 'credit', 'payment', 'payment_out', 'dues')
WITH_DIGEST = ('batch', 'run', 'bill', 'credit')
BLOCK_TOTALS = {
    'smartgrid-block-1': ('load', 'held', 'balances', 'earnings', 'revenue', 'stored', 'produced', 'consumed', 'charged',
                          'discharged', 'traded', 'topups', 'withdrawals'),
    'smartgrid-block-2': ('load', 'held', 'balances', 'reserved', 'earnings', 'revenue', 'stored', 'due', 'sums')}
BLOCK_BEGIN = ('format', 'grid_id', 'height', 'sealed_at', 'first_entry', 'last_entry', 'entries', 'entries_root')
BLOCK_END = ('previous', 'history', 'name')
NATURAL = '(?:0|[1-9][0-9]*)'
INTEGER = '(?:0|-?[1-9][0-9]*)'
ENTRY = re.compile(('%s,%s,%s,(?:%s)(?:,%s){6}(?:,booked_at=%s)?(?:,digest=[0-9a-f]{64})?' % (NATURAL, INTEGER, NATURAL, '|'.join(KINDS), NATURAL, INTEGER)).encode())
HASH = re.compile('[0-9a-f]{64}')
MAX_ENTRIES = 65536
LIMIT = 1 << 63


class Bad(Exception):
    """What was checked is not good."""


class Unusable(Exception):
    """What was given cannot be checked."""


# ---- RFC 6962 ----

def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(data):
    return sha256(b'\0' + data)


def node_hash(left, right):
    return sha256(b'\1' + left + right)


class Tree:
    """The tree hash of leaves that are added one by one."""

    def __init__(self):
        self.size = 0
        self.peaks = []     # the roots of the full subtrees, from left to right

    def add(self, leaf):
        self.peaks.append(leaf)
        size = self.size
        while size & 1:
            right = self.peaks.pop()
            self.peaks[-1] = node_hash(self.peaks[-1], right)
            size >>= 1
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256(b'')
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_from_path(leaf, index, size, path):
    """The root that an audit path leads to (RFC 9162 2.1.3.2), None where its length is wrong."""
    if index >= size:
        return None
    last, root = size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = node_hash(step, root)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            root = node_hash(root, step)
        index >>= 1
        last >>= 1
    return root if last == 0 else None


def is_consistent(first, second, first_root, second_root, path):
    """Whether the tree of `second` leaves begins with the tree of `first` (RFC 9162 2.1.4.2)."""
    if first > second:
        return False
    if first == 0:
        return not path and first_root == sha256(b'') and (second > 0 or second_root == first_root)
    if first == second:
        return not path and first_root == second_root
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    index, last = first - 1, second - 1
    while index & 1:
        index >>= 1
        last >>= 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        index >>= 1
        last >>= 1
    return last == 0 and old == first_root and new == second_root


# ---- the lines ----

class Block:
    """A block line, taken apart."""

    def __init__(self, line):
        totals = BLOCK_TOTALS.get(line.split(',', 1)[0], ())
        names = BLOCK_BEGIN + totals + BLOCK_END
        fields = line.split(',', len(names) - 1)
        if not totals or len(fields) != len(names):
            raise Unusable('this is no block line: %s' % show(line))
        self.totals = totals
        for name, value in zip(names[1:-1], fields[1:-1]):
            if name == 'sums':
                self.sums = parse_sums(value)
            elif name in ('entries_root', 'previous', 'history'):
                if not HASH.fullmatch(value):
                    raise Unusable('%s in a block line is no hash: %s' % (name, show(line)))
                setattr(self, name, bytes.fromhex(value))
            else:
                if not re.fullmatch(INTEGER if name in totals or name == 'sealed_at' else NATURAL, value):
                    raise Unusable('%s in a block line is no number: %s' % (name, show(line)))
                setattr(self, name, int(value))
                if name not in totals and name != 'sealed_at' and int(value) >= LIMIT:
                    raise Unusable('%s in a block line is too large: %s' % (name, show(line)))
        if not 1 <= self.entries <= MAX_ENTRIES:
            raise Unusable('a block cannot have %d entries: %s' % (self.entries, show(line)))
        self.name = fields[-1]
        self.line = line
        self.hash = sha256(line.encode('utf-8', 'surrogateescape'))


def show(text):
    return repr(text)[:200]


def parse_hash(text):
    if not isinstance(text, str) or not re.fullmatch('[0-9A-Fa-f]{64}', text):
        raise Unusable('this is no hash of 64 hexadecimal digits: %s' % show(text))
    return bytes.fromhex(text)


def parse_sums(text):
    """The sums by kind, as a block line has them: kind:energy:money;..., in the order of KINDS, none with nothing but 0."""
    sums = {}
    for part in text.split(';') if text else ():
        match = re.fullmatch('([a-z_-]+):(%s):(%s)' % (NATURAL, NATURAL), part)
        if not match or match.group(1) not in KINDS or max(int(match.group(2)), int(match.group(3))) >= 1 << 127:
            raise Unusable('this is no sum of a kind of entries: %s' % show(part))
        sums[match.group(1)] = (int(match.group(2)), int(match.group(3)))
    if text != write_sums(sums):
        raise Unusable('these are no sums by kind: %s' % show(text))
    return text


def write_sums(sums):
    return ';'.join('%s:%d:%d' % ((kind,) + sums[kind]) for kind in KINDS if sums.get(kind, (0, 0)) != (0, 0))


def parse_entry(line):
    if not ENTRY.fullmatch(line):
        raise Unusable('this is no entry line: %s' % show(line))
    fields = line.split(b',')
    if any(int(field) >= LIMIT for number, field in enumerate(fields[:10]) if number not in (1, 3)):
        raise Unusable('a number in an entry line is too large: %s' % show(line))
    if b'booked_at=' + fields[1] in fields[10:]:
        raise Unusable('booked_at is said where it is at: %s' % show(line))
    if fields[-1].startswith(b'digest=') != (fields[3].decode() in WITH_DIGEST):
        raise Unusable('this kind of entry has a digest, or none: %s' % show(line))
    return (int(fields[0]), int(fields[2]), fields[3].decode(), int(fields[6]), int(fields[8]),
            int(fields[4]), int(fields[7]), int(fields[9]))


class Batches:
    """The lines of batches of readings, by their numbers, and whether entries have the digests of them."""

    def __init__(self):
        self.digests, self.found = {}, set()

    def read(self, word):
        number, colon, path = word.partition(':')
        if not colon or not re.fullmatch(NATURAL, number) or int(number) in self.digests:
            raise Unusable('--batch wants NUMBER:LINES, once for each, not %s' % show(word))
        with open(path, 'rb') as file:
            data = file.read()
        if not data.endswith(b'\n'):
            raise Unusable('%s: the lines of a batch end with a line feed, the last one, too' % path)
        self.digests[int(number)] = (data.count(b'\n'), sha256(data).hex())

    def check(self, line, kind, about):
        """An entry, whatever it is."""
        if kind != 'batch' or about not in self.digests:
            return
        lines, digest = self.digests[about]
        said = line.decode().rpartition(',digest=')[2]
        if digest != said:
            raise Bad('batch %d: its lines have digest %s, its entry says %s' % (about, digest, said))
        self.found.add(about)

    def finish(self):
        for number, (lines, _) in sorted(self.digests.items()):
            if number not in self.found:
                raise Bad('batch %d has no entry' % number)
            print('good: batch %d is these %d lines' % (number, lines))


# ---- a whole ledger ----

class Sums:
    """Energy and money by kind since the beginning, and the totals that follow."""

    def __init__(self):
        self.energy = dict.fromkeys(KINDS, 0)
        self.money = dict.fromkeys(KINDS, 0)

    def add(self, kind, energy, money):
        self.energy[kind] += energy
        self.money[kind] += money

    def totals(self):
        e = {kind: self.energy[kind] - self.energy.get('reversal-' + kind, 0) for kind in KINDS}
        m = {kind: self.money[kind] - self.money.get('reversal-' + kind, 0) for kind in KINDS}
        return {
            'load': e['production'] + e['discharge'] + e['release'] - e['consumption'] - e['charge'] - e['hold'] - e['write_off']
                    + self.energy['reversal-trade'],
            'held': e['hold'] - self.energy['trade'] - e['release'],
            'balances': m['topup'] - m['consumption'] - m['trade'] - m['refund'] - m['dues'],
            'reserved': 0,
            'earnings': m['trade'] - m['withdrawal'] + m['payout'],
            'revenue': m['consumption'] - m['payout'],
            'stored': e['charge'] - e['discharge'],
            'due': m['bill'] - m['credit'] - m['payment'] + m['payment_out'] - m['dues'],
            'sums': write_sums({kind: (self.energy[kind], self.money[kind]) for kind in KINDS}),
            'produced': e['production'],
            'consumed': e['consumption'],
            'charged': e['charge'],
            'discharged': e['discharge'],
            'traded': e['trade'],
            'topups': m['topup'],
            'withdrawals': m['withdrawal'],
        }


def read_entries(path, grid_id, costs, batches):
    last = 0
    with open(path, 'rb') as file:
        for number, raw in enumerate(file, 1):
            line = raw.rstrip(b'\r\n')
            try:
                entry = parse_entry(line)
            except Unusable as problem:
                raise Unusable('%s, line %d: %s' % (path, number, problem))
            if grid_id is not None and entry[1] != grid_id:
                raise Bad('entry %d belongs to grid %d, the blocks to grid %d' % (entry[0], entry[1], grid_id))
            if entry[0] <= last:
                raise Bad('entry %d follows entry %d: the entries must be in order of entry_id, each once' % (entry[0], last))
            last = entry[0]
            batches.check(line, entry[2], entry[7])
            if costs:
                costs.add(entry[0], *entry[2:])
            yield (line,) + entry


def read_blocks(path):
    csv.field_size_limit(1 << 20)
    with open(path, encoding='utf-8', errors='surrogateescape', newline='') as file:
        for row in csv.reader(file):
            if len(row) != 3 or not re.fullmatch(NATURAL, row[0]):
                raise Unusable('%s: a row must be height, hash, line: %s' % (path, show(row)))
            yield int(row[0]), parse_hash(row[1]), Block(row[2])


def check_block(block, entries, sums):
    """One block against the entries that come next; returns how many there are."""
    where = 'block %d' % block.height
    tree, first, last = Tree(), None, None
    for line, entry_id, _, kind, energy, money, _, _, _ in entries:
        tree.add(leaf_hash(line))
        sums.add(kind, energy, money)
        first = entry_id if first is None else first
        last = entry_id
    if tree.size != block.entries:
        raise Bad('%s has %d entries, its line says %d' % (where, tree.size, block.entries))
    if (first, last) != (block.first_entry, block.last_entry):
        raise Bad('%s has entries %d to %d, its line says %d to %d' % (where, first, last, block.first_entry, block.last_entry))
    if tree.root() != block.entries_root:
        raise Bad('%s: its entries are not those that were sealed: their tree hash is %s, its line says %s'
                  % (where, tree.root().hex(), block.entries_root.hex()))
    totals = sums.totals()
    for name in block.totals:
        if totals[name] != getattr(block, name):
            raise Bad('%s: %s is %s by the entries, its line says %s' % (where, name, totals[name], getattr(block, name)))


class Costs:
    """What each consumer has not paid yet: below one money unit, after each entry."""

    def __init__(self, scale, after):
        self.unit, self.after, self.carry = 10 ** scale, after, {}

    def add(self, entry_id, kind, energy, money, participant, price, about):
        if kind == 'consumption' and entry_id > self.after:
            change = energy * price - money * self.unit
        elif kind == 'reversal-consumption' and about > self.after:
            change = money * self.unit - energy * price
        else:
            return
        carry = self.carry[participant] = self.carry.get(participant, 0) + change
        if not 0 <= carry < self.unit:
            raise Bad('entry %d: %d of money is not what %d of energy at %d costs' % (entry_id, money, energy, price))


def check_ledger(ledger, blocks, published, costs, batches):
    rows = list(read_blocks(blocks))
    grid_id = rows[0][2].grid_id if rows else None
    entries = read_entries(ledger, grid_id, costs, batches)
    waiting = next(entries, None)
    sums, history, previous, count = Sums(), Tree(), bytes(32), 0

    for expected, (height, claimed, block) in enumerate(rows):
        where = 'block %d' % expected
        if height != expected or block.height != expected:
            raise Bad('%s is missing, or not in its place: found height %d, in its line %d' % (where, height, block.height))
        if block.grid_id != grid_id:
            raise Bad('%s belongs to grid %d, block 0 to grid %d' % (where, block.grid_id, grid_id))
        if block.hash != claimed:
            raise Bad('%s: the hash of its line is %s, not %s' % (where, block.hash.hex(), claimed.hex()))
        if block.previous != previous:
            raise Bad('%s: the block before it has hash %s, its line says %s' % (where, previous.hex(), block.previous.hex()))
        if block.history != history.root():
            raise Bad('%s: the history before it has tree hash %s, its line says %s'
                      % (where, history.root().hex(), block.history.hex()))
        inside = []
        while waiting is not None and waiting[1] <= block.last_entry:
            inside.append(waiting)
            waiting = next(entries, None)
        check_block(block, inside, sums)
        if expected in published and published[expected] != block.hash:
            raise Bad('%s is not the published one: its hash is %s, published was %s'
                      % (where, block.hash.hex(), published[expected].hex()))
        history.add(leaf_hash(block.hash))
        previous, count = block.hash, count + len(inside)

    for height in sorted(published):
        if height >= len(rows):
            raise Bad('block %d was published, and is missing' % height)
    open_entries = 0
    while waiting is not None:
        open_entries += 1
        waiting = next(entries, None)
    print('good: %d blocks with %d entries, %d entries not sealed yet' % (len(rows), count, open_entries))
    if rows:
        print('last block: %d %s' % (len(rows) - 1, previous.hex()))
    batches.finish()
    if not published:
        print('compared with no published hash: only that can show that the past was rewritten as a whole')


# ---- proofs ----

def member(proof, name, kind):
    value = proof.get(name)
    if type(value) is not kind:
        raise Unusable('"%s" is missing from the proof, or of the wrong type' % name)
    return value


def path_of(proof, name):
    path = member(proof, name, list)
    for step in path:
        if not isinstance(step, str) or not HASH.fullmatch(step):
            raise Unusable('"%s" has something that is no hash: %s' % (name, show(step)))
    return [bytes.fromhex(step) for step in path]


def check_entry_proof(proof, published, batches=None):
    line = member(proof, 'entry', str).encode('utf-8', 'surrogateescape')
    entry_id, grid_id, kind, _, _, _, _, about = parse_entry(line)
    block = Block(member(proof, 'block', str))
    index, size, path = member(proof, 'index', int), member(proof, 'entries', int), path_of(proof, 'path')
    if block.hash != published:
        raise Bad('the block has hash %s, published was %s' % (block.hash.hex(), published.hex()))
    if size != block.entries:
        raise Bad('the proof is for %d entries, the block has %d' % (size, block.entries))
    if grid_id != block.grid_id:
        raise Bad('the entry belongs to grid %d, the block to grid %d' % (grid_id, block.grid_id))
    if not block.first_entry <= entry_id <= block.last_entry:
        raise Bad('entry %d is not between %d and %d' % (entry_id, block.first_entry, block.last_entry))
    if index < 0 or root_from_path(leaf_hash(line), index, size, path) != block.entries_root:
        raise Bad('the path does not lead from the entry to the root of the block')
    print('good: entry %d is the one with index %d in block %d of grid "%s"' % (entry_id, index, block.height, block.name))
    if batches:
        batches.check(line, kind, about)
        batches.finish()


def check_blocks_proof(proof, published, earlier):
    if earlier is None:
        raise Unusable('a proof between two blocks needs the published hash of the earlier one, too')
    old, new = Block(member(proof, 'from', str)), Block(member(proof, 'to', str))
    inclusion, consistency = path_of(proof, 'inclusion'), path_of(proof, 'consistency')
    for block, hash in (new, published), (old, earlier):
        if block.hash != hash:
            raise Bad('block %d has hash %s, published was %s' % (block.height, block.hash.hex(), hash.hex()))
    if old.grid_id != new.grid_id:
        raise Bad('the blocks belong to grids %d and %d' % (old.grid_id, new.grid_id))
    if old.height > new.height:
        raise Bad('block %d is not earlier than block %d' % (old.height, new.height))
    if old.height == new.height:
        if old.line != new.line or inclusion or consistency:
            raise Bad('two different blocks of one height')
    else:
        if root_from_path(leaf_hash(old.hash), old.height, new.height, inclusion) != new.history:
            raise Bad('block %d is not in the history of block %d' % (old.height, new.height))
        if not is_consistent(old.height, new.height, old.history, new.history, consistency):
            raise Bad('the history of block %d does not begin with that of block %d' % (new.height, old.height))
    print('good: the history of block %d of grid "%s" contains block %d and all before it' % (new.height, new.name, old.height))


def check_proof(path, published, earlier, batches):
    with open(path, 'rb') as file:
        try:
            proof = json.loads(file.read().decode('utf-8', 'surrogateescape'))
        except ValueError as problem:
            raise Unusable('%s is no JSON: %s' % (path, problem))
    kind = proof.get('type') if isinstance(proof, dict) else None
    if kind == 'smartgrid-entry-1':
        check_entry_proof(proof, published, batches)
    elif kind == 'smartgrid-blocks-1' and not batches.digests:
        check_blocks_proof(proof, published, earlier)
    else:
        raise Unusable('%s is no proof%s' % (path, ' of an entry' if batches.digests else ''))


# ---- the published test vectors of RFC 6962's reference implementation ----

LEAVES = ('', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f')
ROOTS = (
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328')
PATHS = (   # index, size, path
    (0, 1, ()),
    (0, 8, ('96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
            '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
            '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4')),
    (5, 8, ('bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
            'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
            'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7')),
    (2, 3, ('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',)),
    (1, 5, ('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
            '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
            'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b')))
CONSISTENT = (  # sizes, path
    (1, 1, ()),
    (1, 8, ('96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
            '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
            '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4')),
    (6, 8, ('0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
            'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
            'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7')),
    (2, 5, ('5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
            'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b')))


def selftest():
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    roots = [bytes.fromhex(root) for root in ROOTS]
    tree, wrong = Tree(), []
    for size in range(len(ROOTS)):
        if size > 0:
            tree.add(leaves[size - 1])
        if tree.root() != roots[size]:
            wrong.append('root of %d leaves' % size)
    for index, size, path in PATHS:
        path = [bytes.fromhex(step) for step in path]
        if root_from_path(leaves[index], index, size, path) != roots[size]:
            wrong.append('path of leaf %d of %d' % (index, size))
        for bad in (path + [leaves[0]], path[:-1] if path else [leaves[0]]):
            if root_from_path(leaves[index], index, size, bad) == roots[size]:
                wrong.append('bad path of leaf %d of %d' % (index, size))
    for first, second, path in CONSISTENT:
        path = [bytes.fromhex(step) for step in path]
        if not is_consistent(first, second, roots[first], roots[second], path):
            wrong.append('consistency of %d and %d' % (first, second))
        for bad in (path + [leaves[0]], path[:-1] if path else [leaves[0]], path[::-1] if len(path) > 1 else [leaves[0]]):
            if is_consistent(first, second, roots[first], roots[second], bad):
                wrong.append('bad consistency of %d and %d' % (first, second))
    if wrong:
        raise Bad('wrong: %s' % ', '.join(wrong))
    print('good: %d roots, %d paths, %d consistency proofs' % (len(ROOTS), len(PATHS), len(CONSISTENT)))


def main(words):
    if words[:1] == ['selftest'] and len(words) == 1:
        selftest()
    elif words[:1] == ['proof'] and len(words) >= 3:
        batches, hashes = Batches(), words[2:]
        if len(hashes) > 2 and hashes[-2] == '--batch':
            batches.read(hashes[-1])
            hashes = hashes[:-2]
        if len(hashes) > 2:
            raise Unusable(__doc__.strip())
        check_proof(words[1], parse_hash(hashes[0]), parse_hash(hashes[1]) if len(hashes) == 2 else None, batches)
    elif words[:1] == ['ledger'] and len(words) >= 3 and len(words) % 2 == 1 and set(words[3::2]) <= {'--hash', '--costs', '--batch'}:
        published, costs, batches = {}, None, Batches()
        for option, word in zip(words[3::2], words[4::2]):
            if option == '--batch':
                batches.read(word)
                continue
            if option == '--costs':
                if not re.fullmatch('%s:%s' % (NATURAL, NATURAL), word):
                    raise Unusable('--costs wants SCALE:AFTER, not %s' % show(word))
                costs = Costs(*map(int, word.split(':')))
                continue
            height, colon, digits = word.partition(':')
            if not colon or not re.fullmatch(NATURAL, height):
                raise Unusable('--hash wants HEIGHT:HASH, not %s' % show(word))
            if published.setdefault(int(height), parse_hash(digits)) != parse_hash(digits):
                raise Unusable('two different hashes for block %s' % height)
        check_ledger(words[1], words[2], published, costs, batches)
    else:
        raise Unusable(__doc__.strip())


if __name__ == '__main__':
    sys.stdout.reconfigure(errors='backslashreplace') if hasattr(sys.stdout, 'reconfigure') else None
    try:
        main(sys.argv[1:])
    except Bad as problem:
        print('NOT GOOD: %s' % problem)
        sys.exit(1)
    except (Unusable, OSError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
