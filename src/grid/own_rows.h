/*-------------------------------------------------------------------------
 *
 * own_rows.h
 *	  Own rows of a principal with many participants.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_OWN_ROWS_H
#define SG_OWN_ROWS_H

#include "postgres.h"

#include "fmgr.h"
#include "store/store.h"

/* Where a participant stands in a row, and the index that finds it. */
typedef struct PartyColumn
{
	StoreIndex	index;
	AttrNumber	attribute;
} PartyColumn;

extern Datum own_rows_return(FunctionCallInfo fcinfo, StoreTable table, const PartyColumn columns[2]);

#endif							/* SG_OWN_ROWS_H */
