/*-------------------------------------------------------------------------
 *
 * boundary.h
 *	  Up to which entry the ledger is final.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_BOUNDARY_H
#define SG_BOUNDARY_H

#include "postgres.h"

#include "grid/grid.h"

extern int64 boundary_find(const Grid *grid, int64 from);

#endif							/* SG_BOUNDARY_H */
