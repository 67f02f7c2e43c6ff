/*-------------------------------------------------------------------------
 *
 * index_lookup.h
 *	  One row by an index.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_INDEX_LOOKUP_H
#define SG_INDEX_LOOKUP_H

#include "postgres.h"

#include "access/htup.h"
#include "access/sdir.h"
#include "access/skey.h"
#include "utils/rel.h"

extern HeapTuple index_lookup(Relation rel, Oid index_oid, LOCKMODE lockmode, int nkeys, ScanKey keys, ScanDirection direction);

#endif							/* SG_INDEX_LOOKUP_H */
