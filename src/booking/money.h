/*-------------------------------------------------------------------------
 *
 * money.h
 *	  The rule of top-ups, on rows in memory: shared by the single call and by
 *	  batch posting.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_MONEY_H
#define SG_MONEY_H

#include "postgres.h"

#include "grid/grid.h"

extern void money_topup(const Grid *grid, const char *target, FormConsumer *consumer, int64 amount, FormLedger *entry);

#endif							/* SG_MONEY_H */
