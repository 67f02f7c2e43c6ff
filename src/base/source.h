/*-------------------------------------------------------------------------
 *
 * source.h
 *	  Reading a table or view that a caller names, with the caller's rights.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SOURCE_H
#define SG_SOURCE_H

#include "postgres.h"

#include "access/htup_details.h"
#include "access/tupdesc.h"

/* Takes row n, counted from 1, of what source_read() reads, in the memory context of its caller. */
typedef void (*SourceTake) (void *arg, HeapTuple tuple, TupleDesc desc, int64 n);

extern char *source_name(Oid relid);
extern char *source_in_sql(Oid relid);
extern bool source_has_ctid(Oid relid);
extern void source_read(const char *query, SourceTake take, void *arg);

#endif							/* SG_SOURCE_H */
