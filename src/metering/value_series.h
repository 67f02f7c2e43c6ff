/*-------------------------------------------------------------------------
 *
 * value_series.h
 *	  Series: named numbers by time, of a grid.  Index prices, load profiles,
 *	  marked hours.
 *
 * A value holds from its start for its step, or, without one, until the next
 * one; where several hold, it is that with the newest start.  Values are
 * versioned: a later record for the same start takes the place of the one
 * before, which stays on record with the time until when it was.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_VALUE_SERIES_H
#define SG_VALUE_SERIES_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "base/checked.h"
#include "base/refusal.h"
#include "grid/grid.h"

#define VALUE_SERIES_MAX_BYTES	64	/* of a name */
#define VALUE_SERIES_DECIMALS		12	/* of a value, at most */

/*
 * The condition, in SQL, of values v of series $1 that are on record at the moment
 * $4 (dated_moment()) and hold at some time in [$2, $3): one without a step does
 * so until the next one begins.  Needs metering/dated.h.
 */
#define VALUE_SERIES_HOLDS \
	"v.series_id = $1 AND v.start < $3 AND v.until > $2 AND " DATED_ON_RECORD("v", 4) \
	" AND (v.until < 'infinity' OR v.start >= $2 OR NOT EXISTS (SELECT FROM smartgrid.series_value AS n" \
	" WHERE n.series_id = $1 AND n.start > v.start AND n.start <= $2 AND " DATED_ON_RECORD("n", 4) "))"

/* A stretch of time in which one value holds. */
typedef struct ValueStretch
{
	TimestampTz from;
	TimestampTz to;				/* DT_NOEND: until a later one comes */
	sg_int128	value;			/* 10^-12 */
} ValueStretch;

/* What is on record of a series for some time. */
typedef struct ValueSeries
{
	int64		series_id;
	const char *name;
	Interval	step;			/* that of the latest call, all 0: none.  So long are steps where there is no value */
	int			n;
	ValueStretch *stretches;	/* in their order; none overlap */
} ValueSeries;

extern ValueSeries *value_series_read(const Grid *grid, const char *name, TimestampTz from, TimestampTz to, TimestampTz as_of);
extern bool value_series_at(const ValueSeries *series, TimestampTz at, sg_int128 *value, TimestampTz *until);
extern bool value_series_covers(const ValueSeries *series, TimestampTz from, TimestampTz to);
extern sg_uint128 value_series_weight(const ValueSeries *series, TimestampTz from, TimestampTz to);
SG_NORETURN extern void error_value_series_not_found(const char *name, const Grid *grid);

/* value_series_step.c */
extern bool value_step_is_none(const Interval *step);
extern Refusal *refuse_value_step(const Interval *step);
extern Refusal *refuse_value_start(const Interval *step, TimestampTz start, pg_tz *zone);
extern TimestampTz value_step_end(const Interval *step, TimestampTz start, pg_tz *zone);

#endif							/* SG_VALUE_SERIES_H */
