/*-------------------------------------------------------------------------
 *
 * stripes.c
 *	  Reading the stripes of a grid's pool.
 *
 * Every call reads all stripes of its grid for the price.  A backend keeps
 * which stripes there are and where it saw each of them last (place.c), so
 * that this takes neither an index nor a walk through old versions.
 *
 * What must not happen is that a stripe is left out that the snapshot shows:
 * energy would seem to be gone.  Which stripes there are is only relied on
 * while no other has been announced, and whoever makes one announces it twice:
 *
 *	- at once, when the row and its index entry are there.  Whoever sees the
 *	  transaction in its snapshot, and looks for announcements after taking it,
 *	  has heard of that, and looks the stripes up again.  While the transaction
 *	  is open, this finds the row being made, and relies on nothing (look_up());
 *	- at its commit, so that from then on the stripe is known.
 *
 * Whoever removes a stripe announces that at its commit.  Before it is heard
 * of, a stripe is looked for that is not there, and the index is taken.
 *
 * A standby hears of a commit only after it can be seen: there the index is
 * always taken.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "grid/known_stripes.h"
#include "grid/stripes.h"
#include "store/kept_row.h"
#include "store/place.h"
#include "store/relations.h"
#include "store/store.h"

/* The last top-level transaction of this backend that made or removed a stripe's row. */
static TransactionId changed_in = InvalidTransactionId;

/* Notes where the stripes are, as they were just read in the active snapshot. */
static void
learn_places(KnownGrid *known, const StripeRow *rows)
{
	Relation	rel = relations_open(TABLE_POOL, AccessShareLock);
	PlaceReader reader;

	place_begin(&reader, rel, TABLE_POOL);
	for (int i = 0; i < known->n; i++)
		place_learn(&reader, &known->stripes[i].place, &rows[i].tid);
	place_end(&reader);
	relations_close(rel);
}

/* Keeps which stripes there are, as they were just read in the active snapshot. */
static void
keep(int32 grid_id, uint64 generation, const StripeRow *rows, int n)
{
	KnownGrid  *known = known_stripes_enter(grid_id);
	KnownStripe *stripes = MemoryContextAllocZero(known_stripes_context, Max(n, 1) * sizeof(KnownStripe));
	Snapshot	snapshot = GetActiveSnapshot();
	TransactionId *running = MemoryContextAlloc(known_stripes_context, Max(snapshot->xcnt, 1) * sizeof(TransactionId));

	memcpy(running, snapshot->xip, snapshot->xcnt * sizeof(TransactionId));
	for (int i = 0; i < n; i++)
		stripes[i].stripe = rows[i].form.stripe;
	if (known->stripes)
		pfree(known->stripes);
	if (known->running)
		pfree(known->running);
	known->xmax = snapshot->xmax;
	known->nrunning = snapshot->xcnt;
	known->running = running;
	known->stripes = stripes;
	known->n = n;
	known->generation = generation;
	known->xact = IsolationUsesXactSnapshot() ? SG_LXID : InvalidLocalTransactionId;
	learn_places(known, rows);
}

static int
by_stripe(const void *a, const void *b)
{
	return ((const StripeRow *) a)->form.stripe - ((const StripeRow *) b)->form.stripe;
}

static int
read_by_index(int32 grid_id, StripeRow **rows)
{
	int			n = 0;
	int			allocated = 16;
	ScanKeyData key;
	StoreScan	scan;

	*rows = palloc(allocated * sizeof(StripeRow));
	ScanKeyInit(&key, Anum_pool_grid_id, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(grid_id));
	store_scan_begin(&scan, TABLE_POOL, 1, &key);
	while (store_scan_next(&scan))
	{
		if (n == allocated)
		{
			allocated *= 2;
			*rows = repalloc(*rows, allocated * sizeof(StripeRow));
		}
		(*rows)[n].form = *STORE_SCAN_FORM(&scan, FormPool);
		(*rows)[n].tid = scan.row.tuple->t_self;
		n++;
	}
	store_scan_end(&scan);
	if (IgnoreSystemIndexes)	/* the scan was none of the index */
		qsort(*rows, n, sizeof(StripeRow), by_stripe);
	return n;
}

/*
 * Is another transaction just making a stripe of the grid?  Not one that
 * updates it: of that, there is a version from before as well.
 */
static bool
one_is_being_made(int32 grid_id)
{
	Relation	rel = relations_open(TABLE_POOL, AccessShareLock);
	SnapshotData dirty;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	int32		stripe = -1;
	bool		is_made = true;

	InitDirtySnapshot(dirty);
	ScanKeyInit(&key, Anum_pool_grid_id, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(grid_id));
	scan = systable_beginscan(rel, relations_primary_key_oid(TABLE_POOL), true, &dirty, 1, &key);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		const FormPool *form = (const FormPool *) GETSTRUCT(tuple);

		if (form->stripe != stripe)
		{
			if (!is_made)
				break;
			stripe = form->stripe;
			is_made = false;
		}
		is_made |= !TransactionIdIsValid(dirty.xmin);
	}
	systable_endscan(scan);
	relations_close(rel);
	return !is_made;
}

/*
 * Looks up which stripes there are: in the latest snapshot, so that it is known
 * to all that are to come.  Not while one is being made, whose transaction
 * could commit, and be seen, before its second announcement is heard.
 */
static void
look_up(int32 grid_id)
{
	uint64		generation = relations_announcements(TABLE_POOL);
	StripeRow  *rows;
	int			n;

	if (one_is_being_made(grid_id))
		return;
	PushActiveSnapshot(GetLatestSnapshot());
	n = read_by_index(grid_id, &rows);
	keep(grid_id, generation, rows, n);
	PopActiveSnapshot();
	pfree(rows);
}

