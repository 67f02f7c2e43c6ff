/*-------------------------------------------------------------------------
 *
 * document.c
 *	  Documents: numbering, booking and keeping them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "base/checked.h"
#include "base/errors.h"
#include "base/number.h"
#include "settlement/document.h"
#include "settlement/due.h"

int
document_year(DateADT issue_date)
{
	int			year = 0;
	int			month;
	int			day;

	if (!DATE_NOT_FINITE(issue_date))
		j2date(issue_date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	if (year < 1 || year > 9999)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("issue_date must be a date of the years 1 to 9999")));
	return year;
}

/* A text of a row in the context; NULL if it is. */
static char *
text_of_row(uint64 row, int n, MemoryContext context)
{
	bool		isnull;
	Datum		value = elevated_column(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, n, TEXTOID, &isnull);

	return isnull ? NULL : MemoryContextStrdup(context, TextDatumGetCString(value));
}

/* A sum of money units; 22003 if it does not fit. */
static int64
money_of_row(uint64 row, int n)
{
	sg_int128	money;

	if (!number_to_int128(elevated_value(row, n, NUMERICOID), &money) || money < PG_INT64_MIN || money > PG_INT64_MAX)
		error_out_of_range("the sum of a document");
	return (int64) money;
}

/* A draft, in the context. */
static void
read_draft(Document *draft, uint64 row, MemoryContext context)
{
	MemoryContext old;

	draft->participant_id = DatumGetInt64(elevated_value(row, 1, INT8OID));
	draft->side = DatumGetInt16(elevated_value(row, 2, INT2OID));
	draft->kind = DatumGetInt16(elevated_value(row, 3, INT2OID));
	draft->prefix = text_of_row(row, 4, context);
	draft->digits = DatumGetInt32(elevated_value(row, 5, INT4OID));
	draft->first = DatumGetInt64(elevated_value(row, 6, INT8OID));
	draft->net = money_of_row(row, 7);
	draft->vat = money_of_row(row, 8);
	draft->participant = text_of_row(row, 9, context);
	draft->refused = text_of_row(row, 10, context);
	old = MemoryContextSwitchTo(context);
	draft->draft = DatumGetJsonbPCopy(elevated_value(row, 11, JSONBOID));
	MemoryContextSwitchTo(old);
}

Document *
document_drafts_of_result(MemoryContext context, int64 run_id, DateADT issue_date, int *n)
{
	Document   *drafts;

	*n = (int) SPI_processed;
	drafts = MemoryContextAllocExtended(context, Max(*n, 1) * sizeof(Document), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int i = 0; i < *n; i++)
	{
		drafts[i].run_id = run_id;
		drafts[i].issue_date = issue_date;
		drafts[i].year = document_year(issue_date);
		read_draft(&drafts[i], i, context);
	}
	return drafts;
}

/* The gross sum; 22003 if it does not fit. */
static int64
gross_of(const Document *document)
{
	int64		gross;

	if (!checked_add(document->net, document->vat, &gross))
		error_out_of_range("the sum of a document");
	return gross;
}

/* Locks the accounts of all for whom documents are. */
static void
hold_accounts(Call *call, const Document *documents, int n)
{
	int64	   *ids = palloc(n * sizeof(int64));

	for (int i = 0; i < n; i++)
		ids[i] = documents[i].participant_id;
	due_hold(call, ids, n);
	pfree(ids);
}

/* Takes so many numbers of a prefix; returns the first sequence of them. */
static int64
take_numbers(const Call *call, const Document *document, int64 count)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.document_number AS n (grid_id, year, prefix, first, last) VALUES ($1, $2, $3, $4, $4 + $5 - 1)"
		" ON CONFLICT (grid_id, prefix, year) DO UPDATE SET last = n.last + $5"
		" RETURNING n.last - $5 + 1",
		.nargs = 5,
		.argtypes = {INT4OID, INT4OID, TEXTOID, INT8OID, INT8OID},
	};
	Datum		values[] = {
		Int32GetDatum(call->grid->form.grid_id), Int32GetDatum(document->year), CStringGetTextDatum(document->prefix),
		Int64GetDatum(document->first), Int64GetDatum(count)
	};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT);
}

