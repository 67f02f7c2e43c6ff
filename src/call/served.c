/*-------------------------------------------------------------------------
 *
 * served.c
 *	  Which requests this backend has served in the client's statement.
 *
 * Two calls under one reference in one statement are no retry: whoever writes
 * SELECT sg_consume_energy(amount) FROM ... means as many calls as there are
 * rows.  The statement is that of the client, whatever functions it goes
 * through; so it is told by the outermost portal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "nodes/plannodes.h"
#include "tcop/pquery.h"
#include "utils/memutils.h"
#include "utils/portal.h"

#include "call/served.h"

/* Which statement of the client it is. */
typedef struct StatementMark
{
	TimestampTz began;			/* when its portal was made */
	int			location;		/* in the text, which may have several */
} StatementMark;

static struct
{
	StatementMark statement;
	int			n;
	int			allocated;
	uint64	   *keys;
}			served;

/*
 * The outermost portal of a query.  Mostly it is the one without a name, which a
 * client has one of.  If that is not running, the client has named its own, and
 * if it fetches from a cursor, it is that: the active one, unless a function
 * runs a cursor of its own.
 */
static Portal
outermost_portal(void)
{
	Portal		unnamed = GetPortalByName("");

	if (PortalIsValid(unnamed) && unnamed->status == PORTAL_ACTIVE &&
		unnamed->commandTag != CMDTAG_FETCH && unnamed->commandTag != CMDTAG_MOVE)
		return unnamed;
	return ActivePortal;
}

static StatementMark
statement_mark(void)
{
	Portal		portal = outermost_portal();

	if (!PortalIsValid(portal))	/* a call by the protocol's function call, or of a background process */
		return (StatementMark) {GetCurrentStatementStartTimestamp(), -1};
	return (StatementMark) {portal->creation_time, portal->stmts ? linitial_node(PlannedStmt, portal->stmts)->stmt_location : -1};
}

/* A request begins: how many were served in this statement so far. */
int
served_begin(void)
{
	StatementMark mark = statement_mark();

	if (mark.began != served.statement.began || mark.location != served.statement.location)
	{
		served.statement = mark;
		served.n = 0;
	}
	return served.n;
}

/* Was the request of this key served in this statement, not counting the first ones? */
bool
served_since(int before, uint64 key)
{
	for (int i = before; i < served.n; i++)
		if (served.keys[i] == key)
			return true;
	return false;
}

/* The request of this key is served. */
void
served_note(uint64 key)
{
	if (served.n == served.allocated)
	{
		int			allocated = Max(served.allocated * 2, 64);

		served.keys = served.keys
			? repalloc_huge(served.keys, allocated * sizeof(uint64))
			: MemoryContextAlloc(TopMemoryContext, allocated * sizeof(uint64));
		served.allocated = allocated;
	}
	served.keys[served.n++] = key;
}
