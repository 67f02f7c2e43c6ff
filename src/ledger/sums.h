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
#include "grid/energy_type.h"
#include "store/tables.h"

/* entry_kind.def says which entries are added to which; reversals are taken off. */
typedef enum Sum
{
	SUM_ENTRIES,				/* number of entries, reversals as well */
	SUM_PAYMENTS,				/* of these, those that move no energy */
	SUM_LOAD_CHANGE,			/* energy units, from here */
	SUM_PRODUCED,
	SUM_CONSUMED,				/* without trades */
	SUM_CHARGED,
	SUM_DISCHARGED,
	SUM_HELD,
	SUM_TRADED,
	SUM_RELEASED,
	SUM_WRITTEN_OFF,
	SUM_CONSUMED_VALUE,			/* energy units * money units per kWh, of consumption */
	SUM_REVENUE,				/* money units, from here */
	SUM_TRADE_MONEY,
	SUM_TOPUPS,
	SUM_WITHDRAWALS,
	SUM_PAYOUTS,
	SUM_REFUNDS,
	SUM_COUNT
} Sum;

/* Of an effect: no sum of its own.  Nothing but the number of entries is counted there. */
#define SUM_NONE	SUM_ENTRIES

/* Exact, as Totals. */
typedef struct Sums
{
	sg_int128	value[SUM_COUNT];
	sg_int128	production[ENERGY_TYPE_COUNT];	/* of SUM_PRODUCED, that of known types; energy units */
	int64		price_low;		/* of consumption, taken back or not, money units per kWh; above price_high: none */
	int64		price_high;
	sg_int128	peak_load;		/* highest load after an entry, energy units */
	TimestampTz peak_at;		/* the first entry with it; infinity: no load is known */
} Sums;

/* Some entries of one kind and one energy type. */
typedef struct EntryGroup
{
	int			kind;
	int			energy_type;	/* of production; ENERGY_TYPE_NONE: not known */
	int64		entries;
	sg_int128	energy;
	sg_int128	money;
	sg_int128	value;			/* energy * price */
	int64		price_low;
	int64		price_high;
} EntryGroup;

/* The columns of smartgrid.rollup. */
extern const char *const sum_names[SUM_COUNT];

extern void sums_init(Sums *sums);
extern bool sums_have_price(const Sums *sums);
extern void sums_add(Sums *sums, const FormLedger *entry, int energy_type);
extern void sums_add_group(Sums *sums, const EntryGroup *group);
extern void sums_add_peak(Sums *sums, sg_int128 load, TimestampTz at);
extern void sums_merge(Sums *sums, const Sums *more);

#endif							/* SG_SUMS_H */
