/*-------------------------------------------------------------------------
 *
 * limit.c
 *	  What a call may name in a grid.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "grid/limit.h"

/* SG104: value, the figure named by what, is above what a call may name in the grid. */
Refusal *
refuse_above_limit(const Grid *grid, const char *what, int64 value)
{
	Refusal    *refusal;

	if (value <= grid->max_amount)
		return NULL;
	refusal = refuse(ERRCODE_SG_INVALID_AMOUNT, "%s of " INT64_FORMAT " exceeds the limit of the grid", what, value);
	refusal_detail(refusal, "Grid \"%s\" takes at most " INT64_FORMAT ".", grid->name, grid->max_amount);
	return refusal_hint(refusal, "An operator can change max_amount with sg_alter_grid().");
}

/* Raises SG104 unless value, the figure named by what, is above zero and not above what a call may name in the grid. */
void
require_figure(const Grid *grid, const char *what, int64 value)
{
	if (value <= 0)
		error_not_positive(what, value);
	require_accepted(refuse_above_limit(grid, what, value));
}
