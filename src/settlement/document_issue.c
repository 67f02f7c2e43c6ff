/*-------------------------------------------------------------------------
 *
 * document_issue.c
 *	  Issuing the documents of a run: the call (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "settlement/document.h"

PG_FUNCTION_INFO_V1(sg_issue);

/* Locks a run, so that one session issues its documents at a time.  SG101 if the grid has none of that number, SG108 if it is a preview. */
static void
lock_final_run(const Grid *grid, int64 run_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT r.state FROM smartgrid.run AS r WHERE r.run_id = $1 AND r.grid_id = $2 FOR NO KEY UPDATE",
		.nargs = 2,
		.argtypes = {INT8OID, INT4OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(run_id), Int32GetDatum(grid->form.grid_id)};
	bool		found;
	bool		is_final;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	found = SPI_processed > 0;
	is_final = found && DatumGetInt16(elevated_value(0, 1, INT2OID)) == 1;
	elevated_end(&elevation);
	if (!found)
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("run " INT64_FORMAT " does not exist in grid \"%s\"", run_id, grid->name),
				 errhint("sg_runs shows which there are.")));
	if (!is_final)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("run " INT64_FORMAT " is a preview", run_id),
				 errhint("Documents are issued of final runs. Look at sg_run_problems(), then call sg_finalize().")));
	store_refresh();
}

/* The documents that are to be issued; SG110 if there are none, SG108 if one lacks something for its VAT. */
static Document *
draft_documents(int64 run_id, DateADT issue_date, int *n)
{
	static ElevatedPlan plan = {
		.sql = "SELECT " DOCUMENT_DRAFT_COLUMNS " FROM smartgrid.document_drafts($1, $2) AS d ORDER BY d.participant, d.participant_id, d.side",
		.nargs = 2,
		.argtypes = {INT8OID, DATEOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(run_id), DateADTGetDatum(issue_date)};
	Document   *documents;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	documents = document_drafts_of_result(caller, run_id, issue_date, n);
	elevated_end(&elevation);
	if (*n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_CLOSED),
				 errmsg("nobody is left who is to get a document of run " INT64_FORMAT, run_id),
				 errhint("sg_cancel_document() cancels one, which may be issued again then.")));
	for (int i = 0; i < *n; i++)
		if (documents[i].refused)
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("the VAT of the document for \"%s\" needs the %s", documents[i].participant, documents[i].refused),
					 errhint("sg_set_party() says it. Categories S and AE need the number of who sells, AE that of who buys, too.")));
	return documents;
}

static char *
kind_name(int16 kind)
{
	return TextDatumGetCString(elevated_value(kind, 1, TEXTOID));
}

/* A row of the result for each document. */
static void
return_documents(FunctionCallInfo fcinfo, const Document *documents, int n)
{
	static ElevatedPlan plan = {.sql = "SELECT k.name FROM smartgrid.document_kinds() AS k ORDER BY k.kind"};
	ResultRow	result;
	Elevation	elevation;

	result_begin_set(&result, fcinfo);
	elevated_begin(&elevation);
	elevated_execute(&plan, NULL, NULL, IN_ACTIVE_SNAPSHOT);
	for (int i = 0; i < n; i++)
	{
		result_text(&result, documents[i].number);
		result_text(&result, kind_name(documents[i].kind));
		result_text(&result, documents[i].participant);
		result_int64(&result, documents[i].net);
		result_int64(&result, documents[i].vat);
		result_int64(&result, documents[i].net + documents[i].vat);
		result_end_row(&result);
	}
	elevated_end(&elevation);
}

/*
 * sg_issue(run, issue_date) -> (number, kind, participant, net, vat, gross): the
 * documents of a final run for all who have none that is valid, money units.
 * For operators.
 *
 * Checks: SG108 NULL, SG101 run, SG108 preview, SG110 all are issued, SG108 what
 * VAT needs, SG104 the date.
 * Locks: the run, the accounts `due`, the counters of numbers.
 */
Datum
sg_issue(PG_FUNCTION_ARGS)
{
	Call		call;
	int64		run_id;
	DateADT		issue_date;
	Document   *documents;
	int			n;

	call_begin(&call, fcinfo, "sg_issue");
	run_id = arg_int64(fcinfo, 0, "run");
	arg_require_not_null(fcinfo, 1, "issue_date");
	issue_date = PG_GETARG_DATEADT(1);
	if (!call_operate(&call, "issue documents"))
		return call_answer(&call);
	lock_final_run(call.grid, run_id);
	(void) document_year(issue_date);
	documents = draft_documents(run_id, issue_date, &n);
	document_issue(&call, documents, n);
	return_documents(fcinfo, documents, n);
	return call_end(&call, (Datum) 0);
}
