/*-------------------------------------------------------------------------
 *
 * import_compare.h
 *	  Figures that a file has of what a community shared, beside what is computed
 *	  here.
 *
 * A grid operator's report says what each point got of the community's energy.
 * That is not loaded, but compared if a caller asks for it; what is computed is
 * known above this floor.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IMPORT_COMPARE_H
#define SG_IMPORT_COMPARE_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/checked.h"
#include "grid/grid.h"

typedef enum SharedFigure
{
	FIGURE_SHARE,				/* of a consumer in the community's production */
	FIGURE_COVERED,				/* of a consumer by it */
	FIGURE_SURPLUS				/* of a producer: what the community did not take */
} SharedFigure;

/* What a file says of a slot, and what is computed. */
typedef struct ComparedFigure
{
	const char *point;
	TimestampTz start;
	int			minutes;
	SharedFigure figure;
	int64		line;
	sg_int128	kwh;			/* in the file, 10^-18 kWh */
	bool		is_known;		/* here; else there is no such slot */
	sg_int128	units;			/* here, energy units */
} ComparedFigure;

/*
 * Fills in what is computed, of figures in the order of points (bytes), starts
 * and figures.  NULL: nothing is computed.
 */
typedef void (*ImportCompareHook) (const Grid *grid, ComparedFigure *figures, int64 n);
extern ImportCompareHook import_compare_hook;

extern int	compared_figure_order(const void *a, const void *b);

#endif							/* SG_IMPORT_COMPARE_H */
