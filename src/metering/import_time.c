/*-------------------------------------------------------------------------
 *
 * import_time.c
 *	  Times as files have them.
 *
 *	  2026-03-29T02:15:00+01:00		2026-03-29 02:15Z		29.03.2026 02:15
 *
 * Date and time of day, with or without seconds, and with an offset from UTC or
 * without.  Nothing here depends on settings of the session.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/import.h"

/* How far from UTC clocks are set, at most. */
#define MAX_OFFSET_HOURS	15

/* A text that is read from its beginning. */
typedef struct Cursor
{
	const char *at;
	const char *end;
} Cursor;

static bool
at_end(const Cursor *cursor)
{
	return cursor->at == cursor->end;
}

/* Takes a character, if it is the next one. */
static bool
take(Cursor *cursor, char c)
{
	if (at_end(cursor) || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

/* Takes just so many digits; false if there are fewer. */
static bool
take_digits(Cursor *cursor, int n, int *value)
{
	*value = 0;
	for (; n > 0; n--, cursor->at++)
	{
		if (at_end(cursor) || *cursor->at < '0' || *cursor->at > '9')
			return false;
		*value = *value * 10 + (*cursor->at - '0');
	}
	return true;
}

/* *day: the Julian day number of a date; false if the calendar has none such. */
static bool
day_of(int year, int month, int date, int *day)
{
	if (year < 1 || month < 1 || month > MONTHS_PER_YEAR || date < 1 || date > day_tab[isleap(year)][month - 1])
		return false;
	*day = date2j(year, month, date);
	return true;
}

/* Takes 2026-03-29. */
static bool
take_iso_date(Cursor *cursor, int *day)
{
	int			year;
	int			month;
	int			date;

	return take_digits(cursor, 4, &year) && take(cursor, '-') && take_digits(cursor, 2, &month) && take(cursor, '-') &&
		take_digits(cursor, 2, &date) && day_of(year, month, date, day);
}

/* Takes 29.03.2026. */
static bool
take_dotted_date(Cursor *cursor, int *day)
{
	int			year;
	int			month;
	int			date;

	return take_digits(cursor, 2, &date) && take(cursor, '.') && take_digits(cursor, 2, &month) && take(cursor, '.') &&
		take_digits(cursor, 4, &year) && day_of(year, month, date, day);
}

static bool
take_date(Cursor *cursor, int *day)
{
	bool		is_dotted = cursor->end - cursor->at > 2 && cursor->at[2] == '.';

	return is_dotted ? take_dotted_date(cursor, day) : take_iso_date(cursor, day);
}

/* Takes the digits of a part of a second; false if there are none, or it is no whole number of microseconds. */
static bool
take_fraction(Cursor *cursor, int64 *microseconds)
{
	int64		unit = USECS_PER_SEC / 10;
	int			digit;

	*microseconds = 0;
	if (!take_digits(cursor, 1, &digit))
		return false;
	do
	{
		if (unit == 0 && digit != 0)
			return false;
		*microseconds += digit * unit;
		unit /= 10;
	} while (take_digits(cursor, 1, &digit));
	return true;
}

/* Takes 02:15, 02:15:00 or 02:15:00.000, and 24:00 for the end of the day; microseconds since midnight. */
static bool
take_clock(Cursor *cursor, int64 *since_midnight)
{
	int			hour;
	int			minute;
	int			second = 0;
	int64		fraction = 0;

	if (!take_digits(cursor, 2, &hour) || !take(cursor, ':') || !take_digits(cursor, 2, &minute))
		return false;
	if (take(cursor, ':') && (!take_digits(cursor, 2, &second) || (take(cursor, '.') && !take_fraction(cursor, &fraction))))
		return false;
	if (minute >= MINS_PER_HOUR || second >= SECS_PER_MINUTE)
		return false;
	*since_midnight = hour * USECS_PER_HOUR + minute * USECS_PER_MINUTE + second * USECS_PER_SEC + fraction;
	return *since_midnight <= USECS_PER_DAY;
}

/* Takes Z, +01, +01:00 or +0100; microseconds that local time is ahead of UTC. */
static bool
take_offset(Cursor *cursor, int64 *offset)
{
	bool		is_west;
	int			hour;
	int			minute = 0;

	*offset = 0;
	if (take(cursor, 'Z') || take(cursor, 'z'))
		return true;
	is_west = take(cursor, '-');
	if (!is_west && !take(cursor, '+'))
		return false;
	if (!take_digits(cursor, 2, &hour))
		return false;
	if ((take(cursor, ':') || !at_end(cursor)) && !take_digits(cursor, 2, &minute))
		return false;
	if (hour > MAX_OFFSET_HOURS || minute >= MINS_PER_HOUR)
		return false;
	*offset = (hour * USECS_PER_HOUR + minute * USECS_PER_MINUTE) * (is_west ? -1 : 1);
	return true;
}

/* What clocks show so many microseconds after midnight of a day. */
Timestamp
import_label(int day, int64 since_midnight)
{
	return (day - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY + since_midnight;
}

static bool
take_time(Cursor *cursor, ImportTime *time)
{
	int			day;
	int64		since_midnight;
	int64		offset = 0;

	if (!take_date(cursor, &day) || !(take(cursor, 'T') || take(cursor, 't') || take(cursor, ' ')))
		return false;
	while (take(cursor, ' '))
		;
	if (!take_clock(cursor, &since_midnight))
		return false;
	while (take(cursor, ' '))
		;
	time->is_moment = !at_end(cursor);
	if (time->is_moment && !take_offset(cursor, &offset))
		return false;
	time->at = import_label(day, since_midnight) - offset;
	return at_end(cursor);
}

/* *time: what a text says; SG108 if it is no time. */
Refusal *
import_time(const char *text, size_t length, ImportTime *time)
{
	Cursor		cursor = {text, text + length};

	if (take_time(&cursor, time))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_INPUT, "\"%s\" is no time as 2026-03-29T02:15:00+01:00, or local without the offset",
				  import_excerpt(text, length));
}

/* *day: the Julian day number of a date as 2026-03-29 or 29.03.2026; false if it is none. */
bool
import_date(const char *text, size_t length, int *day)
{
	Cursor		cursor = {text, text + length};

	return take_date(&cursor, day) && at_end(&cursor);
}

/* The same of a date as 20260329. */
bool
import_compact_date(const char *text, size_t length, int *day)
{
	Cursor		cursor = {text, text + length};
	int			year;
	int			month;
	int			date;

	return take_digits(&cursor, 4, &year) && take_digits(&cursor, 2, &month) && take_digits(&cursor, 2, &date) &&
		day_of(year, month, date, day) && at_end(&cursor);
}

/* *since_midnight: the microseconds of a time of day as 02:15; false if it is none. */
bool
import_clock(const char *text, size_t length, int64 *since_midnight)
{
	Cursor		cursor = {text, text + length};

	return take_clock(&cursor, since_midnight) && at_end(&cursor);
}
