/*-------------------------------------------------------------------------
 *
 * export_espi.c
 *	  Exporting as a Green Button file (ESPI): a feed with a usage point and a
 *	  meter reading for each point, two reading types, and a block for each day.
 *
 * The identifier of a point is the last part of the usage point's address, in
 * which all but letters, digits, - . _ and ~ is written as %XX, in UTF-8.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"
#include "utils/xml.h"

#include "base/digest.h"
#include "metering/export.h"
#include "metering/import_espi.h"

/* Decimals of a Wh are three less than those of a kWh. */
#define WH_DECIMALS		3

typedef struct EspiExport
{
	int			multiplier;		/* power of ten of a Wh that a value is in: espi.xsd has 9, 6, 3, 0, -3 ... */
	int			zeros;			/* that are appended to an amount for it */
	char	  **address;		/* of the usage point, by number of the point */
} EspiExport;

/* ---- entries ---- */

static char *
address_of_point(const char *name)
{
	StringInfoData address;

	initStringInfo(&address);
	appendStringInfoString(&address, "/UsagePoint/");
	for (const unsigned char *c = (const unsigned char *) utf8_of(name); *c; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("-._~", *c) != NULL)
			appendStringInfoChar(&address, *c);
		else
			appendStringInfo(&address, "%%%02X", *c);
	return address.data;
}

