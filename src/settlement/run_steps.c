/*-------------------------------------------------------------------------
 *
 * run_steps.c
 *	  sg_run_steps(): a run in the finest detail, computed again
 *	  (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/number.h"
#include "base/result.h"
#include "metering/interval.h"
#include "metering/point_rows.h"
#include "settlement/run_show.h"

PG_FUNCTION_INFO_V1(sg_run_steps);

typedef struct StepWriter
{
	ResultRow	result;
	IntervalNames names;
} StepWriter;

static void
write_decimal(ResultRow *result, sg_int128 value, int digits)
{
	char		text[NUMBER_TEXT_MAX + 3];

	(void) run_decimal_text(value, digits, text);
	result_datum(result, number_of_text(text));
}

static void
write_text(ResultRow *result, const char *text)
{
	if (text && *text)
		result_text(result, text);
	else
		result_null(result);
}

/* The price of a step, if it has one. */
static void
write_price(ResultRow *result, const RunLine *line, const RunStep *step)
{
	if (line->unit == UNIT_PERCENT)
		write_decimal(result, line->price, RUN_PRICE_DIGITS);
	else if (step->sum.has_price && !step->sum.has_prices && !step->sum.is_unpriced)
		write_decimal(result, step->sum.price, RUN_PRICE_DIGITS);
	else
		result_null(result);
}

static void
write_step(void *argument, const RunLine *line, const RunStep *step, const int64 *money)
{
	StepWriter *writer = argument;
	ResultRow  *result = &writer->result;

	result_text(result, line->participant);
	write_text(result, line->point);
	write_text(result, line->kind >= 0 ? point_kind_name(line->kind) : NULL);
	result_text(result, line->component);
	result_timestamptz(result, step->from);
	result_timestamptz(result, step->to);
	write_decimal(result, line->unit == UNIT_PERCENT ? line->quantity : run_sum_quantity(line, &step->sum), RUN_QUANTITY_DIGITS);
	result_datum(result, interval_quality_set(&writer->names, step->sum.qualities));
	write_price(result, line, step);
	if (money)
		result_int64(result, *money);
	else
		result_null(result);
	result_end_row(result);
}

/*
 * sg_run_steps(run, component) -> setof (participant, point, kind, component, start,
 * stop, quantity, qualities, price, money): all that its period comes to as of its
 * time, a row for each step of the price, money units; of a correction, too.
 *
 * Checks: SG108, SG100, SG101.
 */
Datum
sg_run_steps(PG_FUNCTION_ARGS)
{
	StepWriter	writer;
	RunHead		head;
	RunRequest	request = {0};
	RunName    *names;
	int			n;

	result_begin_set(&writer.result, fcinfo);
	interval_names_init(&writer.names);
	request.component = arg_text_or_null(fcinfo, 1);
	request.grid = run_arg_to_show(fcinfo, &head);
	request.from = head.from;
	request.to = head.to;
	request.as_of = head.as_of;
	request.accept = head.accept;
	request.take_step = write_step;
	request.argument = &writer;
	{
		RunBasis   *basis = run_read_basis(head.run_id, &n);

		names = run_names_of(basis, n, &request.nnames);
		request.names = names;
	}
	run_release(run_compute(&request));
	return (Datum) 0;
}
