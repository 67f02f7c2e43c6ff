/*-------------------------------------------------------------------------
 *
 * meter_points.c
 *	  Metering points and their periods as they were on record at a moment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "metering/meter_points.h"
#include "store/elevated.h"

/* What was on record at the moment $n; beyond all moments it is what is on record now. */
#define ON_RECORD(row, n)	row ".recorded_at <= $" #n " AND " row ".superseded_at > $" #n

/* The latest moment that is none: only what is on record without an end is on record then. */
#define BEYOND_ALL_MOMENTS	(DT_NOEND - 1)

/* Columns of a period. */
enum
{
	COLUMN_POINT_ID = 1,
	COLUMN_NAME,
	COLUMN_KIND,
	COLUMN_FROM,
	COLUMN_TO,
	COLUMN_MINUTES,
	COLUMN_IS_LOSS,
	COLUMN_OWNER_ID,
	COLUMN_OWNER,
	COLUMN_CAPACITY,
	COLUMN_NEIGHBOUR,
	COLUMN_CLASS
};

#define SELECT_PERIODS \
	"SELECT d.point_id, n.name, p.kind, d.valid_from, d.valid_to, d.resolution, d.is_loss, d.owner_id, o.principal," \
	" d.capacity, d.neighbour, d.class" \
	" FROM smartgrid.point_period AS d" \
	" JOIN smartgrid.point AS p ON p.point_id = d.point_id" \
	" JOIN smartgrid.point_name AS n ON n.point_id = d.point_id AND " ON_RECORD("n", 4) \
	" LEFT JOIN smartgrid.participant AS o ON o.participant_id = d.owner_id" \
	" WHERE d.grid_id = $1 AND d.valid_from < $3 AND d.valid_to > $2 AND " ON_RECORD("d", 4) \
	" AND ($5 = 0 OR d.owner_id = $5) AND NOT ($6 AND d.is_loss)"

#define IN_THEIR_ORDER	" ORDER BY n.name, d.point_id, d.valid_from"

static TimestampTz
moment_of(TimestampTz as_of)
{
	return Min(as_of, BEYOND_ALL_MOMENTS);
}

/*
 * ids[0 .. result-1]: the points that were called by these names at a moment,
 * or, if none was, are called so now; in no order, without names of none.
 */
int
meter_points_find(const Grid *grid, const char *const *names, int n, TimestampTz as_of, int64 *ids)
{
	static ElevatedPlan plan = {
		.sql = "SELECT DISTINCT ON (n.name) n.point_id FROM smartgrid.point_name AS n"
		" WHERE n.grid_id = $1 AND n.name = ANY ($2) AND (n.superseded_at = 'infinity' OR " ON_RECORD("n", 3) ")"
		" ORDER BY n.name, n.recorded_at",
		.nargs = 3,
		.argtypes = {INT4OID, TEXTARRAYOID, TIMESTAMPTZOID},
	};
	static ElevatedPlan plan_now = {
		.sql = "SELECT n.point_id FROM smartgrid.point_name AS n"
		" WHERE n.grid_id = $1 AND n.name = ANY ($2) AND n.superseded_at = 'infinity'",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTARRAYOID},
	};
	Elevation	elevation;
	Datum	   *texts = palloc(Max(n, 1) * sizeof(Datum));
	Datum		values[3];
	int			found;

	for (int i = 0; i < n; i++)
		texts[i] = CStringGetTextDatum(names[i]);
	values[0] = Int32GetDatum(grid->form.grid_id);
	values[1] = PointerGetDatum(construct_array(texts, n, TEXTOID, -1, false, TYPALIGN_INT));
	values[2] = TimestampTzGetDatum(as_of);
	elevated_begin(&elevation);
	elevated_execute(as_of == DT_NOEND ? &plan_now : &plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	found = (int) SPI_processed;
	for (int i = 0; i < found; i++)
		ids[i] = DatumGetInt64(elevated_value(i, 1, INT8OID));
	elevated_end(&elevation);
	return found;
}

/* Are there more than so many points, in all grids together? */
bool
meter_points_exceed(int64 n)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM (SELECT FROM smartgrid.point AS p LIMIT $1) AS q",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	Datum		values[] = {Int64GetDatum(n + 1)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT) > n;
}

