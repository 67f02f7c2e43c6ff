/*-------------------------------------------------------------------------
 *
 * number.h
 *	  128-bit sums as numeric, and back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_NUMBER_H
#define SG_NUMBER_H

#include "postgres.h"

#include "base/checked.h"

extern Datum number_of_int128(sg_int128 value);
extern Datum number_of_hundredths(sg_uint128 hundredths);
extern void number_require_scale(int32 scale);
extern sg_int128 number_int128(Datum number);
extern bool number_to_int128(Datum number, sg_int128 *value);

#endif							/* SG_NUMBER_H */
