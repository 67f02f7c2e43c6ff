/*-------------------------------------------------------------------------
 *
 * substitute.h
 *	  Values for slots that are missing.
 *
 * All that a method looks at is read first, under the locks of the points, and
 * then what it makes of that is loaded: so no value comes of one that was made by
 * the same call, and none replaces what somebody has measured meanwhile.
 *
 * Of each point that has a gap the slots are there in one array, those around the
 * period, too, as far as the method looks; slots that are not over, outside of the
 * point's periods, or of a loss point, are not in it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SUBSTITUTE_H
#define SG_SUBSTITUTE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "grid/grid.h"
#include "metering/quality.h"
#include "metering/value_series.h"

/* How far back last_week and profile look, days. */
#define SUBSTITUTE_DAYS_BACK	28

typedef enum SubstituteMethod
{
	SUBSTITUTE_ZERO,
	SUBSTITUTE_LINEAR,
	SUBSTITUTE_LAST_WEEK,
	SUBSTITUTE_PROFILE,
	SUBSTITUTE_METHODS
} SubstituteMethod;

/* What is asked for. */
typedef struct Substitution
{
	const Grid *grid;
	pg_tz	   *zone;
	TimestampTz from;			/* slots that begin within from <= t < to are filled */
	TimestampTz to;
	TimestampTz now;			/* slots that end later are not over */
	SubstituteMethod method;
	const char *profile_name;	/* of the method profile; else NULL */
	const ValueSeries *profile; /* that */
	int64		max_gap;		/* longer gaps stay, microseconds; PG_INT64_MAX: none is too long */
	Quality		quality;
	int			npoints;
	const char **points;		/* NULL: all of the grid */
} Substitution;

typedef struct SubstituteSlot
{
	TimestampTz start;
	int64		amount;			/* energy units */
	int16		minutes;
	uint8		quality;		/* Quality */
} SubstituteSlot;

/* A point, and its slots in their order. */
typedef struct SubstitutePoint
{
	const char *name;
	int			n;
	int			allocated;
	SubstituteSlot *slots;
} SubstitutePoint;

/* Slots first .. end - 1 of a point, which are missing and follow each other; those around them do not, or are not there. */
typedef struct SubstituteGap
{
	int			first;
	int			end;
} SubstituteGap;

/* A value for a slot. */
typedef struct SubstituteFill
{
	const char *point;
	TimestampTz start;
	int64		amount;
} SubstituteFill;

typedef struct SubstituteFills
{
	int64		n;
	int64		allocated;
	SubstituteFill *fills;
} SubstituteFills;

/* Is a slot's value good enough to make others of it? */
static inline bool
substitute_is_source(const SubstituteSlot *slot)
{
	return slot->quality == QUALITY_MEASURED || slot->quality == QUALITY_SUBSTITUTED;
}

/* What a point measured on the days before a local day, and what that time weighs by the profile. */
typedef struct ProfileScale
{
	bool		is_known;
	int			day;
	sg_int128	energy;			/* energy units */
	sg_uint128	weight;
} ProfileScale;

/* When a slot ends. */
static inline TimestampTz
substitute_slot_end(const SubstituteSlot *slot)
{
	return slot->start + slot->minutes * USECS_PER_MINUTE;
}

/* substitute_find.c */
extern void substitute_find(const Substitution *substitution, SubstituteFills *fills);

/* substitute_method.c */
extern int	substitute_slot_from(const SubstitutePoint *point, TimestampTz start);
extern const SubstituteSlot *substitute_slot_at(const SubstitutePoint *point, TimestampTz start, int minutes);
extern bool substitute_value(const Substitution *substitution, const SubstitutePoint *point, const SubstituteGap *gap, int slot,
							 ProfileScale *scale, int64 *amount);

/* substitute_profile.c */
extern bool substitute_by_profile(const Substitution *substitution, const SubstitutePoint *point, int slot, ProfileScale *scale, int64 *amount);

#endif							/* SG_SUBSTITUTE_H */
