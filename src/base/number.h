/*-------------------------------------------------------------------------
 *
 * number.h
 *	  128-bit sums as numeric and in decimal digits, and back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_NUMBER_H
#define SG_NUMBER_H

#include "postgres.h"

#include "base/checked.h"

/* Room for the decimal digits of 128 bits, a sign and a terminating zero. */
#define NUMBER_TEXT_MAX		48

/* Whether a text says a whole number. */
typedef enum WholeNumber
{
	NUMBER_IS_WHOLE,
	NUMBER_IS_NOT_WHOLE,		/* or no number at all */
	NUMBER_IS_BEYOND_BIGINT
} WholeNumber;

extern WholeNumber number_whole_of_text(const char *text, int64 *value);
extern int	number_to_text(sg_int128 value, char *text);
extern Datum number_of_text(const char *text);
extern Datum number_of_int128(sg_int128 value);
extern Datum number_in_decimals(Datum number, int decimals);
extern Datum number_with_decimals(sg_int128 value, int decimals);
extern Datum number_of_hundredths(sg_uint128 hundredths);
extern sg_int128 number_int128(Datum number);
extern bool number_to_int128(Datum number, sg_int128 *value);

#endif							/* SG_NUMBER_H */
