/*-------------------------------------------------------------------------
 *
 * sealing.h
 *	  What all who write what follows from sealed entries have to do first.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SEALING_H
#define SG_SEALING_H

#include "postgres.h"

extern void sealing_require_isolation(const char *function);
extern void sealing_lock(int32 grid_id);

#endif							/* SG_SEALING_H */
