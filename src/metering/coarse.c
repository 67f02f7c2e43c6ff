/*-------------------------------------------------------------------------
 *
 * coarse.c
 *	  The amount of a long slot in the short slots that it is made of.
 *
 *-------------------------------------------------------------------------
 */
#include "base/checked.h"
#include "metering/coarse.h"

/* Part i, counted from 1, of an amount in n slots. */
int64_t
coarse_part(int64_t amount, int n, int i)
{
	return (int64_t) (divide_rounded((sg_int128) amount * i, n) - divide_rounded((sg_int128) amount * (i - 1), n));
}

/*
 * The share of an amount that a part is of the whole, part <= whole and whole
 * above 0 and below 2^120: what has come together after a part of unlike slots.
 *
 * The product may have 184 bits.  So it is divided as it is multiplied, from the
 * first bit of the amount on: what remains is below the whole, and never has more
 * than 122 bits.
 */
int64_t
coarse_share(int64_t amount, sg_uint128 part, sg_uint128 whole)
{
	uint64_t	magnitude = amount < 0 ? 0 - (uint64_t) amount : (uint64_t) amount;
	uint64_t	share = 0;
	sg_uint128	rest = 0;

	for (int bit = 63; bit >= 0; bit--)
	{
		rest = 2 * rest + ((magnitude >> bit & 1) ? part : 0);
		share = 2 * share + (uint64_t) (rest / whole);
		rest %= whole;
	}
	share += 2 * rest >= whole;
	return (int64_t) (amount < 0 ? 0 - share : share);
}
