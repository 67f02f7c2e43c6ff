/*-------------------------------------------------------------------------
 *
 * boundary.c
 *	  Up to which entry the ledger is final.
 *
 * Ids of entries come from a sequence, so a transaction may commit an entry
 * with a lower id than one that is there already.  An id is final once no
 * open transaction can have it.  What calls do anyway makes that known, so
 * that they pay nothing for it:
 *
 *	1. a call locks the ledger in ROW EXCLUSIVE mode first (ledger_enter());
 *	2. its transaction has an xid before it takes an id (ledger_append());
 *	3. xid and lock are held to the end of the transaction.
 *
 * So: read the sequence's last value B, then the next xid N.  Whoever has an
 * id up to B holds the lock now and has an xid before N, or has ended.  Those
 * are waited for, as CREATE INDEX CONCURRENTLY does; whoever comes later is
 * not, so that sealing neither blocks a writer nor can be kept from ending by
 * many of them.
 *
 * If one of them does not end in time (smartgrid.seal_wait), the pair
 * (N, B) is remembered in smartgrid.seal_point, and an earlier pair (N', B')
 * helps: if all that are still open have xids from N' on, none of them has an
 * id up to B'.  So that one long transaction after the other cannot keep
 * sealing from going on.  A single one that stays open does hold it back, at
 * the entries before it; smartgrid.seal_terminate_idle ends those that do
 * nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "base/compat.h"
#include "evidence/boundary.h"
#include "evidence/opener.h"
#include "store/elevated.h"

/* What is true of xids and ids at one moment: a transaction with an xid from next_xid on has no id up to last_entry. */
typedef struct SealPoint
{
	uint64		next_xid;
	int64		last_entry;
} SealPoint;

/*
 * The last id that the ledger's sequence has given out, 0 for none.  A
 * session that kept ids in stock would break the rule above: an error.
 *
 * Not read as a row of the sequence: a query reads that without a lock on its
 * page, and nextval() has it up to 32 too high while it writes to the WAL.
 */
static int64
last_given_entry(void)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT COALESCE(pg_sequence_last_value(q.seqrelid), 0), q.seqcache"
		" FROM pg_sequence AS q"
		" WHERE q.seqrelid = 'smartgrid.ledger_entry_id_seq'::regclass",
	};
	int64		last;
	int64		cache;

	elevated_begin(&elevation);
	elevated_execute(&plan, NULL, NULL, IN_ACTIVE_SNAPSHOT);
	last = DatumGetInt64(elevated_value(0, 1, INT8OID));
	cache = DatumGetInt64(elevated_value(0, 2, INT8OID));
	elevated_end(&elevation);
	if (cache != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("sequence \"smartgrid.ledger_entry_id_seq\" caches " INT64_FORMAT " values", cache),
				 errdetail("Sessions could still use ids that were given out long ago, so no entry would ever be final."),
				 errhint("Run ALTER SEQUENCE smartgrid.ledger_entry_id_seq CACHE 1, and let all sessions that have used it disconnect.")));
	return last;
}

/* Raises 55000: new entries would get ids that lie within sealed blocks, and never be sealed. */
SG_NORETURN
static void
error_sequence_set_back(const Grid *grid, int64 given, int64 sealed)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("sequence \"smartgrid.ledger_entry_id_seq\" has been set back to " INT64_FORMAT, given),
			 errdetail("Grid \"%s\" is sealed up to entry " INT64_FORMAT ".", grid->name, sealed),
			 errhint("See SELECT * FROM sg_verify_ledger(), then set it to the highest entry_id with setval().")));
}

/* The largest remembered boundary up to which nobody open from oldest on can have an id, 0 for none. */
static int64
remembered_boundary(int32 grid_id, uint64 oldest)
{
	static ElevatedPlan plan = {
		.sql = "SELECT COALESCE(max(p.last_entry), 0)"
		" FROM smartgrid.seal_point AS p"
		" WHERE p.grid_id = $1 AND p.next_xid <= $2",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum((int64) oldest)};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT);
}

/* Forgets the pairs that say nothing about entries beyond the boundary. */
static void
forget_points(int32 grid_id, int64 boundary)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "DELETE FROM smartgrid.seal_point AS p"
		" WHERE p.grid_id = $1 AND p.last_entry <= $2",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(boundary)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/*
 * Remembers a pair, and forgets those that are of no more use: for each of
 * those who are open, the latest pair from before its xid may be.
 */
