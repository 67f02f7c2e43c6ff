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
#include "grid.h"
#include "result.h"

typedef struct Account Account; /* posting.c */

typedef struct Reading
{
	const char *principal;
	int64		amount;			/* energy units, of top-ups money units */
	TimestampTz at;				/* 0: now */
	Account    *account;		/* while its chunk is worked off; NULL: none */
	int32		ord;			/* what a failure is reported by */
	int			kind;			/* place in reading_kinds */
} Reading;

extern void posting_set_reading(Reading *reading, int ord, const char *principal, const char *kind, int64 amount, TimestampTz at);
extern Grid *posting_grid(void);
extern void posting_post(const Grid *grid, Reading *readings, int n, ResultRow *result);

#endif							/* SG_POSTING_H */
