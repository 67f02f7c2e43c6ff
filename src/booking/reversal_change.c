/*-------------------------------------------------------------------------
 *
 * reversal_change.c
 *	  What taking back an entry changes: the effects of the entries that are
 *	  booked, on rows in memory and the pool.
 *
 * What stands between the entries of a correction is nowhere looked at: a
 * production of which most is used can become a little less, though it could
 * not be taken back as a whole.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "booking/reversal.h"
#include "grid/participant.h"
#include "grid/pricing.h"

/* What messages call a holding. */
static const char *const holding_name[HOLDING_COUNT] = {
	[HOLDING_PRODUCED] = "total production",
	[HOLDING_UNSOLD] = "unsold energy",
	[HOLDING_CONSUMED] = "total consumption",
	[HOLDING_STORED] = "stored amount",
	[HOLDING_EARNINGS] = "earnings",
	[HOLDING_BALANCE] = "balance",
};

/* Where the row of a participant has a holding; NULL: it has no such one. */
static int64 *
holding_in(const StoreRow *row, Holding holding)
{
	switch (row->table)
	{
		case TABLE_PRODUCER:
			return holding == HOLDING_PRODUCED ? &STORE_FORM(row, FormProducer)->total_produced
				: holding == HOLDING_UNSOLD ? &STORE_FORM(row, FormProducer)->unsold
				: holding == HOLDING_EARNINGS ? &STORE_FORM(row, FormProducer)->earnings : NULL;
		case TABLE_CONSUMER:
			return holding == HOLDING_CONSUMED ? &STORE_FORM(row, FormConsumer)->total_consumed
				: holding == HOLDING_BALANCE ? &STORE_FORM(row, FormConsumer)->balance : NULL;
		default:
			return holding == HOLDING_STORED ? &STORE_FORM(row, FormStorage)->stored_amount : NULL;
	}
}

/* Adds the effect of an entry of a kind with this energy and money. */
static void
add_effect(NetChange *net, int kind, sg_int128 energy, sg_int128 money)
{
	const Effect *effect = effect_of(kind);

	for (int h = 0; h < HOLDING_COUNT; h++)
	{
		sg_int128	amount = HOLDING_IS_MONEY(h) ? money : energy;

		net->party[h] += effect->participant[h] * amount;
		net->counterparty[h] += effect->counterparty[h] * amount;
	}
	net->load += effect->load * energy;
	net->revenue += effect->revenue * money;
}

/* What comes back for a consumption, and what the right one costs, through what the consumer carries of its costs. */
static void
compute_money(Reversal *reversal)
{
	const FormLedger *original = &reversal->original;
	const Grid *grid = reversal->call->grid;
	int			scale = grid->form.energy_scale;

	reversal->returned = original->money;
	reversal->cost = 0;
	if (!effect_has_value(effect_of(original->kind)))
		return;
	reversal->carry = STORE_FORM(reversal->party, FormConsumer)->cost_carry;
	if (original->entry_id > grid->exact_after)
		reversal->returned = -pricing_settle(-((sg_int128) original->energy * original->price), scale, &reversal->carry);
	if (reversal->is_replaced)
		reversal->cost = pricing_settle((sg_int128) reversal->amount * original->price, scale, &reversal->carry);
}

static void
compute_change(Reversal *reversal)
{
	NetChange  *net = &reversal->net;

	compute_money(reversal);
	memset(net, 0, sizeof(*net));
	add_effect(net, reversal->kind, reversal->original.energy, reversal->returned);
	if (reversal->is_replaced)
		add_effect(net, reversal->original.kind, reversal->amount, reversal->cost);
}

/* What the row of a participant would have of a holding. */
static sg_int128
holding_after(const StoreRow *row, const sg_int128 *change, Holding holding)
{
	const int64 *has = row ? holding_in(row, holding) : NULL;

	return has ? *has + change[holding] : 0;
}

/* SG104 if a storage facility has no room for what comes back. */
static Refusal *
refuse_without_room(const Reversal *reversal)
{
	const FormStorage *storage;
	sg_int128	change = reversal->net.party[HOLDING_STORED];

	if (change <= 0)
		return NULL;
	storage = STORE_FORM(reversal->party, FormStorage);
	if (storage->stored_amount + change <= storage->capacity)
		return NULL;
	return refusal_detail(refuse(ERRCODE_SG_INVALID_AMOUNT,
								 "the storage facility of entry " INT64_FORMAT " has no room for what comes back", reversal->original.entry_id),
						  "Stored: " INT64_FORMAT ", capacity: " INT64_FORMAT ", comes back: " INT64_FORMAT ".",
						  storage->stored_amount, storage->capacity, (int64) change);
}

