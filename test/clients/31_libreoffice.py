#!/usr/bin/python3
"""LibreOffice reads the views (its own PostgreSQL driver), fills a sheet, draws a chart, exports a PDF.

What came into the sheet is compared with what psql shows.

needs-apt: libreoffice-calc-nogui libreoffice-base-drivers libreoffice-sdbc-postgresql python3-uno tzdata poppler-utils
setup: lib/community.sql
"""
import csv
import os
import struct
import subprocess
import time
import zlib
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import uno
from com.sun.star.awt import Rectangle
from com.sun.star.beans import PropertyValue
from com.sun.star.chart.ChartLegendPosition import BOTTOM
from com.sun.star.connection import NoConnectException
from com.sun.star.drawing.FillStyle import NONE

scratch, results = os.environ['SCRATCH'], os.environ['RESULTS']
USER = 'audrey'


def by_psql(sql):
    """The rows as texts."""
    done = subprocess.run(['psql', '-Xqt', '--csv', '-U', USER, '-v', 'ON_ERROR_STOP=1'], input="SET TimeZone = 'UTC';" + sql,
                          stdout=subprocess.PIPE, check=True, universal_newlines=True)
    return list(csv.reader(done.stdout.splitlines()))


def start_office():
    """A LibreOffice without windows, and its context."""
    pipe = 'smartgrid%d' % os.getpid()
    office = subprocess.Popen(['soffice', '--headless', '--norestore', '--nologo', '--accept=pipe,name=%s;urp;' % pipe,
                               '-env:UserInstallation=file://%s/profile' % scratch])
    resolver = uno.getComponentContext().ServiceManager.createInstance('com.sun.star.bridge.UnoUrlResolver')
    for _ in range(240):
        try:
            return office, resolver.resolve('uno:pipe,name=%s;urp;StarOffice.ComponentContext' % pipe)
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit('LibreOffice does not answer')


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def rows_of(connection, sql, columns):
    found = connection.createStatement().executeQuery(sql)
    rows = []
    while found.next():
        rows.append([found.getString(i + 1) for i in range(columns)])
    return rows


