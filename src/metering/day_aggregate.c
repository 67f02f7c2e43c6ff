/*-------------------------------------------------------------------------
 *
 * day_aggregate.c
 *	  Sums of many days: of all their slots, of those in a period, and slot by
 *	  slot.
 *
 * All of them add in 128 bits, and can be computed in parts by parallel workers.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/day.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "base/checked.h"
#include "base/errors.h"
#include "metering/day_text.h"

PG_FUNCTION_INFO_V1(sg_days_sum_add);
PG_FUNCTION_INFO_V1(sg_days_sum_add_period);
PG_FUNCTION_INFO_V1(sg_days_sum_combine);
PG_FUNCTION_INFO_V1(sg_days_sum_serialize);
PG_FUNCTION_INFO_V1(sg_days_sum_deserialize);
PG_FUNCTION_INFO_V1(sg_days_sum_result);
PG_FUNCTION_INFO_V1(sg_days_by_slot_add);
PG_FUNCTION_INFO_V1(sg_days_by_slot_combine);
PG_FUNCTION_INFO_V1(sg_days_by_slot_serialize);
PG_FUNCTION_INFO_V1(sg_days_by_slot_deserialize);
PG_FUNCTION_INFO_V1(sg_days_by_slot_result);
PG_FUNCTION_INFO_V1(sg_days_qualities_add);
PG_FUNCTION_INFO_V1(sg_days_qualities_result);

/* Sums by slot of days of one shape. */
typedef struct SlotSums
{
	DayShape	shape;
	sg_int128	sum[DAY_MAX_SLOTS];
	uint8		qualities[DAY_MAX_SLOTS];	/* QualitySet */
} SlotSums;

/* The state of the aggregate, of so many bytes, in memory that lives as long; made, all zero, if there is none yet. */
static void *
state_arg(FunctionCallInfo fcinfo, Size size)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "function of an aggregate was called outside of one");
	return PG_ARGISNULL(0) ? MemoryContextAllocZero(context, size) : PG_GETARG_POINTER(0);
}

/* The state of the aggregate as the result of a function that adds nothing to it. */
static Datum
state_as_it_is(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

static void
send_int128(StringInfo out, sg_int128 value)
{
	pq_sendint64(out, (int64) (value >> 64));
	pq_sendint64(out, (int64) value);
}

static sg_int128
get_int128(StringInfo in)
{
	sg_uint128	high = (uint64) pq_getmsgint64(in);

	return (sg_int128) (high << 64 | (uint64) pq_getmsgint64(in));
}

/* The bytes of argument 0 as a message. */
static StringInfoData
message_arg(FunctionCallInfo fcinfo)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData in;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "function of an aggregate was called outside of one");
	initStringInfo(&in);
	appendBinaryStringInfo(&in, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	return in;
}

/* A sum as bigint; 22003 if it is none. */
static int64
sum_in_range(sg_int128 sum, const char *what)
{
	if (sum > PG_INT64_MAX || sum < PG_INT64_MIN)
		error_out_of_range(what);
	return (int64) sum;
}

/* ---- sums of all slots ---- */

/* Adds a day; one that is NULL adds nothing. */
Datum
sg_days_sum_add(PG_FUNCTION_ARGS)
{
	sg_int128  *sum;
	Day			day;

	if (PG_ARGISNULL(1))
		return state_as_it_is(fcinfo);
	sum = state_arg(fcinfo, sizeof(sg_int128));
	PG_GETARG_DAY(1, &day);
	for (int i = 0; i < day.shape.slots; i++)
		*sum += day.amount[i];
	PG_RETURN_POINTER(sum);
}

/* Adds the slots of a day, with its date, that are in a period as a whole; what has a NULL adds nothing. */
Datum
sg_days_sum_add_period(PG_FUNCTION_ARGS)
{
	sg_int128  *sum;
	Day			day;
	int			from;
	int			to;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return state_as_it_is(fcinfo);
	sum = state_arg(fcinfo, sizeof(sg_int128));
	PG_GETARG_DAY(1, &day);
	day_in_period(&day.shape, PG_GETARG_DATEADT(2), PG_GETARG_DATUM(3), &from, &to);
	for (int i = from; i < to; i++)
		*sum += day.amount[i];
	PG_RETURN_POINTER(sum);
}

/* Adds what another worker has added. */
Datum
sg_days_sum_combine(PG_FUNCTION_ARGS)
{
	sg_int128  *sum;

	if (PG_ARGISNULL(1))
		return state_as_it_is(fcinfo);
	sum = state_arg(fcinfo, sizeof(sg_int128));
	*sum += *(sg_int128 *) PG_GETARG_POINTER(1);
	PG_RETURN_POINTER(sum);
}

