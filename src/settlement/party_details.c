/*-------------------------------------------------------------------------
 *
 * party_details.c
 *	  Parties of documents: the call (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/participant.h"
#include "metering/dated.h"
#include "metering/slot.h"
#include "settlement/party_details.h"

PG_FUNCTION_INFO_V1(sg_set_party);

static DatedTable parties = {
	.name = "party",
	.key = "participant_id",
	.nattributes = 1,
	.attributes = {"details"},
	.types = {JSONBOID},
};

/* What is said of a party. */
typedef struct PartyRow
{
	const char *participant;	/* NULL: the issuer */
	TimestampTz valid_from;
	Jsonb	   *details;		/* NULL: as just before */
	bool		correct;		/* though it was settled */
} PartyRow;

/* SG108 for what is wrong by itself. */
static Refusal *
refuse_party_row(const PartyRow *row)
{
	Refusal    *refusal;

	if (row->participant && (refusal = refuse_name_length(row->participant, "participant")) != NULL)
		return refusal;
	return row->details ? refuse_party_details(row->details, row->participant == NULL) : NULL;
}

/* The key of a party in a grid: 0, the issuer, or the participant; SG101 if there is none. */
static int64
require_party(const Grid *grid, const char *participant)
{
	int64		participant_id;

	if (participant == NULL)
		return PARTICIPANT_NONE;
	participant_id = participant_id_of(grid, participant);
	if (participant_id == PARTICIPANT_NONE)
		error_participant_not_found("participant", participant, grid);
	return participant_id;
}

/* Sets a party.  Refuses: SG108 nothing is said of a first one, SG110, SG104. */
static Refusal *
set_party(const Grid *grid, const PartyRow *row, int64 participant_id, Recording *recording)
{
	DatedPlace	place;
	Refusal    *refusal;
	Datum		values[1];

	dated_find(&place, &parties, grid->form.grid_id, participant_id, row->valid_from);
	if (row->details == NULL && !place.has_before)
		return refusal_hint(refuse(ERRCODE_SG_INVALID_INPUT, "details must not be NULL"),
							"Nothing is on record of the time just before %s that they could be taken from.", timestamptz_to_str(row->valid_from));
	values[0] = row->details ? JsonbPGetDatum(row->details) : place.before.values[0];
	if (dated_is_on_record(&place, values))
		return NULL;
	if ((refusal = refuse_settled(grid->form.grid_id, row->valid_from, place.until, row->correct)) != NULL)
		return refusal;
	if ((refusal = refuse_beyond_calendar("valid_from", row->valid_from)) != NULL)
		return refusal;
	(void) dated_set(&place, values, recording);
	return NULL;
}

/*
 * sg_set_party(participant, valid_from, details, correct) -> true: what
 * documents say of the participant, NULL: of the issuer, from then until the
 * next later change on record.  For operators.
 *
 * Checks: SG108, SG101 participant, SG108 a first one without details, SG110, SG104.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_set_party(PG_FUNCTION_ARGS)
{
	Call		call;
	Recording	recording;
	PartyRow	row;
	int64		participant_id;

	call_begin(&call, fcinfo, "sg_set_party");
	row.participant = arg_text_or_null(fcinfo, 0);
	arg_require_not_null(fcinfo, 1, "valid_from");
	row.valid_from = PG_GETARG_TIMESTAMPTZ(1);
	row.details = PG_ARGISNULL(2) ? NULL : PG_GETARG_JSONB_P(2);
	row.correct = arg_bool(fcinfo, 3, "correct");
	require_accepted(refuse_party_row(&row));
	if (!call_operate(&call, "say who the parties of documents are"))
		return call_answer(&call);
	participant_id = require_party(call.grid, row.participant);
	recording_begin(&recording, call.grid->form.grid_id);
	require_accepted(set_party(call.grid, &row, participant_id, &recording));
	recording_end(&recording);
	return call_end(&call, BoolGetDatum(true));
}
