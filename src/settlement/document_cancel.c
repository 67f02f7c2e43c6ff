/*-------------------------------------------------------------------------
 *
 * document_cancel.c
 *	  Cancelling a document: the call (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "settlement/document.h"

PG_FUNCTION_INFO_V1(sg_cancel_document);

#define MAX_REASON_BYTES	1000

/* A document that is to be cancelled. */
typedef struct Cancelled
{
	int64		document_id;
	int64		run_id;
	int64		cancels_id;
	char	   *cancelled_by;	/* NULL: it is not cancelled yet */
} Cancelled;

/* SG108 for a reason that says nothing, or has what nobody can print. */
static void
require_reason(const char *reason)
{
	size_t		len = strlen(reason);

	if (len == 0 || len > MAX_REASON_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("reason must have 1 to %d bytes", MAX_REASON_BYTES)));
	for (size_t i = 0; i < len; i++)
		if ((unsigned char) reason[i] < ' ' || reason[i] == 0x7f)
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("reason must not have control characters")));
}

/* Locks a document of a grid; false if there is none. */
static bool
lock_document(const Grid *grid, const char *number, Cancelled *cancelled)
{
	static ElevatedPlan plan = {
		.sql = "SELECT d.document_id, d.run_id, d.cancels_id FROM smartgrid.document AS d"
		" WHERE d.grid_id = $1 AND d.number = $2 FOR NO KEY UPDATE",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid->form.grid_id), CStringGetTextDatum(number)};
	bool		found;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	found = SPI_processed > 0;
	if (found)
	{
		cancelled->document_id = DatumGetInt64(elevated_value(0, 1, INT8OID));
		cancelled->run_id = DatumGetInt64(elevated_value(0, 2, INT8OID));
		cancelled->cancels_id = DatumGetInt64(elevated_value(0, 3, INT8OID));
	}
	elevated_end(&elevation);
	store_refresh();
	return found;
}

/* The number of the document that cancels one; NULL: none does. */
static char *
find_cancelling(int64 document_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT d.number FROM smartgrid.document AS d WHERE d.cancels_id = $1 AND d.cancels_id > 0",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(document_id)};
	char	   *number = NULL;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	if (SPI_processed > 0)
		number = MemoryContextStrdup(caller, TextDatumGetCString(elevated_value(0, 1, TEXTOID)));
	elevated_end(&elevation);
	return number;
}

/* The document that is to be cancelled, locked.  SG101 there is none, SG110 it is cancelled, or cancels another. */
static Cancelled
require_document(const Grid *grid, const char *number)
{
	Cancelled	cancelled;

	if (!lock_document(grid, number, &cancelled))
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("document \"%s\" does not exist in grid \"%s\"", number, grid->name),
				 errhint("sg_documents shows which there are.")));
	if (cancelled.cancels_id != 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_CLOSED),
				 errmsg("document \"%s\" cancels another, and is not cancelled itself", number),
				 errhint("sg_issue() issues what was cancelled anew.")));
	cancelled.cancelled_by = find_cancelling(cancelled.document_id);
	if (cancelled.cancelled_by)
		ereport(ERROR,
				(errcode(ERRCODE_SG_CLOSED),
				 errmsg("document \"%s\" has been cancelled by \"%s\"", number, cancelled.cancelled_by)));
	return cancelled;
}

/* The document that cancels one, without its number. */
static Document *
draft_reversal(const Cancelled *cancelled, const char *reason, DateADT issue_date)
{
	static ElevatedPlan plan = {
		.sql = "SELECT " DOCUMENT_DRAFT_COLUMNS " FROM smartgrid.document_reversal($1, $2, $3) AS d",
		.nargs = 3,
		.argtypes = {INT8OID, TEXTOID, DATEOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(cancelled->document_id), CStringGetTextDatum(reason), DateADTGetDatum(issue_date)};
	Document   *draft;
	int			n;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	draft = document_drafts_of_result(caller, cancelled->run_id, issue_date, &n);
	elevated_end(&elevation);
	if (n != 1)
		elog(ERROR, "document " INT64_FORMAT " has no run", cancelled->document_id);
	draft->cancels_id = cancelled->document_id;
	return draft;
}

/*
 * sg_cancel_document(number, reason, issue_date) -> number of the opposite
 * document that cancels it.  For operators.
 *
 * Checks: SG108, SG101 document, SG110 it is cancelled or cancels another, SG104 the date.
 * Locks: the document, the account `due` of its participant, the counter of numbers.
 */
Datum
sg_cancel_document(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *number;
	char	   *reason;
	DateADT		issue_date;
	Cancelled	cancelled;
	Document   *reversal;

	call_begin(&call, fcinfo, "sg_cancel_document");
	number = arg_text(fcinfo, 0, "number");
	reason = arg_text(fcinfo, 1, "reason");
	arg_require_not_null(fcinfo, 2, "issue_date");
	issue_date = PG_GETARG_DATEADT(2);
	require_reason(reason);
	if (!call_operate(&call, "cancel documents"))
		return call_answer(&call);
	cancelled = require_document(call.grid, number);
	(void) document_year(issue_date);
	reversal = draft_reversal(&cancelled, reason, issue_date);
	document_issue(&call, reversal, 1);
	return call_end(&call, CStringGetTextDatum(reversal->number));
}
