/*-------------------------------------------------------------------------
 *
 * point.h
 *	  Metering points.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_POINT_H
#define SG_POINT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/numeric.h"

#include "base/refusal.h"
#include "grid/grid.h"
#include "metering/dated.h"
#include "metering/recording.h"

typedef enum PointKind
{
#define POINT_KIND(symbol, name)	POINT_##symbol,
#include "metering/point_kind.def"
#undef POINT_KIND
	POINT_KIND_COUNT
} PointKind;

/* What a caller says of a point; NULL: nothing. */
typedef struct PointRow
{
	char	   *point;
	bool		has_valid_from;
	TimestampTz valid_from;
	char	   *owner;
	char	   *kind;
	Interval   *resolution;
	Numeric		capacity;		/* kW */
	char	   *meter;
	char	   *neighbour;
	char	   *class;
	char	   *role;
} PointRow;

/* A point that is there. */
typedef struct Point
{
	int64		point_id;
	PointKind	kind;
} Point;

/* Where points are changed. */
typedef struct PointChange
{
	const Grid *grid;
	pg_tz	   *zone;
	bool		correct;		/* though it was settled */
	Recording	recording;
} PointChange;

/*
 * What floors above say of points by their number and identifier: it ends with
 * the point, and may not let it be called so.  NULL: nothing.
 */
typedef void (*PointEndHook) (Recording *recording, int64 point_id, TimestampTz at);
typedef void (*PointRenameHook) (const Grid *grid, int64 point_id, const char *name);
extern PointEndHook point_end_hook;
extern PointRenameHook point_rename_hook;

extern void point_begin_change(PointChange *change, const Grid *grid, bool correct);

extern Refusal *refuse_point_arguments(const PointRow *row);
extern Refusal *point_set(PointChange *change, const PointRow *row);
extern void point_set_meter(PointChange *change, int64 point_id, TimestampTz at, const char *meter);

extern void point_zone_change(const Grid *grid);
extern int64 point_count_orphans(int32 grid_id);
extern int64 point_count_overlaps(int32 grid_id);
extern int64 point_count_without_grid(void);

#endif							/* SG_POINT_H */
