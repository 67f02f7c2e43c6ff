/*-------------------------------------------------------------------------
 *
 * load_point.c
 *	  Points as loaders need them: by name, with the periods on record.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "base/number.h"
#include "metering/load.h"
#include "metering/load_clock.h"
#include "metering/load_point.h"
#include "store/elevated.h"
#include "store/store.h"

/* So many points are found by one query. */
#define PREFETCH_POINTS	10000

/* After so many that a call had to look up one by one, all are looked up, if they are no more than that. */
#define SINGLE_POINTS	100
#define ALL_POINTS		200000

/* What is kept may have this many bytes; beyond, it is forgotten when the next call begins. */
#define KEPT_BYTES		(256 * 1024 * 1024)

typedef struct PointName
{
	const char *bytes;
	uint32		length;
} PointName;

typedef struct NameEntry
{
	PointName	name;
	LoadPoint  *point;			/* NULL: there is none */
	uint32		hash;
	char		status;
} NameEntry;

#define SH_PREFIX		names
#define SH_ELEMENT_TYPE NameEntry
#define SH_KEY_TYPE		PointName
#define SH_KEY			name
#define SH_HASH_KEY(table, key)	hash_bytes((const unsigned char *) (key).bytes, (int) (key).length)
#define SH_EQUAL(table, a, b)	((a).length == (b).length && memcmp((a).bytes, (b).bytes, (a).length) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry)	((entry)->hash)
#define SH_SCOPE		static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* What the session keeps. */
static struct
{
	MemoryContext context;		/* NULL: nothing */
	names_hash *names;
	int32		grid_id;
	int16		energy_scale;
	TimestampTz clock;
	TransactionId clock_written_by;
	int			looked_up;		/* one by one in this call */
	bool		has_all;		/* points of the grid: a name that is not kept is that of none */
}			kept;

static void
forget(void)
{
	if (kept.context)
		MemoryContextDelete(kept.context);
	kept.context = NULL;
}

static void
remember_nothing(void)
{
	kept.context = AllocSetContextCreate(TopMemoryContext, "smartgrid points", ALLOCSET_DEFAULT_SIZES);
	kept.names = names_create(kept.context, 1024, NULL);
}

/*
 * Begins to find points of a grid.  What is found is good until somebody
 * changes a point of the grid: 40001 if somebody has since the snapshot of the
 * transaction.  Takes no locks: the caller has the settlement lock shared.
 */
void
load_points_begin(const Grid *grid)
{
	TimestampTz clock;
	TransactionId written_by;

	kept.looked_up = 0;
	load_clock_read(grid->form.grid_id, IN_NEW_SNAPSHOT, &clock, &written_by);
	load_clock_require_in_snapshot(grid->form.grid_id, clock);
	if (kept.context && kept.grid_id == grid->form.grid_id && kept.energy_scale == grid->form.energy_scale &&
		kept.clock == clock && kept.clock_written_by == written_by && MemoryContextMemAllocated(kept.context, true) < KEPT_BYTES)
		return;
	forget();
	kept.has_all = false;
	kept.grid_id = grid->form.grid_id;
	kept.energy_scale = grid->form.energy_scale;
	kept.clock = clock;
	kept.clock_written_by = written_by;
	remember_nothing();
}

/*
 * What a connection of so many kW lets through in a slot: the largest whole
 * number of energy units that is not above capacity * minutes / 60; what no
 * bigint is above if the capacity is not known (0).
 */
int64
load_point_limit(Datum capacity, int minutes, int energy_scale)
{
	Datum		zero = DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
	Datum		factor = DirectFunctionCall2(numeric_power, DirectFunctionCall1(int4_numeric, Int32GetDatum(10)),
											 DirectFunctionCall1(int4_numeric, Int32GetDatum(energy_scale)));
	Datum		units;
	sg_int128	limit;

	if (DatumGetBool(DirectFunctionCall2(numeric_eq, capacity, zero)))
		return PG_INT64_MAX;
	units = DirectFunctionCall2(numeric_mul, DirectFunctionCall2(numeric_mul, capacity, factor),
								DirectFunctionCall1(int4_numeric, Int32GetDatum(minutes)));
	units = DirectFunctionCall1(numeric_floor,
								DirectFunctionCall2(numeric_div_trunc, units, DirectFunctionCall1(int4_numeric, Int32GetDatum(60))));
	if (!number_to_int128(units, &limit) || limit > PG_INT64_MAX)
		return PG_INT64_MAX;
	return (int64) limit;
}

