/*-------------------------------------------------------------------------
 *
 * allocation.h
 *	  Who gets how much of the community's energy in one slot.
 *
 * Consumers need, producers supply; storage is one or the other, as it charges
 * or discharges.  Amounts are eligible ones, energy units, none below 0.  With P
 * and C their sums, and parts by largest remainder (largest_remainder.h):
 *
 *	  dynamic		covered are the parts of min(P, C) by need, shares those of P
 *	  static		shares are the parts of P * (sum of keys), rounded down, by key;
 *					covered is what is needed of that
 *	  cascade		static; then what is left in parts by what is needed yet
 *	  none			0
 *
 * Classes of priority, in dynamic and in the second step of cascade, are served
 * one after the other, each from what those before left.  What is covered in all
 * is taken from producers in parts by supply.  So what consumers get is what
 * producers give, which is at most min(P, C).
 *
 * Nothing here knows PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ALLOCATION_H
#define SG_ALLOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/checked.h"

typedef enum AllocationModel
{
#define ALLOCATION_MODEL(symbol, name)	ALLOCATION_##symbol,
#include "settlement/allocation_model.def"
#undef ALLOCATION_MODEL
	ALLOCATION_MODEL_COUNT
} AllocationModel;

/* Keys and factors are integers: of 100 percent so many. */
#define ALLOCATION_WHOLE	INT64_C(1000000000000000000)
#define ALLOCATION_DECIMALS	16	/* of a percent */

/* Consumers stand in the order that ties are decided by. */
typedef struct AllocationConsumers
{
	size_t		n;
	const int64_t *need;
	const int64_t *key;			/* of ALLOCATION_WHOLE; of static and cascade only */
	const uint32_t *order;		/* by class of priority, those of a class in their order; NULL: there is one class */
	const uint32_t *class_end;	/* where classes end in it */
	size_t		classes;
	int64_t    *share;			/* results */
	int64_t    *covered;
} AllocationConsumers;

typedef struct AllocationProducers
{
	size_t		n;
	const int64_t *supply;
	int64_t    *covered;		/* result: what the community took */
} AllocationProducers;

extern size_t allocation_room(size_t consumers, size_t producers);
extern bool allocation_share_out(AllocationModel model, const AllocationConsumers *consumers, const AllocationProducers *producers, void *room);
extern int64_t allocation_eligible(int64_t amount, int64_t factor);

#endif							/* SG_ALLOCATION_H */
