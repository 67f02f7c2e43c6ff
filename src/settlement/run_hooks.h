/*-------------------------------------------------------------------------
 *
 * run_hooks.h
 *	  What runs answer to floors below: which times are settled for good.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_HOOKS_H
#define SG_RUN_HOOKS_H

#include "postgres.h"

#include "datatype/timestamp.h"

extern char *run_settled(int32 grid_id, TimestampTz from, TimestampTz to);

#endif							/* SG_RUN_HOOKS_H */