/* A capacity, kW, as 10^-18 kWh in an hour; 0 if it is not known, or so large that it might as well not be. */
sg_int128
load_point_power(Datum capacity)
{
	sg_int128	power;
	Refusal    *refusal = load_kwh_of_numeric(capacity, &power);

	if (refusal == NULL)
		return power;
	refusal_free(refusal);
	return 0;
}

/* A query whose rows are periods of points, ordered by point and time, becomes points. */
static void
keep_points(void)
{
	LoadPoint  *point = NULL;
	int64		last_id = 0;
	bool		is_kept = false;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		int64		point_id = DatumGetInt64(elevated_value(i, 1, INT8OID));
		MemoryContext outer;
		LoadPeriod *period;

		CHECK_FOR_INTERRUPTS();
		if (point_id != last_id)
		{
			char	   *name = TextDatumGetCString(elevated_value(i, 2, TEXTOID));
			bool		found;
			NameEntry  *entry;

			/* Callers have pointers to those that are kept: they stay. */
			entry = names_lookup(kept.names, (PointName) {name, strlen(name)});
			is_kept = entry != NULL && entry->point != NULL;
			last_id = point_id;
			if (is_kept)
				continue;
			outer = MemoryContextSwitchTo(kept.context);
			point = palloc0(sizeof(LoadPoint));
			point->point_id = point_id;
			point->name = pstrdup(name);
			point->kind = (PointKind) DatumGetInt16(elevated_value(i, 3, INT2OID));
			point->periods = palloc(DatumGetInt32(elevated_value(i, 9, INT4OID)) * sizeof(LoadPeriod));
			MemoryContextSwitchTo(outer);
			entry = names_insert(kept.names, (PointName) {point->name, strlen(point->name)}, &found);
			entry->point = point;
			pfree(name);
		}
		if (is_kept)
			continue;
		period = &point->periods[point->nperiods++];
		period->from = DatumGetTimestampTz(elevated_value(i, 4, TIMESTAMPTZOID));
		period->to = DatumGetTimestampTz(elevated_value(i, 5, TIMESTAMPTZOID));
		period->minutes = DatumGetInt16(elevated_value(i, 6, INT2OID));
		period->is_loss = DatumGetBool(elevated_value(i, 7, BOOLOID));
		period->limit = load_point_limit(elevated_value(i, 8, NUMERICOID), period->minutes, kept.energy_scale);
		period->power = load_point_power(elevated_value(i, 8, NUMERICOID));
	}
}

/* Of these names, those that have not been found are those of no point. */
static void
keep_unknown(const Datum *names, int n)
{
	for (int i = 0; i < n; i++)
	{
		text	   *name = DatumGetTextPP(names[i]);
		bool		found;
		NameEntry  *entry = names_insert(kept.names, (PointName) {VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)}, &found);

		if (found)
			continue;
		entry->name.bytes = MemoryContextStrdup(kept.context, text_to_cstring(name));
		entry->point = NULL;
	}
}

/* What is known of points, by a query for their numbers and names. */
#define POINTS_OF(names) \
	"SELECT p.point_id, s.name, p.kind, d.valid_from, d.valid_to, d.resolution, d.is_loss, d.capacity," \
	" (count(*) OVER (PARTITION BY p.point_id))::integer" \
	" FROM (" names ") AS s" \
	" JOIN smartgrid.point AS p ON p.point_id = s.point_id" \
	" JOIN smartgrid.point_period AS d ON d.point_id = s.point_id AND d.superseded_at = 'infinity'" \
	" ORDER BY p.point_id, d.valid_from"

static void
keep_points_of(ElevatedPlan *plan, Datum *values)
{
	Elevation	elevation;

	elevated_begin(&elevation);
	elevated_execute(plan, values, NULL, IN_NEW_SNAPSHOT);
	keep_points();
	elevated_end(&elevation);
}

