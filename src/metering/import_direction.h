/*-------------------------------------------------------------------------
 *
 * import_direction.h
 *	  Formats that say which way energy flowed: from the grid, or into it.
 *
 * A value of such a file is never below 0, and belongs to a point of the kind
 * that has this direction.  At a point that has both, it is a sign.  Points that
 * the option "create" makes are of the kind of their direction, unless that says
 * one that has both.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IMPORT_DIRECTION_H
#define SG_IMPORT_DIRECTION_H

#include "postgres.h"

#include "metering/import.h"
#include "metering/point.h"

typedef enum ImportDirection
{
	FROM_GRID,
	INTO_GRID
} ImportDirection;

/* How values of one direction become those of a point. */
typedef struct ImportFlow
{
	bool		negated;
	PointKind	kind;			/* of the point, if it has to be made */
} ImportFlow;

extern bool import_negates(PointKind kind, ImportDirection direction);
extern Refusal *import_flow(const Import *import, const ImportPoint *point, ImportDirection direction, ImportFlow *flow);
extern void import_turn(Import *import, const ImportFlow *flow, LoadValue *value);

#endif							/* SG_IMPORT_DIRECTION_H */
