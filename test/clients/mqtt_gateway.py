#!/usr/bin/env python3
"""A gateway to start from: takes what meters publish by MQTT, and posts it to a grid. Nothing is lost, nothing is doubled.

A meter publishes to meters/POINT, with QoS 1, its quarter-hours from a start on, in Wh, and numbers its messages:

    {"seq": 17, "start": "2026-06-01T10:00:00+02:00", "wh": [120, 135]}

The broker keeps a message until it is acknowledged (QoS 1, a session that stays), and it is acknowledged when the database has
committed it. So none is lost: whatever breaks, the message comes again. Of a message that comes again the database remembers the
answer (smartgrid.reference): so none is done twice, and one that comes late does not undo a correction that came after it.

What the grid refuses, and what is no such message, goes to refused/POINT, with why.

The database is that of PGHOST, PGDATABASE and so on, as a member of smartgrid_gateway; the grid has energy_scale 3, its units are Wh.
The broker has to queue enough (max_queued_messages), and to outlive its own restarts (persistence). Needs Python 3.9, psycopg 3,
paho-mqtt 1.6 or 2.
"""
import datetime
import json
import logging
import sys
import time

import paho.mqtt.client as mqtt
import psycopg

QUARTER = datetime.timedelta(minutes=15)
POST = 'SELECT ord, sqlstate, message FROM sg_post_intervals(%s::text[], %s::timestamptz[], %s::bigint[])'


class Grid:
    """The grid in the database, which may go away and come again."""

    def __init__(self):
        self.connection = None

    def post(self, reference, points, starts, amounts):
        """The rows that were refused: ord, sqlstate, message. Tries until the database has answered."""
        while True:
            try:
                if self.connection is None or self.connection.closed:
                    self.connection = psycopg.connect('', autocommit=True)
                with self.connection.transaction():     # the setting is that of this transaction alone
                    self.connection.execute("SELECT set_config('smartgrid.reference', %s, true)", [reference])
                    return self.connection.execute(POST, [points, starts, amounts]).fetchall()
            # No connection, or no longer; a deadlock, a lock, a restart. Perhaps it was committed: with its reference we may ask again.
            except psycopg.OperationalError as error:
                logging.warning('%s is posted again: %s', reference, error)
                time.sleep(0.5)


def on_connect(client, _userdata, _flags, _code):
    client.subscribe('meters/+', qos=1)


def on_message(client, grid, message):
    """Posts one message. It is acknowledged when this returns, and comes again if it does not."""
    point = message.topic.partition('/')[2]
    try:
        said = json.loads(message.payload)
        start = datetime.datetime.fromisoformat(said['start'])
        starts = [start + n * QUARTER for n in range(len(said['wh']))]
        refused = grid.post('%s/%d' % (point, said['seq']), [point] * len(starts), starts, said['wh'])
        refused = ['%s: %s %s' % (starts[ord - 1].isoformat(), state, why) for ord, state, why in refused]
    except (ValueError, TypeError, KeyError, psycopg.DataError) as error:
        refused = ['no message of a meter: %r' % error]
    except psycopg.Error as error:
        # A number that was given before to another message, or nothing that a batch could be of. Anything else is for people
        # (a right is missing, a grid): the gateway ends, and the messages wait.
        if error.sqlstate not in ('SG105', 'SG108'):
            raise
        refused = ['%s %s' % (error.sqlstate, error)]
    if refused:
        client.publish('refused/' + point, '\n'.join(refused), qos=1)


def main(host, port, name):
    """name: of the session at the broker, which stays while the gateway is away."""
    version = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, 'CallbackAPIVersion') else []
    client = mqtt.Client(*version, client_id=name, clean_session=False, userdata=Grid())
    client.on_connect = on_connect
    client.on_message = on_message
    client.reconnect_delay_set(1, 30)
    client.connect_async(host, port)
    client.loop_forever(retry_first_connection=True)


if __name__ == '__main__':
    logging.basicConfig(format='%(message)s')
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
