/*-------------------------------------------------------------------------
 *
 * rollup_check.h
 *	  Whether rollups are what their entries add up to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ROLLUP_CHECK_H
#define SG_ROLLUP_CHECK_H

#include "postgres.h"

#include "evidence/check.h"

extern const CheckFollower rollup_check_follower;

#endif							/* SG_ROLLUP_CHECK_H */
