/*-------------------------------------------------------------------------
 *
 * import_nem12.c
 *	  Format nem12: interval readings of the Australian market.
 *
 *	  200	a channel of a meter: unit, length of its intervals
 *	  300	a day of it: as many values as it has intervals, and a quality flag
 *	  400	quality of some of these intervals, where the flag is V (it varies)
 *	  500	business transactions, passed over
 *
 * A record 300 and the records 400 after it are one: it is handed over when the
 * next one begins, and refused as a whole.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/import_nem.h"

#define SHORTEST_MINUTES	5
#define MAX_INTERVALS		(MINS_PER_HOUR * HOURS_PER_DAY / SHORTEST_MINUTES)

/* Fields of records. */
enum
{
	CHANNEL_NMI = 1,
	CHANNEL_SUFFIX = 4,
	CHANNEL_UNIT = 7,
	CHANNEL_LENGTH = 8,
	DAY_DATE = 1,
	DAY_VALUES = 2,				/* then the flag, its reason (2 fields), and two times */
	DAY_LAST_AFTER_FLAG = 4,
	EVENT_FIRST = 1,
	EVENT_LAST = 2,
	EVENT_FLAG = 3
};

typedef enum ChannelState
{
	CHANNEL_NONE,
	CHANNEL_REFUSED,			/* and all that is of it is passed over */
	CHANNEL_ACCEPTED
} ChannelState;

typedef struct Nem12
{
	Import	   *import;
	NemFile		file;

	ChannelState channel;
	ImportPoint point;
	ImportFlow	flow;			/* by its suffix: E or B */
	int			power;			/* of its unit */
	int			minutes;
	int			n;				/* intervals of a day */

	bool		has_day;		/* that is not handed over yet */
	int64		line;			/* of its record 300 */
	bool		varies;			/* flag V */
	char		reason[256];	/* why it is refused; empty: it is not */
	TimestampTz midnight;
	LoadValue	values[MAX_INTERVALS];
	Quality		quality[MAX_INTERVALS];
	bool		covered[MAX_INTERVALS];	/* by a record 400 */
} Nem12;

static int64
line_of(const Nem12 *nem)
{
	return nem->import->lines.line;
}

/* The day is refused, if it is not for something else. */
static void
doubt_day(Nem12 *nem, const Refusal *refusal)
{
	if (nem->reason[0] == '\0')
		strlcpy(nem->reason, refusal->message, sizeof(nem->reason));
}

static int
count_covered(const Nem12 *nem)
{
	int			n = 0;

	for (int i = 0; i < nem->n; i++)
		n += nem->covered[i];
	return n;
}

/* Hands over the day, if there is one, or refuses it. */
static void
end_day(Nem12 *nem)
{
	Import	   *import = nem->import;

	if (!nem->has_day)
		return;
	nem->has_day = false;
	if (nem->varies && count_covered(nem) < nem->n)
		doubt_day(nem, refuse(ERRCODE_SG_INVALID_INPUT, "flag V, but records 400 cover %d of %d intervals", count_covered(nem), nem->n));
	if (nem->reason[0] != '\0')
	{
		import_refuse(import, nem->line, &nem->point, refuse(ERRCODE_SG_INVALID_INPUT, "%s", nem->reason));
		return;
	}
	for (int i = 0; i < nem->n; i++)
	{
		import_turn(import, &nem->flow, &nem->values[i]);
		import_interval(import, nem->line, nem->point, nem->midnight + i * nem->minutes * USECS_PER_MINUTE, nem->minutes,
						&nem->values[i], nem->quality[i]);
	}
}

/* *minutes: the length of a channel's intervals; SG108 if it is none of a point. */
static Refusal *
read_length(const Field *field, int *minutes)
{
	static const struct
	{
		const char *text;
		int			minutes;
	}			lengths[] = {{"5", 5}, {"05", 5}, {"15", 15}, {"30", 30}};

	for (int i = 0; i < (int) lengthof(lengths); i++)
		if (field_is(field, lengths[i].text))
		{
			*minutes = lengths[i].minutes;
			return NULL;
		}
	return refuse(ERRCODE_SG_INVALID_INPUT, "intervals of \"%s\" minutes: they must have 5, 15 or 30",
				  import_excerpt(field->text, field->length));
}

