/*-------------------------------------------------------------------------
 *
 * import_espi.c
 *	  Importing Green Button files (ESPI).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "base/number.h"
#include "metering/day_codec.h"
#include "metering/import.h"
#include "metering/import_espi.h"

/* A larger document is refused: the server's parser builds a tree of it, ten times as large. */
#define MAX_MEGABYTES		20

/* Times are seconds since 1970, in UTC; this is beyond the year 9999. */
#define MAX_SECONDS			INT64CONST(253402300800)

/* What the readings of a block are, as their elements say; NULL: there is no such element. */
typedef struct Reading
{
	int64		line;
	char	   *start;
	char	   *duration;
	char	   *value;
	bool		has_quality;
	Quality		quality;		/* the worst */
	Refusal    *refusal;		/* of a quality */
} Reading;

typedef struct EspiReader
{
	Import	   *import;
	EspiFeed   *feed;
	EspiMeter **meters;			/* by object; NULL: not looked at yet */
	XmlWalk		walk;
	int			nobjects;		/* that have begun */
	EspiMeter  *meter;			/* whose readings these are; NULL: of none, or of one that is refused */
	bool		in_reading;
	Reading		reading;
} EspiReader;

/* ---- qualities ---- */

/* Codes of espi.xsd, and what they are called here; a forecast is no reading. */
static const struct
{
	int			code;
	Quality		quality;
}			qualities[] = {
	{0, QUALITY_MEASURED},		/* valid */
	{ESPI_MANUALLY_EDITED, QUALITY_SUBSTITUTED},
	{ESPI_ESTIMATED, QUALITY_ESTIMATED},	/* using a reference day */
	{9, QUALITY_ESTIMATED},		/* using linear interpolation */
	{10, QUALITY_ESTIMATED},	/* questionable */
	{ESPI_DERIVED, QUALITY_CALCULATED},
	{13, QUALITY_ESTIMATED},	/* mixed */
	{14, QUALITY_ESTIMATED},	/* raw */
	{15, QUALITY_ESTIMATED},	/* normalized for weather */
	{16, QUALITY_ESTIMATED},	/* other */
	{17, QUALITY_MEASURED},		/* validated */
	{18, QUALITY_MEASURED},		/* verified */
	{19, QUALITY_MEASURED}		/* revenue quality */
};

/* *quality of a code; SG108 if there is none. */
static Refusal *
quality_of_code(const char *text, Quality *quality)
{
	int64		code;

	if (number_whole_of_text(text, &code) == NUMBER_IS_WHOLE)
		for (int i = 0; i < (int) lengthof(qualities); i++)
			if (qualities[i].code == code)
			{
				*quality = qualities[i].quality;
				return NULL;
			}
	return refuse(ERRCODE_SG_INVALID_INPUT, "quality \"%s\" is none of a reading (12 is a forecast)",
				  import_excerpt(text, strlen(text)));
}

/* Adds a quality: of several the worst counts. */
static void
add_quality(Reading *reading, const char *text)
{
	Quality		quality = QUALITY_MEASURED;
	Refusal    *refusal = quality_of_code(text, &quality);

	if (refusal)
		reading->refusal = refusal;
	else if (!reading->has_quality || quality_rank(quality) > quality_rank(reading->quality))
		reading->quality = quality;
	reading->has_quality = true;
}

/* ---- a reading ---- */

static Refusal *
read_start(const Reading *reading, TimestampTz *start)
{
	int64		seconds;

	if (reading->start == NULL)
		return refuse(ERRCODE_SG_INVALID_INPUT, "the IntervalReading has no start");
	if (number_whole_of_text(reading->start, &seconds) != NUMBER_IS_WHOLE || seconds < -MAX_SECONDS || seconds > MAX_SECONDS)
		return refuse(ERRCODE_SG_INVALID_INPUT, "start \"%s\" is no time in seconds since 1970",
					  import_excerpt(reading->start, strlen(reading->start)));
	*start = time_t_to_timestamptz((pg_time_t) seconds);
	return NULL;
}

