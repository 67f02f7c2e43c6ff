/*-------------------------------------------------------------------------
 *
 * import_direction.c
 *	  Formats that say which way energy flowed: from the grid, or into it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "metering/import_direction.h"
#include "metering/point_rows.h"

/* The kind that a point is made of whose values have this direction. */
static PointKind
kind_to_make(const Import *import, ImportDirection direction)
{
	PointKind	kind;

	if (import->load_options.create_kind != NULL && point_kind_of(import->load_options.create_kind, &kind) &&
		(kind == POINT_STORAGE || kind == POINT_EXCHANGE))
		return kind;
	return direction == FROM_GRID ? POINT_CONSUMPTION : POINT_PRODUCTION;
}

/*
 * Are values of a direction those of a kind of point with the other sign?  What
 * storage discharges into the grid is above 0, and what comes from a neighbour's
 * grid, at which this one is a customer.
 */
bool
import_negates(PointKind kind, ImportDirection direction)
{
	return (kind == POINT_STORAGE && direction == FROM_GRID) || (kind == POINT_EXCHANGE && direction == INTO_GRID);
}

/* *flow: how values of a direction become those of a point.  SG108 if it has only the other one. */
Refusal *
import_flow(const Import *import, const ImportPoint *point, ImportDirection direction, ImportFlow *flow)
{
	Point		found;

	flow->kind = kind_to_make(import, direction);
	if (point_find(load_grid(import->load)->form.grid_id, pnstrdup(point->name, point->length), &found))
		flow->kind = found.kind;
	flow->negated = import_negates(flow->kind, direction);
	if (flow->kind == (direction == FROM_GRID ? POINT_PRODUCTION : POINT_CONSUMPTION))
		return refuse(ERRCODE_SG_INVALID_INPUT, "point \"%.*s\" is of kind %s, and these values flowed %s the grid",
					  (int) point->length, point->name, point_kind_name(flow->kind), direction == FROM_GRID ? "from" : "into");
	return NULL;
}

/* Makes a value of the file one of the point, which is of the right kind if it has to be made. */
void
import_turn(Import *import, const ImportFlow *flow, LoadValue *value)
{
	if (flow->negated)
		value->kwh = -value->kwh;
	load_make_of_kind(import->load, point_kind_name(flow->kind));
}
