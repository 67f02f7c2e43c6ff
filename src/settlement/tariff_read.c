/*-------------------------------------------------------------------------
 *
 * tariff_read.c
 *	  Tariffs of a grid and to whom they are assigned, read once for a period.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "base/number.h"
#include "metering/dated.h"
#include "settlement/tariff.h"
#include "store/elevated.h"

/* Columns of the statements. */
enum
{
	FOUND_VERSION_TARIFF_ID = 1, FOUND_TARIFF, FOUND_VERSION, FOUND_GROSS, FOUND_COMPONENTS, FOUND_VERSION_FROM, FOUND_VERSION_TO,
	FOUND_VERSION_RECORDED_AT
};
enum
{
	FOUND_TARIFF_ID = 1, FOUND_POINT_ID, FOUND_PARTICIPANT_ID, FOUND_EXEMPT, FOUND_QUANTITY, FOUND_FROM, FOUND_TO, FOUND_RECORDED_AT
};

/* The digest of what a version says: the same in every database. */
static Digest
digest_of(bool gross, Jsonb *components)
{
	char	   *text = psprintf("%s\n%s", gross ? "gross" : "net", JsonbToCString(NULL, &components->root, VARSIZE(components)));
	Digest		digest;

	hasher_digest_text(hasher_of_session(), utf8_of(text), &digest);
	return digest;
}

/* A version in a row that was found, in the current memory context. */
static TariffVersion
version_of_row(uint64 row)
{
	TariffVersion version = {
		.tariff_id = DatumGetInt64(elevated_value(row, FOUND_VERSION_TARIFF_ID, INT8OID)),
		.tariff = TextDatumGetCString(elevated_value(row, FOUND_TARIFF, TEXTOID)),
		.version = DatumGetInt32(elevated_value(row, FOUND_VERSION, INT4OID)),
		.valid_from = DatumGetTimestampTz(elevated_value(row, FOUND_VERSION_FROM, TIMESTAMPTZOID)),
		.valid_to = DatumGetTimestampTz(elevated_value(row, FOUND_VERSION_TO, TIMESTAMPTZOID)),
		.recorded_at = DatumGetTimestampTz(elevated_value(row, FOUND_VERSION_RECORDED_AT, TIMESTAMPTZOID)),
		.gross = DatumGetBool(elevated_value(row, FOUND_GROSS, BOOLOID))
	};
	Jsonb	   *components = DatumGetJsonbPCopy(elevated_value(row, FOUND_COMPONENTS, JSONBOID));

	component_read_list(components, &version.list);
	version.digest = digest_of(version.gross, components);
	return version;
}

/* The values of a statement's parameters. */
typedef struct ReadWindow
{
	Datum		values[4];
} ReadWindow;

