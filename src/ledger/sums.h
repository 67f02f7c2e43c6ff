/*-------------------------------------------------------------------------
 *
 * sums.h
 *	  What ledger entries of some stretch of time add up to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SUMS_H
#define SG_SUMS_H

#include "postgres.h"

#include "base/checked.h"
#include "store/tables.h"

#define ENERGY_TYPES	7

/* In the order of the columns of smartgrid.rollup. */
typedef enum Sum
{
	SUM_ENTRIES,				/* number of entries */
	SUM_PAYMENTS,				/* of these, top-ups and withdrawals */
	SUM_PRODUCED,				/* energy units, from here */
	SUM_PRODUCED_BY_TYPE,		/* by code of the energy type */
	SUM_CONSUMED = SUM_PRODUCED_BY_TYPE + ENERGY_TYPES,
	SUM_CHARGED,
	SUM_DISCHARGED,
	SUM_HELD,
	SUM_TRADED,
	SUM_RELEASED,
	SUM_CONSUMED_VALUE,			/* energy units * money units per kWh, of consumption */
	SUM_REVENUE,				/* money units, from here */
	SUM_TRADE_MONEY,
	SUM_TOPUPS,
	SUM_WITHDRAWALS,
	SUM_COUNT
} Sum;

/* Exact, as Totals. */
typedef struct Sums
{
	sg_int128	value[SUM_COUNT];
	int64		price_low;		/* of consumption, money units per kWh; above price_high: none */
	int64		price_high;
	sg_int128	peak_load;		/* highest load after an entry, energy units */
	TimestampTz peak_at;		/* the first entry with it; infinity: no load is known */
} Sums;

extern void sums_init(Sums *sums);
extern void sums_add(Sums *sums, const FormLedger *entry, int energy_type);
extern void sums_add_many(Sums *sums, int kind, int energy_type, int64 entries, sg_int128 energy, sg_int128 money,
						  sg_int128 energy_value, int64 price_low, int64 price_high);
extern void sums_add_peak(Sums *sums, sg_int128 load, TimestampTz at);
extern void sums_merge(Sums *sums, const Sums *more);
extern sg_int128 sums_load_change(const Sums *sums);

#endif							/* SG_SUMS_H */
