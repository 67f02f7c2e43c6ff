/*-------------------------------------------------------------------------
 *
 * posting.h
 *	  Batch posting.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_POSTING_H
#define SG_POSTING_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "base/result.h"
#include "grid/grid.h"

/* The time of a reading that has none: that of the call.  No reading may have it, as it is not finite. */
#define POSTING_NOW		DT_NOBEGIN

typedef struct Account Account; /* posting.c */

typedef struct Reading
{
	const char *principal;
	int64		participant_id; /* PARTICIPANT_NONE: not registered, or without such an account */
	int64		amount;			/* energy units, of top-ups money units */
	TimestampTz at;				/* or POSTING_NOW */
	Account    *account;		/* while its chunk is worked off; NULL: none */
	int32		ord;			/* what a failure is reported by */
	int			kind;			/* place in reading_kinds */
} Reading;

extern void posting_set_reading(Reading *reading, int ord, const char *principal, const char *kind, int64 amount, const TimestampTz *at);
extern Grid *posting_grid(void);
extern void posting_require_topups_allowed(Oid posting_function, const Reading *readings, int n);
extern void posting_post(const Grid *grid, Reading *readings, int n, ResultRow *result);

#endif							/* SG_POSTING_H */
