#!/usr/bin/env python3
"""What doc/bi.md promises of every view: its key is one, its time is a timestamptz, no number is inexact, all is commented.

needs-apt: python3
setup: lib/community.sql
"""
import os
import re
import subprocess
import sys

ROW = re.compile(r'^\| `(sg_\w+)` \| [^|]+ \| ((?:`\w+`(?:, )?)+) \| (?:`(\w+)`)? *\|$')
EXACT = {'bigint', 'integer', 'numeric', 'numeric(38,0)', 'text', 'boolean', 'timestamp with time zone', 'tstzrange', 'date', 'interval',
         'text[]'}


def psql(sql, user='postgres'):
    return [line.split('|') for line in subprocess.run(
        ['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-U', user, '-c', sql], stdout=subprocess.PIPE, check=True,
        universal_newlines=True).stdout.splitlines()]


def error(sql, user):
    """The SQLSTATE that a statement fails with; empty where it does not."""
    return subprocess.run(['psql', '-XqAt', '-U', user, '-v', 'VERBOSITY=sqlstate'], input=sql, stderr=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, universal_newlines=True).stderr.strip().rpartition(' ')[2]


wrong = []
document = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'doc', 'bi.md')
with open(document, encoding='utf-8') as lines:
    text = lines.read()
promised = [found.groups() for found in map(ROW.match, text.splitlines()) if found]

columns = {}
for view, options, commented in psql(
        "SELECT c.relname, c.reloptions, obj_description(c.oid) <> '' FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid "
        "JOIN pg_extension AS e ON e.oid = d.refobjid WHERE d.classid = 'pg_class'::regclass AND c.relkind = 'v' "
        "AND e.extname = 'smartgrid' AND c.relname LIKE 'sg\\_%' AND c.relname <> 'sg_ledger_lines'"):
    columns[view] = {}
    if options != '{security_invoker=true}':
        wrong.append('%s is not security_invoker' % view)
    if commented != 't':
        wrong.append('%s has no comment' % view)
    for name, kind, said in psql("SELECT attname, format_type(atttypid, atttypmod), coalesce(col_description(attrelid, attnum), '') <> '' "
                                 "FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0" % view):
        columns[view][name] = kind
        if kind not in EXACT:
            wrong.append('%s.%s is %s' % (view, name, kind))
        if said != 't':
            wrong.append('%s.%s has no comment' % (view, name))

for view, key, time in promised:
    key = re.findall(r'\w+', key)
    if not columns.get(view):
        wrong.append('there is no view %s' % view)
        continue
    rows, keys = psql('SELECT count(*), count(DISTINCT (%s)) FILTER (WHERE %s) FROM %s' % (
        ', '.join(key), ' AND '.join('%s IS NOT NULL' % k for k in key), view))[0]
    if rows != keys or rows == '0':
        wrong.append('%s: %s rows, %s keys' % (view, rows, keys))
    kind = columns[view].get(time)
    if time and kind != 'timestamp with time zone':
        wrong.append('%s.%s is %s' % (view, time, kind))
    if time and psql('SELECT count(*) FROM %s WHERE %s IS NULL' % (view, time)) != [['0']]:
        wrong.append('%s.%s is NULL in a row' % (view, time))
for view in sorted(set(columns) - {view for view, _, _ in promised}):
    wrong.append('doc/bi.md does not say what the key of %s is' % view)

# The role of the document reads all that there is, and changes nothing.
for statement in re.findall(r'^smartgrid=# ((?:CREATE|ALTER) ROLE bi .*)$', text, re.M):
    psql(statement)
for view in columns:
    if psql('SELECT count(*) FROM ' + view, 'bi') != psql('SELECT count(*) FROM ' + view):
        wrong.append('bi does not see all of ' + view)
year = "'[2026-01-01 00:00Z, 2027-01-01 00:00Z)'"
for function in ("sg_load_curve('default', %s, '1 month')" % year, "sg_kpis(%s, 'hill')" % year, 'sg_check()', 'sg_get_grid_status()',
                 "sg_statement('ben', '(,)')"):
    if psql('SELECT * FROM ' + function, 'bi') != psql('SELECT * FROM ' + function):
        wrong.append('bi does not see all of ' + function)
for settings, state in (('', '25006'), ('SET default_transaction_read_only = off;', 'SG100')):
    if error(settings + 'SELECT sg_set_base_price(1);', 'bi') != state:
        wrong.append('bi: %s sg_set_base_price() is not %s' % (settings, state))
if error('SET default_transaction_read_only = off; DELETE FROM smartgrid.trade;', 'bi') != '42501':
    wrong.append('bi may delete trades')

# The panel of Grafana, its macros put in as it does.
panel = re.search(r'^  ```sql\n(.*?)^  ```$', text, re.M | re.S).group(1)
panel = panel.replace('$__timeFrom()', "'2026-03-28T23:00:00Z'").replace('$__timeTo()', "'2026-03-29T22:00:00Z'")
if len(psql(panel, 'bi')) != 92:
    wrong.append('the panel has %d quarter-hours' % len(psql(panel, 'bi')))

print('%d views, %d columns' % (len(promised), sum(map(len, columns.values()))))
for line in wrong:
    print('WRONG:', line)
sys.exit(1 if wrong or not promised else 0)
