/*-------------------------------------------------------------------------
 *
 * point_rows.h
 *	  Metering points on record: finding and writing them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_POINT_ROWS_H
#define SG_POINT_ROWS_H

#include "postgres.h"

#include "metering/point.h"

/* The longest identifier of a point, bytes. */
#define POINT_MAX_BYTES	64

/* Attributes of a period, in the order of DatedFact.values. */
enum
{
	PERIOD_RESOLUTION,
	PERIOD_IS_LOSS,
	PERIOD_OWNER_ID,
	PERIOD_CAPACITY,
	PERIOD_METER,
	PERIOD_NEIGHBOUR,
	PERIOD_CLASS,
	PERIOD_ATTRIBUTES
};

extern const char *point_kind_name(int kind);
extern bool point_kind_of(const char *name, PointKind *kind);
extern char *point_kind_names(void);
extern Refusal *refuse_point_name(const char *value, const char *what);
SG_NORETURN extern void error_point_not_found(const char *name, const Grid *grid);

extern bool point_find(int32 grid_id, const char *name, Point *point);
extern Point point_require(const Grid *grid, const char *name);
extern int64 point_insert(PointChange *change, const char *name, PointKind kind);
extern void point_replace_name(PointChange *change, int64 point_id, const char *name);
extern void point_find_period(DatedPlace *place, int32 grid_id, int64 point_id, TimestampTz at);
extern int	point_resolution(const DatedFact *period);
extern char *point_other_loss(int32 grid_id, PointKind kind, int64 point_id, TimestampTz from, TimestampTz to);
extern int64 point_find_owner(const Grid *grid, const char *principal);
extern int64 point_ensure_owner(const Grid *grid, const char *principal);

#endif							/* SG_POINT_ROWS_H */
