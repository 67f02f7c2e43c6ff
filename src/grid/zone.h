/*-------------------------------------------------------------------------
 *
 * zone.h
 *	  Time zones of grids, and local days.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ZONE_H
#define SG_ZONE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "grid/grid.h"

extern pg_tz *zone_find(const char *name);
extern char *zone_name_of_grid(const Grid *grid);
extern pg_tz *zone_of_grid(const Grid *grid);
extern int	zone_day(TimestampTz at, pg_tz *zone);
extern TimestampTz zone_midnight(int day, pg_tz *zone);

#endif							/* SG_ZONE_H */
