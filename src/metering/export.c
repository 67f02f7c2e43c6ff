/*-------------------------------------------------------------------------
 *
 * export.c
 *	  Exporting what points measured: the call, and what formats have in common.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/csv.h"
#include "base/errors.h"
#include "grid/scale.h"
#include "metering/export.h"
#include "metering/file_format.h"
#include "metering/interval.h"
#include "metering/point_rows.h"

PG_FUNCTION_INFO_V1(sg_export);

/* Room for what clocks show, and how far that is from UTC. */
#define MAX_STAMP	64

static const ExportFormat *const formats[] = {
#define EXPORT_FORMAT(symbol, name)	&export_##symbol,
#include "metering/export_format.def"
#undef EXPORT_FORMAT
};

/* ---- for formats ---- */

/* Adds the line that is written, and begins the next one. */
void
export_line(Export *export)
{
	result_datum(&export->result, PointerGetDatum(cstring_to_text_with_len(export->line.data, export->line.len)));
	result_end_row(&export->result);
	resetStringInfo(&export->line);
}

/* Writes an amount in kWh, exact, without zeros at its end. */
void
export_kwh(Export *export, int64 amount)
{
	uint64		units = amount < 0 ? 0 - (uint64) amount : (uint64) amount;
	uint64		factor = (uint64) scale_factor(export->scale);
	uint64		rest = units % factor;
	int			decimals = export->scale;

	appendStringInfo(&export->line, "%s" UINT64_FORMAT, amount < 0 ? "-" : "", units / factor);
	if (rest == 0)
		return;
	for (; rest % 10 == 0; rest /= 10)
		decimals--;
	appendStringInfo(&export->line, ".%0*llu", decimals, (unsigned long long) rest);
}

/* Writes what clocks of a zone show at a moment, by a format of strftime(); zone NULL: UTC. */
void
export_stamp(Export *export, TimestampTz at, pg_tz *zone, const char *format)
{
	pg_time_t	time = timestamptz_to_time_t(at);
	char		text[MAX_STAMP];

	pg_strftime(text, sizeof(text), format, zone ? pg_localtime(&time, zone) : pg_gmtime(&time));
	appendStringInfoString(&export->line, text);
}

/* Writes a time of the grid with its offset from UTC: 2026-03-29T02:15:00+01:00. */
void
export_time(Export *export, TimestampTz at)
{
	pg_time_t	time = timestamptz_to_time_t(at);
	long		offset = pg_localtime(&time, export->read->zone)->tm_gmtoff;
	long		minutes = labs(offset) / SECS_PER_MINUTE;

	export_stamp(export, at, export->read->zone, "%Y-%m-%dT%H:%M:%S");
	appendStringInfo(&export->line, "%c%02ld:%02ld", offset < 0 ? '-' : '+', minutes / MINS_PER_HOUR, minutes % MINS_PER_HOUR);
}

/* Writes a field of a table, in quotes if it needs them; sg_import() takes spaces around a field away. */
void
export_field(Export *export, const char *text)
{
	char		field[CSV_FIELD_MAX(POINT_MAX_BYTES)];
	size_t		length = csv_field(text, field);
	bool		has_space = field[0] != '"' && (strchr(" \t", field[0]) != NULL || strchr(" \t", field[length - 1]) != NULL);

	appendStringInfo(&export->line, has_space ? "\"%s\"" : "%s", field);
}

/* The direction of which values of a kind of point are, in formats whose values have one; of others they may be below 0. */
ImportDirection
export_direction(PointKind kind)
{
	return kind == POINT_CONSUMPTION || kind == POINT_EXCHANGE ? FROM_GRID : INTO_GRID;
}

/* ---- the call ---- */

/* The format of a name; SG108 if there is none. */
static const ExportFormat *
format_called(const char *name)
{
	static const char *const names[] = {
#define EXPORT_FORMAT(symbol, name)	name,
#include "metering/export_format.def"
#undef EXPORT_FORMAT
	};

	return formats[file_format_called(name, names, lengthof(names))];
}

/* The points that argument n names; SG108 if one is no identifier.  NULL: all. */
static void
points_arg(FunctionCallInfo fcinfo, int n, const char ***points, int *npoints)
{
	Datum	   *elements;

	*points = NULL;
	*npoints = 0;
	if (PG_ARGISNULL(n))
		return;
	arg_array(fcinfo, n, "points", TEXTOID, &elements, NULL, npoints);
	*points = palloc_extended(Max(*npoints, 1) * sizeof(char *), MCXT_ALLOC_HUGE);
	for (int i = 0; i < *npoints; i++)
	{
		(*points)[i] = TextDatumGetCString(elements[i]);
		require_accepted(refuse_point_name((*points)[i], "point"));
	}
}

static void
export_days(Export *export)
{
	const ExportFormat *format = export->format;

	while (meter_read_next_day(export->read))
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; format->point_day != NULL && i < export->read->n; i++)
			format->point_day(export, &export->read->days[i]);
		if (format->day != NULL)
			format->day(export);
	}
}

/*
 * sg_export(format, period, points, as_of) -> the lines of a file that sg_import()
 * reads, of all slots that begin within the period and are not missing.  points
 * NULL: all.  Loss points, which have no readings, are left out.  For readers of
 * the grid all of it, for anybody else the slots of which it was the owner.
 *
 * No locks.  SG108 format, period, points; SG101 grid, point; SG108 if the format
 * cannot say what there is.
 */
Datum
sg_export(PG_FUNCTION_ARGS)
{
	Export		export = {.format = format_called(arg_text(fcinfo, 0, "format"))};
	MeterReadRequest request;
	const char **points;
	int			npoints;
	bool		sees;

	arg_require_not_null(fcinfo, 1, "period");
	points_arg(fcinfo, 2, &points, &npoints);
	sees = interval_request(fcinfo, 1, 3, &request);
	for (int i = 0; i < npoints; i++)
		interval_require_point(&request, sees, points[i]);
	result_begin_set(&export.result, fcinfo);
	if (!sees)
		return (Datum) 0;
	request.points = points;
	request.npoints = npoints;
	request.flags = READ_WITHOUT_LOSS;
	export.scale = request.grid->form.energy_scale;
	export.at = TIMESTAMP_NOT_FINITE(request.as_of) ? GetCurrentTransactionStartTimestamp() : request.as_of;
	initStringInfo(&export.line);
	export.read = meter_read_begin(&request);
	export.format->begin(&export);
	export_days(&export);
	if (export.format->end != NULL)
		export.format->end(&export);
	meter_read_end(export.read);
	return (Datum) 0;
}
