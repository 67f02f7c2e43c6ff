/*-------------------------------------------------------------------------
 *
 * packing.h
 *	  What packed forms are made of: varints, zigzag, blocks of numbers in as few
 *	  bits as they fit, runs of one quality.  day_codec.h and open_codec.h say what
 *	  these look like, and what is put together of them.
 *
 * Writers are given enough room, and return what is behind what they wrote.
 * Readers take any bytes: they read none beyond their end.  What is small is
 * inline, for a month of a community is 30 million numbers.
 *
 * Nothing here knows PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PACKING_H
#define SG_PACKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metering/quality.h"

/* Numbers of a block. */
#define PACK_BLOCK			16

/* The longest varint, and the longest block of fitted numbers, with its width. */
#define PACK_MAX_VARINT		10
#define PACK_MAX_FITTED		(1 + PACK_BLOCK * 8)

/* The bytes that are still to be read; wrong if there were too few, or no number. */
typedef struct PackReader
{
	const uint8_t *next;
	const uint8_t *end;
	bool		wrong;
} PackReader;

/* ---- writing ---- */

static inline uint8_t *
put_varint(uint8_t *out, uint64_t value)
{
	while (value >= 0x80)
	{
		*out++ = (uint8_t) (value | 0x80);
		value >>= 7;
	}
	*out++ = (uint8_t) value;
	return out;
}

static inline uint64_t
zigzag(int64_t value)
{
	return ((uint64_t) value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

/* Writes a run of one quality; count 0: that of all that remain. */
static inline uint8_t *
put_quality_run(uint8_t *out, size_t count, uint8_t quality)
{
	return put_varint(out, (uint64_t) count * 8 + quality);
}

extern uint8_t *put_fitted(uint8_t *out, const uint64_t *values, int n, uint64_t most);
extern uint8_t *put_block(uint8_t *out, const int64_t *amounts, int n);

/* ---- reading ---- */

static inline uint8_t
get_byte(PackReader *in)
{
	if (in->next == in->end)
	{
		in->wrong = true;
		return 0;
	}
	return *in->next++;
}

static inline uint64_t
get_varint(PackReader *in)
{
	uint64_t	value = 0;

	for (int shift = 0; shift < 64; shift += 7)
	{
		uint8_t		byte = get_byte(in);

		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t) (byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	in->wrong = true;
	return 0;
}

static inline int64_t
unzigzag(uint64_t value)
{
	return (int64_t) ((value >> 1) ^ (value & 1 ? UINT64_MAX : 0));
}

extern const char *get_quality_run(PackReader *in, size_t left, size_t *count, uint8_t *quality);
extern const char *get_fitted(PackReader *in, uint64_t *values, int n);
extern const char *get_block(PackReader *in, int64_t *amounts, int n);

#endif							/* SG_PACKING_H */
