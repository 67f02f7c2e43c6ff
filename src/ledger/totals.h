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
#include "ledger/ledger.h"

/* What all entries of each kind come to.  Exact: 2^63 entries of 2^63 units fit. */
typedef struct KindSums
{
	sg_int128	energy[LEDGER_KIND_COUNT];	/* energy units */
	sg_int128	money[LEDGER_KIND_COUNT];	/* money units */
} KindSums;

/* What follows from these; the columns of smartgrid.block. */
typedef enum Total
{
	TOTAL_LOAD,					/* energy units on the grid */
	TOTAL_HELD,					/* energy units held by trades */
	TOTAL_BALANCES,				/* money units of consumers */
	TOTAL_RESERVED,				/* money units held by offers to buy: there are none */
	TOTAL_EARNINGS,				/* money units of producers */
	TOTAL_REVENUE,				/* money units of the grid */
	TOTAL_STORED,				/* energy units in storage */
	TOTAL_DUE,					/* money units that participants owe the grid; below 0: the grid owes them */
	TOTAL_PRODUCED,				/* energy units by kind of entry, from here; each less its reversals */
	TOTAL_CONSUMED,
	TOTAL_CHARGED,
	TOTAL_DISCHARGED,
	TOTAL_TRADED,
	TOTAL_TOPUPS,				/* money units, from here */
	TOTAL_WITHDRAWALS,
	TOTAL_COUNT
} Total;

typedef struct Totals
{
	sg_int128	value[TOTAL_COUNT];
} Totals;

extern const char *const total_names[TOTAL_COUNT];

extern void kind_sums_merge(KindSums *sums, const KindSums *more);
extern Totals totals_of(const KindSums *sums);
extern void totals_merge(Totals *totals, const Totals *more);

/* Adds an entry; one of an unknown kind, which the extension never writes, adds nothing. */
static inline void
kind_sums_add(KindSums *sums, const FormLedger *entry)
{
	if ((uint16) entry->kind >= LEDGER_KIND_COUNT)
		return;
	sums->energy[entry->kind] += entry->energy;
	sums->money[entry->kind] += entry->money;
}

#endif							/* SG_TOTALS_H */
