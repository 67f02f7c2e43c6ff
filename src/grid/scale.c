/*-------------------------------------------------------------------------
 *
 * scale.c
 *	  Units as kWh and as currency, for the views.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "base/number.h"
#include "grid/scale.h"

PG_FUNCTION_INFO_V1(sg_scaled);
PG_FUNCTION_INFO_V1(sg_scaled_sum);

/* Raises 22003 if no grid can have a scale. */
static void
require_scale(int32 scale)
{
	if (!scale_is_valid(scale))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("scale %d is outside 0 to %d", scale, SCALE_MAX)));
}

/* scaled(units, scale) -> units / 10^scale as numeric, exactly.  22003 if scale is outside 0 to 18. */
Datum
sg_scaled(PG_FUNCTION_ARGS)
{
	int32		scale = PG_GETARG_INT32(1);

	require_scale(scale);
	PG_RETURN_NUMERIC(int64_div_fast_to_numeric(PG_GETARG_INT64(0), scale));
}

/* Numeric units / 10^scale, exactly. */
Datum
scale_number(Datum units, int32 scale)
{
	char		factor[16];

	snprintf(factor, sizeof(factor), "1e-%d", scale);
	return DirectFunctionCall2(numeric_mul, units, number_of_text(factor));
}

/* The same of a sum. */
Datum
scale_sum(sg_int128 units, int32 scale)
{
	if (units >= -PG_INT64_MAX && units <= PG_INT64_MAX)
		return NumericGetDatum(int64_div_fast_to_numeric((int64) units, scale));
	return scale_number(number_of_int128(units), scale);
}

/* scaled_sum(units, scale) -> the same of a sum beyond bigint. */
Datum
sg_scaled_sum(PG_FUNCTION_ARGS)
{
	int32		scale = PG_GETARG_INT32(1);

	require_scale(scale);
	return scale_number(PG_GETARG_DATUM(0), scale);
}
