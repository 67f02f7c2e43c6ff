/*-------------------------------------------------------------------------
 *
 * batch.c
 *	  Batches: calls that bring intervals.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "grid/participant.h"
#include "ledger/ledger.h"
#include "metering/batch.h"
#include "metering/recording.h"
#include "store/elevated.h"
#include "store/relations.h"

/* A number for a batch or a pack. */
int64
batch_next_id(void)
{
	return relations_nextval(SEQUENCE_BATCH);
}

static Datum
digest_or_empty(const Digest *digest)
{
	return digest ? digest_to_bytea(digest) : PointerGetDatum(bytea_of("", 0));
}

/* Puts the row of a batch on record. */
static void
insert(const Batch *batch, int32 grid_id, int64 entry_id, const Digest *digest)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.batch (batch_id, recorded_at, entry_id, withdraws_id, given, fresh, unchanged, kept, refused, grid_id,"
		" first_day, last_day, source, label, loaded_by, content, digest)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
		.nargs = 17,
		.argtypes = {INT8OID, TIMESTAMPTZOID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT4OID,
			DATEOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, BYTEAOID, BYTEAOID},
	};
	Elevation	elevation;
	Datum		values[] = {
		Int64GetDatum(batch->batch_id),
		TimestampTzGetDatum(batch->recorded_at),
		Int64GetDatum(entry_id),
		Int64GetDatum(batch->withdraws_id),
		Int64GetDatum(batch->given),
		Int64GetDatum(batch->fresh),
		Int64GetDatum(batch->unchanged),
		Int64GetDatum(batch->kept),
		Int64GetDatum(batch->refused),
		Int32GetDatum(grid_id),
		DateADTGetDatum(batch->first_day),
		DateADTGetDatum(batch->last_day),
		CStringGetTextDatum(batch->source),
		CStringGetTextDatum(batch->label ? batch->label : ""),
		CStringGetTextDatum(GetUserNameFromId(GetUserId(), false)),
		digest_or_empty(batch->content),
		digest_or_empty(batch->fresh > 0 ? digest : NULL)
	};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/*
 * Closes a batch: its row, and, if anything was new, the entry that carries
 * the digest of its lines.  batch_id 0: it wrote nothing and has no number yet.
 */
void
batch_close(Batch *batch, Call *call, const Digest *digest)
{
	if (batch->batch_id == 0)
		batch->batch_id = batch_next_id();
	if (batch->recorded_at == 0)
		batch->recorded_at = recording_time_of_readings(call->grid->form.grid_id);
	if (batch->fresh > 0)
	{
		FormLedger	entry = ledger_energy(call->grid, LEDGER_BATCH, PARTICIPANT_NONE, 0, 0, 0);

		entry.trade_id = batch->batch_id;
		entry.at = entry.booked_at = batch->recorded_at;
		call_book_digest(call, entry, digest);
		call_write(call);
	}
	insert(batch, call->grid->form.grid_id, batch->fresh > 0 ? call->entry.entry_id : 0, digest);
}
