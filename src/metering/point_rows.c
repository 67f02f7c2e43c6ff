/*-------------------------------------------------------------------------
 *
 * point_rows.c
 *	  Metering points on record: finding and writing them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/errors.h"
#include "metering/point_rows.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_point_kind);

static const char *const kind_names[POINT_KIND_COUNT] = {
#define POINT_KIND(symbol, name)	name,
#include "metering/point_kind.def"
#undef POINT_KIND
};

/* The name of a kind by its code, NULL if there is none. */
const char *
point_kind_name(int kind)
{
	return kind >= 0 && kind < POINT_KIND_COUNT ? kind_names[kind] : NULL;
}

/* *kind by its exact name; false if there is none. */
bool
point_kind_of(const char *name, PointKind *kind)
{
	for (int i = 0; i < POINT_KIND_COUNT; i++)
		if (strcmp(name, kind_names[i]) == 0)
		{
			*kind = (PointKind) i;
			return true;
		}
	return false;
}

/* The names of all kinds, as people list them. */
char *
point_kind_names(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < POINT_KIND_COUNT; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : i == POINT_KIND_COUNT - 1 ? " or " : ", ", kind_names[i]);
	return names.data;
}

/* point_kind(smallint) -> text: the name of a code, NULL if there is none. */
Datum
sg_point_kind(PG_FUNCTION_ARGS)
{
	const char *name = point_kind_name(PG_GETARG_INT16(0));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* SG108 if value, the identifier of a point called what, is empty or too long. */
Refusal *
refuse_point_name(const char *value, const char *what)
{
	size_t		len = strlen(value);

	if (len == 0)
		return refuse(ERRCODE_SG_INVALID_INPUT, "%s must not be empty", what);
	if (len > POINT_MAX_BYTES)
		return refusal_detail(refuse(ERRCODE_SG_INVALID_INPUT, "%s is too long", what),
							  "It has %zu bytes; at most %d are allowed.", len, POINT_MAX_BYTES);
	return NULL;
}

/* Raises SG101: the grid has no point of that identifier. */
void
error_point_not_found(const char *name, const Grid *grid)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_NOT_FOUND),
			 errmsg("metering point \"%s\" does not exist in grid \"%s\"", name, grid->name),
			 errhint("Check the setting smartgrid.grid; sg_set_point() makes points.")));
}

/* The point that is called so in a grid; false if there is none. */
bool
point_find(int32 grid_id, const char *name, Point *point)
{
	static ElevatedPlan plan = {
		.sql = "SELECT p.point_id, p.kind FROM smartgrid.point_name AS n JOIN smartgrid.point AS p ON p.point_id = n.point_id"
		" WHERE n.grid_id = $1 AND n.name = $2 AND n.superseded_at = 'infinity'",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), CStringGetTextDatum(name)};
	bool		found;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	found = SPI_processed > 0;
	if (found)
	{
		point->point_id = DatumGetInt64(elevated_value(0, 1, INT8OID));
		point->kind = (PointKind) DatumGetInt16(elevated_value(0, 2, INT2OID));
	}
	elevated_end(&elevation);
	return found;
}

/* The point that is called so in a grid; SG101 if there is none. */
Point
point_require(const Grid *grid, const char *name)
{
	Point		point;

	if (!point_find(grid->form.grid_id, name, &point))
		error_point_not_found(name, grid);
	return point;
}

static void
insert_name(const PointChange *change, int64 point_id, const char *name, TimestampTz recorded_at)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.point_name (point_id, grid_id, name, recorded_at, superseded_at) VALUES ($1, $2, $3, $4, 'infinity')",
		.nargs = 4,
		.argtypes = {INT8OID, INT4OID, TEXTOID, TIMESTAMPTZOID},
	};
	Elevation	elevation;
	Datum		values[] = {
		Int64GetDatum(point_id), Int32GetDatum(change->grid->form.grid_id), CStringGetTextDatum(name), TimestampTzGetDatum(recorded_at)
	};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* Makes a point, which has no period yet, and returns its number. */
int64
point_insert(PointChange *change, const char *name, PointKind kind)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.point (grid_id, kind) VALUES ($1, $2) RETURNING point_id",
		.nargs = 2,
		.argtypes = {INT4OID, INT2OID},
	};
	Datum		values[] = {Int32GetDatum(change->grid->form.grid_id), Int16GetDatum((int16) kind)};
	int64		point_id = elevated_number(&plan, values, IN_NEW_SNAPSHOT);

	insert_name(change, point_id, name, recording_next(&change->recording));
	return point_id;
}

