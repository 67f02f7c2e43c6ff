/*-------------------------------------------------------------------------
 *
 * load_create.c
 *	  Making the points that a load finds unknown, if it was told to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/identity.h"
#include "grid/zone.h"
#include "metering/load_state.h"
#include "metering/point.h"

/* Is the load to make points?  Then its caller has to be an operator: SG100. */
void
load_begin_creating(const Load *load)
{
	if (load->options.create_kind != NULL)
		(void) identity_require_operator("make metering points");
}

/* Unknown points, if they are made, are of this kind from now on; the name lives as long as the load. */
void
load_make_of_kind(Load *load, const char *kind)
{
	if (load->options.create_kind != NULL)
		load->options.create_kind = kind;
}

/* *resolution: so many minutes. */
static Interval *
interval_of(int minutes)
{
	Interval   *resolution = palloc0(sizeof(Interval));

	resolution->time = minutes * USECS_PER_MINUTE;
	return resolution;
}

/*
 * Makes a point, of which the load knows owner, kind and, unless it is 0, the
 * minutes of a slot; NULL if it cannot be made.  Its period begins with 1970.
 * Locks: the clock of the grid.
 */
LoadPoint *
load_create_point(Load *load, const char *name, int minutes)
{
	PointChange change;
	PointRow	row = {
		.point = unconstify(char *, name),
		.has_valid_from = true,
		.valid_from = zone_midnight(UNIX_EPOCH_JDATE, load->zone),
		.owner = unconstify(char *, load->options.create_owner),
		.kind = unconstify(char *, load->options.create_kind),
		.resolution = minutes == 0 ? NULL : interval_of(minutes)
	};
	Refusal    *refusal = refuse_point_arguments(&row);

	if (refusal != NULL)
		return NULL;
	point_begin_change(&change, load->grid, false);
	refusal = point_set(&change, &row);
	recording_end(&change.recording);
	return refusal == NULL ? load_point_find_new(name) : NULL;
}
