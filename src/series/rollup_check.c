/*-------------------------------------------------------------------------
 *
 * rollup_check.c
 *	  Whether rollups are what their entries add up to, in the pass of
 *	  sg_check() over the ledger.
 *
 * That pass reads entries as they lie, many quarter-hours again and again, so
 * of each quarter-hour there is one number rather than its sums: what these
 * come to with a factor for each, modulo 2^64.  An entry adds its part by the
 * factors of its kind.  Rows that somebody has changed come to another number
 * but for one case in 2^64.  Lowest and highest prices are compared as they are;
 * peaks, which depend on the order of the entries, are not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/timestamp.h"

#include "ledger/effect.h"
#include "ledger/ledger.h"
#include "series/quarters.h"
#include "series/rollup.h"
#include "series/rollup_check.h"

/* A quarter-hour: what its entries come to, less what its rows do. */
typedef struct CheckedQuarter
{
	TimestampTz start;			/* key */
	uint64		sum;
	int64		price_low;		/* of the entries, as in Sums */
	int64		price_high;
	int64		row_low;		/* of the row */
	int64		row_high;
	char		status;
} CheckedQuarter;

#define SH_PREFIX checked_quarters
#define SH_ELEMENT_TYPE CheckedQuarter
#define SH_KEY_TYPE TimestampTz
#define SH_KEY start
#define SH_HASH_KEY(table, key) murmurhash32((uint32) ((key) / QUARTER_HOUR))
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DEFINE
#define SH_DECLARE
#include "lib/simplehash.h"

/* What the figures of an entry count for, by its kind. */
typedef struct Factors
{
	uint64		entry;
	uint64		energy;
	uint64		money;
	uint64		value;			/* energy * price */
	bool		has_price;
	bool		is_production;
	uint64		production[ENERGY_TYPE_COUNT];	/* its energy, besides */
} Factors;

/* The check of a grid. */
typedef struct RollupCheck
{
	int32		grid_id;
	int64		next_entry;		/* the first that is in no row */
	checked_quarters_hash *quarters;
	TimestampTz latest;			/* the quarter-hour that was asked for last, whose place may have changed since */
	CheckedQuarter *quarter;
} RollupCheck;

static Factors factors[LEDGER_KIND_COUNT];

/* The factor of a sum, or, behind SUM_COUNT, of production of a type: odd numbers without a pattern. */
static uint64
factor_of(int sum)
{
	uint64		factor = (sum + 1) * UINT64CONST(0x9E3779B97F4A7C15);

	factor = (factor ^ (factor >> 31)) * UINT64CONST(0xBF58476D1CE4E5B9);
	return (factor ^ (factor >> 29)) | 1;
}

/* Sums as one number. */
static uint64
number_of_sums(const Sums *sums)
{
	uint64		number = 0;

	for (int i = 0; i < SUM_COUNT; i++)
		number += factor_of(i) * (uint64) sums->value[i];
	for (int type = 0; type < ENERGY_TYPE_COUNT; type++)
		number += factor_of(SUM_COUNT + type) * (uint64) sums->production[type];
	return number;
}

/* What a group of entries comes to. */
static uint64
number_of_group(EntryGroup group)
{
	Sums		sums;

	sums_init(&sums);
	sums_add_group(&sums, &group);
	return number_of_sums(&sums);
}

/* Fills in the factors, by what sums_add_group() makes of one of each. */
static void
fill_in_factors(void)
{
	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
	{
		const Effect *effect = effect_of(kind);
		Factors    *f = &factors[kind];

		f->entry = number_of_group((EntryGroup) {.kind = kind, .energy_type = ENERGY_TYPE_NONE, .entries = 1});
		f->energy = number_of_group((EntryGroup) {.kind = kind, .energy_type = ENERGY_TYPE_NONE, .energy = 1});
		f->money = number_of_group((EntryGroup) {.kind = kind, .energy_type = ENERGY_TYPE_NONE, .money = 1});
		f->value = number_of_group((EntryGroup) {.kind = kind, .energy_type = ENERGY_TYPE_NONE, .value = 1});
		f->has_price = effect_has_value(effect);
		f->is_production = effect_is_production(effect);
		for (int type = 0; type < ENERGY_TYPE_COUNT; type++)
			f->production[type] = number_of_group((EntryGroup) {.kind = kind, .energy_type = type, .energy = 1}) - f->energy;
	}
}

