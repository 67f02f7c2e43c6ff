/*-------------------------------------------------------------------------
 *
 * batch.h
 *	  Batches: calls that bring intervals.
 *
 * Each has a number, a recorded time, counts, and the digest of what it brought,
 * which an entry of the ledger carries if anything was new.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_BATCH_H
#define SG_BATCH_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "base/digest.h"
#include "call/call.h"

typedef struct Batch
{
	int64		batch_id;		/* 0: not known yet */
	TimestampTz recorded_at;
	DateADT		first_day;		/* of its new versions */
	DateADT		last_day;
	int64		withdraws_id;	/* 0: none */
	int64		given;
	int64		fresh;
	int64		unchanged;
	int64		kept;
	int64		refused;
	const char *source;
	const char *label;			/* NULL: none */
	const Digest *content;		/* NULL: none */
} Batch;

extern int64 batch_next_id(void);
extern void batch_close(Batch *batch, Call *call, const Digest *digest);

#endif							/* SG_BATCH_H */