/* Finds points by their names and keeps them. */
static void
find_points(const Datum *names, int n)
{
	static ElevatedPlan plan = {
		.sql = POINTS_OF("SELECT DISTINCT n.point_id, n.name FROM unnest($2) AS wanted (name)"
						 " JOIN smartgrid.point_name AS n ON n.name = wanted.name AND n.grid_id = $1 AND n.superseded_at = 'infinity'"),
		.nargs = 2,
		.argtypes = {INT4OID, TEXTARRAYOID},
	};
	Datum		values[] = {
		Int32GetDatum(kept.grid_id), PointerGetDatum(construct_array(unconstify(Datum *, names), n, TEXTOID, -1, false, TYPALIGN_INT))
	};

	keep_points_of(&plan, values);
	keep_unknown(names, n);
	pfree(DatumGetPointer(values[1]));
}

/* Finds all points of the grid, or as many as are kept at once. */
static void
find_all_points(void)
{
	static ElevatedPlan plan = {
		.sql = POINTS_OF("SELECT n.point_id, n.name FROM smartgrid.point_name AS n"
						 " WHERE n.grid_id = $1 AND n.superseded_at = 'infinity' LIMIT $2"),
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(kept.grid_id), Int64GetDatum(ALL_POINTS)};

	keep_points_of(&plan, values);
	kept.has_all = kept.names->members < ALL_POINTS;
}

static NameEntry *
lookup(const char *name, size_t length)
{
	return names_lookup(kept.names, (PointName) {name, (uint32) length});
}

/* Finds those of these names, text, that are not known yet, with few queries. */
void
load_points_prefetch(const Datum *names, int n)
{
	Datum	   *unknown = palloc(Min(n, PREFETCH_POINTS) * sizeof(Datum));
	int			nunknown = 0;

	for (int i = 0; i < n; i++)
	{
		text	   *name = DatumGetTextPP(names[i]);

		if (lookup(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)) != NULL)
			continue;
		unknown[nunknown++] = names[i];
		if (nunknown == PREFETCH_POINTS)
		{
			find_points(unknown, nunknown);
			nunknown = 0;
		}
	}
	if (nunknown > 0)
		find_points(unknown, nunknown);
	pfree(unknown);
}

/* Finds one point by its name. */
static NameEntry *
find_one(const char *name, size_t length)
{
	Datum		datum = PointerGetDatum(cstring_to_text_with_len(name, (int) length));

	find_points(&datum, 1);
	pfree(DatumGetPointer(datum));
	return lookup(name, length);
}

/* The point of a name in the grid; NULL: there is none, or it has no period. */
LoadPoint *
load_point_find(const char *name, size_t length)
{
	NameEntry  *entry = lookup(name, length);

	if (entry == NULL && ++kept.looked_up == SINGLE_POINTS)
	{
		find_all_points();
		entry = lookup(name, length);
	}
	if (entry == NULL && !kept.has_all)
		entry = find_one(name, length);
	return entry ? entry->point : NULL;
}

/*
 * The same of a point that was made since it was not found.  Whoever made it may
 * be rolled back: the next call finds all anew.
 */
LoadPoint *
load_point_find_new(const char *name)
{
	NameEntry  *entry;

	kept.clock_written_by = InvalidTransactionId;
	(void) names_delete(kept.names, (PointName) {name, strlen(name)});
	entry = find_one(name, strlen(name));
	return entry ? entry->point : NULL;
}

/* The period of a point at a moment; NULL: it has none then. */
const LoadPeriod *
load_point_period(LoadPoint *point, TimestampTz at)
{
	const LoadPeriod *period = &point->periods[point->last];

	if (likely(at >= period->from && at < period->to))
		return period;
	for (int i = 0; i < point->nperiods; i++)
		if (at >= point->periods[i].from && at < point->periods[i].to)
		{
			point->last = i;
			return &point->periods[i];
		}
	return NULL;
}

/* A period that a point has on a local day, of whose slots all have one length; NULL: it has none then. */
const LoadPeriod *
load_point_on(const LoadPoint *point, const DayFrame *frame)
{
	for (int i = 0; i < point->nperiods; i++)
		if (point->periods[i].from < frame->ends && point->periods[i].to > frame->starts)
			return &point->periods[i];
	return NULL;
}
