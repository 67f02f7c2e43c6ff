/*-------------------------------------------------------------------------
 *
 * meter_points.h
 *	  Metering points and their periods as they were on record at a moment.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_METER_POINTS_H
#define SG_METER_POINTS_H

#include "postgres.h"

#include "metering/meter_read.h"

extern int	meter_points_find(const Grid *grid, const char *const *names, int n, TimestampTz as_of, int64 *ids);
extern void meter_points_read(MeterRead *read);
extern bool meter_points_exceed(int64 n);

#endif							/* SG_METER_POINTS_H */
