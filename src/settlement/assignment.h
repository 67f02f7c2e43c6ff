/*-------------------------------------------------------------------------
 *
 * assignment.h
 *	  To whom tariffs are assigned: dated facts (metering/dated.h) of a tariff
 *	  and a point, a participant, or the grid.
 *
 * What is assigned to a point goes before what is assigned to its owner, and
 * that before what is assigned to the grid.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ASSIGNMENT_H
#define SG_ASSIGNMENT_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/checked.h"
#include "grid/grid.h"
#include "metering/dated.h"

/* What a tariff is assigned to; the grid if both are 0. */
typedef struct Assignee
{
	int64		tariff_id;
	int64		point_id;
	int64		participant_id;
} Assignee;

/* What an assignment says. */
typedef struct AssignmentTerms
{
	Datum		quantity;		/* numeric, without zeros at the end */
	bool		exempt;
} AssignmentTerms;

/* assignment_rows.c */
extern int64 assignee_find(int32 grid_id, const Assignee *assignee);
extern void assignment_find(DatedPlace *place, int32 grid_id, int64 assignee_id, TimestampTz at);
extern AssignmentTerms assignment_of_fact(const DatedFact *fact);
extern void assignment_set(DatedPlace *place, const Assignee *assignee, const AssignmentTerms *terms, Recording *recording);
extern void assignment_point_end(Recording *recording, int64 point_id, TimestampTz at);

/* assignment.c */
extern Refusal *assignment_ensure_for_grid(const Grid *grid, int64 tariff_id, TimestampTz from, bool correct, Recording *recording);

#endif							/* SG_ASSIGNMENT_H */
