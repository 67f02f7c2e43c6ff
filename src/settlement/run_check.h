/*-------------------------------------------------------------------------
 *
 * run_check.h
 *	  Whether final runs are what the ledger and their lines say.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_CHECK_H
#define SG_RUN_CHECK_H

#include "postgres.h"

extern int64 run_count_unbooked(int32 grid_id);
extern int64 run_count_strays(int32 grid_id);

#endif							/* SG_RUN_CHECK_H */
