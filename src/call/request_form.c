/*-------------------------------------------------------------------------
 *
 * request_form.c
 *	  The forms in which calls are remembered: arguments and result.
 *
 * What is kept of the arguments says for a year and longer whether a call is the
 * same.  So it may not depend on settings, on the machine, or on how a value
 * happens to lie in memory; and an argument that is NULL is left out, so that a
 * function may get further ones.  It is their form, if that is shorter than a
 * digest, else its digest.
 *
 * A result is an array of text: a value, or the columns of each row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/rangetypes.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "base/result.h"
#include "call/request_form.h"

/* A text in a form that says where it ends, in UTF-8. */
void
request_append_text(StringInfo form, const char *text)
{
	const char *utf8 = utf8_of(text);

	appendStringInfo(form, "%zu:%s", strlen(utf8), utf8);
}

static void
append_bound(StringInfo form, const RangeBound *bound)
{
	if (!bound->infinite)
		appendStringInfo(form, "%c" INT64_FORMAT, bound->inclusive ? '=' : '~', DatumGetTimestampTz(bound->val));
	appendStringInfoChar(form, ',');
}

static void
append_period(StringInfo form, Datum value)
{
	RangeType  *period = DatumGetRangeTypeP(value);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(lookup_type_cache(RangeTypeGetOid(period), TYPECACHE_RANGE_INFO), period, &lower, &upper, &empty);
	appendStringInfoChar(form, empty ? 'e' : 'r');
	append_bound(form, &lower);
	append_bound(form, &upper);
}

static void
append_number(StringInfo form, int64 value)
{
	char		digits[MAXINT8LEN + 1];

	appendBinaryStringInfo(form, digits, pg_lltoa(value, digits));
}

static void
append_interval(StringInfo form, const Interval *interval)
{
	appendStringInfo(form, "%d,%d," INT64_FORMAT, interval->month, interval->day, interval->time);
}

/* A document: its text, in which the order of members and what was written twice do not count. */
static void
append_json(StringInfo form, Jsonb *json)
{
	request_append_text(form, JsonbToCString(NULL, &json->root, VARSIZE(json)));
}

static void append_value(StringInfo form, Oid type, Datum value);

/* An array: how many elements it has, and each of them. */
static void
append_array(StringInfo form, Oid element_type, ArrayType *array)
{
	int16		len;
	bool		byval;
	char		align;
	Datum	   *elements;
	bool	   *isnull;
	int			n;

	get_typlenbyvalalign(element_type, &len, &byval, &align);
	deconstruct_array(array, element_type, len, byval, align, &elements, &isnull, &n);
	appendStringInfo(form, "%d[", n);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!isnull[i])
			append_value(form, element_type, elements[i]);
		appendStringInfoChar(form, ' ');
	}
}

/* The value of an argument of one of the types that functions that write have. */
static void
append_value(StringInfo form, Oid type, Datum value)
{
	Oid			element_type = get_element_type(type);

	if (OidIsValid(element_type))
	{
		append_array(form, element_type, DatumGetArrayTypeP(value));
		return;
	}
	switch (type)
	{
		case BOOLOID:
			appendStringInfoChar(form, DatumGetBool(value) ? 't' : 'f');
			break;
		case INT4OID:
		case DATEOID:
			append_number(form, DatumGetInt32(value));
			break;
		case INT8OID:
		case TIMESTAMPTZOID:
			append_number(form, DatumGetInt64(value));
			break;
		case INTERVALOID:
			append_interval(form, DatumGetIntervalP(value));
			break;
		case NUMERICOID:
			appendStringInfoString(form, numeric_normalize(DatumGetNumeric(value)));
			break;
		case TEXTOID:
			request_append_text(form, TextDatumGetCString(value));
			break;
		case JSONBOID:
			append_json(form, DatumGetJsonbP(value));
			break;
		case TSTZRANGEOID:
			append_period(form, value);
			break;
		default:
			elog(ERROR, "a call with an argument of type %u cannot be remembered", type);
	}
}

/* The catalog's row of the function that is called. */
static HeapTuple
function_row(const Request *request)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(request->fcinfo->flinfo->fn_oid));

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", request->fcinfo->flinfo->fn_oid);
	return tuple;
}

/* A digest as what is kept of arguments. */
bytea *
request_form_digest(const Digest *digest)
{
	return bytea_of(digest->bytes, DIGEST_BYTES);
}

/* What is kept of the arguments of the call. */
bytea *
request_form_arguments(const Request *request)
{
	HeapTuple	tuple = function_row(request);
	const Oid  *types = ((Form_pg_proc) GETSTRUCT(tuple))->proargtypes.values;
	StringInfoData form;
	Digest		digest;

	initStringInfo(&form);
	for (int i = 0; i < request->fcinfo->nargs; i++)
	{
		if (request->fcinfo->args[i].isnull)
			continue;
		appendStringInfoChar(&form, (char) ('a' + i));
		append_value(&form, types[i], request->fcinfo->args[i].value);
	}
	ReleaseSysCache(tuple);
	if (form.len < DIGEST_BYTES)
		return bytea_of(form.data, form.len);
	hasher_digest(hasher_of_session(), form.data, form.len, &digest);
	return request_form_digest(&digest);
}

