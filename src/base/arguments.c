/*-------------------------------------------------------------------------
 *
 * arguments.c
 *	  Reading the arguments of SQL-callable functions.
 *
 * All errors here are SG108 (invalid input): arguments are read before anything
 * else is looked at.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/arguments.h"
#include "base/errors.h"

/* Raises SG108 if argument n, called name, is NULL. */
void
arg_require_not_null(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("argument \"%s\" must not be NULL", name)));
}

/* Argument n as bigint; SG108 if it is NULL. */
int64
arg_int64(FunctionCallInfo fcinfo, int n, const char *name)
{
	arg_require_not_null(fcinfo, n, name);
	return PG_GETARG_INT64(n);
}

/* Argument n as integer; SG108 if it is NULL. */
int32
arg_int32(FunctionCallInfo fcinfo, int n, const char *name)
{
	arg_require_not_null(fcinfo, n, name);
	return PG_GETARG_INT32(n);
}

/* Argument n as boolean; SG108 if it is NULL. */
bool
arg_bool(FunctionCallInfo fcinfo, int n, const char *name)
{
	arg_require_not_null(fcinfo, n, name);
	return PG_GETARG_BOOL(n);
}

/* Argument n as a C string; SG108 if it is NULL. */
char *
arg_text(FunctionCallInfo fcinfo, int n, const char *name)
{
	arg_require_not_null(fcinfo, n, name);
	return text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* Argument n as the name of a principal or a grid; SG108 if it is NULL, empty or too long. */
char *
arg_name(FunctionCallInfo fcinfo, int n, const char *name)
{
	char	   *value = arg_text(fcinfo, n, name);

	require_name_length(value, name);
	return value;
}

/* SG108 if value, the name called what, is empty or longer than SG_MAX_NAME_BYTES. */
Refusal *
refuse_name_length(const char *value, const char *what)
{
	size_t		len = strlen(value);

	if (len == 0)
		return refuse(ERRCODE_SG_INVALID_INPUT, "%s must not be empty", what);
	if (len > SG_MAX_NAME_BYTES)
		return refusal_detail(refuse(ERRCODE_SG_INVALID_INPUT, "%s is too long", what),
							  "It has %zu bytes; at most %d are allowed.", len, SG_MAX_NAME_BYTES);
	return NULL;
}

/* Raises SG108 if value, the name called what, is empty or longer than SG_MAX_NAME_BYTES. */
void
require_name_length(const char *value, const char *what)
{
	require_accepted(refuse_name_length(value, what));
}

/* Argument n as text, NULL if it is NULL. */
char *
arg_text_or_null(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/*
 * Argument n, called name, as an array of one dimension; isnull NULL: without
 * NULLs among its elements.  SG108 if it is not.
 */
void
arg_array(FunctionCallInfo fcinfo, int n, const char *name, Oid type, Datum **elements, bool **isnull, int *nelements)
{
	ArrayType  *array;
	int16		len;
	bool		byval;
	char		align;

	arg_require_not_null(fcinfo, n, name);
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("array \"%s\" must have one dimension", name)));
	if (isnull == NULL && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("array \"%s\" must not contain NULL", name)));
	get_typlenbyvalalign(type, &len, &byval, &align);
	deconstruct_array(array, type, len, byval, align, elements, isnull, nelements);
}

/* Raises SG108 unless n arrays, at least one, have the same length. */
void
arg_require_same_length(const char *const *names, const int *lengths, int n)
{
	StringInfoData detail;
	bool		same = true;

	for (int i = 1; i < n; i++)
		same = same && lengths[i] == lengths[0];
	if (same)
		return;
	initStringInfo(&detail);
	for (int i = 0; i < n; i++)
		appendStringInfo(&detail, i == 0 ? "%s has %d elements" : ", %s %d", names[i], lengths[i]);
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("arrays must have the same length"),
			 errdetail_internal("%s.", detail.data)));
}