/* Record 200. */
static void
take_channel(Nem12 *nem)
{
	Import	   *import = nem->import;
	ImportPoint *point = &nem->point;
	Refusal    *refusal = nem_point(import, &nem->file, CHANNEL_NMI, CHANNEL_SUFFIX, point);

	if (refusal != NULL)
		point = NULL;
	else
		refusal = nem_unit(nem_field(import, CHANNEL_UNIT), &nem->power);
	if (refusal == NULL)
		refusal = read_length(nem_field(import, CHANNEL_LENGTH), &nem->minutes);
	nem->channel = refusal == NULL ? CHANNEL_ACCEPTED : CHANNEL_REFUSED;
	if (refusal != NULL)
		import_refuse(import, line_of(nem), point, refusal);
	else
	{
		nem->n = MINS_PER_HOUR * HOURS_PER_DAY / nem->minutes;
		nem_flow(import, point, nem_field(import, CHANNEL_SUFFIX), &nem->flow);
	}
}

/* The values of a day; SG108, SG104 for the first that is none. */
static Refusal *
read_values(Nem12 *nem)
{
	for (int i = 0; i < nem->n; i++)
	{
		const Field *field = nem_field(nem->import, DAY_VALUES + i);
		Refusal    *refusal = import_kwh(field->text, field->length, '.', nem->power, &nem->values[i]);

		if (refusal != NULL)
			return refuse(refusal->sqlstate, "value %d: %s", i + 1, refusal->message);
	}
	return NULL;
}

/* The flag of a day, which is that of all intervals until records 400 say something else. */
static Refusal *
read_day_flag(Nem12 *nem)
{
	const Field *flag = nem_field(nem->import, DAY_VALUES + nem->n);
	Quality		quality = QUALITY_MISSING;

	nem->varies = flag->length == 1 && flag->text[0] == 'V';
	if (!nem->varies && !nem_quality(flag, &quality))
		return refuse(ERRCODE_SG_INVALID_INPUT, "expected %d interval values and a quality flag", nem->n);
	for (int i = 0; i < nem->n; i++)
	{
		nem->quality[i] = quality;
		nem->covered[i] = false;
	}
	return NULL;
}

static Refusal *
read_date(Nem12 *nem)
{
	const Field *date = nem_field(nem->import, DAY_DATE);
	int			day;

	if (!import_compact_date(date->text, date->length, &day))
		return refuse(ERRCODE_SG_INVALID_INPUT, "\"%s\" is no date as 20260329", import_excerpt(date->text, date->length));
	if (!nem_midnight(nem->import, day, &nem->midnight))
		return refuse(ERRCODE_SG_INVALID_INPUT, "%.*s has not 24 hours in %s", (int) date->length, date->text,
					  pg_get_timezone_name(nem->import->zone_option));
	return NULL;
}

/* Reads record 300. */
static Refusal *
read_day(Nem12 *nem)
{
	Refusal    *refusal;

	if (nem->channel == CHANNEL_NONE)
		return refuse(ERRCODE_SG_INVALID_INPUT, "record 300 without 200");
	refusal = read_day_flag(nem);
	if (refusal == NULL && lines_filled_fields(&nem->import->lines) > DAY_VALUES + nem->n + 1 + DAY_LAST_AFTER_FLAG)
		refusal = refuse(ERRCODE_SG_INVALID_INPUT, "record 300 goes on after its last field");
	if (refusal == NULL)
		refusal = read_date(nem);
	return refusal ? refusal : read_values(nem);
}

