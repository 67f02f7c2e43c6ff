/*-------------------------------------------------------------------------
 *
 * export_nem12.c
 *	  Exporting as NEM12, the meter data file format of the Australian market.
 *
 * A record 300 is a day of market time, which is no local day of the grid: what
 * is read of a point is held until the next market day begins.  Slots of it that
 * are not read, or missing, are there with flag N.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/export.h"

/* Market time is 10 hours ahead of UTC. */
#define MARKET_OFFSET	(10 * USECS_PER_HOUR)

#define MAX_MINUTES		30

/* What is held of a point. */
typedef struct NemDay
{
	bool		has_values;
	TimestampTz starts;			/* market day */
	int			minutes;		/* 0: nothing was held yet */
	int			n;				/* slots */
	int64	   *amount;
	uint8	   *quality;
} NemDay;

typedef struct NemExport
{
	NemDay	   *days;			/* by number of the point */
	const ReadPoint *channel;	/* of the latest record 200; NULL: none */
	int			minutes;		/* and its length of slots */
} NemExport;

/* Writes a time as the market has it. */
static void
write_stamp(Export *export, TimestampTz at, const char *format)
{
	export_stamp(export, at + MARKET_OFFSET, NULL, format);
}

static void
begin_nem12(Export *export)
{
	NemExport  *state = palloc0(sizeof(NemExport));

	state->days = palloc_extended(Max(export->read->npoints, 1) * sizeof(NemDay), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	export->state = state;
	appendStringInfoString(&export->line, "100,NEM12,");
	write_stamp(export, export->at, "%Y%m%d%H%M");
	appendStringInfoString(&export->line, ",smartgrid,");
	export_line(export);
}

/* The flag of a quality: there is none for what was calculated. */
static char
flag_of(uint8 quality)
{
	static const char flags[QUALITY_COUNT] = {
		[QUALITY_MEASURED] = 'A',
		[QUALITY_SUBSTITUTED] = 'S',
		[QUALITY_ESTIMATED] = 'E',
		[QUALITY_CALCULATED] = 'E',
		[QUALITY_MISSING] = 'N'
	};

	return flags[quality];
}

/* ---- a channel ---- */

/* Where the suffix of a point begins that is called NMI/suffix; NULL: it is not called so. */
static const char *
suffix_of(const ReadPoint *point)
{
	const char *slash = strrchr(point->name, '/');

	return slash != NULL && slash > point->name && slash[1] != '\0' ? slash + 1 : NULL;
}

/* The direction that the suffix of a point says: E from the grid, B and I into it; else that of its kind. */
static ImportDirection
direction_of(const ReadPoint *point)
{
	const char *suffix = suffix_of(point);

	if (suffix != NULL && suffix[0] == 'E')
		return FROM_GRID;
	if (suffix != NULL && (suffix[0] == 'B' || suffix[0] == 'I'))
		return INTO_GRID;
	return export_direction(point->kind);
}

/* Record 200, unless the latest one says the same. */
static void
write_channel(Export *export, const ReadPoint *point, int minutes)
{
	NemExport  *state = export->state;
	const char *suffix = suffix_of(point);
	const char *written = suffix ? suffix : export_direction(point->kind) == FROM_GRID ? "E1" : "B1";

	if (state->channel == point && state->minutes == minutes)
		return;
	state->channel = point;
	state->minutes = minutes;
	appendStringInfoString(&export->line, "200,");
	export_field(export, suffix ? pnstrdup(point->name, suffix - 1 - point->name) : point->name);
	appendStringInfoChar(&export->line, ',');
	export_field(export, written);
	appendStringInfoString(&export->line, ",,");
	export_field(export, written);
	appendStringInfo(&export->line, ",,,kWh,%d,", minutes);
	export_line(export);
}

/* ---- a day ---- */

static bool
is_uniform(const NemDay *day)
{
	for (int i = 1; i < day->n; i++)
		if (flag_of(day->quality[i]) != flag_of(day->quality[0]))
			return false;
	return true;
}

/* Records 400: slots of one flag that follow each other. */
static void
write_flags(Export *export, const NemDay *day)
{
	int			first = 0;

	for (int i = 1; i <= day->n; i++)
	{
		if (i < day->n && flag_of(day->quality[i]) == flag_of(day->quality[first]))
			continue;
		appendStringInfo(&export->line, "400,%d,%d,%c,,", first + 1, i, flag_of(day->quality[first]));
		export_line(export);
		first = i;
	}
}

/* Writes what is held of a point, if anything is. */
static void
write_day(Export *export, const ReadPoint *point, NemDay *day)
{
	bool		negated = import_negates(point->kind, direction_of(point));
	bool		uniform = is_uniform(day);

	if (!day->has_values)
		return;
	write_channel(export, point, day->minutes);
	appendStringInfoString(&export->line, "300,");
	write_stamp(export, day->starts, "%Y%m%d");
	for (int i = 0; i < day->n; i++)
	{
		appendStringInfoChar(&export->line, ',');
		export_kwh(export, negated ? -day->amount[i] : day->amount[i]);
	}
	appendStringInfo(&export->line, ",%c,,,", uniform ? flag_of(day->quality[0]) : 'V');
	write_stamp(export, export->at, "%Y%m%d%H%M%S");
	appendStringInfoChar(&export->line, ',');
	export_line(export);
	if (!uniform)
		write_flags(export, day);
	day->has_values = false;
}

/* Begins to hold a market day of a point. */
static void
hold_day(NemDay *day, TimestampTz starts, int minutes)
{
	if (day->minutes != minutes)
	{
		day->minutes = minutes;
		day->n = MINS_PER_HOUR * HOURS_PER_DAY / minutes;
		day->amount = palloc(day->n * sizeof(int64));
		day->quality = palloc(day->n);
	}
	day->has_values = true;
	day->starts = starts;
	memset(day->amount, 0, day->n * sizeof(int64));
	memset(day->quality, QUALITY_MISSING, day->n);
}

/* SG108: slots of a point are none of a market day. */
SG_NORETURN static void
error_not_of_market(const MeterDay *day)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("metering point \"%s\" cannot be exported as nem12", day->point->name),
			 errdetail("Its slots have %d minutes from %s on; those of the format have 5, 15 or 30 since midnight in market time (UTC+10).",
					   day->minutes, timestamptz_to_str(day->first)),
			 errhint("Export it as long, wide or espi.")));
}

