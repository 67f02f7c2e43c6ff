/*-------------------------------------------------------------------------
 *
 * compare.h
 *	  What is computed here, beside the figures of a grid operator's report.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_COMPARE_H
#define SG_COMPARE_H

#include "postgres.h"

#include "metering/import_compare.h"

extern void compare_figures(const Grid *grid, ComparedFigure *figures, int64 n);

#endif							/* SG_COMPARE_H */
