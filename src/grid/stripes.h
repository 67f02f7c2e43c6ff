/*-------------------------------------------------------------------------
 *
 * stripes.h
 *	  Reading the stripes of a grid's pool.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_STRIPES_H
#define SG_STRIPES_H

#include "postgres.h"

#include "storage/itemptr.h"
#include "storage/lockdefs.h"

#include "store/tables.h"

/* A stripe as it was read. */
typedef struct StripeRow
{
	FormPool	form;
	ItemPointerData tid;		/* of that version */
} StripeRow;

extern int	stripes_read(int32 grid_id, LOCKMODE lockmode, bool by_index, StripeRow **rows);
extern void stripes_announce(void);

#endif							/* SG_STRIPES_H */
