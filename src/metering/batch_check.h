/*-------------------------------------------------------------------------
 *
 * batch_check.h
 *	  Readings on record that no batch accounts for.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_BATCH_CHECK_H
#define SG_BATCH_CHECK_H

#include "postgres.h"

extern int64 batch_count_strays(int32 grid_id);
extern int64 batch_count_out_of_order(int32 grid_id);

#endif							/* SG_BATCH_CHECK_H */
