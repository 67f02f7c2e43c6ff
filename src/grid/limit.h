/*-------------------------------------------------------------------------
 *
 * limit.h
 *	  What a call may name in a grid: no capacity, limit, rate, amount of energy
 *	  or price above max_amount.  Money is not bounded by it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LIMIT_H
#define SG_LIMIT_H

#include "postgres.h"

#include "base/refusal.h"
#include "grid/grid.h"

extern Refusal *refuse_above_limit(const Grid *grid, const char *what, int64 value);
extern void require_figure(const Grid *grid, const char *what, int64 value);

#endif							/* SG_LIMIT_H */
