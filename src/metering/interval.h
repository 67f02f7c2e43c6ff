/*-------------------------------------------------------------------------
 *
 * interval.h
 *	  What the functions that read intervals have in common: whose slots their
 *	  caller may see, their arguments, columns of their results.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_INTERVAL_H
#define SG_INTERVAL_H

#include "postgres.h"

#include "fmgr.h"

#include "base/result.h"
#include "metering/meter_read.h"
#include "metering/quality.h"

/* Names that columns show over and over again. */
typedef struct IntervalNames
{
	Datum		quality[QUALITY_COUNT];
	Datum		set[1 << QUALITY_COUNT];	/* text[]; 0: not made yet */
	MemoryContext context;
} IntervalNames;

SG_NODISCARD extern bool interval_scope(const Grid *grid, int64 *owner_id);
SG_NODISCARD extern bool interval_request(FunctionCallInfo fcinfo, int period, int as_of, MeterReadRequest *request);
extern TimestampTz interval_as_of_arg(FunctionCallInfo fcinfo, int n);
extern char *interval_point_arg(FunctionCallInfo fcinfo, int n);
extern void interval_require_point(const MeterReadRequest *request, bool sees, const char *point);

extern void interval_names_init(IntervalNames *names);
extern Datum interval_quality_set(IntervalNames *names, QualitySet set);
extern void interval_recorded(ResultRow *result, const ReadOrigin *origin);

#endif							/* SG_INTERVAL_H */
