/*-------------------------------------------------------------------------
 *
 * effect.c
 *	  What a ledger entry of each kind does: entry_kind.def, for C and for SQL.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"

#include "base/result.h"
#include "ledger/effect.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_entry_effects);
PG_FUNCTION_INFO_V1(sg_load_change);
PG_FUNCTION_INFO_V1(sg_carries_digest);

/* Those of reversals are filled in by effect_init(). */
static Effect effects[LEDGER_KIND_COUNT] = {
#define ENTRY_KIND(symbol, name, ...)	[LEDGER_##symbol] = {.sign = 1, __VA_ARGS__},
#define ENTRY_REVERSAL(symbol, name)	[LEDGER_REVERSAL_##symbol] = {.sign = -1, .reverses = LEDGER_##symbol},
#include "ledger/entry_kind.def"
#undef ENTRY_KIND
#undef ENTRY_REVERSAL
};

static void
negate(int8 *effect)
{
	for (int holding = 0; holding < HOLDING_COUNT; holding++)
		effect[holding] = -effect[holding];
}

/*
 * The opposite of an effect.  Energy that would be held again, by a trade that
 * is over, is released.
 */
static Effect
opposite_of(const Effect *original)
{
	Effect		effect = *original;

	effect.load = -effect.load;
	effect.held = -effect.held;
	effect.revenue = -effect.revenue;
	negate(effect.participant);
	negate(effect.counterparty);
	effect.releases = effect.held > 0;
	if (effect.releases)
	{
		effect.load += effects[LEDGER_RELEASE].load;
		effect.held += effects[LEDGER_RELEASE].held;
		for (int holding = 0; holding < HOLDING_COUNT; holding++)
			effect.participant[holding] += effects[LEDGER_RELEASE].participant[holding];
	}
	return effect;
}

/* Once in each process, when the library is loaded. */
void
effect_init(void)
{
	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
	{
		int8		reverses = effects[kind].reverses;

		if (!effect_is_reversal(&effects[kind]))
			continue;
		effects[kind] = opposite_of(&effects[reverses]);
		effects[kind].sign = -1;
		effects[kind].reverses = reverses;
	}
}

/* The kind of what takes back an entry of a kind; -1 if nothing does. */
int
effect_reversal(int kind)
{
	for (int reversal = 0; reversal < LEDGER_KIND_COUNT; reversal++)
		if (effect_is_reversal(&effects[reversal]) && effects[reversal].reverses == kind)
			return reversal;
	return -1;
}

/* What an entry of a kind does; one of an unknown kind, which the extension never writes, does nothing. */
const Effect *
effect_of(int kind)
{
	static const Effect none;

	return kind >= 0 && kind < LEDGER_KIND_COUNT ? &effects[kind] : &none;
}

/* Do entries of a kind only say that something was done, with no energy, price or money? */
bool
effect_moves_nothing(const Effect *effect)
{
	for (int holding = 0; holding < HOLDING_COUNT; holding++)
		if (effect->participant[holding] != 0 || effect->counterparty[holding] != 0)
			return false;
	return effect->load == 0 && effect->held == 0 && effect->revenue == 0;
}

/* The codes of the kinds whose effect is of some kind, as smallint[]. */
Datum
effect_kinds(bool (*of_kind) (const Effect *effect))
{
	Datum		kinds[LEDGER_KIND_COUNT];
	int			n = 0;

	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
		if (of_kind(&effects[kind]))
			kinds[n++] = Int16GetDatum(kind);
	return PointerGetDatum(construct_array(kinds, n, INT2OID, sizeof(int16), true, TYPALIGN_SHORT));
}

/* load_change(kind, energy) -> what an entry changes in the load of its grid, energy units. */
Datum
sg_load_change(PG_FUNCTION_ARGS)
{
	FormLedger	entry = {.kind = PG_GETARG_INT16(0), .energy = PG_GETARG_INT64(1)};

	/* No entry has the one energy whose opposite is beyond bigint: none is below 0. */
	PG_RETURN_INT64((int64) effect_load_change(&entry));
}

/* carries_digest(kind) -> boolean: do entries of a kind carry a digest? */
Datum
sg_carries_digest(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(effect_of(PG_GETARG_INT16(0))->has_digest);
}

static int
money_on_statement(const int8 *party)
{
	int			money = party[HOLDING_BALANCE] + party[HOLDING_EARNINGS];

	return money != 0 ? money : -party[HOLDING_DUE];
}

/*
 * entry_effects() -> kind, as_counterparty, and 1, -1 or 0 for what an entry
 * of the kind does to a party: with its energy on the statement, unsold,
 * stored, consumed and produced, with its money on the statement, balance,
 * earnings and due.
 *
 * On a statement the energy of a member is what it gives to the grid, or, as
 * counterparty, takes from a trade; its money is what its balance and earnings
 * get, and, if neither changes, by how much less it owes.
 */
Datum
sg_entry_effects(PG_FUNCTION_ARGS)
{
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
		for (int as_counterparty = 0; as_counterparty <= 1; as_counterparty++)
		{
			const Effect *effect = &effects[kind];
			const int8 *party = as_counterparty ? effect->counterparty : effect->participant;

			result_int32(&result, kind);
			result_bool(&result, as_counterparty);
			result_int32(&result, as_counterparty ? -party[HOLDING_CONSUMED] : effect->load);
			result_int32(&result, money_on_statement(party));
			result_int32(&result, party[HOLDING_BALANCE]);
			result_int32(&result, party[HOLDING_EARNINGS]);
			result_int32(&result, party[HOLDING_UNSOLD]);
			result_int32(&result, party[HOLDING_STORED]);
			result_int32(&result, party[HOLDING_CONSUMED]);
			result_int32(&result, party[HOLDING_PRODUCED]);
			result_int32(&result, party[HOLDING_DUE]);
			result_end_row(&result);
		}
	return (Datum) 0;
}
