/*-------------------------------------------------------------------------
 *
 * totals.c
 *	  What the entries of a grid add up to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "ledger/effect.h"
#include "ledger/totals.h"

/* As the columns of smartgrid.block. */
const char *const total_names[TOTAL_COUNT] = {
	[TOTAL_LOAD] = "load",
	[TOTAL_HELD] = "held",
	[TOTAL_BALANCES] = "balances",
	[TOTAL_RESERVED] = "reserved",
	[TOTAL_EARNINGS] = "earnings",
	[TOTAL_REVENUE] = "revenue",
	[TOTAL_STORED] = "stored",
	[TOTAL_DUE] = "due",
	[TOTAL_PRODUCED] = "produced",
	[TOTAL_CONSUMED] = "consumed",
	[TOTAL_CHARGED] = "charged",
	[TOTAL_DISCHARGED] = "discharged",
	[TOTAL_TRADED] = "traded",
	[TOTAL_TOPUPS] = "topups",
	[TOTAL_WITHDRAWALS] = "withdrawals",
};

/* Which sum goes into which total, 0 for none. */
static const Total total_of_sum[SUM_COUNT] = {
	[SUM_PRODUCED] = TOTAL_PRODUCED,
	[SUM_CONSUMED] = TOTAL_CONSUMED,
	[SUM_CHARGED] = TOTAL_CHARGED,
	[SUM_DISCHARGED] = TOTAL_DISCHARGED,
	[SUM_TRADED] = TOTAL_TRADED,
	[SUM_TOPUPS] = TOTAL_TOPUPS,
	[SUM_WITHDRAWALS] = TOTAL_WITHDRAWALS,
};

/* Adds the sums over other entries. */
void
kind_sums_merge(KindSums *sums, const KindSums *more)
{
	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
	{
		sums->energy[kind] += more->energy[kind];
		sums->money[kind] += more->money[kind];
	}
}

/* Adds to the total of a sum, if it has one. */
static void
add_to_sum(Totals *totals, Sum sum, sg_int128 amount)
{
	if (total_of_sum[sum] != 0)
		totals->value[total_of_sum[sum]] += amount;
}

/* The totals over entries that come to these sums. */
Totals
totals_of(const KindSums *sums)
{
	Totals		totals = {{0}};
	sg_int128  *value = totals.value;

	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
	{
		const Effect *effect = effect_of(kind);
		sg_int128	energy = sums->energy[kind];
		sg_int128	money = sums->money[kind];

		value[TOTAL_LOAD] += effect->load * energy;
		value[TOTAL_HELD] += effect->held * energy;
		value[TOTAL_REVENUE] += effect->revenue * money;
		value[TOTAL_BALANCES] += (effect->participant[HOLDING_BALANCE] + effect->counterparty[HOLDING_BALANCE]) * money;
		value[TOTAL_EARNINGS] += effect->participant[HOLDING_EARNINGS] * money;
		value[TOTAL_DUE] += effect->participant[HOLDING_DUE] * money;
		value[TOTAL_STORED] += effect->participant[HOLDING_STORED] * energy;
		add_to_sum(&totals, effect->energy_sum, effect->sign * energy);
		add_to_sum(&totals, effect->money_sum, effect->sign * money);
	}
	return totals;
}

/* Adds the totals over other entries. */
void
totals_merge(Totals *totals, const Totals *more)
{
	for (int t = 0; t < TOTAL_COUNT; t++)
		totals->value[t] += more->value[t];
}
