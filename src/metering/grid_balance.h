/*-------------------------------------------------------------------------
 *
 * grid_balance.h
 *	  What came into the grid and was taken out of it, slot by slot, added up by
 *	  groups of points.
 *
 * What belongs together is known before anything is read: each period of a point
 * is of one group at most (grid_balance_groups.c).  A day is read, its slots are
 * added up in their groups, and the sums are rounded (grid_balance_sums.c); what
 * is written is sums of groups, or of all of them together (grid_balance.c).
 *
 * Rounded sums are those of each owner and class and of each neighbour, so these
 * are the groups of the grid's own row, too, if it is to be rounded; exactly it is
 * one group.  They are counted in steps, the smallest amount that has no more
 * decimals than wanted.  The loss of rounded sums is no rounded loss of points: so
 * what loss points take of it comes from a balance of its own, that of the grid
 * without them, which is summed in the slots of the loss point.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_GRID_BALANCE_H
#define SG_GRID_BALANCE_H

#include "postgres.h"

#include "base/checked.h"
#include "metering/meter_read.h"
#include "metering/quality.h"

typedef enum BalanceBy
{
	BALANCE_GRID,
	BALANCE_OWNER,
	BALANCE_POINT,
	BALANCE_NEIGHBOUR
} BalanceBy;

/* Sums of a day's slots; sums[kind] is NULL if no point of the kind is in it. */
typedef struct BalanceSums
{
	sg_int128  *sums[POINT_KIND_COUNT];
	uint8	   *qualities;		/* QualitySet of each slot, empty: no point has it; NULL: none has any */
} BalanceSums;

/* Points that are added up together. */
typedef struct BalanceGroup
{
	const char *key;			/* NULL: nobody's */
	const char *class;			/* NULL: none */
	BalanceSums day;
} BalanceGroup;

typedef struct Balance
{
	MeterRead  *read;
	BalanceBy	by;
	int64		step;			/* energy units that sums are rounded to and counted in; 0: they are exact, and in units */
	int			ngroups;
	BalanceGroup *groups;		/* in the order of keys and classes, bytewise, NULL last */
	int		   *first_period;	/* of each point, the place of its first period in group_of */
	int		   *group_of;		/* of each period; -1: none */
	int			n;				/* slots of the day that it was summed in */
	MemoryContext day;			/* sums of a day */

	struct Balance *source;		/* what rounded losses are made of; NULL: nothing needs them */
	bool		source_goes_on; /* it is at this day or a later one */
} Balance;

extern Balance *balance_begin(const MeterReadRequest *request, BalanceBy by, int64 step);
extern bool balance_next_day(Balance *balance);
extern void balance_sum_day(Balance *balance, int minutes);
extern void balance_total(const Balance *balance, BalanceSums *total);
extern sg_int128 balance_loss(const BalanceSums *total, int slot);
extern void balance_end(Balance *balance);

/* grid_balance_groups.c */
extern void balance_group_points(Balance *balance);

/* What is added up and counted in steps, in energy units. */
static inline int64
balance_unit(const Balance *balance)
{
	return balance->step > 0 ? balance->step : 1;
}

#endif							/* SG_GRID_BALANCE_H */
