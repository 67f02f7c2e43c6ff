/*-------------------------------------------------------------------------
 *
 * totals.c
 *	  What the entries of a grid add up to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "ledger.h"
#include "totals.h"

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

/* Adds an entry; one of an unknown kind, which is none of ours, adds nothing. */
void
totals_add(Totals *totals, const FormLedger *entry)
{
	sg_int128  *value = totals->value;
	int64		energy = entry->energy;
	int64		money = entry->money;

	switch (entry->kind)
	{
		case LEDGER_PRODUCTION:
			value[TOTAL_LOAD] += energy;
			value[TOTAL_PRODUCED] += energy;
			break;
		case LEDGER_CONSUMPTION:
			value[TOTAL_LOAD] -= energy;
			value[TOTAL_CONSUMED] += energy;
			value[TOTAL_BALANCES] -= money;
			value[TOTAL_REVENUE] += money;
			break;
		case LEDGER_CHARGE:
			value[TOTAL_LOAD] -= energy;
			value[TOTAL_STORED] += energy;
			value[TOTAL_CHARGED] += energy;
			break;
		case LEDGER_DISCHARGE:
			value[TOTAL_LOAD] += energy;
			value[TOTAL_STORED] -= energy;
			value[TOTAL_DISCHARGED] += energy;
			break;
		case LEDGER_HOLD:
			value[TOTAL_LOAD] -= energy;
			value[TOTAL_HELD] += energy;
			break;
		case LEDGER_TRADE:
			value[TOTAL_HELD] -= energy;
			value[TOTAL_TRADED] += energy;
			value[TOTAL_BALANCES] -= money;
			value[TOTAL_EARNINGS] += money;
			break;
		case LEDGER_RELEASE:
			value[TOTAL_HELD] -= energy;
			value[TOTAL_LOAD] += energy;
			break;
		case LEDGER_TOPUP:
			value[TOTAL_BALANCES] += money;
			value[TOTAL_TOPUPS] += money;
			break;
		case LEDGER_WITHDRAWAL:
			value[TOTAL_EARNINGS] -= money;
			value[TOTAL_WITHDRAWALS] += money;
			break;
	}
}
