/*-------------------------------------------------------------------------
 *
 * opener.h
 *	  Who may still write entries with ids that have been given out.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_OPENER_H
#define SG_OPENER_H

#include "postgres.h"

#include "access/transam.h"
#include "storage/lock.h"

/* A transaction that may have an id up to the boundary. */
typedef struct Opener
{
	VirtualTransactionId vxid;
	TransactionId xid;
	uint64		full_xid;		/* the same without wrap-around; 0: not known, older than every pair */
	int			pid;			/* 0: a prepared transaction */
} Opener;

extern Opener *openers_find(FullTransactionId next, int *nopeners);
extern int	openers_wait(Opener *openers, int n);
extern char *openers_describe(const Opener *openers, int n);

#endif							/* SG_OPENER_H */