static void
read_versions(TariffBook *book, ReadWindow window)
{
	static ElevatedPlan plan = {
		.sql = "SELECT v.tariff_id, t.name, v.version, v.gross, v.components, v.valid_from, v.valid_to, v.recorded_at"
		" FROM smartgrid.tariff_version AS v JOIN smartgrid.tariff AS t ON t.tariff_id = v.tariff_id"
		" WHERE v.grid_id = $1 AND v.valid_from < $3 AND v.valid_to > $2 AND " DATED_ON_RECORD("v", 4)
		" ORDER BY t.name, v.valid_from",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;

	elevated_begin(&elevation);
	elevated_execute(&plan, window.values, NULL, IN_ACTIVE_SNAPSHOT);
	MemoryContextSwitchTo(caller);
	book->nversions = (int) SPI_processed;
	book->versions = palloc(Max(book->nversions, 1) * sizeof(TariffVersion));
	for (int i = 0; i < book->nversions; i++)
		book->versions[i] = version_of_row(i);
	elevated_end(&elevation);
	MemoryContextSwitchTo(caller);
}

static TariffAssignment
assignment_of_row(uint64 row)
{
	return (TariffAssignment) {
		.tariff_id = DatumGetInt64(elevated_value(row, FOUND_TARIFF_ID, INT8OID)),
		.point_id = DatumGetInt64(elevated_value(row, FOUND_POINT_ID, INT8OID)),
		.participant_id = DatumGetInt64(elevated_value(row, FOUND_PARTICIPANT_ID, INT8OID)),
		.valid_from = DatumGetTimestampTz(elevated_value(row, FOUND_FROM, TIMESTAMPTZOID)),
		.valid_to = DatumGetTimestampTz(elevated_value(row, FOUND_TO, TIMESTAMPTZOID)),
		.recorded_at = DatumGetTimestampTz(elevated_value(row, FOUND_RECORDED_AT, TIMESTAMPTZOID)),
		.quantity = number_int128(number_in_decimals(elevated_value(row, FOUND_QUANTITY, NUMERICOID), COMPONENT_DECIMALS)),
		.exempt = DatumGetBool(elevated_value(row, FOUND_EXEMPT, BOOLOID))
	};
}

static void
read_assignments(TariffBook *book, ReadWindow window)
{
	static ElevatedPlan plan = {
		.sql = "SELECT a.tariff_id, a.point_id, a.participant_id, s.exempt, s.quantity, s.valid_from, s.valid_to, s.recorded_at"
		" FROM smartgrid.assignment AS s JOIN smartgrid.assignee AS a ON a.assignee_id = s.assignee_id"
		" WHERE s.grid_id = $1 AND s.valid_from < $3 AND s.valid_to > $2 AND " DATED_ON_RECORD("s", 4)
		" ORDER BY a.tariff_id, a.point_id, a.participant_id, s.valid_from",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;

	elevated_begin(&elevation);
	elevated_execute(&plan, window.values, NULL, IN_ACTIVE_SNAPSHOT);
	book->nassignments = (int) SPI_processed;
	book->assignments = MemoryContextAllocHuge(caller, Max(SPI_processed, 1) * sizeof(TariffAssignment));
	for (int i = 0; i < book->nassignments; i++)
		book->assignments[i] = assignment_of_row(i);
	elevated_end(&elevation);
}

/* Tariffs and assignments of a grid within [from, to) that were on record at a moment, DT_NOEND: that are now. */
TariffBook *
tariffs_read(const Grid *grid, TimestampTz from, TimestampTz to, TimestampTz as_of)
{
	TariffBook *book = palloc0(sizeof(TariffBook));
	ReadWindow	window = {
		.values = {
			Int32GetDatum(grid->form.grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), TimestampTzGetDatum(dated_moment(as_of))
		}
	};

	read_versions(book, window);
	read_assignments(book, window);
	return book;
}

/* The version of a tariff that holds at a time; NULL: none.  *until: that goes on at least so long. */
const TariffVersion *
tariff_version_at(const TariffBook *book, int64 tariff_id, TimestampTz at, TimestampTz *until)
{
	*until = DT_NOEND;
	for (int i = 0; i < book->nversions; i++)
	{
		const TariffVersion *version = &book->versions[i];

		if (version->tariff_id != tariff_id || version->valid_to <= at)
			continue;
		*until = version->valid_from <= at ? version->valid_to : version->valid_from;
		return version->valid_from <= at ? version : NULL;
	}
	return NULL;
}

/* Does an assignment stand before a place in their order: that of a tariff and whom, at a time? */
static bool
is_before(const TariffAssignment *assignment, const TariffAssignment *place)
{
	if (assignment->tariff_id != place->tariff_id)
		return assignment->tariff_id < place->tariff_id;
	if (assignment->point_id != place->point_id)
		return assignment->point_id < place->point_id;
	if (assignment->participant_id != place->participant_id)
		return assignment->participant_id < place->participant_id;
	return assignment->valid_to <= place->valid_from;
}

/* What is assigned to just these at a time; NULL: nothing.  Lowers *until to where that changes. */
static const TariffAssignment *
find_own(const TariffBook *book, int64 tariff_id, int64 point_id, int64 participant_id, TimestampTz at, TimestampTz *until)
{
	TariffAssignment place = {.tariff_id = tariff_id, .point_id = point_id, .participant_id = participant_id, .valid_from = at};
	int			low = 0;
	int			high = book->nassignments;
	const TariffAssignment *found;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (is_before(&book->assignments[middle], &place))
			low = middle + 1;
		else
			high = middle;
	}
	found = &book->assignments[low];
	if (low == book->nassignments || found->tariff_id != tariff_id || found->point_id != point_id || found->participant_id != participant_id)
		return NULL;
	*until = Min(*until, found->valid_from <= at ? found->valid_to : found->valid_from);
	return found->valid_from <= at ? found : NULL;
}

/*
 * The assignment by which a point of an owner has a tariff at a time: its own,
 * else the owner's, else the grid's.  NULL: it does not have it, or is exempt.
 */
const TariffAssignment *
tariff_assignment_at(const TariffBook *book, int64 tariff_id, int64 point_id, int64 participant_id, TimestampTz at, TimestampTz *until)
{
	const TariffAssignment *found = NULL;

	*until = DT_NOEND;
	if (point_id != 0)
		found = find_own(book, tariff_id, point_id, 0, at, until);
	if (found == NULL && participant_id != 0)
		found = find_own(book, tariff_id, 0, participant_id, at, until);
	if (found == NULL)
		found = find_own(book, tariff_id, 0, 0, at, until);
	return found && !found->exempt ? found : NULL;
}