/* The text of a column of the result's row, in the current context; NULL if it is empty. */
static const char *
text_of(uint64 row, int column, MemoryContext context)
{
	bool		isnull;
	Datum		value = elevated_column(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, TEXTOID, &isnull);
	text	   *bytes;
	char	   *copy;

	if (isnull)
		return NULL;
	bytes = DatumGetTextPP(value);
	if (VARSIZE_ANY_EXHDR(bytes) == 0)
		return NULL;
	copy = MemoryContextAlloc(context, VARSIZE_ANY_EXHDR(bytes) + 1);
	memcpy(copy, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	copy[VARSIZE_ANY_EXHDR(bytes)] = '\0';
	return copy;
}

static void
read_period(ReadPeriod *period, uint64 row, MemoryContext context)
{
	MemoryContext old;

	period->from = DatumGetTimestampTz(elevated_value(row, COLUMN_FROM, TIMESTAMPTZOID));
	period->to = DatumGetTimestampTz(elevated_value(row, COLUMN_TO, TIMESTAMPTZOID));
	period->minutes = DatumGetInt16(elevated_value(row, COLUMN_MINUTES, INT2OID));
	period->is_loss = DatumGetBool(elevated_value(row, COLUMN_IS_LOSS, BOOLOID));
	period->owner_id = DatumGetInt64(elevated_value(row, COLUMN_OWNER_ID, INT8OID));
	period->owner = text_of(row, COLUMN_OWNER, context);
	old = MemoryContextSwitchTo(context);
	period->capacity = datumCopy(elevated_value(row, COLUMN_CAPACITY, NUMERICOID), false, -1);
	MemoryContextSwitchTo(old);
	period->neighbour = text_of(row, COLUMN_NEIGHBOUR, context);
	period->class = text_of(row, COLUMN_CLASS, context);
}

/* Fills read->points, in the context, from the rows of the last statement. */
static void
take_points(MeterRead *read, MemoryContext context)
{
	uint64		n = SPI_processed;
	ReadPeriod *periods = MemoryContextAllocHuge(context, Max(n, 1) * sizeof(ReadPeriod));
	ReadPoint  *point = NULL;

	read->points = MemoryContextAllocHuge(context, Max(n, 1) * sizeof(ReadPoint));
	read->npoints = 0;
	for (uint64 i = 0; i < n; i++)
	{
		int64		point_id = DatumGetInt64(elevated_value(i, COLUMN_POINT_ID, INT8OID));

		if (point == NULL || point->point_id != point_id)
		{
			point = &read->points[read->npoints++];
			point->point_id = point_id;
			point->name = text_of(i, COLUMN_NAME, context);
			point->kind = (PointKind) DatumGetInt16(elevated_value(i, COLUMN_KIND, INT2OID));
			point->nperiods = 0;
			point->periods = &periods[i];
		}
		read_period(&periods[i], i, context);
		point->nperiods++;
	}
}

/*
 * Fills read->points: those of the request that had periods within its period,
 * in the byte order of their names, with those periods.
 */
void
meter_points_read(MeterRead *read)
{
	static ElevatedPlan all = {
		.sql = SELECT_PERIODS IN_THEIR_ORDER,
		.nargs = 6,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, BOOLOID},
		.options = CURSOR_OPT_CUSTOM_PLAN
	};
	static ElevatedPlan some = {
		.sql = SELECT_PERIODS " AND d.point_id = ANY ($7)" IN_THEIR_ORDER,
		.nargs = 7,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, BOOLOID, INT8ARRAYOID},
	};
	const MeterReadRequest *request = &read->request;
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[7] = {
		Int32GetDatum(request->grid->form.grid_id), TimestampTzGetDatum(request->from), TimestampTzGetDatum(request->to),
		TimestampTzGetDatum(moment_of(request->as_of)), Int64GetDatum(request->owner_id),
		BoolGetDatum((request->flags & READ_WITHOUT_LOSS) != 0)
	};

	if (request->points != NULL)
	{
		int64	   *ids = palloc(Max(request->npoints, 1) * sizeof(int64));
		int			n = meter_points_find(request->grid, request->points, request->npoints, request->as_of, ids);
		Datum	   *elements = palloc(Max(n, 1) * sizeof(Datum));

		for (int i = 0; i < n; i++)
			elements[i] = Int64GetDatum(ids[i]);
		values[6] = PointerGetDatum(construct_array(elements, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	}
	elevated_begin(&elevation);
	elevated_execute(request->points != NULL ? &some : &all, values, NULL, IN_ACTIVE_SNAPSHOT);
	take_points(read, caller);
	elevated_end(&elevation);
}
