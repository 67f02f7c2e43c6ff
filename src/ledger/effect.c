/*-------------------------------------------------------------------------
 *
 * effect.c
 *	  What a ledger entry of each kind does.
 *
 * Said here and nowhere else: the totals of blocks, the accounts that follow
 * from the ledger, time series and statements of account come from it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "base/result.h"
#include "ledger/effect.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_entry_effects);

static const Effect effects[] = {
	[LEDGER_PRODUCTION] = {.load = 1, .participant = {[HOLDING_PRODUCED] = 1, [HOLDING_UNSOLD] = 1}},
	[LEDGER_CONSUMPTION] = {.load = -1, .revenue = 1, .participant = {[HOLDING_CONSUMED] = 1, [HOLDING_BALANCE] = -1}},
	[LEDGER_CHARGE] = {.load = -1, .participant = {[HOLDING_STORED] = 1}},
	[LEDGER_DISCHARGE] = {.load = 1, .participant = {[HOLDING_STORED] = -1}},
	[LEDGER_HOLD] = {.load = -1, .held = 1, .participant = {[HOLDING_UNSOLD] = -1}},
	[LEDGER_TRADE] = {
		.held = -1, .participant = {[HOLDING_EARNINGS] = 1},
		.transfer = true, .counterparty = {[HOLDING_CONSUMED] = 1, [HOLDING_BALANCE] = -1}
	},
	[LEDGER_RELEASE] = {.load = 1, .held = -1, .participant = {[HOLDING_UNSOLD] = 1}},
	[LEDGER_TOPUP] = {.participant = {[HOLDING_BALANCE] = 1}},
	[LEDGER_WITHDRAWAL] = {.participant = {[HOLDING_EARNINGS] = -1}},
};

/* What an entry of a kind does; one of an unknown kind, which the extension never writes, does nothing. */
const Effect *
effect_of(int kind)
{
	static const Effect none;

	return kind >= 0 && kind < (int) lengthof(effects) ? &effects[kind] : &none;
}

/*
 * entry_effects() -> kind, as_counterparty, and 1, -1 or 0 for what an entry
 * of the kind does to a party: with its energy on the statement, unsold,
 * stored and consumed, with its money on the statement, balance and earnings.
 *
 * On a statement the energy of a member is what it gives to the grid, or, as
 * counterparty, takes from a trade; its money is what it gets.
 */
Datum
sg_entry_effects(PG_FUNCTION_ARGS)
{
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	for (int kind = 0; kind < (int) lengthof(effects); kind++)
		for (int as_counterparty = 0; as_counterparty <= 1; as_counterparty++)
		{
			const Effect *effect = &effects[kind];
			const int8 *party = as_counterparty ? effect->counterparty : effect->participant;

			result_int32(&result, kind);
			result_bool(&result, as_counterparty);
			result_int32(&result, as_counterparty ? -party[HOLDING_CONSUMED] : effect->load);
			result_int32(&result, party[HOLDING_BALANCE] + party[HOLDING_EARNINGS]);
			result_int32(&result, party[HOLDING_BALANCE]);
			result_int32(&result, party[HOLDING_EARNINGS]);
			result_int32(&result, party[HOLDING_UNSOLD]);
			result_int32(&result, party[HOLDING_STORED]);
			result_int32(&result, party[HOLDING_CONSUMED]);
			result_end_row(&result);
		}
	return (Datum) 0;
}
