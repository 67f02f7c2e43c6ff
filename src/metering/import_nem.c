/*-------------------------------------------------------------------------
 *
 * import_nem.c
 *	  What the meter data files of the Australian market have in common.
 *
 * The first field of a record says what it is.  A file begins with record 100 and
 * ends with 900; distributors send some without the first, and some that are
 * several files one after the other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/import_nem.h"
#include "metering/point_rows.h"

/* Market time is 10 hours ahead of UTC, in summer, too. */
#define MARKET_OFFSET	(10 * USECS_PER_HOUR)

/* What records begin with that a file without record 100 may begin with. */
static const char *const indicators[] = {"200", "250", "300", "400", "500", "550", "900"};

/* A field of the record, from 0; an empty one if there is none. */
const Field *
nem_field(const Import *import, int n)
{
	static const Field none = {"", 0};

	return n < import->lines.nfields ? &import->lines.fields[n] : &none;
}

/* Is the record of this kind? */
bool
nem_record_is(const Import *import, const char *indicator)
{
	return field_is(nem_field(import, 0), indicator);
}

static bool
is_record(const Import *import)
{
	for (int i = 0; i < (int) lengthof(indicators); i++)
		if (nem_record_is(import, indicators[i]))
			return true;
	return false;
}

/* Raises SG108 unless a record 100 is of the version. */
static void
require_version(const Import *import, const NemFile *file)
{
	const Field *version = nem_field(import, 1);

	if (!field_is(version, file->version))
		error_content(import, "line " INT64_FORMAT " says that it is \"%s\"", import->lines.line,
					  import_excerpt(version->text, version->length));
}

/* The first record: SG108 if it is none of such a file; a warning if it is not 100. */
static void
begin_file(Import *import, NemFile *file)
{
	file->has_begun = true;
	if (nem_record_is(import, "100"))
		return;
	if (!is_record(import))
		error_content(import, "it begins with \"%s\"", import_excerpt(import->lines.text, import->lines.length));
	import_warn(import, import->lines.line, "the file has no record 100 at its beginning");
}

/*
 * Goes to the next record, and divides it into fields; false if there is none.
 * *refusal: SG108 if it cannot be divided.  Raises SG108 if the file is another.
 */
bool
nem_next_record(Import *import, NemFile *file, Refusal **refusal)
{
	do
	{
		if (!import_next_line(import))
			return false;
		*refusal = import_split(import, ',');
	} while (*refusal == NULL && lines_filled_fields(&import->lines) == 0);
	if (!file->has_begun)
		begin_file(import, file);
	file->has_ended = *refusal == NULL && nem_record_is(import, "900");
	if (*refusal == NULL && nem_record_is(import, "100"))
		require_version(import, file);
	return true;
}

/* After the last record: a warning if the file has no end, for it may be cut. */
void
nem_end(Import *import, const NemFile *file)
{
	if (!file->has_begun)
		error_content(import, "it is empty");
	if (!file->has_ended)
		import_warn(import, import->lines.line, "the file has no record 900 at its end: it may be cut");
}

/* *quality: what a flag as A or F14 says of a reading; false if it is none, or V: it varies. */
bool
nem_quality(const Field *flag, Quality *quality)
{
	bool		has_method = flag->length == 3 && flag->text[1] >= '0' && flag->text[1] <= '9' &&
		flag->text[2] >= '0' && flag->text[2] <= '9';

	if (flag->length != 1 && !has_method)
		return false;
	switch (flag->text[0])
	{
		case 'A':
			*quality = QUALITY_MEASURED;
			return true;
		case 'S':
		case 'F':
			*quality = QUALITY_SUBSTITUTED;
			return true;
		case 'E':
			*quality = QUALITY_ESTIMATED;
			return true;
		case 'N':
			*quality = QUALITY_MISSING;
			return true;
		default:
			return false;
	}
}

/* *point: that of the fields NMI and suffix, which stays until the next one is asked for.  SG108 if one is empty, or both are too long. */
Refusal *
nem_point(const Import *import, NemFile *file, int nmi, int suffix, ImportPoint *point)
{
	const Field *meter = nem_field(import, nmi);
	const Field *channel = nem_field(import, suffix);

	if (meter->length == 0 || channel->length == 0)
		return refuse(ERRCODE_SG_INVALID_INPUT, "record %.*s has no %s", (int) nem_field(import, 0)->length, nem_field(import, 0)->text,
					  meter->length == 0 ? "NMI" : "NMI suffix");
	if (meter->length + channel->length + 2 > NEM_MAX_POINT)
		return refuse(ERRCODE_SG_INVALID_INPUT, "NMI \"%s\" is too long", import_excerpt(meter->text, meter->length));
	*point = import_point(import, file->id,
						  snprintf(file->id, NEM_MAX_POINT, "%.*s/%.*s", (int) meter->length, meter->text, (int) channel->length, channel->text));
	return NULL;
}

/*
 * *flow: by a direction that begins with E, from the grid, or B or I, into it;
 * without one a point that is made is of the kind that the option says.  A point
 * that there is takes the values though its kind has the other direction.
 */
void
nem_flow(const Import *import, const ImportPoint *point, const Field *direction, ImportFlow *flow)
{
	char		letter = direction->length > 0 ? direction->text[0] : '\0';
	Refusal    *refusal;

	flow->negated = false;
	flow->kind = POINT_CONSUMPTION;
	if (letter != 'E' && letter != 'B' && letter != 'I')
	{
		if (import->load_options.create_kind != NULL)
			(void) point_kind_of(import->load_options.create_kind, &flow->kind);
		return;
	}
	refusal = import_flow(import, point, letter == 'E' ? FROM_GRID : INTO_GRID, flow);
	if (refusal != NULL)
		refusal_free(refusal);
}

/* *power: that of a unit of energy; SG108 if it is none, as VArh. */
Refusal *
nem_unit(const Field *unit, int *power)
{
	if (import_unit(unit->text, unit->length, power))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_INPUT, "unit \"%s\" is not Wh, kWh or MWh", import_excerpt(unit->text, unit->length));
}

/* *midnight: when a day of 24 hours begins, in market time or the option's zone; false if the day is none of 24 hours there. */
bool
nem_midnight(const Import *import, int day, TimestampTz *midnight)
{
	if (import->zone_option == NULL)
	{
		*midnight = import_label(day, 0) - MARKET_OFFSET;
		return true;
	}
	*midnight = zone_midnight(day, import->zone_option);
	return zone_midnight(day + 1, import->zone_option) - *midnight == USECS_PER_DAY;
}

/* *moment: that of a field as 20040201103000; false if it is none, or clocks of the option's zone do not show it once. */
bool
nem_moment(const Import *import, const Field *field, TimestampTz *moment)
{
	static const int date_length = 8;
	char		clock[] = "hh:mm:ss";
	TimestampTz moments[2];
	int			day;
	int64		since_midnight;

	if (field->length != 14 || !import_compact_date(field->text, date_length, &day))
		return false;
	for (int i = 0; i < 3; i++)
		memcpy(clock + 3 * i, field->text + date_length + 2 * i, 2);
	if (!import_clock(clock, strlen(clock), &since_midnight))
		return false;
	*moment = import_label(day, since_midnight) - MARKET_OFFSET;
	if (import->zone_option == NULL)
		return true;
	if (zone_moments(import_label(day, since_midnight), import->zone_option, moments) != 1)
		return false;
	*moment = moments[0];
	return true;
}
