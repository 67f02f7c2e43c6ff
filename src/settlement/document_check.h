/*-------------------------------------------------------------------------
 *
 * document_check.h
 *	  Whether documents are what the ledger, their runs and their numbers say.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DOCUMENT_CHECK_H
#define SG_DOCUMENT_CHECK_H

#include "postgres.h"

extern int64 document_count_unbooked(int32 grid_id);
extern int64 document_count_gaps(int32 grid_id);
extern int64 document_count_strays(int32 grid_id);

#endif							/* SG_DOCUMENT_CHECK_H */
