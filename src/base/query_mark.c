/*-------------------------------------------------------------------------
 *
 * query_mark.c
 *	  Whether a function is called by the same query as before.
 *
 * For answers that a function keeps from one row to the next: they hold for
 * the same user in the same snapshot.  Of two snapshots with the same limits
 * and numbers, the running transactions are the same ones; what this one has
 * written is the same with the same command and subtransaction.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "base/query_mark.h"

/* The mark of the present call: there is an active snapshot. */
QueryMark
query_mark(void)
{
	Snapshot	snapshot = GetActiveSnapshot();

	return (QueryMark) {
		.user = GetUserId(), .transaction = SG_LXID, .subtransaction = GetCurrentSubTransactionId(),
		.xmin = snapshot->xmin, .xmax = snapshot->xmax,
		.running = snapshot->xcnt, .running_children = snapshot->subxcnt, .command = snapshot->curcid
	};
}

bool
query_mark_equal(const QueryMark *a, const QueryMark *b)
{
	return a->user == b->user && a->transaction == b->transaction && a->subtransaction == b->subtransaction &&
		a->xmin == b->xmin && a->xmax == b->xmax &&
		a->running == b->running && a->running_children == b->running_children && a->command == b->command;
}
