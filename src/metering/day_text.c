/*-------------------------------------------------------------------------
 *
 * day_text.c
 *	  Writing and reading the text form of a day: day_text.h has it.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/day_text.h"

/* ---- writing ---- */

/* Writes a number in at least so many digits. */
static char *
put_digits(char *out, uint64_t value, int least)
{
	char	   *end = out + least;

	for (uint64_t rest = value; least <= DAY_MAX_EXPONENT && rest >= (uint64_t) day_power_of_ten[least]; least++)
		end++;
	for (char *digit = end; digit > out; value /= 10)
		*--digit = (char) ('0' + value % 10);
	return end;
}

static char *
put_shape(char *out, const DayShape *shape)
{
	unsigned	seconds = (unsigned) (shape->offset < 0 ? -shape->offset : shape->offset);

	*out++ = shape->offset < 0 ? '-' : '+';
	out = put_digits(out, seconds / 3600, 2);
	*out++ = ':';
	out = put_digits(out, seconds / 60 % 60, 2);
	if (seconds % 60 != 0)
	{
		*out++ = ':';
		out = put_digits(out, seconds % 60, 2);
	}
	for (int s = 0; s < shape->segments; s++)
	{
		*out++ = s == 0 ? ' ' : '+';
		out = put_digits(out, (uint64_t) shape->segment[s].count, 1);
		*out++ = 'x';
		out = put_digits(out, (uint64_t) shape->segment[s].minutes, 1);
	}
	return out;
}

/*
 * Writes what a day's slots are, as its text begins, to as many bytes as a day
 * has.  Returns its length.
 */
size_t
day_shape_to_text(const DayShape *shape, char *text)
{
	char	   *out = put_shape(text, shape);

	*out = '\0';
	return (size_t) (out - text);
}

/*
 * Writes an amount with the letter of its quality, as a slot of a day has it,
 * for which there are DAY_MAX_VALUE bytes.  Returns its length.
 */
size_t
day_value_to_text(int64_t amount, uint8_t quality, char *text)
{
	char	   *out = text;

	if (quality == QUALITY_MISSING)
		*out++ = quality_letter(QUALITY_MISSING);
	else
	{
		if (amount < 0)
			*out++ = '-';
		out = put_digits(out, amount < 0 ? 0 - (uint64_t) amount : (uint64_t) amount, 1);
		if (quality != QUALITY_MEASURED)
			*out++ = quality_letter((Quality) quality);
	}
	*out = '\0';
	return (size_t) (out - text);
}

/*
 * Writes a day, which must not be wrong (day_wrong()), as text, for which there
 * are DAY_MAX_TEXT bytes.  Returns its length.
 */
size_t
day_to_text(const Day *day, char *text)
{
	char	   *out = put_shape(text, &day->shape);

	for (int i = 0; i < day->shape.slots; i++)
	{
		*out++ = i == 0 ? ' ' : ',';
		out += day_value_to_text(day->amount[i], day->quality[i], out);
	}
	*out = '\0';
	return (size_t) (out - text);
}

/* ---- reading: each moves *in beyond what it read ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
skip_spaces(const char **in)
{
	while (**in == ' ' || (**in >= '\t' && **in <= '\r'))
		(*in)++;
}

/* Is the next character this one?  Then moves on. */
static bool
get_char(const char **in, char wanted)
{
	if (**in != wanted)
		return false;
	(*in)++;
	return true;
}

/* A number of at least one digit and at most most; false if there is none. */
static bool
get_number(const char **in, uint64_t most, uint64_t *number)
{
	uint64_t	value = 0;

	if (!is_digit(**in))
		return false;
	for (; is_digit(**in); (*in)++)
	{
		uint64_t	digit = (uint64_t) (**in - '0');

		if (digit > most || value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return true;
}

/* Two digits below sixty, after a colon. */
static bool
get_sixtieth(const char **in, uint64_t *number)
{
	return get_char(in, ':') && is_digit((*in)[0]) && is_digit((*in)[1]) && !is_digit((*in)[2]) && get_number(in, 59, number);
}

static const char *
get_offset(const char **in, DayShape *shape)
{
	bool		negative = **in == '-';
	uint64_t	hours;
	uint64_t	minutes;
	uint64_t	seconds = 0;

	if ((!get_char(in, '+') && !get_char(in, '-')) || !get_number(in, 15, &hours) || !get_sixtieth(in, &minutes) ||
		(**in == ':' && !get_sixtieth(in, &seconds)))
		return "it begins with the offset from UTC, as in +01:00";
	shape->offset = (int) (hours * 3600 + minutes * 60 + seconds);
	if (negative)
		shape->offset = -shape->offset;
	return NULL;
}

static const char *
get_segments(const char **in, DayShape *shape)
{
	shape->slots = 0;
	shape->segments = 0;
	do
	{
		uint64_t	count;
		uint64_t	minutes;
		const char *wrong;

		if (!get_number(in, 9999, &count) || !get_char(in, 'x') || !get_number(in, 9999, &minutes))
			return "number and minutes of slots are to follow, as in 96x15";
		wrong = day_add_segment(shape, (int) count, (int) minutes);
		if (wrong != NULL)
			return wrong;
	} while (get_char(in, '+'));
	return NULL;
}

/* An amount; false if there is none, or it is beyond 64 bits. */
static bool
get_amount(const char **in, int64_t *amount)
{
	bool		negative = get_char(in, '-');
	uint64_t	value;

	if (!get_number(in, (uint64_t) INT64_MAX + negative, &value))
		return false;
	*amount = (int64_t) (negative ? 0 - value : value);
	return true;
}

static const char *
get_slot(const char **in, int64_t *amount, uint8_t *quality)
{
	Quality		said = QUALITY_MEASURED;

	if (**in == quality_letter(QUALITY_MISSING) && !is_digit((*in)[1]))
	{
		(*in)++;
		*amount = 0;
		*quality = QUALITY_MISSING;
		return NULL;
	}
	if (!get_amount(in, amount))
		return is_digit(**in) ? "an amount is out of range" : "an amount is to follow, or - if it is missing";
	if (quality_of_letter(**in, &said))
	{
		if (said == QUALITY_MISSING)
			return "a missing slot has no amount";
		(*in)++;
	}
	*quality = (uint8_t) said;
	return NULL;
}

static const char *
get_slots(const char **in, Day *day)
{
	for (int i = 0; i < day->shape.slots; i++)
	{
		const char *wrong;

		if (i > 0 && !get_char(in, ','))
			return **in == '\0' ? "it has fewer slots than it says" : "a comma is to follow";
		wrong = get_slot(in, &day->amount[i], &day->quality[i]);
		if (wrong != NULL)
			return wrong;
	}
	return **in == ',' ? "it has more slots than it says" : NULL;
}

/*
 * Reads the text form of a day: NULL, or what is wrong with it, *place being how
 * many bytes were understood.
 */
const char *
day_of_text(const char *text, Day *day, size_t *place)
{
	const char *in = text;
	const char *wrong;

	skip_spaces(&in);
	wrong = get_offset(&in, &day->shape);
	if (wrong == NULL)
		wrong = get_char(&in, ' ') ? get_segments(&in, &day->shape) : "a space is to follow";
	if (wrong == NULL)
		wrong = get_char(&in, ' ') ? get_slots(&in, day) : "a space is to follow";
	if (wrong == NULL)
	{
		skip_spaces(&in);
		if (*in != '\0')
			wrong = "nothing is to follow";
	}
	*place = (size_t) (in - text);
	return wrong;
}
