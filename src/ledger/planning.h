/*-------------------------------------------------------------------------
 *
 * planning.h
 *	  What the views of own rows tell the planner.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PLANNING_H
#define SG_PLANNING_H

#include "postgres.h"

#include "nodes/pathnodes.h"

extern Oid	planning_function(const char *name, int n, const Oid *types);
extern Expr *planning_call(const char *name, Oid result, List *arguments);
extern Oid	planning_index_operator(IndexOptInfo *index, int column, int strategy);

#endif							/* SG_PLANNING_H */
