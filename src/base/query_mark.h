/*-------------------------------------------------------------------------
 *
 * query_mark.h
 *	  Whether a function is called by the same query as before.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_QUERY_MARK_H
#define SG_QUERY_MARK_H

#include "postgres.h"

/* What tells a query's user and what it sees; zero is that of none. */
typedef struct QueryMark
{
	Oid			user;
	LocalTransactionId transaction;
	SubTransactionId subtransaction;
	TransactionId xmin;
	TransactionId xmax;
	uint32		running;
	int32		running_children;
	CommandId	command;
} QueryMark;

extern QueryMark query_mark(void);
extern bool query_mark_equal(const QueryMark *a, const QueryMark *b);

#endif							/* SG_QUERY_MARK_H */
