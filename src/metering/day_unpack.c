/*-------------------------------------------------------------------------
 *
 * day_unpack.c
 *	  Unpacking a day, from any bytes: day_codec.h has the form.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/day_codec.h"

#include <string.h>

#include "metering/packing.h"

static const char *
get_shape(PackReader *in, DayShape *shape)
{
	uint64_t	offset = get_varint(in);
	int64_t		amount = unzigzag(offset / 2);
	uint64_t	segment;

	if (amount < -DAY_MAX_OFFSET || amount > DAY_MAX_OFFSET)
		return "the offset from UTC is out of range";
	shape->offset = (int) amount * (offset & 1 ? 1 : DAY_QUARTER);
	if (shape->offset < -DAY_MAX_OFFSET || shape->offset > DAY_MAX_OFFSET)
		return "the offset from UTC is out of range";
	shape->slots = 0;
	shape->segments = 0;
	do
	{
		uint64_t	count;
		const char *wrong;

		segment = get_varint(in);
		count = segment / 8;
		if (in->wrong)
			return "it ends within the segments";
		wrong = day_add_segment(shape, count > DAY_MAX_SLOTS ? DAY_MAX_SLOTS + 1 : (int) count, day_steps[segment / 2 % 4]);
		if (wrong != NULL)
			return wrong;
	} while (segment & 1);
	return NULL;
}

/* Reads the qualities of n slots; *present is how many are not missing. */
static const char *
get_qualities(PackReader *in, uint8_t *quality, int n, int *present)
{
	int			done = 0;

	*present = 0;
	while (done < n)
	{
		size_t		count;
		const char *wrong = get_quality_run(in, (size_t) (n - done), &count, quality + done);

		if (wrong != NULL)
			return wrong;
		memset(quality + done, quality[done], count);
		if (quality[done] != QUALITY_MISSING)
			*present += (int) count;
		done += (int) count;
	}
	return NULL;
}

/* amounts[0 .. n-1] *= 10^exponent. */
static const char *
raise_amounts(int64_t *amounts, int n, int exponent)
{
	bool		beyond = false;

	if (exponent > 0)
		for (int i = 0; i < n; i++)
			beyond |= __builtin_mul_overflow(amounts[i], day_power_of_ten[exponent], &amounts[i]);
	return beyond ? "an amount is out of range" : NULL;
}

/* Puts n amounts where the slots are that are not missing. */
static void
spread_amounts(Day *day, int n)
{
	if (n == day->shape.slots)
		return;
	for (int i = day->shape.slots - 1; i >= 0; i--)
		day->amount[i] = day->quality[i] == QUALITY_MISSING ? 0 : day->amount[--n];
}

/*
 * Reads the packed form of a day: NULL, or what is wrong with it.  It takes forms
 * that day_pack() would have made shorter, too.
 */
const char *
day_unpack(const uint8_t *bytes, size_t length, Day *day)
{
	PackReader	in = {bytes, bytes + length, false};
	int			format = get_byte(&in);
	int			n;
	const char *wrong;

	if (format < DAY_FORMAT || format > DAY_FORMAT + DAY_MAX_EXPONENT)
		return "its format is not known";
	wrong = get_shape(&in, &day->shape);
	if (wrong == NULL)
		wrong = get_qualities(&in, day->quality, day->shape.slots, &n);
	if (wrong != NULL)
		return wrong;
	for (int i = 0; i < n && wrong == NULL; i += PACK_BLOCK)
		wrong = get_block(&in, day->amount + i, n - i < PACK_BLOCK ? n - i : PACK_BLOCK);
	if (wrong == NULL)
		wrong = raise_amounts(day->amount, n, format - DAY_FORMAT);
	if (wrong == NULL && in.next != in.end)
		wrong = "bytes follow its end";
	if (wrong == NULL)
		spread_amounts(day, n);
	return wrong;
}

/* As day_unpack(), for bytes that come from elsewhere: only the one form that day_pack() makes is right. */
const char *
day_unpack_strictly(const uint8_t *bytes, size_t length, Day *day)
{
	uint8_t		again[DAY_MAX_BYTES];
	const char *wrong = day_unpack(bytes, length, day);

	if (wrong == NULL && (day_pack(day, again) != length || memcmp(again, bytes, length) != 0))
		wrong = "it is not the shortest form of this day";
	return wrong;
}
