/*-------------------------------------------------------------------------
 *
 * day_codec.h
 *	  The packed form of a day: what one metering point measured in the slots of
 *	  one local day, in about a byte a slot.
 *
 * The bytes, all numbers of several bytes being varints (seven bits a byte, the
 * lowest first, the highest bit says that more follow), signed ones zigzag (0,
 * -1, 1, -2 ... as 0, 1, 2, 3 ...):
 *
 *	  format		1 byte: 32 + exponent; the amounts below are in units of
 *					10^exponent, the largest that divides all of them (0 to 18;
 *					0 if all are zero)
 *	  offset		of local time from UTC when the day starts: zigzag(quarters of
 *					an hour) * 2, or zigzag(seconds) * 2 + 1 if it is no such
 *	  segments		stretches of slots of one length: (count * 4 + step) * 2, + 1
 *					if another follows; steps 0 to 3 are 5, 15, 30 and 60 minutes
 *	  qualities		runs of slots of one quality: count * 8 + quality; the last
 *					run has count 0, for it is what remains
 *	  blocks		the amounts of 16 slots each that are not missing, the last
 *					block may have less: the minimum, zigzag; width, 1 byte, 0 to
 *					64; then for each amount what it is above the minimum, in so
 *					many bits, the lowest bit first; zero bits fill the last byte
 *
 * There is one packed form of a day, so days are equal if their bytes are.
 *
 * Nothing here knows PostgreSQL, so a fuzzer can run it.  day_unpack() takes any
 * bytes: it reads none beyond their end, and says what is wrong.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DAY_CODEC_H
#define SG_DAY_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metering/quality.h"

#define DAY_MAX_SLOTS		300
#define DAY_MAX_SEGMENTS	8
#define DAY_MAX_OFFSET		57599	/* seconds: less than 16 hours, as time zones have */
#define DAY_STEPS			4

/* Of the packed form. */
#define DAY_FORMAT			32
#define DAY_MAX_EXPONENT	18
#define DAY_QUARTER			900		/* seconds */

extern const int day_steps[DAY_STEPS];	/* minutes */
extern const int64_t day_power_of_ten[DAY_MAX_EXPONENT + 1];

/* Enough for the packed form of any day. */
#define DAY_MAX_BYTES		4096

/* Adjacent segments have different steps. */
typedef struct DaySegment
{
	int			count;			/* slots */
	int			minutes;		/* the length of each */
} DaySegment;

/* What the slots of a day are: sums by slot are of days of one shape. */
typedef struct DayShape
{
	int			offset;			/* seconds, of local time from UTC when the day starts */
	int			slots;
	int			segments;
	DaySegment	segment[DAY_MAX_SEGMENTS];
} DayShape;

typedef struct Day
{
	DayShape	shape;
	int64_t		amount[DAY_MAX_SLOTS];	/* 0 if missing */
	uint8_t		quality[DAY_MAX_SLOTS]; /* Quality */
} Day;

extern bool day_is_step(int minutes);
extern const char *day_add_segment(DayShape *shape, int count, int minutes);
extern bool day_shapes_equal(const DayShape *a, const DayShape *b);
extern const char *day_wrong(const Day *day);
extern size_t day_pack(const Day *day, uint8_t *bytes);
extern const char *day_unpack(const uint8_t *bytes, size_t length, Day *day);
extern const char *day_unpack_strictly(const uint8_t *bytes, size_t length, Day *day);

#endif							/* SG_DAY_CODEC_H */