static bool
returns_set(const Request *request)
{
	return request->fcinfo->flinfo->fn_retset;
}

static Oid
result_type(const Request *request)
{
	HeapTuple	tuple = function_row(request);
	Oid			type = ((Form_pg_proc) GETSTRUCT(tuple))->prorettype;

	ReleaseSysCache(tuple);
	return type;
}

/* A value as text; all types of results have a form of text that does not depend on settings. */
static Datum
text_of_value(Oid type, Datum value)
{
	Oid			output;
	bool		is_varlena;

	switch (type)
	{
		case BOOLOID:
			return CStringGetTextDatum(DatumGetBool(value) ? "t" : "f");
		case TEXTOID:
			return value;
		default:
			getTypeOutputInfo(type, &output, &is_varlena);
			return CStringGetTextDatum(OidOutputFunctionCall(output, value));
	}
}

/* All rows of the set that the call returns, which is read from its beginning afterwards. */
static Datum
form_of_set(const Request *request)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) request->fcinfo->resultinfo;
	TupleDesc	desc = rsinfo->setDesc;
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	int			allocated = 64 * desc->natts;
	Datum	   *values = palloc(allocated * sizeof(Datum));
	bool	   *isnull = palloc(allocated * sizeof(bool));
	int			dims[2] = {0, desc->natts};
	int			lower[2] = {1, 1};
	int			n = 0;

	tuplestore_rescan(rsinfo->setResult);
	while (tuplestore_gettupleslot(rsinfo->setResult, true, false, slot))
	{
		if (n == allocated)
		{
			allocated *= 2;
			values = repalloc_huge(values, allocated * sizeof(Datum));
			isnull = repalloc_huge(isnull, allocated * sizeof(bool));
		}
		for (int i = 0; i < desc->natts; i++, n++)
		{
			Datum		value = slot_getattr(slot, i + 1, &isnull[n]);

			/* Texts lie in the slot, which the next row overwrites. */
			values[n] = isnull[n] ? (Datum) 0 : datumCopy(text_of_value(TupleDescAttr(desc, i)->atttypid, value), false, -1);
		}
		dims[0]++;
	}
	tuplestore_rescan(rsinfo->setResult);
	ExecDropSingleTupleTableSlot(slot);
	if (dims[0] == 0)
		return PointerGetDatum(construct_empty_array(TEXTOID));
	return PointerGetDatum(construct_md_array(values, isnull, 2, dims, lower, TEXTOID, -1, false, TYPALIGN_INT));
}

static Datum
form_of_value(Oid type, Datum value)
{
	Datum		text = text_of_value(type, value);

	return PointerGetDatum(construct_array(&text, 1, TEXTOID, -1, false, TYPALIGN_INT));
}

/* What most calls return, which is made once in a session. */
static Datum
form_of_bool(Datum value)
{
	static Datum kept[2] = {0, 0};
	int			which = DatumGetBool(value) ? 1 : 0;

	if (kept[which] == 0)
	{
		MemoryContext outer = MemoryContextSwitchTo(TopMemoryContext);

		kept[which] = form_of_value(BOOLOID, value);
		MemoryContextSwitchTo(outer);
	}
	return kept[which];
}

/* The result of a call, as it is kept. */
Datum
request_form_of_result(const Request *request, Datum result)
{
	Oid			type;

	if (returns_set(request))
		return form_of_set(request);
	type = result_type(request);
	return type == BOOLOID ? form_of_bool(result) : form_of_value(type, result);
}

static Datum
value_of_text(Oid type, Datum written)
{
	Oid			input;
	Oid			io_param;

	getTypeInputInfo(type, &input, &io_param);
	return OidInputFunctionCall(input, TextDatumGetCString(written), io_param, -1);
}

/* The result of a call by what was kept; a set goes where the executor looks for it. */
Datum
request_form_result(const Request *request, Datum stored)
{
	ArrayType  *array = DatumGetArrayTypeP(stored);
	Datum	   *values;
	bool	   *isnull;
	int			n;
	ResultRow	result;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &isnull, &n);
	if (!returns_set(request))
		return value_of_text(result_type(request), values[0]);
	result_begin_set(&result, request->fcinfo);
	for (int i = 0; i < n; i++)
	{
		if (isnull[i])
			result_null(&result);
		else
			result_datum(&result, value_of_text(TupleDescAttr(result.desc, result.n)->atttypid, values[i]));
		if (result.n == result.desc->natts)
			result_end_row(&result);
	}
	return (Datum) 0;
}