Datum
sg_days_sum_serialize(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	pq_begintypsend(&out);
	send_int128(&out, *(sg_int128 *) state_arg(fcinfo, sizeof(sg_int128)));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

Datum
sg_days_sum_deserialize(PG_FUNCTION_ARGS)
{
	StringInfoData in = message_arg(fcinfo);
	sg_int128  *sum = palloc(sizeof(sg_int128));

	*sum = get_int128(&in);
	pq_getmsgend(&in);
	PG_RETURN_POINTER(sum);
}

/* The sum; NULL if nothing was added.  22003. */
Datum
sg_days_sum_result(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_INT64(sum_in_range(*(sg_int128 *) PG_GETARG_POINTER(0), "the sum of days"));
}

/* ---- sums slot by slot ---- */

/* Raises SG108: days that have not the same slots were to be added. */
SG_NORETURN
static void
error_other_shape(const DayShape *one, const DayShape *other)
{
	char		texts[2][DAY_MAX_TEXT];

	day_shape_to_text(one, texts[0]);
	day_shape_to_text(other, texts[1]);
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("days that have not the same slots cannot be added slot by slot"),
			 errdetail("One begins with %s, another with %s.", texts[0], texts[1]),
			 errhint("Group by date and by number of slots.")));
}

/* The sums take the shape of the first day; SG108 if another day has another one. */
static void
require_shape(SlotSums *sums, const DayShape *shape)
{
	if (sums->shape.slots == 0)
		sums->shape = *shape;
	else if (!day_shapes_equal(&sums->shape, shape))
		error_other_shape(&sums->shape, shape);
}

/* Adds a day; one that is NULL adds nothing.  SG108. */
Datum
sg_days_by_slot_add(PG_FUNCTION_ARGS)
{
	SlotSums   *sums;
	Day			day;

	if (PG_ARGISNULL(1))
		return state_as_it_is(fcinfo);
	sums = state_arg(fcinfo, sizeof(SlotSums));
	PG_GETARG_DAY(1, &day);
	require_shape(sums, &day.shape);
	for (int i = 0; i < day.shape.slots; i++)
	{
		sums->sum[i] += day.amount[i];
		sums->qualities[i] |= QUALITY_SET(day.quality[i]);
	}
	PG_RETURN_POINTER(sums);
}

/* Adds what another worker has added.  SG108. */
Datum
sg_days_by_slot_combine(PG_FUNCTION_ARGS)
{
	SlotSums   *sums;
	const SlotSums *other;

	if (PG_ARGISNULL(1))
		return state_as_it_is(fcinfo);
	sums = state_arg(fcinfo, sizeof(SlotSums));
	other = (const SlotSums *) PG_GETARG_POINTER(1);
	require_shape(sums, &other->shape);
	for (int i = 0; i < other->shape.slots; i++)
	{
		sums->sum[i] += other->sum[i];
		sums->qualities[i] |= other->qualities[i];
	}
	PG_RETURN_POINTER(sums);
}

Datum
sg_days_by_slot_serialize(PG_FUNCTION_ARGS)
{
	const SlotSums *sums = state_arg(fcinfo, sizeof(SlotSums));
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbytes(&out, (const char *) &sums->shape, sizeof(sums->shape));
	for (int i = 0; i < sums->shape.slots; i++)
	{
		send_int128(&out, sums->sum[i]);
		pq_sendbyte(&out, sums->qualities[i]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

Datum
sg_days_by_slot_deserialize(PG_FUNCTION_ARGS)
{
	StringInfoData in = message_arg(fcinfo);
	SlotSums   *sums = palloc0(sizeof(SlotSums));

	pq_copymsgbytes(&in, (char *) &sums->shape, sizeof(sums->shape));
	for (int i = 0; i < sums->shape.slots; i++)
	{
		sums->sum[i] = get_int128(&in);
		sums->qualities[i] = pq_getmsgbyte(&in);
	}
	pq_getmsgend(&in);
	PG_RETURN_POINTER(sums);
}

/* The day of the sums, each slot's quality in one word; NULL if nothing was added.  22003. */
Datum
sg_days_by_slot_result(PG_FUNCTION_ARGS)
{
	const SlotSums *sums;
	Day			day;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	sums = (const SlotSums *) PG_GETARG_POINTER(0);
	day.shape = sums->shape;
	for (int i = 0; i < sums->shape.slots; i++)
	{
		day.amount[i] = sum_in_range(sums->sum[i], "the sum of a slot");
		day.quality[i] = quality_of_set(sums->qualities[i]);
	}
	PG_RETURN_DAY(&day);
}

/* ---- qualities ---- */

/* Adds the qualities of a day to a set; one that is NULL adds none. */
Datum
sg_days_qualities_add(PG_FUNCTION_ARGS)
{
	QualitySet	set = PG_GETARG_INT32(0);
	Day			day;

	PG_GETARG_DAY(1, &day);
	for (int i = 0; i < day.shape.slots; i++)
		set |= QUALITY_SET(day.quality[i]);
	PG_RETURN_INT32(set);
}

/* The set as text[]. */
Datum
sg_days_qualities_result(PG_FUNCTION_ARGS)
{
	return day_qualities_array(PG_GETARG_INT32(0) & (QUALITY_SET(QUALITY_COUNT) - 1));
}