static void
remember_point(int32 grid_id, SealPoint point, const Opener *openers, int n)
{
	Elevation	elevation;
	static ElevatedPlan insert_plan = {
		.sql = "INSERT INTO smartgrid.seal_point AS p (grid_id, next_xid, last_entry) VALUES ($1, $2, $3)"
		" ON CONFLICT (grid_id, next_xid) DO UPDATE SET last_entry = GREATEST(p.last_entry, EXCLUDED.last_entry)",
		.nargs = 3,
		.argtypes = {INT4OID, INT8OID, INT8OID},
	};
	static ElevatedPlan delete_plan = {
		.sql = "DELETE FROM smartgrid.seal_point AS p"
		" WHERE p.grid_id = $1"
		" AND p.next_xid <> ALL (SELECT max(k.next_xid)"
		" FROM unnest($2) AS o (xid)"
		" JOIN smartgrid.seal_point AS k ON k.grid_id = $1 AND k.next_xid <= o.xid"
		" GROUP BY o.xid)",
		.nargs = 2,
		.argtypes = {INT4OID, INT8ARRAYOID},
	};
	Datum	   *xids = palloc((n + 1) * sizeof(Datum));
	Datum		values[] = {
		Int32GetDatum(grid_id), Int64GetDatum((int64) point.next_xid), Int64GetDatum(point.last_entry)
	};
	Datum		kept[2] = {values[0]};

	for (int i = 0; i < n; i++)
		xids[i] = Int64GetDatum((int64) openers[i].full_xid);
	xids[n] = values[1];		/* for those who come later */
	kept[1] = PointerGetDatum(construct_array(xids, n + 1, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	elevated_begin(&elevation);
	elevated_execute(&insert_plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_execute(&delete_plan, kept, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/*
 * The last id up to which the ledger is final, for a grid that is not sealed
 * from an id on; nothing is to be done if it is below that.  Waits for those
 * who may still commit an entry with a lower id, at most for
 * smartgrid.seal_wait; a WARNING says who did not end.  A snapshot taken
 * afterwards sees all entries up to that id.
 *
 * READ COMMITTED only.  The caller has the grid's seal lock.  Entries of its
 * own transaction count as final: they are sealed with it, or with nothing.
 *
 * Raises 55000 if the ledger's sequence caches ids, or has been set back
 * below what is sealed.
 */
int64
boundary_find(const Grid *grid, int64 from)
{
	int32		grid_id = grid->form.grid_id;
	SealPoint	point;
	FullTransactionId next;
	Opener	   *openers;
	int			n;
	uint64		oldest = PG_UINT64_MAX;
	int64		boundary;

	/* In this order. */
	point.last_entry = last_given_entry();
	if (point.last_entry < from)
	{
		if (point.last_entry + 1 < from)
			error_sequence_set_back(grid, point.last_entry, from - 1);
		return point.last_entry;
	}
	next = ReadNextFullTransactionId();
	point.next_xid = U64FromFullTransactionId(next);
	openers = openers_find(next, &n);

	n = openers_wait(openers, n);
	if (n == 0)
	{
		forget_points(grid_id, point.last_entry);
		return point.last_entry;
	}

	for (int i = 0; i < n; i++)
		oldest = Min(oldest, openers[i].full_xid);
	boundary = remembered_boundary(grid_id, oldest);
	if (boundary >= point.last_entry)	/* nothing has come since that was remembered */
	{
		forget_points(grid_id, point.last_entry);
		return point.last_entry;
	}
	forget_points(grid_id, boundary);
	remember_point(grid_id, point, openers, n);
	ereport(WARNING,
			(errmsg("grid \"%s\" is not sealed to its end: %d open %s may still write entries",
					grid->name, n, n == 1 ? "transaction" : "transactions"),
			 errdetail("%s", openers_describe(openers, n)),
			 errhint("Entries since then are sealed by a later sg_seal(), once these have ended. See idle_in_transaction_session_timeout and smartgrid.seal_terminate_idle for sessions, COMMIT PREPARED and ROLLBACK PREPARED for prepared transactions.")));
	return boundary;
}