/* *minutes of a reading; SG108 if no resolution is so long. */
static Refusal *
read_length(const Reading *reading, const EspiMeter *meter, int *minutes)
{
	const char *text = reading->duration ? reading->duration : meter->length;
	int64		seconds = 0;

	if (text == NULL)
		return refuse(ERRCODE_SG_INVALID_INPUT, "the IntervalReading has no duration, and its ReadingType no intervalLength");
	if (number_whole_of_text(text, &seconds) == NUMBER_IS_WHOLE)
		for (int i = 0; i < DAY_STEPS; i++)
			if (seconds == day_steps[i] * SECS_PER_MINUTE)
			{
				*minutes = day_steps[i];
				return NULL;
			}
	return refuse(ERRCODE_SG_INVALID_INPUT, "a reading over \"%s\" seconds is of no resolution (300, 900, 1800, 3600)",
				  import_excerpt(text, strlen(text)));
}

static Refusal *
read_value(const Reading *reading, const EspiMeter *meter, LoadValue *value)
{
	const char *text = reading->value;
	size_t		length;

	if (text == NULL)
		return refuse(ERRCODE_SG_INVALID_INPUT, "the IntervalReading has no value");
	text += strspn(text, XML_SPACES);
	length = strlen(text);
	while (length > 0 && strchr(XML_SPACES, text[length - 1]) != NULL)
		length--;
	return import_kwh(text, length, '.', meter->power, value);
}

/* Hands over a reading that is complete, or refuses it. */
static void
take_reading(EspiReader *reader)
{
	Reading    *reading = &reader->reading;
	EspiMeter  *meter = reader->meter;
	TimestampTz start = 0;
	int			minutes = 0;
	LoadValue	value = {VALUE_MISSING};
	Refusal    *refusal;

	if (!reading->has_quality && meter->quality)
		add_quality(reading, meter->quality);
	refusal = reading->refusal;
	if (refusal == NULL)
		refusal = read_start(reading, &start);
	if (refusal == NULL)
		refusal = read_length(reading, meter, &minutes);
	if (refusal == NULL)
		refusal = read_value(reading, meter, &value);
	if (refusal)
	{
		import_refuse(reader->import, reading->line, &meter->point, refusal);
		return;
	}
	import_turn(reader->import, &meter->flow, &value);
	import_interval(reader->import, reading->line, meter->point, start, minutes, &value, reading->quality);
}

/* ---- the document ---- */

/* What is known of a meter reading of the feed. */
static EspiMeter *
meter_of(EspiReader *reader, int object)
{
	MemoryContext outer = MemoryContextSwitchTo(reader->import->context);

	if (reader->meters[object] == NULL)
		reader->meters[object] = espi_meter(reader->import, reader->feed, &reader->feed->objects[object]);
	MemoryContextSwitchTo(outer);
	return reader->meters[object];
}

/* A block begins: whose readings are in it?  A meter reading that is refused is so once, a block of none itself. */
static void
begin_block(EspiReader *reader, const EspiObject *block)
{
	EspiMeter  *meter;

	reader->meter = NULL;
	if (block->of == ESPI_NONE)
	{
		import_refuse(reader->import, block->line, NULL,
					  refuse(ERRCODE_SG_INVALID_INPUT, "the IntervalBlock belongs to no MeterReading of this file"));
		return;
	}
	meter = meter_of(reader, block->of);
	if (meter->refusal == NULL)
		reader->meter = meter;
	else if (!meter->refused)
		import_refuse(reader->import, meter->line, meter->point.name ? &meter->point : NULL, meter->refusal);
	meter->refused = meter->refusal != NULL;
}

