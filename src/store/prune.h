/*-------------------------------------------------------------------------
 *
 * prune.h
 *	  When a page of rows that are updated all the time is pruned.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PRUNE_H
#define SG_PRUNE_H

#include "postgres.h"

#include "storage/buf.h"
#include "utils/rel.h"

extern void prune_when_due(Relation rel, Buffer buffer);

#endif							/* SG_PRUNE_H */