/* SG107: what is to be paid back is not there. */
static Refusal *
refuse_insufficient_holding(const StoreRow *row, Holding holding, sg_int128 change)
{
	int64		has = *holding_in(row, holding);

	if (!HOLDING_IS_MONEY(holding))
		return refuse_insufficient_energy(holding_name[holding], has, (int64) Min(-change, PG_INT64_MAX));
	return refuse_insufficient_money(holding_name[holding], has, (int64) Min(-change, PG_INT64_MAX));
}

/* SG103, or SG107 of money, if a participant would have less than nothing. */
static Refusal *
refuse_below_zero(const StoreRow *row, const sg_int128 *change, bool of_money)
{
	for (int h = 0; row != NULL && h < HOLDING_COUNT; h++)
		if (HOLDING_IS_MONEY(h) == of_money && holding_after(row, change, (Holding) h) < 0)
			return refuse_insufficient_holding(row, (Holding) h, change[h]);
	return NULL;
}

/* 22003 if a participant would have more than fits. */
static Refusal *
refuse_beyond_bigint(const StoreRow *row, const sg_int128 *change)
{
	for (int h = 0; row != NULL && h < HOLDING_COUNT; h++)
		if (holding_after(row, change, (Holding) h) > PG_INT64_MAX)
			return refuse_out_of_range(holding_name[h]);
	return NULL;
}

/* All entries together, for pool_apply(). */
static Refusal *
decide_reversal(const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg)
{
	const Reversal *reversal = arg;
	const NetChange *net = &reversal->net;
	Refusal    *refusal = refuse_below_zero(reversal->party, net->party, false);

	if (refusal == NULL)
		refusal = refuse_below_zero(reversal->counterparty, net->counterparty, false);
	if (refusal == NULL && total[POOL_LOAD] + net->load < 0)
		refusal = refuse_insufficient_energy("grid load", total[POOL_LOAD], (int64) -net->load);
	if (refusal == NULL)
		refusal = refuse_below_zero(reversal->party, net->party, true);
	if (refusal == NULL)
		refusal = refuse_below_zero(reversal->counterparty, net->counterparty, true);
	if (refusal == NULL && total[POOL_REVENUE] + net->revenue < 0)
		refusal = refuse_insufficient_money("grid revenue", total[POOL_REVENUE], (int64) -net->revenue);
	if (refusal == NULL)
		refusal = refuse_beyond_bigint(reversal->party, net->party);
	if (refusal == NULL)
		refusal = refuse_beyond_bigint(reversal->counterparty, net->counterparty);
	if (refusal == NULL && (reversal->returned > PG_INT64_MAX || reversal->cost > PG_INT64_MAX))
		refusal = refuse_out_of_range("cost");
	if (refusal)
		return refusal;
	change[POOL_LOAD] = (int64) net->load;
	change[POOL_REVENUE] = (int64) net->revenue;
	return NULL;
}

static void
change_row(StoreRow *row, const sg_int128 *change)
{
	for (int h = 0; row != NULL && h < HOLDING_COUNT; h++)
	{
		int64	   *has = holding_in(row, (Holding) h);

		if (has)
			*has += (int64) change[h];
	}
}

/*
 * Changes the rows and the pool as the reversal says, or returns why not.
 *
 * SG104 room, SG103 energy that is not there any more, SG107 money that is not,
 * 22003 totals.
 */
Refusal *
reversal_apply(Reversal *reversal)
{
	Refusal    *refusal;

	compute_change(reversal);
	refusal = refuse_without_room(reversal);
	if (refusal)
		return refusal;
	if (reversal->net.load != 0 || reversal->net.revenue != 0)
		refusal = pool_apply(&reversal->call->pool, decide_reversal, reversal);
	else
	{
		int64		none[POOL_FIELDS] = {0};

		refusal = decide_reversal(none, none, reversal);
	}
	if (refusal)
		return refusal;
	change_row(reversal->party, reversal->net.party);
	change_row(reversal->counterparty, reversal->net.counterparty);
	if (effect_has_value(effect_of(reversal->original.kind)))
		STORE_FORM(reversal->party, FormConsumer)->cost_carry = reversal->carry;
	return NULL;
}