/* Writes an identifier that is always the same for an address: its digest, as a UUID of the free form (version 8). */
static void
write_id(Export *export, const char *address)
{
	Digest		digest;
	const uint8 *b = digest.bytes;

	hasher_digest(hasher_of_session(), address, strlen(address), &digest);
	digest.bytes[6] = (b[6] & 0x0F) | 0x80;
	digest.bytes[8] = (b[8] & 0x3F) | 0x80;
	appendStringInfo(&export->line, "<id>urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x</id>",
					 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void
write_updated(Export *export)
{
	appendStringInfoString(&export->line, "<updated>");
	export_stamp(export, export->at, NULL, "%Y-%m-%dT%H:%M:%SZ");
	appendStringInfoString(&export->line, "</updated>");
}

static void
write_link(Export *export, const char *rel, const char *address)
{
	appendStringInfo(&export->line, "<link rel=\"%s\" href=\"%s\"/>", rel, address);
}

/* Begins an entry with its own address and that above it; write_link() may follow, then begin_content(). */
static void
begin_entry(Export *export, const char *up, const char *last)
{
	char	   *self = psprintf("%s/%s", up, last);

	appendStringInfoString(&export->line, "<entry>");
	write_id(export, self);
	write_link(export, "self", self);
	write_link(export, "up", up);
}

static void
begin_content(Export *export, const char *title)
{
	appendStringInfo(&export->line, "<title>%s</title>", escape_xml(title));
	write_updated(export);
	appendStringInfoString(&export->line, "<content>");
}

static void
end_entry(Export *export)
{
	appendStringInfoString(&export->line, "</content></entry>");
	export_line(export);
}

/* ---- what the feed begins with ---- */

static void
write_reading_type(Export *export, int flow, const char *title)
{
	const EspiExport *state = export->state;

	begin_entry(export, "/ReadingType", psprintf("%d", flow));
	begin_content(export, title);
	appendStringInfo(&export->line, "<e:ReadingType><e:accumulationBehaviour>%d</e:accumulationBehaviour><e:commodity>1</e:commodity>"
					 "<e:flowDirection>%d</e:flowDirection><e:kind>%d</e:kind><e:powerOfTenMultiplier>%d</e:powerOfTenMultiplier>"
					 "<e:uom>%d</e:uom></e:ReadingType>", ESPI_DELTA, flow, ESPI_ENERGY, state->multiplier, ESPI_WH);
	end_entry(export);
}

static void
write_usage_point(Export *export, const ReadPoint *point, const char *address)
{
	begin_entry(export, "/UsagePoint", address + strlen("/UsagePoint/"));
	write_link(export, "related", psprintf("%s/MeterReading", address));
	begin_content(export, point->name);
	appendStringInfo(&export->line, "<e:UsagePoint><e:ServiceCategory><e:kind>%d</e:kind></e:ServiceCategory></e:UsagePoint>", ESPI_ELECTRICITY);
	end_entry(export);
}

static void
write_meter_reading(Export *export, const ReadPoint *point, const char *address)
{
	begin_entry(export, psprintf("%s/MeterReading", address), "1");
	write_link(export, "related", psprintf("%s/MeterReading/1/IntervalBlock", address));
	write_link(export, "related", psprintf("/ReadingType/%d", export_direction(point->kind) == FROM_GRID ? ESPI_FORWARD : ESPI_REVERSE));
	begin_content(export, point->name);
	appendStringInfoString(&export->line, "<e:MeterReading/>");
	end_entry(export);
}

static void
begin_espi(Export *export)
{
	EspiExport *state = palloc0(sizeof(EspiExport));
	int			thirds = (export->scale + WH_DECIMALS - 1) / WH_DECIMALS;

	state->multiplier = WH_DECIMALS * (1 - thirds);
	state->zeros = WH_DECIMALS * thirds - export->scale;
	state->address = palloc_extended(Max(export->read->npoints, 1) * sizeof(char *), MCXT_ALLOC_HUGE);
	export->state = state;
	appendStringInfoString(&export->line, "<?xml version=\"1.0\"?>");
	export_line(export);
	appendStringInfo(&export->line, "<feed xmlns=\"%s\" xmlns:e=\"%s\">", ATOM_SPACE, ESPI_SPACE);
	write_id(export, "/");
	appendStringInfoString(&export->line, "<title>smartgrid</title>");
	write_updated(export);
	write_link(export, "self", "/");
	export_line(export);
	write_reading_type(export, ESPI_FORWARD, "from the grid");
	write_reading_type(export, ESPI_REVERSE, "into the grid");
	for (int i = 0; i < export->read->npoints; i++)
	{
		state->address[i] = address_of_point(export->read->points[i].name);
		write_usage_point(export, &export->read->points[i], state->address[i]);
		write_meter_reading(export, &export->read->points[i], state->address[i]);
	}
}

/* ---- blocks ---- */

static bool
has_values(const MeterDay *day)
{
	for (int i = 0; i < day->n; i++)
		if (day->quality[i] != QUALITY_MISSING)
			return true;
	return false;
}

static void
write_period(Export *export, const char *element, int64 seconds, TimestampTz start)
{
	appendStringInfo(&export->line, "<e:%s><e:duration>" INT64_FORMAT "</e:duration><e:start>" INT64_FORMAT "</e:start></e:%s>",
					 element, seconds, (int64) timestamptz_to_time_t(start), element);
}

/* A reading; one that was measured needs no quality. */
static void
write_reading(Export *export, const MeterDay *day, int i)
{
	static const int codes[QUALITY_COUNT] = {
		[QUALITY_SUBSTITUTED] = ESPI_MANUALLY_EDITED,
		[QUALITY_ESTIMATED] = ESPI_ESTIMATED,
		[QUALITY_CALCULATED] = ESPI_DERIVED
	};
	const EspiExport *state = export->state;
	int			zeros = day->amount[i] == 0 ? 0 : state->zeros;

	appendStringInfoString(&export->line, "<e:IntervalReading>");
	if (day->quality[i] != QUALITY_MEASURED)
		appendStringInfo(&export->line, "<e:ReadingQuality><e:quality>%d</e:quality></e:ReadingQuality>", codes[day->quality[i]]);
	write_period(export, "timePeriod", day->minutes * SECS_PER_MINUTE, meter_slot_start(day, i));
	appendStringInfo(&export->line, "<e:value>" INT64_FORMAT "%.*s</e:value></e:IntervalReading>", day->amount[i], zeros, "00");
	export_line(export);
}

static void
espi_point_day(Export *export, const MeterDay *day)
{
	const EspiExport *state = export->state;
	const char *address = state->address[day->point - export->read->points];
	const char *date;
	int			year;
	int			month;
	int			mday;

	if (!has_values(day))
		return;
	j2date(export->read->date + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	date = psprintf("%04d-%02d-%02d", year, month, mday);
	begin_entry(export, psprintf("%s/MeterReading/1/IntervalBlock", address), date);
	begin_content(export, date);
	appendStringInfoString(&export->line, "<e:IntervalBlock>");
	write_period(export, "interval", (meter_slot_start(day, day->n) - day->first) / USECS_PER_SEC, day->first);
	export_line(export);
	for (int i = 0; i < day->n; i++)
		if (day->quality[i] != QUALITY_MISSING)
			write_reading(export, day, i);
	appendStringInfoString(&export->line, "</e:IntervalBlock>");
	end_entry(export);
}

static void
end_espi(Export *export)
{
	appendStringInfoString(&export->line, "</feed>");
	export_line(export);
}

const ExportFormat export_espi = {
	.name = "espi", .begin = begin_espi, .point_day = espi_point_day, .end = end_espi
};
