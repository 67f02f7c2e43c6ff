/*-------------------------------------------------------------------------
 *
 * quality.h
 *	  How good the amount of an interval is.
 *
 * Free of PostgreSQL headers, as is all that the fuzzer of packed days runs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_QUALITY_H
#define SG_QUALITY_H

#include <stdbool.h>
#include <stddef.h>

typedef enum Quality
{
#define QUALITY(symbol, name, letter)	QUALITY_##symbol,
#include "metering/quality.def"
#undef QUALITY
	QUALITY_COUNT
} Quality;

/* A set of qualities: what a sum is made of. */
typedef unsigned QualitySet;

#define QUALITY_SET(quality)	(1u << (quality))

extern const char *quality_name(Quality quality);
extern char quality_letter(Quality quality);
extern bool quality_of_name(const char *name, size_t length, Quality *quality);
extern bool quality_of_letter(char letter, Quality *quality);
extern int	quality_rank(Quality quality);
extern Quality quality_of_set(QualitySet set);

#endif							/* SG_QUALITY_H */
