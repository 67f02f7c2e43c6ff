/*-------------------------------------------------------------------------
 *
 * load_arrays.c
 *	  Posting intervals: the form with arrays, and what all forms have in common.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "metering/load_arguments.h"
#include "metering/load_point.h"

PG_FUNCTION_INFO_V1(sg_post_intervals);

#define MAX_LABEL_BYTES	128

/* Argument n, the label of a batch; NULL: none.  SG108 if it is too long. */
char *
load_label_arg(FunctionCallInfo fcinfo, int n)
{
	char	   *label = arg_text_or_null(fcinfo, n);

	if (label && strlen(label) > MAX_LABEL_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("label must have at most %d bytes", MAX_LABEL_BYTES)));
	return label;
}

/* The arguments label, replace_with, accept_spikes and round, from the first one on.  SG108. */
void
load_read_options(FunctionCallInfo fcinfo, int first, LoadOptions *options)
{
	char	   *replace = arg_text(fcinfo, first + 1, "replace_with");

	options->label = load_label_arg(fcinfo, first);
	if (!load_replace_of(replace, &options->replace))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("unknown replace_with \"%s\"", replace),
				 errhint("Use better, which keeps values of better quality, or any.")));
	options->accept_spikes = arg_bool(fcinfo, first + 2, "accept_spikes");
	options->round = arg_bool(fcinfo, first + 3, "round");
}

/* A quality by its name; SG108 if there is none. */
Refusal *
load_quality_of(const char *name, size_t length, Quality *quality)
{
	if (quality_of_name(name, length, quality))
		return NULL;
	return refusal_hint(refuse(ERRCODE_SG_INVALID_INPUT, "unknown quality \"%s\"",
							   load_excerpt(name, length, LOAD_EXCERPT_BYTES)),
						"Use measured, substituted, estimated, calculated or missing.");
}

/* The arrays of a call. */
typedef struct Arrays
{
	int			n;
	Datum	   *points;
	Datum	   *starts;
	Datum	   *amounts;
	bool	   *amount_is_null;
	Datum	   *qualities;		/* NULL: all are measured */
} Arrays;

/* SG108 if arrays have NULLs or are not of one length. */
static void
read_arrays(FunctionCallInfo fcinfo, Arrays *arrays)
{
	int			nstarts;
	int			namounts;
	int			nqualities;

	arg_array(fcinfo, 0, "points", TEXTOID, &arrays->points, NULL, &arrays->n);
	arg_array(fcinfo, 1, "starts", TIMESTAMPTZOID, &arrays->starts, NULL, &nstarts);
	arg_array(fcinfo, 2, "amounts", INT8OID, &arrays->amounts, &arrays->amount_is_null, &namounts);
	nqualities = arrays->n;
	if (!PG_ARGISNULL(3))
		arg_array(fcinfo, 3, "qualities", TEXTOID, &arrays->qualities, NULL, &nqualities);
	arg_require_same_length((const char *const[]) {"points", "starts", "amounts", "qualities"}, (const int[]) {arrays->n, nstarts, namounts, nqualities}, 4);
}

static void
load_element(Load *load, const Arrays *arrays, int i)
{
	text	   *point = DatumGetTextPP(arrays->points[i]);
	LoadValue	value = {.form = VALUE_UNITS};
	Quality		quality = QUALITY_MEASURED;

	if (arrays->qualities)
	{
		text	   *name = DatumGetTextPP(arrays->qualities[i]);
		Refusal    *refusal = load_quality_of(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &quality);

		if (refusal != NULL)
		{
			load_refuse(load, i + 1, NULL, refusal);
			return;
		}
	}
	if (arrays->amount_is_null[i])
		value.form = VALUE_MISSING;
	else
		value.units = DatumGetInt64(arrays->amounts[i]);
	load_interval(load, i + 1, VARDATA_ANY(point), VARSIZE_ANY_EXHDR(point),
				  DatumGetTimestampTz(arrays->starts[i]), 0, &value, quality);
}

/*
 * sg_post_intervals(points, starts, amounts, qualities, label, replace_with,
 * accept_spikes, round) -> the rows that were refused: position from 1,
 * SQLSTATE, message.  amounts in energy units; qualities NULL: all measured.
 * For gateways and operators.
 *
 * Checks: SG108 arrays, options; SG102; SG101 grid; of each row as load_interval().
 * Locks: the grid's settlement lock shared, those of the points (interval_lock.h).
 */
Datum
sg_post_intervals(PG_FUNCTION_ARGS)
{
	Call		call;
	Arrays		arrays = {0};
	LoadOptions options = {.source = "intervals"};
	Load	   *load;

	call_begin(&call, fcinfo, "sg_post_intervals");
	read_arrays(fcinfo, &arrays);
	load_read_options(fcinfo, 4, &options);
	if (!load_act(&call))
		return call_answer(&call);
	load = load_begin(&call, fcinfo, &options);
	load_points_prefetch(arrays.points, arrays.n);
	for (int i = 0; i < arrays.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		load_element(load, &arrays, i);
	}
	(void) load_end(load);
	return call_end(&call, (Datum) 0);
}
