/*-------------------------------------------------------------------------
 *
 * batch_open.c
 *	  What is in the bytes of an open slot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/result.h"
#include "metering/batch_open.h"

PG_FUNCTION_INFO_V1(sg_open_values);

/* *values, in the current memory context: what is in the bytes of an open slot; NULL, or what is wrong with them. */
const char *
open_slot_read(bytea *data, OpenValue **values, int *n)
{
	const uint8 *bytes = (const uint8 *) VARDATA_ANY(data);
	size_t		length = VARSIZE_ANY_EXHDR(data);
	size_t		count;
	const char *wrong = open_count(bytes, length, &count);

	if (wrong != NULL)
		return wrong;
	*values = MemoryContextAllocHuge(CurrentMemoryContext, Max(count, 1) * sizeof(OpenValue));
	*n = (int) count;
	return open_unpack(bytes, length, *values, count);
}

/* The same, 22P03 if something is wrong. */
OpenValue *
open_slot_values(bytea *data, int *n)
{
	OpenValue  *values;
	const char *wrong = open_slot_read(data, &values, n);

	if (wrong != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("open slots are damaged: %s", wrong),
				 errhint("Run sg_check().")));
	return values;
}

/* open_values(bytea) -> the points, amounts in energy units and codes of qualities of an open slot; 22P03 if it is damaged. */
Datum
sg_open_values(PG_FUNCTION_ARGS)
{
	bytea	   *data = PG_GETARG_BYTEA_PP(0);
	int			n;
	OpenValue  *values = open_slot_values(data, &n);
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		result_int64(&result, values[i].point_id);
		result_int64(&result, values[i].amount);
		result_datum(&result, Int16GetDatum(values[i].quality));
		result_end_row(&result);
	}
	PG_RETURN_NULL();
}
