#!/usr/bin/python3
"""The gateway of doc/metering.md: 200 meters publish a day by MQTT, and whatever is cut meanwhile, nothing is lost and nothing doubled.

needs-apt: mosquitto python3-paho-mqtt python3-psycopg
"""
import atexit
import collections
import datetime
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

import paho.mqtt.client as mqtt
import psycopg

HERE = os.path.dirname(os.path.abspath(__file__))
METERS, SLOTS = 200, 96
QUARTER = datetime.timedelta(minutes=15)
DAY = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
# What a proxy cuts, by what goes through: the answer to a COMMIT, the answer to a SELECT before it, an acknowledgement of MQTT.
COMMITTED, SELECTED, ACKNOWLEDGED = b'COMMIT\x00', b'SELECT 0\x00', b'\x40\x02'
wrong = []


def check(good, what):
    print(('ok: ' if good else 'WRONG: ') + what)
    if not good:
        wrong.append(what)


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as server:
        return server.getsockname()[1]


class Proxy:
    """Stands before a server. When it is armed, the next data with certain bytes in it is withheld, and the connection closed."""

    def __init__(self, port):
        self.target, self.armed, self.cuts = port, None, collections.Counter()
        self.server = socket.create_server(('127.0.0.1', 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client = self.server.accept()[0]
            try:
                server = socket.create_connection(('127.0.0.1', self.target))
            except OSError:
                client.close()
                continue
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self.forward, args=(one, other), daemon=True).start()

    def forward(self, one, other):
        try:
            while data := one.recv(65536):
                if self.armed and self.armed in data:
                    self.cuts[self.armed], self.armed = self.cuts[self.armed] + 1, None
                    break
                other.sendall(data)
        except OSError:
            pass
        for side in (one, other):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            side.close()

    def cut(self, what):
        """Waits until it has happened."""
        self.armed = what
        for _ in range(400):
            if self.armed is None:
                return
            time.sleep(0.05)
        sys.exit('nothing came that was to be cut: %r' % what)


def point(meter):
    return 'AT%03d' % meter


def messages():
    """What the meters say in a day: one to four quarter-hours a message, and now and then one that corrects an earlier one."""
    chance = random.Random(12)
    said, sent = {}, []
    for meter in range(METERS):
        seq, slot, own = 0, 0, []
        while slot < SLOTS:
            values = [chance.randrange(1500) for _ in range(min(chance.randrange(1, 5), SLOTS - slot))]
            own.append((seq, slot, values))
            if chance.random() < 0.1:
                seq += 1
                own.append((seq, slot, [value + 1 for value in values]))
            seq, slot = seq + 1, slot + len(values)
        for place, (seq, first, values) in enumerate(own):
            sent.append((first / SLOTS, meter, place, seq, first, values))
            for n, value in enumerate(values):
                said.setdefault((meter, first + n), []).append(value)
    return said, [one[1:2] + one[3:] for one in sorted(sent)]


def start_gateway(broker, database):
    environment = dict(os.environ, PGHOST='127.0.0.1', PGPORT=str(database), PGUSER='gateway')
    gateway = subprocess.Popen([sys.executable, os.path.join(HERE, 'mqtt_gateway.py'), '127.0.0.1', str(broker), 'gateway 1'], env=environment,
                            stderr=open(os.path.join(os.environ['RESULTS'], 'gateway.log'), 'a', encoding='utf-8'))
    atexit.register(gateway.kill)
    return gateway


def start_broker(port):
    # The queue holds all that comes while the gateway is away.
    with open('mosquitto.conf', 'w', encoding='utf-8') as conf:
        conf.write('listener %d 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n' % port)
    broker = subprocess.Popen(['/usr/sbin/mosquitto', '-c', 'mosquitto.conf'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    atexit.register(broker.kill)
    for _ in range(100):
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            return broker
        except OSError:
            time.sleep(0.05)
    sys.exit('no broker')


def connect(port, refused):
    version = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, 'CallbackAPIVersion') else []
    client = mqtt.Client(*version, client_id='meters')
    client.max_queued_messages_set(0)
    client.on_connect = lambda c, *_: c.subscribe('refused/+', qos=1)
    client.on_message = lambda _c, _u, message: refused.append((message.topic, message.payload.decode()))
    client.connect('127.0.0.1', port)
    client.loop_start()
    return client


def settled(operator, batches):
    """Waits for so many batches, and a bit for those that would be too many."""
    for _ in range(600):
        if operator.execute('SELECT count(*) FROM sg_batches').fetchone()[0] >= batches:
            break
        time.sleep(0.1)
    time.sleep(2)


operator = psycopg.connect('', autocommit=True)
operator.execute("SELECT sg_alter_grid('default', energy_scale => 3), sg_set_time_zone('Europe/Vienna')")
operator.execute("CREATE ROLE gateway LOGIN IN ROLE smartgrid_gateway PASSWORD '%s'" % os.environ['PGPASSWORD'])
operator.execute("CREATE TABLE meters AS SELECT 'AT' || to_char(n, 'FM000') AS point, 'member ' || n / 2 AS owner, "
                 "CASE n %% 4 WHEN 0 THEN 'production' ELSE 'consumption' END AS kind FROM generate_series(0, %d) AS n" % (METERS - 1))
check(operator.execute("SELECT count(*) FROM sg_set_points('meters')").fetchone() == (0,), '%d points' % METERS)

broker_port = free_port()
broker = start_broker(broker_port)
to_database, to_broker = Proxy(int(os.environ['PGPORT'])), Proxy(broker_port)
refused = []
meters = connect(broker_port, refused)
gateway = start_gateway(to_broker.port, to_database.port)
while not refused:      # its session at the broker, which gets all from then on, is there when the first answer is
    meters.publish('meters/nobody', 'hello', qos=1)
    time.sleep(0.2)
check(refused[0][0] == 'refused/nobody' and 'no message of a meter' in refused[0][1], 'the gateway is there')

said, sent = messages()


def publish(meter, seq, first, values):
    return meters.publish('meters/' + point(meter), json.dumps({'seq': seq, 'start': (DAY + first * QUARTER).isoformat(), 'wh': values}), qos=1)


def publish_all():
    for n, one in enumerate(sent):
        publish(*one)
        if n % 20 == 0:
            time.sleep(0.02)


publisher = threading.Thread(target=publish_all, daemon=True)
publisher.start()
for _ in range(3):
    to_database.cut(COMMITTED)      # done, and the gateway does not know
    to_broker.cut(ACKNOWLEDGED)     # done, and the broker does not know
    to_database.cut(SELECTED)       # not done
gateway.send_signal(signal.SIGKILL)
gateway.wait()
gateway = start_gateway(to_broker.port, to_database.port)
operator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gateway'")
to_database.cut(COMMITTED)
publisher.join()
settled(operator, len(sent) + 1)

# A message that comes late, after the one that corrected it; one whose number was that of another; a point that is none.
again = next(n for n, one in enumerate(sent) if one[0] == sent[n + 1][0] and one[2] == sent[n + 1][2])
publish(*sent[again])
publish(*sent[again][:3], [7])
meters.publish('meters/AT999', json.dumps({'seq': 0, 'start': DAY.isoformat(), 'wh': [1]}), qos=1)
settled(operator, len(sent) + 1)
gateway.terminate()
meters.loop_stop()
broker.terminate()

check(to_database.cuts == {COMMITTED: 4, SELECTED: 3} and to_broker.cuts == {ACKNOWLEDGED: 3}, '10 connections were cut')
check(all(any(text in payload for _, payload in refused) for text in ('SG101', 'SG105')), 'what was refused was said')
batches = operator.execute('SELECT count(*), sum(new), sum(unchanged + kept) FROM sg_batches WHERE new > 0').fetchone()
check(batches == (len(sent), sum(map(len, said.values())), 0), '%d messages are %s batches, %s values' % (len(sent), *batches[:2]))
check(operator.execute('SELECT sum(refused), sum(rows) FROM sg_batches WHERE new = 0').fetchone() == (1, 1), 'but for the one of no point')

period = '[%s, %s)' % (DAY.isoformat(), (DAY + SLOTS * QUARTER).isoformat())
series = {(row[0], row[1]): row[2:] for row in operator.execute(
    'SELECT p.point, s.start, s.amount, s.quality FROM sg_points AS p CROSS JOIN LATERAL sg_interval_series(p.point, %s) AS s', [period])}
check(series == {(point(meter), DAY + slot * QUARTER): (values[-1], 'measured') for (meter, slot), values in said.items()},
      '%d quarter-hours are what was said last' % len(series))
versions = {(row[0], row[1]): row[2] for row in operator.execute(
    'SELECT p.point, s.start, (SELECT array_agg(v.amount ORDER BY v.version) FROM sg_interval_versions(p.point, s.start) AS v) '
    'FROM sg_points AS p CROSS JOIN LATERAL sg_interval_series(p.point, %s) AS s', [period])}
check(versions == {(point(meter), DAY + slot * QUARTER): values for (meter, slot), values in said.items()},
      'and their versions all that was said, each once, in that order')
check(operator.execute('SELECT bool_and(ok) FROM sg_check()').fetchone() == (True,), 'the books are right')
sys.exit(1 if wrong else 0)
