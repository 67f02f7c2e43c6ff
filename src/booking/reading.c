/*-------------------------------------------------------------------------
 *
 * reading.c
 *	  One reading of a batch: its kind, whose account it changes, its rule.
 *
 * The rules are those of the single calls (energy.c, storage.c, money.c).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "booking/energy.h"
#include "booking/money.h"
#include "booking/reading.h"
#include "grid/participant.h"

static Refusal *
apply_production(const Booking *booking, const Reading *reading)
{
	return energy_produce(booking, reading->principal, STORE_FORM(&reading->account->row, FormProducer), reading->amount);
}

static Refusal *
apply_consumption(const Booking *booking, const Reading *reading)
{
	return energy_consume(booking, reading->principal, STORE_FORM(&reading->account->row, FormConsumer), reading->amount, NULL);
}

static Refusal *
apply_charge(const Booking *booking, const Reading *reading)
{
	return energy_charge(booking, reading->principal, STORE_FORM(&reading->account->row, FormStorage), reading->amount);
}

static Refusal *
apply_discharge(const Booking *booking, const Reading *reading)
{
	return energy_discharge(booking, reading->principal, STORE_FORM(&reading->account->row, FormStorage), reading->amount);
}

static Refusal *
apply_topup(const Booking *booking, const Reading *reading)
{
	return money_topup(booking, reading->principal, STORE_FORM(&reading->account->row, FormConsumer), reading->amount);
}

/* Every kind of reading; another one is another line. */
static const ReadingKind reading_kinds[] = {
	{.name = "production", .table = TABLE_PRODUCER, .argument = "principal", .apply = apply_production},
	{.name = "consumption", .table = TABLE_CONSUMER, .argument = "principal", .takes_load = true, .apply = apply_consumption},
	{.name = "charge", .table = TABLE_STORAGE, .argument = "principal", .takes_load = true, .apply = apply_charge},
	{.name = "discharge", .table = TABLE_STORAGE, .argument = "principal", .apply = apply_discharge},
	{.name = "topup", .table = TABLE_CONSUMER, .argument = "target", .is_topup = true, .apply = apply_topup},
};

/* The kind called name; SG108 if there is none. */
static const ReadingKind *
require_kind(const char *name, int ord)
{
	for (int i = 0; i < (int) lengthof(reading_kinds); i++)
		if (strcmp(reading_kinds[i].name, name) == 0)
			return &reading_kinds[i];
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown kind \"%s\" of reading %d", name, ord),
			 errhint("Use one of production, consumption, charge, discharge, topup.")));
}

/*
 * Sets a reading, in the caller's memory context; at NULL: now.  SG108 for an
 * unknown kind or a time that is not finite; the rest is checked when it is
 * posted.
 */
void
reading_set(Reading *reading, int ord, const char *principal, const char *kind, int64 amount, const TimestampTz *at)
{
	if (at && TIMESTAMP_NOT_FINITE(*at))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("time of reading %d must be finite", ord)));
	reading->ord = ord;
	reading->principal = principal;
	reading->kind = require_kind(kind, ord);
	reading->amount = amount;
	reading->at = at ? *at : READING_NOW;
	reading->account = NULL;
}

/*
 * Applies a reading by its rule to its account, the pool and the entry of the
 * booking, or returns what the single call would raise: SG108 name, SG101
 * account, then as the rule.
 */
Refusal *
reading_apply(const Booking *booking, Reading *reading)
{
	const ReadingKind *kind = reading->kind;
	Refusal    *refusal = refuse_name_length(reading->principal, kind->argument);

	if (refusal == NULL && reading->account == NULL)
		refusal = refuse_participant_not_found(participant_kind(kind->table), reading->principal, booking->grid);
	if (refusal == NULL)
		refusal = kind->apply(booking, reading);
	if (refusal)
		return refusal;
	reading->account->dirty = true;
	booking->entry->booked_at = call_now(booking->call);
	booking->entry->at = (reading->at == READING_NOW) ? booking->entry->booked_at : reading->at;
	return NULL;
}