static void
begin_element(EspiReader *reader)
{
	EspiKind	kind;

	if (espi_kind_of(&reader->walk, &kind))
	{
		const EspiObject *object = &reader->feed->objects[reader->nobjects++];

		if (kind == ESPI_INTERVAL_BLOCK)
			begin_block(reader, object);
	}
	else if (reader->meter && xml_is(&reader->walk, ESPI_SPACE, "IntervalReading"))
	{
		reader->in_reading = true;
		reader->reading = (Reading) {.line = reader->walk.tag_line};
	}
}

/* An element within a reading ends. */
static void
take_field(EspiReader *reader)
{
	Reading    *reading = &reader->reading;
	const char *text = reader->walk.text.data;

	if (xml_is(&reader->walk, ESPI_SPACE, "start"))
		reading->start = pstrdup(text);
	else if (xml_is(&reader->walk, ESPI_SPACE, "duration"))
		reading->duration = pstrdup(text);
	else if (xml_is(&reader->walk, ESPI_SPACE, "value"))
		reading->value = pstrdup(text);
	else if (xml_is(&reader->walk, ESPI_SPACE, "quality"))
		add_quality(reading, text);
}

static void
end_element(EspiReader *reader)
{
	EspiKind	kind;

	if (espi_kind_of(&reader->walk, &kind))
	{
		if (kind == ESPI_INTERVAL_BLOCK)
			reader->meter = NULL;
	}
	else if (reader->in_reading && xml_is(&reader->walk, ESPI_SPACE, "IntervalReading"))
	{
		take_reading(reader);
		reader->in_reading = false;
		MemoryContextReset(reader->import->row_context);
		CHECK_FOR_INTERRUPTS();
	}
	else if (reader->in_reading)
		take_field(reader);
}

/* Hands over the readings of all blocks. */
static void
read_readings(EspiReader *reader)
{
	for (;;)
	{
		XmlEvent	event = xml_walk_next(&reader->walk);

		if (event == XML_DONE)
			return;
		if (event == XML_BEGINS)
			begin_element(reader);
		else
			end_element(reader);
	}
}

/* SG108 unless the content is a document of meter readings that is small enough. */
static void
require_document(const Import *import)
{
	if (import->length > MAX_MEGABYTES * 1024 * 1024)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("content is larger than %d MB", MAX_MEGABYTES),
				 errhint("Split it by UsagePoint.")));
	require_xml_document(import->content, import->length);
}

static void
prepare_espi(Import *import)
{
	EspiOptions *options = palloc0(sizeof(EspiOptions));

	options->point = import_option_text(import, "point");
	options->export_point = import_option_text(import, "export_point");
	import->state = options;
}

/* SG108 if options name the point of a file that is of several. */
static void
require_one_usage_point(const Import *import, const EspiFeed *feed)
{
	const EspiOptions *options = import->state;
	int			n = 0;

	for (int i = 0; i < feed->nobjects; i++)
		n += feed->objects[i].kind == ESPI_USAGE_POINT;
	if (n > 1 && (options->point || options->export_point))
		error_option("options \"point\" and \"export_point\" are for a file of one UsagePoint, and this has %d: use \"points\"", n);
}

static void
read_espi(Import *import)
{
	EspiReader	reader = {.import = import};
	MemoryContext outer;

	require_document(import);
	MemoryContextReset(import->row_context);
	outer = MemoryContextSwitchTo(import->context);
	reader.feed = espi_read_feed(import->content, import->length);
	espi_resolve(reader.feed);
	reader.meters = palloc0((reader.feed->nobjects + 1) * sizeof(EspiMeter *));
	xml_walk_begin(&reader.walk, import->content, import->length);
	MemoryContextSwitchTo(outer);
	if (reader.feed->nobjects == 0)
		error_content(import, "it has nothing of the namespace %s", ESPI_SPACE);
	require_one_usage_point(import, reader.feed);
	read_readings(&reader);
}

static const char *const espi_options[] = {"point", "export_point", NULL};

const ImportFormat import_espi = {
	.name = "espi", .options = espi_options, .prepare = prepare_espi, .read = read_espi, .says_direction = true
};
