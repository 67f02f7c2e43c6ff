/*-------------------------------------------------------------------------
 *
 * coarse.c
 *	  The amount of a long slot in the short slots that it is made of.
 *
 *-------------------------------------------------------------------------
 */
#include "base/checked.h"
#include "metering/coarse.h"

/* product / n, half away from zero; n above 0, the product below 2^126. */
static int64_t
divide_rounded(sg_int128 product, int64_t n)
{
	return (int64_t) ((2 * product + (product < 0 ? -n : n)) / (2 * (sg_int128) n));
}

/* Part i, counted from 1, of an amount in n slots. */
int64_t
coarse_part(int64_t amount, int n, int i)
{
	return divide_rounded((sg_int128) amount * i, n) - divide_rounded((sg_int128) amount * (i - 1), n);
}

/*
 * The share of an amount that a part is of the whole, 0 <= part <= whole and
 * whole above 0: what has come together after a part of unlike slots.
 */
int64_t
coarse_share(int64_t amount, int64_t part, int64_t whole)
{
	return divide_rounded((sg_int128) amount * part, whole);
}
