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

/* Who registers participants, as grid.registration says. */
#define GRID_REGISTRATION_OPEN		"open"
#define GRID_REGISTRATION_OPERATOR	"operator"

typedef struct Grid
{
	FormGrid	form;
	const char *name;
	const char *operator_role;	/* by name: a role that does not exist operates nothing */
	bool		by_operator;	/* only operators and gateways register participants */
	int64		exact_after;	/* id of the last entry whose cost was rounded by itself */
	int64		max_amount;		/* largest capacity, limit, rate, amount of energy and price that a call may name */
} Grid;

extern const char *grid_current_name(void);
extern const char *grid_name_arg(FunctionCallInfo fcinfo, int n);
extern bool grid_find_row(const char *name, StoreRow *row);
extern char *grid_operator_role(const StoreRow *row);
extern Grid *grid_find(const char *name);
extern char *grid_currency(int32 grid_id);
extern const char *price_rule_name(int rule);
extern Grid *grid_current_or_null(void);
extern Grid *grid_current(void);
extern Grid *grid_for_call(void);
extern void grid_require_scales(const Grid *grid);
extern void grid_lock(const Grid *grid, StoreRow *row);
extern char *grid_name_of(int32 grid_id);
extern TimestampTz grid_log_price(const FormGrid *form);
SG_NORETURN extern void error_grid_not_found(const char *name);

#endif							/* SG_GRID_H */
