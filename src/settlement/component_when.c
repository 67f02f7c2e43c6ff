/*-------------------------------------------------------------------------
 *
 * component_when.c
 *	  The hours in which a component applies, from JSON.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "settlement/component_parts.h"

static const char *const when_keys[] = {"months", "days", "times", "holidays", "marked"};
static const char *const holiday_names[] = {"as_sunday", "only", "ignore"};

/* *minute: that the text HH:MM says, and *text moves behind it; false if it is no time of a day, which may be 24:00. */
static bool
read_minute(const char **text, int *minute)
{
	const char *t = *text;

	for (int i = 0; i < 5; i++)
		if (i == 2 ? t[i] != ':' : (t[i] < '0' || t[i] > '9'))
			return false;
	*minute = ((t[0] - '0') * 10 + t[1] - '0') * 60 + (t[3] - '0') * 10 + t[4] - '0';
	*text = t + 5;
	return t[3] < '6' && *minute <= COMPONENT_DAY_MINUTES;
}

/* Takes HH:MM-HH:MM apart; false if it is anything else. */
static bool
read_time(const char *text, int *start, int *end)
{
	return read_minute(&text, start) && *text++ == '-' && read_minute(&text, end) && *text == '\0' && *start < COMPONENT_DAY_MINUTES;
}

/* Marks the minutes from start to before end; past midnight, to the day's end and from its begin. */
static void
mark_minutes(ComponentWhen *when, int start, int end)
{
	int			length = (end - start + COMPONENT_DAY_MINUTES) % COMPONENT_DAY_MINUTES;

	if (length == 0)			/* 00:00-24:00 */
		length = COMPONENT_DAY_MINUTES;
	for (int i = 0; i < length; i++)
	{
		int			minute = (start + i) % COMPONENT_DAY_MINUTES;

		when->minutes[minute / 8] |= (uint8) (1 << minute % 8);
	}
}

static void
read_times(const JsonAt *at, ComponentWhen *when)
{
	int			n = json_at_length(at);

	when->has_times = true;
	for (int i = 0; i < n; i++)
	{
		JsonAt		element = json_at_element(at, i);
		int			start;
		int			end;

		if (element.value.type != jbvString || !read_time(json_at_text(&element, MAXPGPATH), &start, &end))
			error_json_at(&element, "must be a time of day as \"07:00-20:00\", from 00:00 to 24:00");
		if (start == end)
			error_json_at(&element, "must not end when it starts; the whole day is \"00:00-24:00\"");
		mark_minutes(when, start, end);
	}
}

static uint8
read_days(const JsonAt *at)
{
	int			n = json_at_length(at);
	uint8		days = 0;

	for (int i = 0; i < n; i++)
	{
		JsonAt		element = json_at_element(at, i);

		days |= (uint8) (1 << json_at_int(&element, 1, 7));
	}
	return days;
}

void
component_read_when(const JsonAt *at, ComponentWhen *when)
{
	JsonAt		member;

	json_at_require_object(at);
	component_require_keys(at, when_keys, lengthof(when_keys));
	*when = (ComponentWhen) {.is_given = true, .months = COMPONENT_ALL_MONTHS, .days = COMPONENT_ALL_DAYS};
	if (json_at_member(at, "months", &member))
		when->months = component_read_months(&member);
	if (json_at_member(at, "days", &member))
		when->days = read_days(&member);
	if (json_at_member(at, "times", &member))
		read_times(&member, when);
	if (json_at_member(at, "holidays", &member))
		when->holidays = (HolidayMode) json_at_one_of(&member, holiday_names, lengthof(holiday_names));
	if (json_at_member(at, "marked", &member))
		when->marked = json_at_text(&member, COMPONENT_SERIES_BYTES);
}
