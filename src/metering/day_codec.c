/*-------------------------------------------------------------------------
 *
 * day_codec.c
 *	  Shapes of days, and packing a day: day_codec.h has the form.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/day_codec.h"

#include <string.h>

#include "metering/packing.h"

const int	day_steps[DAY_STEPS] = {5, 15, 30, 60};

const int64_t day_power_of_ten[DAY_MAX_EXPONENT + 1] = {
	INT64_C(1), INT64_C(10), INT64_C(100), INT64_C(1000), INT64_C(10000), INT64_C(100000), INT64_C(1000000),
	INT64_C(10000000), INT64_C(100000000), INT64_C(1000000000), INT64_C(10000000000), INT64_C(100000000000),
	INT64_C(1000000000000), INT64_C(10000000000000), INT64_C(100000000000000), INT64_C(1000000000000000),
	INT64_C(10000000000000000), INT64_C(100000000000000000), INT64_C(1000000000000000000)
};

static int
step_of_minutes(int minutes)
{
	for (int step = 0; step < DAY_STEPS; step++)
		if (day_steps[step] == minutes)
			return step;
	return -1;
}

/* Can slots be of this length? */
bool
day_is_step(int minutes)
{
	return step_of_minutes(minutes) >= 0;
}

/*
 * Adds a segment to a shape: NULL, or what is wrong with it.
 */
const char *
day_add_segment(DayShape *shape, int count, int minutes)
{
	DaySegment *last = shape->segments > 0 ? &shape->segment[shape->segments - 1] : NULL;

	if (!day_is_step(minutes))
		return "slots have 5, 15, 30 or 60 minutes";
	if (count < 1 || count > DAY_MAX_SLOTS - shape->slots)
		return "a day has 1 to 300 slots";
	if (last != NULL && last->minutes == minutes)
		return "adjacent segments have slots of the same length";
	if (shape->segments == DAY_MAX_SEGMENTS)
		return "a day has at most 8 segments";
	shape->segment[shape->segments].count = count;
	shape->segment[shape->segments].minutes = minutes;
	shape->segments++;
	shape->slots += count;
	return NULL;
}

bool
day_shapes_equal(const DayShape *a, const DayShape *b)
{
	return a->offset == b->offset && a->slots == b->slots && a->segments == b->segments &&
		memcmp(a->segment, b->segment, (size_t) a->segments * sizeof(DaySegment)) == 0;
}

/* NULL if a day is one that can be packed, or what is wrong with it. */
const char *
day_wrong(const Day *day)
{
	DayShape	shape = {.offset = day->shape.offset};

	if (shape.offset < -DAY_MAX_OFFSET || shape.offset > DAY_MAX_OFFSET)
		return "the offset from UTC is 16 hours or more";
	if (day->shape.segments < 1 || day->shape.segments > DAY_MAX_SEGMENTS)
		return "a day has 1 to 8 segments";
	for (int s = 0; s < day->shape.segments; s++)
	{
		const char *wrong = day_add_segment(&shape, day->shape.segment[s].count, day->shape.segment[s].minutes);

		if (wrong != NULL)
			return wrong;
	}
	if (shape.slots != day->shape.slots)
		return "the number of slots is not that of the segments";
	for (int i = 0; i < shape.slots; i++)
	{
		if (day->quality[i] >= QUALITY_COUNT)
			return "there is no such quality";
		if (day->quality[i] == QUALITY_MISSING && day->amount[i] != 0)
			return "a missing slot has an amount";
	}
	return NULL;
}

/* ---- writing ---- */

/* The largest power of ten that divides all amounts, 0 if they are all 0. */
static int
common_exponent(const int64_t *amounts, int n)
{
	int			exponent = DAY_MAX_EXPONENT;
	bool		all_zero = true;

	for (int i = 0; i < n && exponent > 0; i++)
		if (amounts[i] != 0)
		{
			/* 10^k does not divide what 2^k does not, which takes no time to see. */
			int			twos = __builtin_ctzll((uint64_t) amounts[i]);

			all_zero = false;
			exponent = twos < exponent ? twos : exponent;
			while (exponent > 0 && amounts[i] % day_power_of_ten[exponent] != 0)
				exponent--;
		}
	return all_zero ? 0 : exponent;
}

static uint8_t *
put_shape(uint8_t *out, const DayShape *shape)
{
	if (shape->offset % DAY_QUARTER == 0)
		out = put_varint(out, zigzag(shape->offset / DAY_QUARTER) * 2);
	else
		out = put_varint(out, zigzag(shape->offset) * 2 + 1);
	for (int s = 0; s < shape->segments; s++)
		out = put_varint(out, ((uint64_t) shape->segment[s].count * 4 + (uint64_t) step_of_minutes(shape->segment[s].minutes)) * 2 +
						 (s + 1 < shape->segments));
	return out;
}

static uint8_t *
put_qualities(uint8_t *out, const uint8_t *quality, int n)
{
	int			from = 0;

	for (int i = 1; i < n; i++)
		if (quality[i] != quality[from])
		{
			out = put_quality_run(out, (size_t) (i - from), quality[from]);
			from = i;
		}
	return put_quality_run(out, 0, quality[from]);
}

/*
 * Writes the packed form of a day, which must not be wrong (day_wrong()), to
 * bytes, of which there are DAY_MAX_BYTES.  Returns how many it took.
 */
size_t
day_pack(const Day *day, uint8_t *bytes)
{
	int64_t		amounts[DAY_MAX_SLOTS];
	int			n = 0;
	int			exponent;
	uint8_t    *out = bytes;

	for (int i = 0; i < day->shape.slots; i++)
		if (day->quality[i] != QUALITY_MISSING)
			amounts[n++] = day->amount[i];
	exponent = common_exponent(amounts, n);
	if (exponent > 0)
		for (int i = 0; i < n; i++)
			amounts[i] /= day_power_of_ten[exponent];

	*out++ = (uint8_t) (DAY_FORMAT + exponent);
	out = put_shape(out, &day->shape);
	out = put_qualities(out, day->quality, day->shape.slots);
	for (int i = 0; i < n; i += PACK_BLOCK)
		out = put_block(out, amounts + i, n - i < PACK_BLOCK ? n - i : PACK_BLOCK);
	return (size_t) (out - bytes);
}
