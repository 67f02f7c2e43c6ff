/*-------------------------------------------------------------------------
 *
 * rollup_seal.h
 *	  Rollups that grow with what is sealed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ROLLUP_SEAL_H
#define SG_ROLLUP_SEAL_H

#include "evidence/seal.h"

extern const SealFollower rollup_seal_follower;

#endif							/* SG_ROLLUP_SEAL_H */