/* Gives a point another identifier. */
void
point_replace_name(PointChange *change, int64 point_id, const char *name)
{
	static ElevatedPlan plan = {
		.sql = "UPDATE smartgrid.point_name SET superseded_at = $2 WHERE point_id = $1 AND superseded_at = 'infinity'",
		.nargs = 2,
		.argtypes = {INT8OID, TIMESTAMPTZOID},
	};
	Elevation	elevation;
	TimestampTz recorded_at = recording_next(&change->recording);
	Datum		values[] = {Int64GetDatum(point_id), TimestampTzGetDatum(recorded_at)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	insert_name(change, point_id, name, recorded_at);
}

static DatedTable periods = {
	.name = "point_period",
	.key = "point_id",
	.nattributes = PERIOD_ATTRIBUTES,
	.attributes = {
		[PERIOD_RESOLUTION] = "resolution", [PERIOD_IS_LOSS] = "is_loss", [PERIOD_OWNER_ID] = "owner_id",
		[PERIOD_CAPACITY] = "capacity", [PERIOD_METER] = "meter", [PERIOD_NEIGHBOUR] = "neighbour", [PERIOD_CLASS] = "class"
	},
	.types = {
		[PERIOD_RESOLUTION] = INT2OID, [PERIOD_IS_LOSS] = BOOLOID, [PERIOD_OWNER_ID] = INT8OID,
		[PERIOD_CAPACITY] = NUMERICOID, [PERIOD_METER] = TEXTOID, [PERIOD_NEIGHBOUR] = TEXTOID, [PERIOD_CLASS] = TEXTOID
	},
};

/* The periods of a point around a time. */
void
point_find_period(DatedPlace *place, int32 grid_id, int64 point_id, TimestampTz at)
{
	dated_find(place, &periods, grid_id, point_id, at);
}

/* The resolution of a period, minutes. */
int
point_resolution(const DatedFact *period)
{
	return DatumGetInt16(period->values[PERIOD_RESOLUTION]);
}

/* The identifier of another loss point of the kind that has a period within [from, to); NULL: there is none. */
char *
point_other_loss(int32 grid_id, PointKind kind, int64 point_id, TimestampTz from, TimestampTz to)
{
	static ElevatedPlan plan = {
		.sql = "SELECT n.name FROM smartgrid.point_period AS d"
		" JOIN smartgrid.point AS p ON p.point_id = d.point_id"
		" JOIN smartgrid.point_name AS n ON n.point_id = d.point_id AND n.superseded_at = 'infinity'"
		" WHERE d.grid_id = $1 AND d.is_loss AND p.kind = $2 AND d.point_id <> $3"
		" AND d.superseded_at = 'infinity' AND d.valid_from < $5 AND d.valid_to > $4"
		" LIMIT 1",
		.nargs = 5,
		.argtypes = {INT4OID, INT2OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {
		Int32GetDatum(grid_id), Int16GetDatum((int16) kind), Int64GetDatum(point_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to)
	};
	char	   *name = NULL;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	if (SPI_processed > 0)
		name = MemoryContextStrdup(caller, TextDatumGetCString(elevated_value(0, 1, TEXTOID)));
	elevated_end(&elevation);
	return name;
}

/* The participant that a principal is in the grid; 0: it is none. */
int64
point_find_owner(const Grid *grid, const char *principal)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce(max(p.participant_id), 0) FROM smartgrid.participant AS p WHERE p.grid_id = $1 AND p.principal = $2",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Datum		values[] = {Int32GetDatum(grid->form.grid_id), CStringGetTextDatum(principal)};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT);
}

/*
 * The participant that a principal is in the grid, which is made if there is
 * none.  Waits for a concurrent registration of the same principal.
 */
int64
point_ensure_owner(const Grid *grid, const char *principal)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.participant (grid_id, principal) VALUES ($1, $2)"
		" ON CONFLICT ON CONSTRAINT participant_principal_key DO NOTHING",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid->form.grid_id), CStringGetTextDatum(principal)};
	int64		id = point_find_owner(grid, principal);

	if (id != 0)
		return id;
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	id = point_find_owner(grid, principal);
	if (id == 0)				/* its deletion by hand, between the two statements */
		error_serialization_failure();
	return id;
}