static int
compare_prefixes(const void *a, const void *b)
{
	const Document *left = *(Document *const *) a;
	const Document *right = *(Document *const *) b;
	int			order = strcmp(left->prefix, right->prefix);

	return order ? order : (left > right) - (left < right);
}

/* Numbers documents from one to another, which have one prefix and stand in their order. */
static void
number_prefix(const Call *call, Document **documents, int n)
{
	int64		sequence = take_numbers(call, documents[0], n);

	for (int i = 0; i < n; i++)
	{
		documents[i]->sequence = sequence + i;
		documents[i]->number = psprintf("%s%04d%0*lld", documents[i]->prefix, documents[i]->year, documents[i]->digits,
										(long long) documents[i]->sequence);
	}
}

/* Gives all their numbers, prefix by prefix. */
static void
number_documents(const Call *call, Document *documents, int n)
{
	Document  **sorted = palloc(n * sizeof(Document *));
	int			first = 0;

	for (int i = 0; i < n; i++)
		sorted[i] = &documents[i];
	qsort(sorted, n, sizeof(Document *), compare_prefixes);
	for (int i = 1; i <= n; i++)
		if (i == n || strcmp(sorted[i]->prefix, sorted[first]->prefix) != 0)
		{
			number_prefix(call, sorted + first, i - first);
			first = i;
		}
	pfree(sorted);
}

/* Puts the number into what the document says, and takes an id for it. */
static void
freeze(Document *document)
{
	static ElevatedPlan plan = {
		.sql = "SELECT ($2 || jsonb_build_object('number', $1))::text, nextval('smartgrid.document_id_seq')",
		.nargs = 2,
		.argtypes = {TEXTOID, JSONBOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {CStringGetTextDatum(document->number), JsonbPGetDatum(document->draft)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	document->body = text_of_row(0, 1, caller);
	document->document_id = DatumGetInt64(elevated_value(0, 2, INT8OID));
	elevated_end(&elevation);
	hasher_digest_text(hasher_of_session(), document->body, &document->digest);
}

/* Books what the participant owes by the document, or is owed. */
static void
book(Call *call, Document *document)
{
	int64		gross = gross_of(document);
	bool		owes = (document->side == 0) == (gross > 0);

	if (gross == PG_INT64_MIN)
		error_out_of_range("the sum of a document");
	gross = gross < 0 ? -gross : gross;
	document->entry_id = owes ? due_book_bill(call, document->participant_id, gross, document->document_id, &document->digest)
		: due_book_credit(call, document->participant_id, gross, document->document_id, &document->digest);
}

static void
insert(const Call *call, const Document *document)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.document (document_id, run_id, participant_id, entry_id, cancels_id, sequence, net, vat, gross, grid_id, year,"
		" issue_date, kind, side, number, prefix, digest, body)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::json)",
		.nargs = 18,
		.argtypes = {INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT4OID, INT4OID,
		DATEOID, INT2OID, INT2OID, TEXTOID, TEXTOID, BYTEAOID, TEXTOID},
	};
	Elevation	elevation;
	Datum		values[] = {
		Int64GetDatum(document->document_id), Int64GetDatum(document->run_id), Int64GetDatum(document->participant_id),
		Int64GetDatum(document->entry_id), Int64GetDatum(document->cancels_id), Int64GetDatum(document->sequence),
		Int64GetDatum(document->net), Int64GetDatum(document->vat), Int64GetDatum(gross_of(document)),
		Int32GetDatum(call->grid->form.grid_id), Int32GetDatum(document->year), DateADTGetDatum(document->issue_date),
		Int16GetDatum(document->kind), Int16GetDatum(document->side), CStringGetTextDatum(document->number),
		CStringGetTextDatum(document->prefix), digest_to_bytea(&document->digest), CStringGetTextDatum(document->body)
	};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

void
document_issue(Call *call, Document *documents, int n)
{
	hold_accounts(call, documents, n);
	number_documents(call, documents, n);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		freeze(&documents[i]);
		book(call, &documents[i]);
		insert(call, &documents[i]);
	}
}
