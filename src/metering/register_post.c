/*-------------------------------------------------------------------------
 *
 * register_post.c
 *	  Posting readings of registers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "metering/load_arguments.h"
#include "metering/load_point.h"
#include "metering/register.h"

PG_FUNCTION_INFO_V1(sg_post_registers);

/* The arrays of a call. */
typedef struct Arrays
{
	int			n;
	Datum	   *points;
	Datum	   *at;
	Datum	   *readings;
	Datum	   *qualities;		/* NULL: all are measured */
} Arrays;

/* SG108 if arrays have NULLs or are not of one length. */
static void
read_arrays(FunctionCallInfo fcinfo, Arrays *arrays)
{
	int			nat;
	int			nreadings;
	int			nqualities;

	arg_array(fcinfo, 0, "points", TEXTOID, &arrays->points, NULL, &arrays->n);
	arg_array(fcinfo, 1, "at", TIMESTAMPTZOID, &arrays->at, NULL, &nat);
	arg_array(fcinfo, 2, "readings", NUMERICOID, &arrays->readings, NULL, &nreadings);
	nqualities = arrays->n;
	if (!PG_ARGISNULL(3))
		arg_array(fcinfo, 3, "qualities", TEXTOID, &arrays->qualities, NULL, &nqualities);
	arg_require_same_length((const char *const[]) {"points", "at", "readings", "qualities"}, (const int[]) {arrays->n, nat, nreadings, nqualities}, 4);
}

static void
add_element(Registers *registers, Load *load, const Arrays *arrays, int i)
{
	text	   *point = DatumGetTextPP(arrays->points[i]);
	sg_int128	kwh;
	Quality		quality = QUALITY_MEASURED;
	Refusal    *refusal = NULL;

	if (arrays->qualities)
	{
		text	   *name = DatumGetTextPP(arrays->qualities[i]);

		refusal = load_quality_of(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &quality);
	}
	if (refusal == NULL)
		refusal = load_kwh_of_numeric(arrays->readings[i], &kwh);
	if (refusal != NULL)
		load_refuse(load, i + 1, NULL, refusal);
	else
		registers_add(registers, i + 1, VARDATA_ANY(point), VARSIZE_ANY_EXHDR(point), DatumGetTimestampTz(arrays->at[i]), kwh, quality);
}

/*
 * sg_post_registers(points, at, readings, qualities, label, spread) -> the rows
 * that were refused: position from 1, SQLSTATE, message.  readings in kWh;
 * qualities NULL: all measured; spread: even, or a series of weights.  For
 * gateways and operators.
 *
 * Checks: SG108 arrays, label; SG102; SG101 grid, series; of each row as
 * registers_add() and registers_post().
 * Locks: the grid's settlement lock shared, those of the points (interval_lock.h).
 */
Datum
sg_post_registers(PG_FUNCTION_ARGS)
{
	Call		call;
	Arrays		arrays = {0};
	LoadOptions options = {.source = "registers", .accept_spikes = true};
	char	   *spread;
	Load	   *load;
	Registers  *registers;

	call_begin(&call, fcinfo, "sg_post_registers");
	read_arrays(fcinfo, &arrays);
	options.label = load_label_arg(fcinfo, 4);
	spread = arg_text_or_null(fcinfo, 5);
	if (!load_act(&call))
		return call_answer(&call);
	registers_require_spread(call.grid, spread);
	load = load_begin(&call, fcinfo, &options);
	load_points_prefetch(arrays.points, arrays.n);
	registers = registers_begin(load, spread);
	for (int i = 0; i < arrays.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		add_element(registers, load, &arrays, i);
	}
	registers_post(registers);
	registers_end(registers, load_end(load));
	return call_end(&call, (Datum) 0);
}
