/*-------------------------------------------------------------------------
 *
 * interval_check.h
 *	  Packed days and open slots that are not of a local day of a point.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_INTERVAL_CHECK_H
#define SG_INTERVAL_CHECK_H

#include "postgres.h"

extern int64 interval_count_misfits(int32 grid_id);

#endif							/* SG_INTERVAL_CHECK_H */