def pixels(file):
    """Counts the colours of a PNG with 8 bits a channel."""
    with open(file, 'rb') as picture:
        data = picture.read()
    at, packed, width, height, channels = 8, b'', 0, 0, 0
    while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b'IHDR':
            width, height, bits, colour = struct.unpack('>IIBB', body[:10])
            channels = {2: 3, 6: 4}[colour]
            assert bits == 8
        elif kind == b'IDAT':
            packed += body
        at += 12 + length
    raw, stride = zlib.decompress(packed), width * channels
    colours, above = Counter(), bytearray(stride)
    for y in range(height):
        line = bytearray(raw[y * (stride + 1):(y + 1) * (stride + 1)])
        how, line = line[0], line[1:]
        for i in range(stride):
            left = line[i - channels] if i >= channels else 0
            up, corner = above[i], above[i - channels] if i >= channels else 0
            if how == 4:
                guess = left + up - corner
                line[i] = (line[i] + min((left, up, corner), key=lambda value: abs(guess - value))) & 255
            elif how:
                line[i] = (line[i] + (left, up, (left + up) // 2)[how - 1]) & 255
        colours.update(line[i:i + 3].hex() for i in range(0, stride, channels))
        above = line
    return colours


def local(hour):
    """An hour that psql shows in UTC, in Berlin."""
    return datetime.strptime(hour + '00', '%Y-%m-%d %H:%M:%S%z').astimezone(ZoneInfo('Europe/Berlin')).strftime('%H:%M')


office, context = start_office()
manager = context.ServiceManager
try:
    driver = manager.createInstanceWithContext('com.sun.star.sdbc.DriverManager', context)
    connection = driver.getConnectionWithInfo(
        'sdbc:postgresql:dbname=%s host=%s port=%s' % (os.environ['PGDATABASE'], os.environ['SG_TCP_HOST'], os.environ['PGPORT']),
        properties(user=USER, password=os.environ['PGPASSWORD']))
    connection.createStatement().execute("SET TimeZone = 'UTC'")

    # The views are there, with their comments.
    tables = connection.getMetaData().getTables(None, 'public', 'sg\\_%', ())
    remarks = {}
    while tables.next():
        remarks[tables.getString(3)] = tables.getString(5)
    assert 'sg_trades' in remarks and remarks['sg_trades'].startswith('trades'), remarks

    # As texts, everything is exact: bigint, numeric, timestamptz, NULL (which reads as an empty text).
    for sql, columns in (('SELECT principal, capacity, capacity_kwh, registered_at FROM sg_producers ORDER BY participant_id', 4),
                         ('SELECT trade_id, cost, cost_currency, created_at, completed_at FROM sg_trades ORDER BY trade_id', 5)):
        assert rows_of(connection, sql, columns) == by_psql(sql), sql

    # A sheet of the day, with a chart.
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib', 'day.sql'), encoding='utf-8') as file:
        sql = file.read()
    day = rows_of(connection, sql, 3)
    assert day == by_psql(sql) and len(day) > 50
    kinds = ['wind', 'solar', 'hydro', 'biomass', 'consumed']
    hours = sorted({hour for hour, _, _ in day})
    kwh = {(hour, kind): float(value) for hour, kind, value in day}
    assert len(hours) == 23
    desktop = manager.createInstanceWithContext('com.sun.star.frame.Desktop', context)
    document = desktop.loadComponentFromURL('private:factory/scalc', '_blank', 0, properties(Hidden=True))
    sheet = document.Sheets.getByIndex(0)
    table = [['Berlin'] + kinds] + [[local(hour)] + [kwh.get((hour, kind), 0.0) for kind in kinds] for hour in hours]
    area = sheet.getCellRangeByPosition(0, 0, len(kinds), len(hours))
    area.setDataArray(tuple(map(tuple, table)))
    sheet.Name = 'day'
    area.Columns.Width = 1900
    sheet.Charts.addNewByName('day', Rectangle(12500, 0, 16500, 11200), (area.RangeAddress,), True, True)
    chart = sheet.Charts.getByName('day').EmbeddedObject
    chart.HasMainTitle, chart.HasSubTitle = True, True
    chart.Title.String = '29 March 2026, a day of 23 hours'
    chart.SubTitle.String = 'produced by type (bars) and consumed (line), kWh an hour'
    chart.HasLegend = True
    chart.Legend.Alignment = BOTTOM
    chart.Diagram.NumberOfLines = 1     # the last one
    chart.Diagram.Stacked = True
    chart.Diagram.Wall.FillStyle = NONE
    palette = dict(zip(kinds, (0x4A90C2, 0xE8B923, 0x1F5F8B, 0x6B8E4E, 0x202020)))
    for i, kind in enumerate(kinds):
        drawn = chart.Diagram.getDataRowProperties(i)
        drawn.FillColor = drawn.LineColor = palette[kind]
    # The chart has the numbers of the sheet, the sheet those of the database.
    drawn = chart.Data.getData()
    assert [list(row) for row in drawn] == [row[1:] for row in table[1:]], drawn
    assert all('%.3f' % kwh[hour, kind] == value for hour, kind, value in day)

    # A cell is a double: a bigint above 2^53 loses its last digit.
    large = int(rows_of(connection, "SELECT capacity FROM sg_producers WHERE principal = 'reactor'", 1)[0][0])
    cell = sheet.getCellByPosition(0, 40)
    cell.Value = float(large)
    assert large == 9007199254740993 and int(cell.Value) == 9007199254740992
    cell.String = ''

    page = document.StyleFamilies.getByName('PageStyles').getByName(sheet.PageStyle)
    page.IsLandscape, page.Width, page.Height = True, 29700, 21000
    page.HeaderIsOn = page.FooterIsOn = False
    page.ScaleToPagesX = page.ScaleToPagesY = 1
    document.storeToURL('file://%s/load_curve.pdf' % results, properties(FilterName='calc_pdf_Export'))
    document.close(True)
    connection.close()
    desktop.terminate()
finally:
    try:
        office.wait(30)
    except subprocess.TimeoutExpired:
        office.kill()

# The page as a picture has the chart, each colour in many pixels.
subprocess.run(['pdftoppm', '-png', '-r', '80', '-singlefile', results + '/load_curve.pdf', results + '/load_curve'], check=True)
colours = pixels(results + '/load_curve.png')
assert all(colours['%06x' % palette[kind]] > 100 for kind in kinds), colours.most_common(12)
print('%d rows read as psql shows them, load_curve.png has %d colours' % (len(day), len(colours)))