/*
 * Does the active snapshot see everything that was seen when the stripes were
 * looked up?  An older one could see a stripe that had been removed by then.
 */
static bool
sees_as_much(const KnownGrid *known)
{
	Snapshot	snapshot = GetActiveSnapshot();

	if (TransactionIdFollowsOrEquals(snapshot->xmin, known->xmax))
		return true;
	if (TransactionIdPrecedes(snapshot->xmax, known->xmax))
		return false;
	for (uint32 i = 0; i < snapshot->xcnt; i++)
	{
		bool		was_running = TransactionIdFollowsOrEquals(snapshot->xip[i], known->xmax);

		for (int r = 0; !was_running && r < known->nrunning; r++)
			was_running = known->running[r] == snapshot->xip[i];
		if (!was_running)
			return false;
	}
	return true;
}

/* Reads a stripe that is known from its page; false if it is not found. */
static bool
read_by_place(PlaceReader *reader, int32 grid_id, KnownStripe *stripe)
{
	HeapTuple	tuple = place_follow(reader, &stripe->place, store_pair_key(grid_id, stripe->stripe));

	if (tuple == NULL)
		return false;
	stripe->row.form = *(FormPool *) GETSTRUCT(tuple);
	stripe->row.tid = tuple->t_self;
	kept_row_keep(&stripe->kept, reader->rel, reader->buffer, tuple);
	return true;
}

/* Reads the stripes that are known: those that have not changed from memory.  False if one of them is not found. */
static bool
read_by_places(KnownGrid *known, LOCKMODE lockmode, StripeRow *rows)
{
	Relation	rel = relations_open(TABLE_POOL, lockmode);
	bool		may_keep = kept_row_usable();
	Snapshot	snapshot = GetActiveSnapshot();
	PlaceReader reader;
	bool		complete = true;

	place_begin(&reader, rel, TABLE_POOL);
	for (int i = 0; complete && i < known->n; i++)
	{
		KnownStripe *stripe = &known->stripes[i];

		if (!may_keep || !kept_row_is_current(&stripe->kept, snapshot))
			complete = read_by_place(&reader, known->grid_id, stripe);
		rows[i] = stripe->row;
	}
	place_end(&reader);
	relations_close(rel);
	return complete;
}

/* Are these the stripes that are known? */
static bool
is_known_set(const KnownGrid *known, const StripeRow *rows, int n)
{
	if (n != known->n)
		return false;
	for (int i = 0; i < n; i++)
		if (rows[i].form.stripe != known->stripes[i].stripe)
			return false;
	return true;
}

/* Has the present transaction made or removed the row of a stripe? */
static bool
changed_here(void)
{
	return TransactionIdIsValid(changed_in) && changed_in == GetTopTransactionIdIfAny();
}

/*
 * Does the active snapshot see whatever this transaction has done to the set
 * of stripes?  One that is older than a command of its own may not: that of a
 * cursor, or of the statement that calls.
 */
static bool
sees_own_changes(void)
{
	return !changed_here() || GetActiveSnapshot()->curcid == GetCurrentCommandId(false);
}

/* What is known of the stripes of a grid, if it can be relied on in the active snapshot; NULL if not. */
static KnownGrid *
known_for_snapshot(int32 grid_id)
{
	KnownGrid  *known = known_stripes_find(grid_id);
	bool		current = known != NULL && known->generation == relations_announcements(TABLE_POOL);

	if (!sees_own_changes())
		return NULL;
	if (IsolationUsesXactSnapshot())
		return current && known->xact == SG_LXID ? known : NULL;
	if (GetActiveSnapshot()->takenDuringRecovery)
		return NULL;
	if (current && known->xact == InvalidLocalTransactionId)
		return sees_as_much(known) ? known : NULL;
	if (!IsInParallelMode())
		look_up(grid_id);		/* for the next call: the active snapshot is older */
	return NULL;
}

/*
 * Reads all stripes of a grid that have a row, by number, in the active
 * snapshot and without locking them; returns how many there are, and rows is
 * palloc'd.  lockmode: of the table, as it will be needed later.  by_index: does
 * not rely on what is known, for who must be sure of stripes that others are
 * about to make, or reads in a snapshot of its own.
 *
 * In READ COMMITTED what is known is right for snapshots that see as much as
 * the one in which it was looked up; for an older one, of a query that has run
 * for a while, the index is taken.  Under REPEATABLE READ and SERIALIZABLE a
 * transaction first looks by the index, whose predicate locks notice a stripe
 * made meanwhile, and then relies on what it has seen.
 */
int
stripes_read(int32 grid_id, LOCKMODE lockmode, bool by_index, StripeRow **rows)
{
	KnownGrid  *known;
	uint64		generation;
	int			n;

	AcceptInvalidationMessages();	/* after the snapshot was taken: see above */
	if (by_index)
		return read_by_index(grid_id, rows);
	generation = relations_announcements(TABLE_POOL);
	known = known_for_snapshot(grid_id);
	if (known)
	{
		*rows = palloc(Max(known->n, 1) * sizeof(StripeRow));
		if (read_by_places(known, lockmode, *rows))
			return known->n;
		pfree(*rows);
	}
	n = read_by_index(grid_id, rows);
	if (!sees_own_changes())
		return n;				/* the next call's snapshot is another one */
	if (IsolationUsesXactSnapshot())
		keep(grid_id, generation, *rows, n);
	else if (known && is_known_set(known, *rows, n))
		learn_places(known, *rows);
	else if (known)
		known->generation = PG_UINT64_MAX;	/* before the announcement has arrived */
	return n;
}

/* The calling transaction makes or removes the row of a stripe: every backend looks the stripes up again. */
void
stripes_announce(void)
{
	changed_in = GetTopTransactionId();
	relations_announce(TABLE_POOL);
}
