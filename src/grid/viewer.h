/*-------------------------------------------------------------------------
 *
 * viewer.h
 *	  What a caller may see: every row of the grids that it reads as a whole,
 *	  and elsewhere the rows of its own participants.
 *
 * Decided once, for whatever C code reads for a caller; row-level security
 * decides by the same functions (identity_rows.c).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_VIEWER_H
#define SG_VIEWER_H

#include "postgres.h"

typedef struct Viewer
{
	int			nwhole;
	int32	   *whole;			/* ids of the grids that it reads as a whole, in their order */
	int			nown;
	int64	   *own;			/* ids of the participants that it is, one a grid */
} Viewer;

extern void viewer_of_caller(Viewer *viewer);
extern void viewer_of_caller_in(Viewer *viewer, int32 grid_id);

extern bool viewer_reads_grid(const Viewer *viewer, int32 grid_id);
extern bool viewer_sees(const Viewer *viewer, int32 grid_id, int64 participant_id);
extern bool viewer_is(const Viewer *viewer, int64 participant_id);

extern int	viewer_own_participants(int64 **ids, int most);
extern int	viewer_readable_grids(int32 **ids, int most);
extern bool viewer_reads_a_grid(void);

#endif							/* SG_VIEWER_H */