/* The first moment of the market day of a moment. */
static TimestampTz
market_day(TimestampTz at)
{
	TimestampTz since = at + MARKET_OFFSET;
	TimestampTz day = since / USECS_PER_DAY - (since % USECS_PER_DAY < 0);

	return day * USECS_PER_DAY - MARKET_OFFSET;
}

static void
hold_slot(Export *export, const MeterDay *day, int i)
{
	NemExport  *state = export->state;
	NemDay	   *held = &state->days[day->point - export->read->points];
	TimestampTz start = meter_slot_start(day, i);
	TimestampTz starts = market_day(start);
	int64		step = day->minutes * USECS_PER_MINUTE;

	if (day->minutes > MAX_MINUTES || (start - starts) % step != 0)
		error_not_of_market(day);
	if (held->has_values && (held->starts != starts || held->minutes != day->minutes))
		write_day(export, day->point, held);
	if (!held->has_values)
		hold_day(held, starts, day->minutes);
	held->amount[(start - starts) / step] = day->amount[i];
	held->quality[(start - starts) / step] = day->quality[i];
}

static void
nem12_point_day(Export *export, const MeterDay *day)
{
	for (int i = 0; i < day->n; i++)
		if (day->quality[i] != QUALITY_MISSING)
			hold_slot(export, day, i);
}

static void
end_nem12(Export *export)
{
	NemExport  *state = export->state;

	for (int i = 0; i < export->read->npoints; i++)
		write_day(export, &export->read->points[i], &state->days[i]);
	appendStringInfoString(&export->line, "900");
	export_line(export);
}

const ExportFormat export_nem12 = {
	.name = "nem12", .begin = begin_nem12, .point_day = nem12_point_day, .end = end_nem12
};