/* The quarter-hour that starts at a moment, made if nothing is known of it. */
static CheckedQuarter *
quarter_of(RollupCheck *check, TimestampTz start)
{
	bool		found;
	CheckedQuarter *quarter = checked_quarters_insert(check->quarters, start, &found);

	if (!found)
	{
		quarter->sum = 0;
		quarter->price_low = quarter->row_low = PG_INT64_MAX;
		quarter->price_high = quarter->row_high = PG_INT64_MIN;
	}
	check->latest = start;
	check->quarter = quarter;
	return quarter;
}

static void *
begin_check(int32 grid_id)
{
	RollupCheck *check = palloc0(sizeof(RollupCheck));

	if (factors[0].entry == 0)
		fill_in_factors();
	check->grid_id = grid_id;
	check->next_entry = rollup_end(grid_id).next_entry;
	check->quarters = checked_quarters_create(CurrentMemoryContext, 1024, NULL);
	return check;
}

static void
add_entry(void *follower, const FormLedger *entry, int energy_type)
{
	RollupCheck *check = follower;
	CheckedQuarter *quarter = check->quarter;
	const Factors *f;

	if (entry->entry_id >= check->next_entry)
		return;
	if (quarter == NULL || (uint64) entry->at - (uint64) check->latest >= (uint64) QUARTER_HOUR)
		quarter = quarter_of(check, TIMESTAMP_NOT_FINITE(entry->at) ? entry->at : quarter_start(entry->at));
	if ((uint16) entry->kind >= LEDGER_KIND_COUNT)
	{
		quarter->sum++;			/* no row has it */
		return;
	}
	f = &factors[entry->kind];
	quarter->sum += f->entry + f->energy * entry->energy + f->money * entry->money;
	if (f->has_price)
	{
		quarter->sum += f->value * ((uint64) entry->energy * (uint64) entry->price);
		quarter->price_low = Min(quarter->price_low, entry->price);
		quarter->price_high = Max(quarter->price_high, entry->price);
	}
	if (f->is_production && energy_type >= 0 && energy_type < ENERGY_TYPE_COUNT)
		quarter->sum += f->production[energy_type] * entry->energy;
}

/* A row of smartgrid.rollup. */
static void
take_sums(void *arg, TimestampTz start, const Sums *sums)
{
	CheckedQuarter *quarter = quarter_of(arg, start);

	quarter->sum -= number_of_sums(sums);
	quarter->row_low = sums->price_low;
	quarter->row_high = sums->price_high;
}

/* A row of smartgrid.rollup_production. */
static void
take_production(void *arg, TimestampTz start, int energy_type, sg_int128 energy)
{
	quarter_of(arg, start)->sum -= factor_of(SUM_COUNT + energy_type) * (uint64) energy;
}

static int64
end_check(void *follower)
{
	RollupCheck *check = follower;
	RollupReader reader = {.take = take_sums, .take_production = take_production, .arg = check};
	checked_quarters_iterator all;
	const CheckedQuarter *quarter;
	int64		differing = 0;

	rollup_read(check->grid_id, DT_NOBEGIN, DT_NOEND, NULL, 0, &reader);
	checked_quarters_start_iterate(check->quarters, &all);
	while ((quarter = checked_quarters_iterate(check->quarters, &all)) != NULL)
		differing += quarter->sum != 0 || quarter->price_low != quarter->row_low || quarter->price_high != quarter->row_high;
	checked_quarters_destroy(check->quarters);
	return differing;
}

const CheckFollower rollup_check_follower = {
	.begin = begin_check, .add = add_entry, .end = end_check
};
