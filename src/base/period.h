/*-------------------------------------------------------------------------
 *
 * period.h
 *	  Periods: ranges of time with two bounds.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PERIOD_H
#define SG_PERIOD_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/rangetypes.h"

extern void period_require_bounds(RangeType *period);
extern void period_arg(FunctionCallInfo fcinfo, int n, TimestampTz *from, TimestampTz *to);

#endif							/* SG_PERIOD_H */
