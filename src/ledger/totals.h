/*-------------------------------------------------------------------------
 *
 * totals.h
 *	  What the entries of a grid add up to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_TOTALS_H
#define SG_TOTALS_H

#include "postgres.h"

#include "base/checked.h"
#include "store/tables.h"

/* In the order of a block's line, and of the columns of smartgrid.block. */
typedef enum Total
{
	TOTAL_LOAD,					/* energy units on the grid */
	TOTAL_HELD,					/* energy units held by trades */
	TOTAL_BALANCES,				/* money units of consumers */
	TOTAL_EARNINGS,				/* money units of producers */
	TOTAL_REVENUE,				/* money units of the grid */
	TOTAL_STORED,				/* energy units in storage */
	TOTAL_PRODUCED,				/* energy units by kind of entry, from here */
	TOTAL_CONSUMED,
	TOTAL_CHARGED,
	TOTAL_DISCHARGED,
	TOTAL_TRADED,
	TOTAL_TOPUPS,				/* money units, from here */
	TOTAL_WITHDRAWALS,
	TOTAL_COUNT
} Total;

/* Exact: 2^63 entries of 2^63 units fit. */
typedef struct Totals
{
	sg_int128	value[TOTAL_COUNT];
} Totals;

extern const char *const total_names[TOTAL_COUNT];

extern void totals_add(Totals *totals, const FormLedger *entry);

#endif							/* SG_TOTALS_H */
