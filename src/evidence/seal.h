/*-------------------------------------------------------------------------
 *
 * seal.h
 *	  What follows sealing: whoever keeps sums of sealed entries has them added
 *	  in the same pass and the same transaction.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SEAL_H
#define SG_SEAL_H

#include "postgres.h"

#include "store/tables.h"

/* All of a grid, whose sealing lock is held. */
typedef struct SealFollower
{
	/* Begins with entries of ids from one on, and returns what the others get. */
	void	   *(*begin) (int32 grid_id, int64 from);
	/* Takes an entry that is being sealed, in the order of ids. */
	void		(*add) (void *follower, const FormLedger *entry);
	/* Ends: all entries up to boundary are final and have been added. */
	void		(*end) (void *follower, int64 boundary);
} SealFollower;

/* NULL: nobody follows. */
extern const SealFollower *seal_follower_hook;

#endif							/* SG_SEAL_H */
