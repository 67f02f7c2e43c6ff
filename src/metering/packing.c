/*-------------------------------------------------------------------------
 *
 * packing.c
 *	  Blocks of numbers and runs of qualities: packing.h says what for.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/packing.h"

#include <string.h>

/* ---- writing ---- */

static int
bits_of(uint64_t value)
{
	return value == 0 ? 0 : 64 - __builtin_clzll(value);
}

/* Writes n values of so many bits each. */
static inline uint8_t *
put_bits(uint8_t *out, const uint64_t *values, int n, int width)
{
	unsigned __int128 held = 0; /* bits that make no byte yet, less than 8 before each value */
	int			nheld = 0;

	for (int i = 0; i < n; i++)
	{
		held |= (unsigned __int128) values[i] << nheld;
		for (nheld += width; nheld >= 8; nheld -= 8)
		{
			*out++ = (uint8_t) held;
			held >>= 8;
		}
	}
	if (nheld > 0)
		*out++ = (uint8_t) held;
	return out;
}

/* Writes the width of the largest of n values, which is given, and all of them in so many bits. */
uint8_t *
put_fitted(uint8_t *out, const uint64_t *values, int n, uint64_t most)
{
	int			width = bits_of(most);

	*out++ = (uint8_t) width;
	return put_bits(out, values, n, width);
}

/* Writes a block of 1 to PACK_BLOCK amounts: the least, and what each is above it. */
uint8_t *
put_block(uint8_t *out, const int64_t *amounts, int n)
{
	int64_t		least = amounts[0];
	int64_t		most = amounts[0];
	uint64_t	above[PACK_BLOCK];

	for (int i = 1; i < n; i++)
	{
		least = amounts[i] < least ? amounts[i] : least;
		most = amounts[i] > most ? amounts[i] : most;
	}
	for (int i = 0; i < n; i++)
		above[i] = (uint64_t) amounts[i] - (uint64_t) least;
	out = put_varint(out, zigzag(least));
	return put_fitted(out, above, n, (uint64_t) most - (uint64_t) least);
}

/* ---- reading ---- */

/*
 * Reads a run of one quality, of which there are left still: NULL, or what is
 * wrong.  A run that is counted leaves something for the last one.
 */
const char *
get_quality_run(PackReader *in, size_t left, size_t *count, uint8_t *quality)
{
	uint64_t	run = get_varint(in);

	if (in->wrong)
		return "it ends within the qualities";
	if (run % 8 >= QUALITY_COUNT)
		return "there is no such quality";
	if (run / 8 >= left)
		return "a run of qualities is too long";
	*quality = (uint8_t) (run % 8);
	*count = run < 8 ? left : (size_t) (run / 8);
	return NULL;
}

/* Eight bytes as a number, the lowest first. */
static inline uint64_t
load_low_first(const uint8_t *bytes)
{
	uint64_t	value;

	memcpy(&value, bytes, sizeof(value));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value = __builtin_bswap64(value);
#endif
	return value;
}

/*
 * Reads n values of so many bits each from a buffer that has nine bytes more than
 * they take.  A value of more than 57 bits may reach into a ninth byte.
 */
static inline void
get_bits(const uint8_t *bytes, uint64_t *values, int n, int width)
{
	uint64_t	mask = width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;

	for (int i = 0, bit = 0; i < n; i++, bit += width)
		values[i] = load_low_first(bytes + bit / 8) >> bit % 8;
	if (width > 57)
		for (int i = 0, bit = 0; i < n; i++, bit += width)
			if (bit % 8 + width > 64)
				values[i] |= (uint64_t) bytes[bit / 8 + 8] << (64 - bit % 8);
	for (int i = 0; i < n; i++)
		values[i] &= mask;
}

/* Reads n numbers, at most PACK_BLOCK, with the width they have: NULL, or what is wrong. */
static inline const char *
get_fitted_inline(PackReader *in, uint64_t *values, int n)
{
	int			width = get_byte(in);
	size_t		length = ((size_t) n * (size_t) width + 7) / 8;
	const uint8_t *bytes = in->next;	/* behind the width */
	uint8_t		copy[PACK_BLOCK * 8 + 9];

	if (in->wrong)
		return "it ends within a block";
	if (width > 64)
		return "a width is more than 64 bits";
	if (length > (size_t) (in->end - in->next))
		return "it ends within a block";
	in->next += length;
	if (in->end - in->next < 9)
	{
		memcpy(copy, bytes, length);
		memset(copy + length, 0, 9);
		bytes = copy;
	}
	get_bits(bytes, values, n, width);
	return NULL;
}

const char *
get_fitted(PackReader *in, uint64_t *values, int n)
{
	return get_fitted_inline(in, values, n);
}

/* Reads a block of n amounts, at most PACK_BLOCK: NULL, or what is wrong. */
const char *
get_block(PackReader *in, int64_t *amounts, int n)
{
	int64_t		least = unzigzag(get_varint(in));
	uint64_t	room = (uint64_t) INT64_MAX - (uint64_t) least;
	uint64_t	above[PACK_BLOCK];
	bool		beyond = false;
	const char *wrong = get_fitted_inline(in, above, n);

	if (wrong != NULL)
		return wrong;
	for (int i = 0; i < n; i++)
	{
		beyond |= above[i] > room;
		amounts[i] = (int64_t) ((uint64_t) least + above[i]);
	}
	return beyond ? "an amount is out of range" : NULL;
}
