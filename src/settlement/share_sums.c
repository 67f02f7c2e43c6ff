/*-------------------------------------------------------------------------
 *
 * share_sums.c
 *	  What shares sum to: factors of an identifier over all grids, and keys of
 *	  the consumers of a grid, to 100 percent at most at every instant.
 *
 * Keys are those of one grid, in which one after the other records (recording.h).
 * Factors are of all grids: whoever changes those of an identifier has one of
 * 128 locks, by the identifier, to the end of the transaction, and then looks at
 * what is committed, whatever the transaction's snapshot shows, as a unique
 * index does.  Operators of other grids keep a call waiting no longer than
 * smartgrid.row_wait.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "settlement/share.h"
#include "store/elevated.h"
#include "store/patience.h"
#include "store/relations.h"

#define IDENTIFIER_LOCKS	128

/* The largest sum of values within [from, to), of rows s but for point $1, and $4 everywhere, in percent, if that is beyond 100; NULL: it is not. */
#define SUM_BEYOND(value, rows) \
	"SELECT CASE WHEN coalesce(max(q.total), 0) + $4 > 1000000000000000000" \
	" THEN trim_scale((coalesce(max(q.total), 0) + $4) * 0.0000000000000001)::text END" \
	" FROM (SELECT sum(sum(e.change)) OVER (ORDER BY e.at)" \
	" FROM (SELECT unnest(ARRAY[greatest(s.valid_from, $2), s.valid_to]), unnest(ARRAY[" value ", - " value "]) " rows \
	" AND s.superseded_at = 'infinity' AND s.valid_from < $3 AND s.valid_to > $2 AND s.point_id <> $1) AS e (at, change)" \
	" GROUP BY e.at) AS q (total)"

/* The codes of the kinds of points whose keys count: smallint[]. */
Datum
share_consumer_kinds(void)
{
	Datum		kinds[] = {Int16GetDatum(POINT_CONSUMPTION), Int16GetDatum(POINT_STORAGE)};

	return PointerGetDatum(construct_array(kinds, lengthof(kinds), INT2OID, sizeof(int16), true, TYPALIGN_SHORT));
}

static void
acquire(void *arg)
{
	(void) LockAcquire(arg, ExclusiveLock, false, false);
}

/* Takes the lock of an identifier, to the end of the transaction.  55P03 if others have it longer than smartgrid.row_wait. */
static void
lock_identifier(const char *name)
{
	Patience	patience = {0};
	uint32		hash = hash_bytes((const unsigned char *) name, (int) strlen(name));
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, relations_table_oid(TABLE_GRID), InvalidOid, (uint16) (hash % IDENTIFIER_LOCKS + 1));
	if (LockAcquire(&tag, ExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL &&
		!patience_acquire(&patience, acquire, &tag))
		require_accepted(refuse_impatient("the share of a metering point of this identifier, or of one like it,"));
}

/* The text of the only row and column of a statement in the active snapshot; NULL if it is that. */
static char *
answer_or_null(ElevatedPlan *plan, Datum *values)
{
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	bool		isnull;
	Datum		value;
	char	   *answer = NULL;

	elevated_begin(&elevation);
	elevated_execute(plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	value = elevated_column(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, TEXTOID, &isnull);
	if (!isnull)
		answer = MemoryContextStrdup(caller, TextDatumGetCString(value));
	elevated_end(&elevation);
	return answer;
}

/* The same of what is committed now, and what this transaction has done so far. */
static char *
latest_answer_or_null(ElevatedPlan *plan, Datum *values)
{
	char	   *answer;

	PushActiveSnapshot(GetLatestSnapshot());
	answer = answer_or_null(plan, values);
	PopActiveSnapshot();
	return answer;
}

/*
 * SG104 if the factors of all points of an identifier, but for this point, and
 * a factor for that sum to more than 100 percent somewhere in [from, to).
 * Locks the identifier; 55P03 as lock_identifier().
 */
Refusal *
refuse_factors(const Grid *grid, const char *name, int64 point_id, int64 factor, TimestampTz from, TimestampTz to)
{
	static ElevatedPlan plan = {
		.sql = SUM_BEYOND("s.factor", "FROM smartgrid.point_name AS n JOIN smartgrid.share AS s ON s.point_id = n.point_id"
						  " WHERE n.name = $5 AND n.superseded_at = 'infinity'"),
		.nargs = 5,
		.argtypes = {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, TEXTOID},
	};
	Datum		values[] = {
		Int64GetDatum(point_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), Int64GetDatum(factor), CStringGetTextDatum(name)
	};
	char	   *percent;

	lock_identifier(name);
	percent = latest_answer_or_null(&plan, values);
	if (percent == NULL)
		return NULL;
	return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "the factors of metering point \"%s\" in all grids would sum to %s percent",
							   name, percent),
						"Its energy is shared once: factors sum to 100 at most at every instant. Lower it in the other grids first.");
}

/*
 * SG104 if the keys of all consumers of a grid, but for this point, and a key
 * for that sum to more than 100 percent somewhere in [from, to).
 */
Refusal *
refuse_keys(const Grid *grid, int64 point_id, int64 key, TimestampTz from, TimestampTz to)
{
	static ElevatedPlan plan = {
		.sql = SUM_BEYOND("s.key", "FROM smartgrid.share AS s JOIN smartgrid.point AS p ON p.point_id = s.point_id"
						  " WHERE s.grid_id = $5 AND s.key > 0 AND p.kind = ANY ($6)"),
		.nargs = 6,
		.argtypes = {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT4OID, INT2ARRAYOID},
	};
	Datum		values[] = {
		Int64GetDatum(point_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), Int64GetDatum(key),
		Int32GetDatum(grid->form.grid_id), share_consumer_kinds()
	};
	char	   *percent = latest_answer_or_null(&plan, values);

	if (percent == NULL)
		return NULL;
	return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "the keys of the consumers of grid \"%s\" would sum to %s percent",
							   grid->name, percent),
						"Keys sum to 100 at most at every instant. Lower those of others first.");
}

/* A point is called so now: SG104 if factors under this identifier sum to more than 100 percent. */
void
share_point_rename(const Grid *grid, int64 point_id, const char *name)
{
	require_accepted(refuse_factors(grid, name, 0, 0, DT_NOBEGIN, DT_NOEND));
}
