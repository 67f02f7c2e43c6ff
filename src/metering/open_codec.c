/*-------------------------------------------------------------------------
 *
 * open_codec.c
 *	  Packing and unpacking what many points measured in one slot: open_codec.h
 *	  has the form.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/open_codec.h"

#include "metering/packing.h"

#define OPEN_FORMAT		64

static size_t
blocks_of(size_t n)
{
	return (n + PACK_BLOCK - 1) / PACK_BLOCK;
}

/* How many values are in the block that begins with value i. */
static int
in_block(size_t n, size_t i)
{
	return n - i < PACK_BLOCK ? (int) (n - i) : PACK_BLOCK;
}

/* ---- writing ---- */

static uint8_t *
put_points(uint8_t *out, const OpenValue *values, int n, int64_t before)
{
	uint64_t	steps[PACK_BLOCK];
	uint64_t	most = 0;

	for (int i = 1; i < n; i++)
	{
		steps[i - 1] = (uint64_t) (values[i].point_id - values[i - 1].point_id - 1);
		most = steps[i - 1] > most ? steps[i - 1] : most;
	}
	out = put_varint(out, (uint64_t) (values[0].point_id - before));
	return put_fitted(out, steps, n - 1, most);
}

static uint8_t *
put_amounts(uint8_t *out, const OpenValue *values, int n)
{
	int64_t		amounts[PACK_BLOCK];

	for (int i = 0; i < n; i++)
		amounts[i] = values[i].amount;
	return put_block(out, amounts, n);
}

static uint8_t *
put_qualities(uint8_t *out, const OpenValue *values, size_t n)
{
	size_t		from = 0;

	for (size_t i = 1; i < n; i++)
		if (values[i].quality != values[from].quality)
		{
			out = put_quality_run(out, i - from, values[from].quality);
			from = i;
		}
	return put_quality_run(out, 0, values[from].quality);
}

/* Bytes that are enough for the packed form of any n values. */
size_t
open_pack_bound(size_t n)
{
	/* A run of qualities takes no more bytes than it has values. */
	return 1 + PACK_MAX_VARINT + blocks_of(n) * 2 * (PACK_MAX_VARINT + PACK_MAX_FITTED) + n;
}

/*
 * Writes the packed form of n values, which must not be wrong (open_wrong()), to
 * bytes, of which there are open_pack_bound(n).  Returns how many it took.
 */
size_t
open_pack(const OpenValue *values, size_t n, uint8_t *bytes)
{
	uint8_t    *out = bytes;

	*out++ = OPEN_FORMAT;
	out = put_varint(out, n);
	for (size_t i = 0; i < n; i += PACK_BLOCK)
		out = put_points(out, values + i, in_block(n, i), i == 0 ? 0 : values[i - 1].point_id);
	for (size_t i = 0; i < n; i += PACK_BLOCK)
		out = put_amounts(out, values + i, in_block(n, i));
	if (n > 0)
		out = put_qualities(out, values, n);
	return (size_t) (out - bytes);
}

/* NULL if values can be packed, or what is wrong with them. */
const char *
open_wrong(const OpenValue *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		if (values[i].point_id <= (i == 0 ? 0 : values[i - 1].point_id))
			return "its points are not in their order";
		if (values[i].quality >= QUALITY_COUNT)
			return "there is no such quality";
		if (values[i].quality == QUALITY_MISSING && values[i].amount != 0)
			return "a missing slot has an amount";
	}
	return NULL;
}

/* ---- reading ---- */

static const char *
get_points(PackReader *in, OpenValue *values, int n, int64_t *last)
{
	uint64_t	steps[PACK_BLOCK];
	uint64_t	first = get_varint(in);
	const char *wrong = get_fitted(in, steps + 1, n - 1);

	if (wrong != NULL)
		return wrong;
	if (first == 0)
		return "its points are not in their order";
	steps[0] = first - 1;
	for (int i = 0; i < n; i++)
	{
		if (steps[i] >= (uint64_t) (INT64_MAX - *last))
			return "the number of a point is out of range";
		*last += (int64_t) steps[i] + 1;
		values[i].point_id = *last;
	}
	return NULL;
}

static const char *
get_amounts(PackReader *in, OpenValue *values, int n)
{
	int64_t		amounts[PACK_BLOCK];
	const char *wrong = get_block(in, amounts, n);

	if (wrong == NULL)
		for (int i = 0; i < n; i++)
			values[i].amount = amounts[i];
	return wrong;
}

static const char *
get_qualities(PackReader *in, OpenValue *values, size_t n)
{
	size_t		i = 0;

	while (i < n)
	{
		size_t		count;
		uint8_t		quality;
		const char *wrong = get_quality_run(in, n - i, &count, &quality);

		if (wrong != NULL)
			return wrong;
		for (; count > 0; count--, i++)
		{
			values[i].quality = quality;
			if (quality == QUALITY_MISSING && values[i].amount != 0)
				return "a missing slot has an amount";
		}
	}
	return NULL;
}

/* Reads how many values there are, which are no more than its bytes can have: NULL, or what is wrong. */
static const char *
get_count(PackReader *in, size_t *n)
{
	uint64_t	count;
	size_t		left;

	if (get_byte(in) != OPEN_FORMAT)
		return "its format is not known";
	count = get_varint(in);
	if (in->wrong)
		return "it ends before its points";
	/* A block of points takes two bytes at least, one of amounts too, all qualities one. */
	left = (size_t) (in->end - in->next);
	if (count > left / 4 * PACK_BLOCK)
		return "it has fewer bytes than its points take";
	*n = (size_t) count;
	return NULL;
}

/*
 * How many values bytes have: NULL, or what is wrong with them.  It is no more
 * than four times as many as there are bytes, so a caller may allocate so much.
 */
const char *
open_count(const uint8_t *bytes, size_t length, size_t *n)
{
	PackReader	in = {bytes, bytes + length, false};

	return get_count(&in, n);
}

/*
 * Reads the packed form of n values, as open_count() has said: NULL, or what is
 * wrong.  It takes forms that open_pack() would have made shorter, too.
 */
const char *
open_unpack(const uint8_t *bytes, size_t length, OpenValue *values, size_t n)
{
	PackReader	in = {bytes, bytes + length, false};
	size_t		count = 0;
	int64_t		last = 0;
	const char *wrong = get_count(&in, &count);

	if (wrong == NULL && count != n)
		wrong = "it has another number of points";
	for (size_t i = 0; i < n && wrong == NULL; i += PACK_BLOCK)
		wrong = get_points(&in, values + i, in_block(n, i), &last);
	for (size_t i = 0; i < n && wrong == NULL; i += PACK_BLOCK)
		wrong = get_amounts(&in, values + i, in_block(n, i));
	if (wrong == NULL)
		wrong = get_qualities(&in, values, n);
	if (wrong == NULL && in.next != in.end)
		wrong = "bytes follow its end";
	return wrong;
}