/* Record 300. */
static void
take_day(Nem12 *nem)
{
	Refusal    *refusal;

	if (nem->channel == CHANNEL_REFUSED)
		return;
	nem->line = line_of(nem);
	nem->reason[0] = '\0';
	refusal = read_day(nem);
	nem->has_day = refusal == NULL;
	if (refusal != NULL)
		import_refuse(nem->import, nem->line, nem->channel == CHANNEL_NONE ? NULL : &nem->point, refusal);
}

/* *number: that of an interval, 1 to n; false if it is none. */
static bool
read_number(const Field *field, int n, int *number)
{
	*number = 0;
	for (size_t i = 0; i < field->length; i++)
	{
		if (field->text[i] < '0' || field->text[i] > '9')
			return false;
		*number = *number * 10 + (field->text[i] - '0');
		if (*number > n)
			return false;
	}
	return *number > 0;
}

/* Applies record 400 to the day; SG108 if it says nothing of the kind. */
static Refusal *
apply_event(Nem12 *nem)
{
	const Import *import = nem->import;
	const Field *flag = nem_field(import, EVENT_FLAG);
	Quality		quality;
	int			first;
	int			last;

	if (!read_number(nem_field(import, EVENT_FIRST), nem->n, &first) || !read_number(nem_field(import, EVENT_LAST), nem->n, &last) ||
		first > last)
		return refuse(ERRCODE_SG_INVALID_INPUT, "record 400 on line " INT64_FORMAT " has no range of the intervals 1 to %d", line_of(nem), nem->n);
	if (!nem_quality(flag, &quality))
		return refuse(ERRCODE_SG_INVALID_INPUT, "record 400 on line " INT64_FORMAT " has no quality flag, but \"%s\"", line_of(nem),
					  import_excerpt(flag->text, flag->length));
	for (int i = first - 1; i < last; i++)
	{
		if (nem->covered[i])
			return refuse(ERRCODE_SG_INVALID_INPUT, "record 400 on line " INT64_FORMAT " covers interval %d, as one before", line_of(nem), i + 1);
		nem->covered[i] = true;
		nem->quality[i] = quality;
	}
	return NULL;
}

/* Record 400. */
static void
take_event(Nem12 *nem)
{
	Refusal    *refusal;

	if (nem->channel == CHANNEL_REFUSED)
		return;
	if (!nem->has_day)
	{
		import_refuse(nem->import, line_of(nem), nem->channel == CHANNEL_NONE ? NULL : &nem->point,
					  refuse(ERRCODE_SG_INVALID_INPUT, "record 400 without 300"));
		return;
	}
	refusal = apply_event(nem);
	if (refusal != NULL)
		doubt_day(nem, refusal);
}

/* Any record but 400, which belongs to the day before it. */
static void
take_record(Nem12 *nem)
{
	const Import *import = nem->import;
	const Field *indicator = nem_field(import, 0);

	if (nem_record_is(import, "200"))
		take_channel(nem);
	else if (nem_record_is(import, "300"))
		take_day(nem);
	else if (nem_record_is(import, "100") || nem_record_is(import, "900"))
		nem->channel = CHANNEL_NONE;
	else if (!nem_record_is(import, "500"))
		import_refuse(nem->import, line_of(nem), NULL, refuse(ERRCODE_SG_INVALID_INPUT, "unknown record \"%s\"",
															  import_excerpt(indicator->text, indicator->length)));
}

static void
read_nem12(Import *import)
{
	Nem12	   *nem = MemoryContextAllocZero(import->context, sizeof(Nem12));
	Refusal    *refusal;

	nem->import = import;
	nem->file.version = "NEM12";
	while (nem_next_record(import, &nem->file, &refusal))
	{
		if (refusal == NULL && nem_record_is(import, "400"))
		{
			take_event(nem);
			continue;
		}
		end_day(nem);
		if (refusal != NULL)
			import_refuse(import, line_of(nem), NULL, refusal);
		else
			take_record(nem);
	}
	end_day(nem);
	nem_end(import, &nem->file);
}

const ImportFormat import_nem12 = {.name = "nem12", .read = read_nem12, .says_direction = true};
