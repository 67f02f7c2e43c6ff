/*-------------------------------------------------------------------------
 *
 * register_exchange.c
 *	  Exchanging the meter of a point.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "metering/interval_lock.h"
#include "metering/point.h"
#include "metering/point_rows.h"
#include "metering/register.h"
#include "metering/register_chain.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_exchange_meter);

/* Digits of whole kWh that a counter may have. */
#define MOST_DIGITS		18

typedef struct Exchange
{
	char	   *point;
	TimestampTz at;
	char	   *meter;
	sg_int128	final_kwh;
	sg_int128	initial_kwh;
	int			digits;			/* 0: not said */
	bool		correct;
} Exchange;

/* A reading of argument n, kWh. */
static sg_int128
reading_arg(FunctionCallInfo fcinfo, int n, const char *name)
{
	sg_int128	kwh;

	arg_require_not_null(fcinfo, n, name);
	require_accepted(load_kwh_of_numeric(PG_GETARG_DATUM(n), &kwh));
	return kwh;
}

/* SG108, SG104 for arguments that are wrong by themselves. */
static void
read_arguments(FunctionCallInfo fcinfo, Exchange *exchange)
{
	exchange->point = arg_text(fcinfo, 0, "point");
	require_accepted(refuse_point_name(exchange->point, "point"));
	arg_require_not_null(fcinfo, 1, "at");
	exchange->at = PG_GETARG_TIMESTAMPTZ(1);
	if (TIMESTAMP_NOT_FINITE(exchange->at))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("at must be a finite time")));
	arg_require_not_null(fcinfo, 2, "final_value");
	exchange->meter = arg_text(fcinfo, 3, "meter");
	if (strlen(exchange->meter) > SG_MAX_NAME_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("meter must have at most %d bytes", SG_MAX_NAME_BYTES)));
	arg_require_not_null(fcinfo, 4, "initial_value");
	exchange->digits = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT32(5);
	exchange->correct = arg_bool(fcinfo, 6, "correct");
}

/* SG104 for figures, which are checked after who may say them. */
static void
read_figures(FunctionCallInfo fcinfo, Exchange *exchange)
{
	if (!PG_ARGISNULL(5) && (exchange->digits < 1 || exchange->digits > MOST_DIGITS))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("digits must be within 1 and %d", MOST_DIGITS)));
	exchange->final_kwh = reading_arg(fcinfo, 2, "final_value");
	exchange->initial_kwh = reading_arg(fcinfo, 4, "initial_value");
}

/* The exchange as a node; its digits those of the meter before, if nothing else is said. */
static RegisterNode
exchange_node(const RegisterChain *chain, const Exchange *exchange)
{
	RegisterNode node = {
		.at = exchange->at, .is_exchange = true, .digits = exchange->digits, .quality = QUALITY_MEASURED, .ord = 1, .is_new = true
	};

	require_accepted(register_units(chain->load, exchange->final_kwh, &node.until));
	require_accepted(register_units(chain->load, exchange->initial_kwh, &node.since));
	if (node.digits == 0)
		node.digits = register_digits(chain->point->point_id, exchange->at - 1);
	return node;
}

/* Puts the exchange into the chain, in the place of what is on record of its time.  False if it is on record just so. */
static bool
put_into_chain(RegisterChain *chain, const RegisterNode *node)
{
	int			place = register_chain_find(chain, node->at);
	RegisterNode *there = place < chain->nodes.n && chain->nodes.nodes[place].at == node->at ? &chain->nodes.nodes[place] : NULL;

	if (there == NULL)
		register_nodes_insert(&chain->nodes, place, *node);
	else if (there->is_exchange && there->until == node->until && there->since == node->since && there->digits == node->digits)
		return false;
	else
		*there = *node;
	return true;
}

/* SG104, SG101 if what is on record before and after does not go with the exchange. */
static void
require_chain(const RegisterChain *chain, TimestampTz at)
{
	int			place = register_chain_find(chain, at);
	Stretch		stretch;

	for (int i = Max(place - 1, 0); i <= place && i + 1 < chain->nodes.n; i++)
	{
		Refusal    *refusal = register_measure(chain, i, &stretch);

		/* How it is spread is said by the next reading. */
		if (refusal != NULL && !stretch.unspread)
			error_refused(refusal);
	}
}

/* Records the exchange, and the slots that change by it. */
static void
record(FunctionCallInfo fcinfo, Call *call, PointChange *change, Exchange *exchange)
{
	LoadOptions options = {.source = "exchange", .accept_spikes = true};
	Load	   *load = load_begin(call, NULL, &options);
	RegisterChain chain = {.load = load, .point = load_point_find(exchange->point, strlen(exchange->point))};
	RegisterWriter *writer = register_writer_begin(call->grid);
	RegisterNode node;
	RegisterSlot slot;

	if (chain.point == NULL)
		error_point_not_found(exchange->point, call->grid);
	interval_lock(call->grid->form.grid_id, bms_make_singleton(interval_lock_of(chain.point->point_id)));
	store_refresh();
	require_accepted(refuse_settled(call->grid->form.grid_id, exchange->at,
									register_next_exchange(chain.point->point_id, exchange->at), exchange->correct));
	require_accepted(register_refuse_time(load, chain.point, exchange->at));
	read_figures(fcinfo, exchange);
	node = exchange_node(&chain, exchange);
	register_chain_read(&chain, exchange->at, exchange->at);
	if (register_slot_at(&chain, exchange->at, &slot))
		point_set_meter(change, chain.point->point_id, slot.starts, exchange->meter);
	recording_end(&change->recording);
	if (put_into_chain(&chain, &node))
	{
		require_chain(&chain, exchange->at);
		register_writer_add(writer, chain.point->point_id, &node);
		register_slots(&chain);
	}
	register_writer_end(writer, load_end(load));
}

/*
 * sg_exchange_meter(point, at, final_value, meter, initial_value, digits,
 * correct) -> true: the meter of a point was exchanged; final_value is what the
 * old one showed last, initial_value what the new one showed first, kWh; digits:
 * of whole kWh that the new one has, NULL: as the old one.  For operators.
 *
 * Checks: SG108; SG101 point; SG110; SG104.
 * Locks: the grid's settlement lock shared, its clock, that of the point
 * (interval_lock.h).
 */
Datum
sg_exchange_meter(PG_FUNCTION_ARGS)
{
	Call		call;
	PointChange change;
	Exchange	exchange;

	call_begin(&call, fcinfo, "sg_exchange_meter");
	read_arguments(fcinfo, &exchange);
	if (!call_operate(&call, "exchange a meter"))
		return call_answer(&call);
	point_begin_change(&change, call.grid, exchange.correct);
	record(fcinfo, &call, &change, &exchange);
	return call_end(&call, BoolGetDatum(true));
}
