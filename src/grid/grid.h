/*-------------------------------------------------------------------------
 *
 * grid.h
 *	  Grids: finding them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_GRID_H
#define SG_GRID_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "base/compat.h"
#include "store/store.h"

typedef struct Grid
{
	FormGrid	form;
	const char *name;
	int64		max_amount;		/* largest capacity, limit, rate, amount of energy and price that a call may name */
} Grid;

extern const char *grid_current_name(void);
extern const char *grid_name_arg(FunctionCallInfo fcinfo, int n);
extern bool grid_find_row(const char *name, StoreRow *row);
extern Grid *grid_find(const char *name);
extern Grid *grid_current_or_null(void);
extern Grid *grid_current(void);
extern Grid *grid_for_call(void);
extern void grid_require_scales(const Grid *grid);
extern void grid_lock(const Grid *grid, StoreRow *row);
extern char *grid_name_of(int32 grid_id);
extern TimestampTz grid_log_price(const FormGrid *form);
SG_NORETURN extern void error_grid_not_found(const char *name);

#endif							/* SG_GRID_H */
