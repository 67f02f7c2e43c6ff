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

/*
 * Asked before the zone of a grid changes; it raises what does not let it.
 * NULL: nothing does.
 */
typedef void (*ZoneChangeHook) (const Grid *grid);
extern ZoneChangeHook zone_change_hook;

extern pg_tz *zone_find(const char *name);
extern void zone_require_same_everywhere(pg_tz *zone);
extern char *zone_name_of_grid(const Grid *grid);
extern pg_tz *zone_of_grid(const Grid *grid);
extern int	zone_day(TimestampTz at, pg_tz *zone);
extern Timestamp zone_label(TimestampTz at, pg_tz *zone);
extern int	zone_moments(Timestamp label, pg_tz *zone, TimestampTz moments[2]);
extern TimestampTz zone_midnight(int day, pg_tz *zone);

#endif							/* SG_ZONE_H */
