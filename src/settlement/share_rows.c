/*-------------------------------------------------------------------------
 *
 * share_rows.c
 *	  Shares on record: finding, writing and reading them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "settlement/share.h"
#include "store/elevated.h"

/* Attributes of a share, in the order of DatedFact.values. */
enum
{
	SHARE_FACTOR,
	SHARE_KEY,
	SHARE_PRIORITY,
	SHARE_ATTRIBUTES
};

static DatedTable shares = {
	.name = "share",
	.key = "point_id",
	.nattributes = SHARE_ATTRIBUTES,
	.attributes = {[SHARE_FACTOR] = "factor", [SHARE_KEY] = "key", [SHARE_PRIORITY] = "priority"},
	.types = {[SHARE_FACTOR] = INT8OID, [SHARE_KEY] = INT8OID, [SHARE_PRIORITY] = INT4OID},
};

/* The shares of a point around a time. */
void
share_find(DatedPlace *place, int32 grid_id, int64 point_id, TimestampTz at)
{
	dated_find(place, &shares, grid_id, point_id, at);
}

Share
share_of_fact(const DatedFact *fact)
{
	return (Share) {
		.factor = DatumGetInt64(fact->values[SHARE_FACTOR]),
		.key = DatumGetInt64(fact->values[SHARE_KEY]),
		.priority = DatumGetInt32(fact->values[SHARE_PRIORITY])
	};
}

/* Records a share from the place's time on; false if it is on record just so. */
bool
share_set(const DatedPlace *place, const Share *share, Recording *recording)
{
	Datum		values[SHARE_ATTRIBUTES] = {
		[SHARE_FACTOR] = Int64GetDatum(share->factor),
		[SHARE_KEY] = Int64GetDatum(share->key),
		[SHARE_PRIORITY] = Int32GetDatum(share->priority)
	};

	return dated_set(place, values, recording);
}

/* A point ends: so does its share. */
void
share_point_end(Recording *recording, int64 point_id, TimestampTz at)
{
	DatedPlace	place;

	share_find(&place, recording->grid_id, point_id, at);
	(void) dated_end(&place, recording);
}

/*
 * The shares of a grid within [from, to) that were on record at a moment,
 * DT_NOEND: that are now; by point_id, and those of a point in their order.
 */
ShareFact *
share_load(int32 grid_id, TimestampTz from, TimestampTz to, TimestampTz as_of, int *n)
{
	static ElevatedPlan plan = {
		.sql = "SELECT s.point_id, s.valid_from, s.valid_to, s.factor, s.key, s.priority FROM smartgrid.share AS s"
		" WHERE s.grid_id = $1 AND s.valid_from < $3 AND s.valid_to > $2 AND " DATED_ON_RECORD("s", 4)
		" ORDER BY s.point_id, s.valid_from",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {
		Int32GetDatum(grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), TimestampTzGetDatum(dated_moment(as_of))
	};
	ShareFact  *facts;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	*n = (int) SPI_processed;
	facts = MemoryContextAllocHuge(caller, Max(SPI_processed, 1) * sizeof(ShareFact));
	for (int i = 0; i < *n; i++)
		facts[i] = (ShareFact) {
			.point_id = DatumGetInt64(elevated_value(i, 1, INT8OID)),
			.from = DatumGetTimestampTz(elevated_value(i, 2, TIMESTAMPTZOID)),
			.to = DatumGetTimestampTz(elevated_value(i, 3, TIMESTAMPTZOID)),
			.share = {
				.factor = DatumGetInt64(elevated_value(i, 4, INT8OID)),
				.key = DatumGetInt64(elevated_value(i, 5, INT8OID)),
				.priority = DatumGetInt32(elevated_value(i, 6, INT4OID))
			}
		};
	elevated_end(&elevation);
	return facts;
}
