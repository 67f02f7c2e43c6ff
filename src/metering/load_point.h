/*-------------------------------------------------------------------------
 *
 * load_point.h
 *	  Points as loaders need them: by name, with the periods on record.
 *
 * A session keeps those of the grid that it loaded for last.  They are as they
 * were found while the clock of recorded facts (recording.h) stands where it
 * stood then: whoever changes a point moves it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LOAD_POINT_H
#define SG_LOAD_POINT_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/checked.h"
#include "grid/grid.h"
#include "metering/pack.h"
#include "metering/point.h"

typedef struct LoadPeriod
{
	TimestampTz from;
	TimestampTz to;
	int64		limit;			/* what the connection lets through in a slot, energy units */
	sg_int128	power;			/* the same in an hour, 10^-18 kWh; 0: not known */
	int			minutes;		/* length of its slots */
	bool		is_loss;
} LoadPeriod;

typedef struct LoadPoint
{
	int64		point_id;
	const char *name;
	PointKind	kind;
	int			nperiods;
	LoadPeriod *periods;		/* in their order */
	int			last;			/* where the latest row was */
	uint64		call;			/* that it was last used by */
	int			place;			/* in that call */
} LoadPoint;

/* Is the amount of a kind one of energy in one direction, not below 0? */
#define KIND_IS_ONE_WAY(kind)	((kind) == POINT_CONSUMPTION || (kind) == POINT_PRODUCTION)

extern void load_points_begin(const Grid *grid);
extern void load_points_prefetch(const Datum *names, int n);
extern LoadPoint *load_point_find(const char *name, size_t length);
extern LoadPoint *load_point_find_new(const char *name);
extern const LoadPeriod *load_point_period(LoadPoint *point, TimestampTz at);
extern int64 load_point_limit(Datum capacity, int minutes, int energy_scale);
extern sg_int128 load_point_power(Datum capacity);
extern const LoadPeriod *load_point_on(const LoadPoint *point, const DayFrame *frame);

#endif							/* SG_LOAD_POINT_H */
