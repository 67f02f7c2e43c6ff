/*-------------------------------------------------------------------------
 *
 * export_table.c
 *	  Exporting as tables: long, with a row for each reading, and wide, with a row
 *	  for each time and a column for each point.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "metering/export.h"

/* ---- long ---- */

static void
begin_long(Export *export)
{
	appendStringInfoString(&export->line, "point,start,kwh,quality");
	export_line(export);
}

static void
long_point_day(Export *export, const MeterDay *day)
{
	for (int i = 0; i < day->n; i++)
	{
		if (day->quality[i] == QUALITY_MISSING)
			continue;
		export_field(export, day->point->name);
		appendStringInfoChar(&export->line, ',');
		export_time(export, meter_slot_start(day, i));
		appendStringInfoChar(&export->line, ',');
		export_kwh(export, day->amount[i]);
		appendStringInfo(&export->line, ",%s", quality_name((Quality) day->quality[i]));
		export_line(export);
	}
}

const ExportFormat export_long = {.name = "long", .begin = begin_long, .point_day = long_point_day};

/* ---- wide ---- */

/* What each point measured on the day, by its number; NULL: it has no slots there. */
typedef struct WideExport
{
	const MeterDay **days;
} WideExport;

static void
begin_wide(Export *export)
{
	WideExport *state = palloc(sizeof(WideExport));

	state->days = palloc_extended(Max(export->read->npoints, 1) * sizeof(MeterDay *), MCXT_ALLOC_HUGE);
	export->state = state;
	appendStringInfoString(&export->line, "time");
	for (int i = 0; i < export->read->npoints; i++)
	{
		appendStringInfoChar(&export->line, ',');
		export_field(export, export->read->points[i].name);
	}
	export_line(export);
}

/* The slot of a day that begins at a moment; -1 if there is none, or it is missing. */
static int
slot_at(const MeterDay *day, TimestampTz at)
{
	int			i = day == NULL ? -1 : meter_slot_from(day, at);

	if (i < 0 || i >= day->n || meter_slot_start(day, i) != at || day->quality[i] == QUALITY_MISSING)
		return -1;
	return i;
}

/* Writes the row of a time, if a point has a value there.  Behind an amount that was not measured stands the letter of its quality. */
static void
write_row(Export *export, TimestampTz at)
{
	const WideExport *state = export->state;
	bool		has_value = false;

	export_time(export, at);
	for (int p = 0; p < export->read->npoints; p++)
	{
		const MeterDay *day = state->days[p];
		int			i = slot_at(day, at);

		appendStringInfoChar(&export->line, ',');
		if (i < 0)
			continue;
		has_value = true;
		export_kwh(export, day->amount[i]);
		if (day->quality[i] != QUALITY_MEASURED)
			appendStringInfoChar(&export->line, quality_letter((Quality) day->quality[i]));
	}
	if (has_value)
		export_line(export);
	else
		resetStringInfo(&export->line);
}

static void
wide_day(Export *export)
{
	const MeterRead *read = export->read;
	WideExport *state = export->state;
	int			minutes = MINS_PER_HOUR;

	memset(state->days, 0, read->npoints * sizeof(MeterDay *));
	for (int i = 0; i < read->n; i++)
	{
		state->days[read->days[i].point - read->points] = &read->days[i];
		minutes = Min(minutes, read->days[i].minutes);
	}
	for (TimestampTz at = read->day_starts; at < read->day_ends; at += minutes * USECS_PER_MINUTE)
	{
		CHECK_FOR_INTERRUPTS();
		write_row(export, at);
	}
}

const ExportFormat export_wide = {.name = "wide", .begin = begin_wide, .day = wide_day};
