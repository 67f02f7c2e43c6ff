/*-------------------------------------------------------------------------
 *
 * open_codec.h
 *	  The packed form of what many points measured in one slot.
 *
 * The bytes, all numbers of several bytes being varints, signed ones zigzag, as
 * in day_codec.h:
 *
 *	  format		1 byte: 64
 *	  count			of points
 *	  points		of 16 points each: the first, what it is above the last of the
 *					block before (0 at the beginning); width, 1 byte, 0 to 64; then
 *					for each of the others what it is above the one before, less 1
 *	  amounts		blocks as in a day: minimum, width, what each is above it
 *	  qualities		runs of one quality: count * 8 + quality; the last has count 0
 *
 * Points are in their order, each once, and their numbers above 0.  What is
 * missing has amount 0.
 *
 * Nothing here knows PostgreSQL, so a fuzzer can run it.  open_count() and
 * open_unpack() take any bytes: they read none beyond their end, and say what is
 * wrong.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_OPEN_CODEC_H
#define SG_OPEN_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "metering/quality.h"

typedef struct OpenValue
{
	int64_t		point_id;
	int64_t		amount;
	uint8_t		quality;		/* Quality */
} OpenValue;

extern const char *open_wrong(const OpenValue *values, size_t n);
extern size_t open_pack_bound(size_t n);
extern size_t open_pack(const OpenValue *values, size_t n, uint8_t *bytes);
extern const char *open_count(const uint8_t *bytes, size_t length, size_t *n);
extern const char *open_unpack(const uint8_t *bytes, size_t length, OpenValue *values, size_t n);

#endif							/* SG_OPEN_CODEC_H */
