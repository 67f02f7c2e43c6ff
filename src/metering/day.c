/*-------------------------------------------------------------------------
 *
 * day.c
 *	  The type sg_day: input and output as text and as bytes, equality, and
 *	  the times of its slots.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/day.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/compat.h"
#include "base/errors.h"
#include "metering/day_text.h"

PG_FUNCTION_INFO_V1(sg_day_in);
PG_FUNCTION_INFO_V1(sg_day_out);
PG_FUNCTION_INFO_V1(sg_day_recv);
PG_FUNCTION_INFO_V1(sg_day_send);
PG_FUNCTION_INFO_V1(sg_day_eq);
PG_FUNCTION_INFO_V1(sg_day_ne);
PG_FUNCTION_INFO_V1(sg_day_hash);
PG_FUNCTION_INFO_V1(sg_day_hash_extended);

/* Raises 22P03: the bytes of a day are damaged. */
SG_NORETURN
static void
error_damaged(const char *wrong)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary form of type sg_day"),
			 errdetail("The bytes are no packed day: %s.", wrong)));
}

/* *day of a value; 22P03 if its bytes are damaged. */
void
day_of_datum(Datum value, Day *day)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);
	const char *wrong = day_unpack((const uint8 *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), day);

	if (wrong != NULL)
		error_damaged(wrong);
	if ((Pointer) bytes != DatumGetPointer(value))
		pfree(bytes);
}

/* The value of a day, which must not be wrong (day_wrong()). */
Datum
day_to_datum(const Day *day)
{
	uint8		bytes[DAY_MAX_BYTES];
	size_t		length = day_pack(day, bytes);
	struct varlena *value = palloc(VARHDRSZ + length);

	SET_VARSIZE(value, VARHDRSZ + length);
	memcpy(VARDATA(value), bytes, length);
	return PointerGetDatum(value);
}

/* ---- input and output ---- */

/* Text -> day.  22P02. */
Datum
sg_day_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Day			day;
	size_t		place;
	const char *wrong = day_of_text(text, &day, &place);

	if (wrong == NULL)
		PG_RETURN_DAY(&day);
	sg_errsave(fcinfo->context,
			   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				errmsg("invalid input syntax for type sg_day: \"%.*s%s\"", pg_mbcliplen(text, strlen(text), 60), text, strlen(text) > 60 ? "..." : ""),
				errdetail("At character %d: %s.", pg_mbstrlen_with_len(text, place) + 1, wrong)));
	PG_RETURN_NULL();
}

/* Day -> text. */
Datum
sg_day_out(PG_FUNCTION_ARGS)
{
	Day			day;
	char		text[DAY_MAX_TEXT];

	PG_GETARG_DAY(0, &day);
	day_to_text(&day, text);
	PG_RETURN_CSTRING(pstrdup(text));
}

/* Bytes of a client -> day.  22P03. */
Datum
sg_day_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;
	const char *bytes = pq_getmsgbytes(message, length);
	Day			day;
	const char *wrong = day_unpack_strictly((const uint8 *) bytes, length, &day);

	if (wrong != NULL)
		error_damaged(wrong);
	PG_RETURN_DAY(&day);
}

/* Day -> bytes for a client.  22P03. */
Datum
sg_day_send(PG_FUNCTION_ARGS)
{
	Day			day;

	/* What a client gets it can send back. */
	PG_GETARG_DAY(0, &day);
	return day_to_datum(&day);
}

/* ---- equality ---- */

static bool
values_equal(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);
	bool		equal = VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return equal;
}

Datum
sg_day_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(values_equal(fcinfo));
}

Datum
sg_day_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!values_equal(fcinfo));
}

Datum
sg_day_hash(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

Datum
sg_day_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any_extended((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

/* ---- times ---- */

/*
 * When the slots of a day start that is of this date: times[0 .. slots-1], and in
 * times[slots] when the last one ends.  SG108 if the date is infinite, 22008 if a
 * time would be out of range.
 */
void
day_times(const DayShape *shape, DateADT date, TimestampTz *times)
{
	TimestampTz at;
	int			slot = 0;

	if (DATE_NOT_FINITE(date))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("day must be finite")));
	if (date < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE + 2 || date > TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE - 20)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("day is out of range for a timestamp")));
	at = (TimestampTz) date * USECS_PER_DAY - shape->offset * USECS_PER_SEC;
	for (int s = 0; s < shape->segments; s++)
		for (int i = 0; i < shape->segment[s].count; i++)
		{
			times[slot++] = at;
			at += shape->segment[s].minutes * USECS_PER_MINUTE;
		}
	times[slot] = at;
}

/*
 * The slots of a day of this date, from 0, that are in a period as a whole:
 * *from to *to - 1, none if *from is not below *to.
 */
void
day_in_period(const DayShape *shape, DateADT date, Datum period, int *from, int *to)
{
	TimestampTz times[DAY_MAX_SLOTS + 1];
	RangeType  *range = DatumGetRangeTypeP(period);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	day_times(shape, date, times);
	range_deserialize(lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO), range, &lower, &upper, &empty);
	*from = 0;
	*to = empty ? 0 : shape->slots;
	if (empty)
		return;
	if (!lower.infinite)
		while (*from < *to && (times[*from] < DatumGetTimestampTz(lower.val) ||
							   (times[*from] == DatumGetTimestampTz(lower.val) && !lower.inclusive)))
			(*from)++;
	if (!upper.infinite)
		while (*to > *from && times[*to] > DatumGetTimestampTz(upper.val))
			(*to)--;
}

/* A set of qualities as text[], in their order. */
Datum
day_qualities_array(QualitySet set)
{
	Datum		names[QUALITY_COUNT];
	int			n = 0;

	for (int quality = 0; quality < QUALITY_COUNT; quality++)
		if (set & QUALITY_SET(quality))
			names[n++] = CStringGetTextDatum(quality_name((Quality) quality));
	return PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}
