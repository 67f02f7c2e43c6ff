/*-------------------------------------------------------------------------
 *
 * totals.c
 *	  What the entries of a grid add up to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "ledger/effect.h"
#include "ledger/ledger.h"
#include "ledger/totals.h"

/* As the columns of smartgrid.block. */
const char *const total_names[TOTAL_COUNT] = {
	[TOTAL_LOAD] = "load",
	[TOTAL_HELD] = "held",
	[TOTAL_BALANCES] = "balances",
	[TOTAL_EARNINGS] = "earnings",
	[TOTAL_REVENUE] = "revenue",
	[TOTAL_STORED] = "stored",
	[TOTAL_PRODUCED] = "produced",
	[TOTAL_CONSUMED] = "consumed",
	[TOTAL_CHARGED] = "charged",
	[TOTAL_DISCHARGED] = "discharged",
	[TOTAL_TRADED] = "traded",
	[TOTAL_TOPUPS] = "topups",
	[TOTAL_WITHDRAWALS] = "withdrawals",
};

/* Adds an entry; one of an unknown kind, which the extension never writes, adds nothing. */
void
totals_add(Totals *totals, const FormLedger *entry)
{
	const Effect *effect = effect_of(entry->kind);
	sg_int128  *value = totals->value;
	sg_int128	energy = entry->energy;
	sg_int128	money = entry->money;

	value[TOTAL_LOAD] += effect->load * energy;
	value[TOTAL_HELD] += effect->held * energy;
	value[TOTAL_REVENUE] += effect->revenue * money;
	value[TOTAL_BALANCES] += (effect->participant[HOLDING_BALANCE] + effect->counterparty[HOLDING_BALANCE]) * money;
	value[TOTAL_EARNINGS] += effect->participant[HOLDING_EARNINGS] * money;
	value[TOTAL_STORED] += effect->participant[HOLDING_STORED] * energy;
	switch (entry->kind)
	{
		case LEDGER_PRODUCTION:
			value[TOTAL_PRODUCED] += energy;
			break;
		case LEDGER_CONSUMPTION:
			value[TOTAL_CONSUMED] += energy;
			break;
		case LEDGER_CHARGE:
			value[TOTAL_CHARGED] += energy;
			break;
		case LEDGER_DISCHARGE:
			value[TOTAL_DISCHARGED] += energy;
			break;
		case LEDGER_TRADE:
			value[TOTAL_TRADED] += energy;
			break;
		case LEDGER_TOPUP:
			value[TOTAL_TOPUPS] += money;
			break;
		case LEDGER_WITHDRAWAL:
			value[TOTAL_WITHDRAWALS] += money;
			break;
	}
}
