/*-------------------------------------------------------------------------
 *
 * quality.c
 *	  Names and letters of qualities, and the quality of a sum in one word.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/quality.h"

#include <string.h>

static const struct
{
	const char *name;
	char		letter;
}			qualities[QUALITY_COUNT] = {
#define QUALITY(symbol, name, letter)	{name, letter},
#include "metering/quality.def"
#undef QUALITY
};

const char *
quality_name(Quality quality)
{
	return qualities[quality].name;
}

char
quality_letter(Quality quality)
{
	return qualities[quality].letter;
}

/* *quality by its name of so many bytes; false if there is none of that name. */
bool
quality_of_name(const char *name, size_t length, Quality *quality)
{
	for (int q = 0; q < QUALITY_COUNT; q++)
		if (strlen(qualities[q].name) == length && memcmp(qualities[q].name, name, length) == 0)
		{
			*quality = (Quality) q;
			return true;
		}
	return false;
}

/* *quality by its letter; false if there is none of that letter. */
bool
quality_of_letter(char letter, Quality *quality)
{
	for (int q = 0; q < QUALITY_COUNT; q++)
		if (qualities[q].letter == letter)
		{
			*quality = (Quality) q;
			return true;
		}
	return false;
}

/*
 * The one word for a set that is not empty: calculated or estimated if that is
 * in it; estimated, too, if a part is missing and another is not; else the worse
 * of substituted and measured; else missing.
 */
Quality
quality_of_set(QualitySet set)
{
	if (set & QUALITY_SET(QUALITY_CALCULATED))
		return QUALITY_CALCULATED;
	if (set & QUALITY_SET(QUALITY_ESTIMATED))
		return QUALITY_ESTIMATED;
	if (set & QUALITY_SET(QUALITY_MISSING))
		return set == QUALITY_SET(QUALITY_MISSING) ? QUALITY_MISSING : QUALITY_ESTIMATED;
	return set & QUALITY_SET(QUALITY_SUBSTITUTED) ? QUALITY_SUBSTITUTED : QUALITY_MEASURED;
}

/* How good a quality is beside others: 0 is best; of two, the one with the higher rank is the worse. */
int
quality_rank(Quality quality)
{
	static const unsigned char rank_of[QUALITY_COUNT] = {
		[QUALITY_MEASURED] = 0,
		[QUALITY_SUBSTITUTED] = 1,
		[QUALITY_CALCULATED] = 2,
		[QUALITY_ESTIMATED] = 3,
		[QUALITY_MISSING] = 4
	};

	return rank_of[quality];
}
