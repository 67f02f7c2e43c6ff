/*-------------------------------------------------------------------------
 *
 * period.c
 *	  Periods: ranges of time with two bounds.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/errors.h"
#include "base/period.h"

/* Raises SG108: there is no time in a period. */
SG_NORETURN
static void
error_empty_period(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("period must not be empty")));
}

/* Reads the bounds of a period; SG108 if it is empty or has no lower or upper bound. */
static void
read_period(RangeType *period, RangeBound *lower, RangeBound *upper)
{
	TypeCacheEntry *typcache = lookup_type_cache(RangeTypeGetOid(period), TYPECACHE_RANGE_INFO);
	bool		empty;

	range_deserialize(typcache, period, lower, upper, &empty);
	if (empty)
		error_empty_period();
	if (lower->infinite || upper->infinite ||
		TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(lower->val)) ||
		TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(upper->val)))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("period must have a lower and an upper bound")));
}

/* Raises SG108 if a period is empty or has no lower or upper bound. */
void
period_require_bounds(RangeType *period)
{
	RangeBound	lower;
	RangeBound	upper;

	read_period(period, &lower, &upper);
}

/*
 * Argument n, a period, as the times from <= t < to; if it is NULL, the 24 hours
 * before the client's statement began.  SG108 if it is empty or without a bound.
 */
void
period_arg(FunctionCallInfo fcinfo, int n, TimestampTz *from, TimestampTz *to)
{
	RangeBound	lower;
	RangeBound	upper;

	if (PG_ARGISNULL(n))
	{
		*to = GetCurrentStatementStartTimestamp();
		*from = *to - USECS_PER_DAY;
		return;
	}
	read_period(PG_GETARG_RANGE_P(n), &lower, &upper);
	/* Times are whole microseconds. */
	*from = DatumGetTimestampTz(lower.val) + (lower.inclusive ? 0 : 1);
	*to = DatumGetTimestampTz(upper.val) + (upper.inclusive ? 1 : 0);
	if (*from >= *to)
		error_empty_period();
}
