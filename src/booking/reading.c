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
#include "grid/identity.h"
#include "grid/participant.h"

/* Readings are not from before the year 2000 (UTC). */
#define READING_FIRST_TIME	((TimestampTz) 0)

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
	return money_topup(booking, STORE_FORM(&reading->account->row, FormConsumer), reading->amount);
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
require_kind(const char *name, int64 ord)
{
	for (int i = 0; i < (int) lengthof(reading_kinds); i++)
		if (strcmp(reading_kinds[i].name, name) == 0)
			return &reading_kinds[i];
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown kind \"%s\" of reading " INT64_FORMAT, name, ord),
			 errhint("Use one of production, consumption, charge, discharge, topup.")));
}

/*
 * Sets a reading, in the caller's memory context; at NULL: now.  SG108 for an
 * unknown kind or a time that is not finite; the rest is checked when it is
 * posted.
 */
void
reading_set(Reading *reading, int64 ord, const char *principal, const char *kind, int64 amount, const TimestampTz *at)
{
	if (at && TIMESTAMP_NOT_FINITE(*at))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("time of reading " INT64_FORMAT " must be finite", ord)));
	reading->ord = ord;
	reading->principal = principal;
	reading->kind = require_kind(kind, ord);
	reading->amount = amount;
	reading->at = at ? *at : READING_NOW;
	reading->account = NULL;
	reading->taken = false;
	reading->refusal = NULL;
}

/* When the participant of a reading stopped to take part; infinity: it does. */
static TimestampTz
deactivated_at(const Reading *reading)
{
	const StoreRow *row = &reading->account->row;

	if (row->table == TABLE_PRODUCER && !STORE_FORM(row, FormProducer)->active)
		return STORE_FORM(row, FormProducer)->deactivated_at;
	if (row->table == TABLE_CONSUMER && !STORE_FORM(row, FormConsumer)->active)
		return STORE_FORM(row, FormConsumer)->deactivated_at;
	return DT_NOEND;
}

/* Is this the last reading of one who takes part no more, from before that, and posted by an operator? */
static bool
is_final(const Booking *booking, const Reading *reading)
{
	TimestampTz until = deactivated_at(reading);

	return until != DT_NOEND && !reading->kind->is_topup && reading->at != READING_NOW && reading->at < until &&
		identity_is_operator(booking->grid->operator_role);
}

/* SG106 unless the participant of a reading takes part, or it is a final one. */
static Refusal *
refuse_reading_of_inactive(const Booking *booking, const Reading *reading)
{
	if (deactivated_at(reading) == DT_NOEND || is_final(booking, reading))
		return NULL;
	return refuse_inactive(false, reading->kind->table, reading->principal);
}

/* SG104 of a time before the year 2000, or more than an hour from now: a clock that is not set, or set wrong. */
static Refusal *
refuse_untimely(const Booking *booking, const Reading *reading)
{
	TimestampTz now;

	if (reading->at == READING_NOW)
		return NULL;
	now = call_now(booking->call);
	if (reading->at >= READING_FIRST_TIME && reading->at <= now + USECS_PER_HOUR)
		return NULL;
	return refuse(ERRCODE_SG_INVALID_AMOUNT, "the time %s of the reading is outside 2000-01-01 00:00 UTC to an hour from now",
				  timestamptz_to_str(reading->at));
}

/* Says of a final reading that cannot be paid what there is to do: a failure of a batch is its message alone. */
static void
explain_final(Refusal *refusal)
{
	char	   *message = psprintf("%s: reactivate, top up, post and deactivate again", refusal->message);

	pfree(refusal->message);
	refusal->message = message;
}

/*
 * Applies a reading by its rule to its account, the pool and the entry of the
 * booking, or returns what the single call would raise: 22P02 and 22003 amount,
 * SG108 and SG105 local time, SG108 name, SG101 account, SG106, SG104 time, then as the rule.
 */
Refusal *
reading_apply(const Booking *booking, Reading *reading)
{
	const ReadingKind *kind = reading->kind;
	Refusal    *refusal = reading->refusal;

	if (refusal == NULL)
		refusal = refuse_name_length(reading->principal, kind->argument);
	if (refusal == NULL && reading->taken)
		refusal = refuse_impatient(psprintf("the %s account of \"%s\"", participant_kind(kind->table), reading->principal));
	if (refusal == NULL && reading->account == NULL)
		refusal = refuse_participant_not_found(participant_kind(kind->table), reading->principal, booking->grid);
	if (refusal == NULL)
		refusal = refuse_reading_of_inactive(booking, reading);
	if (refusal == NULL)
		refusal = refuse_untimely(booking, reading);
	if (refusal == NULL)
		refusal = kind->apply(booking, reading);
	if (refusal && refusal->sqlstate == ERRCODE_SG_INSUFFICIENT_BALANCE && is_final(booking, reading))
		explain_final(refusal);
	if (refusal)
		return refusal;
	reading->account->dirty = true;
	booking->entry->booked_at = call_now(booking->call);
	booking->entry->at = (reading->at == READING_NOW) ? booking->entry->booked_at : reading->at;
	return NULL;
}
