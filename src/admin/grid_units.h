/*-------------------------------------------------------------------------
 *
 * grid_units.h
 *	  What the entries of a grid are counted in.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_GRID_UNITS_H
#define SG_GRID_UNITS_H

#include "postgres.h"

#include "call/call.h"
#include "store/tables.h"

extern void grid_units_lock(Call *call);
extern void grid_units_require_unused(const FormGrid *grid, const char *name, const char *what);

#endif							/* SG_GRID_UNITS_H */
