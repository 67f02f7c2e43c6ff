/*-------------------------------------------------------------------------
 *
 * tariff_rows.c
 *	  Tariffs on record: finding and writing them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "settlement/tariff_rows.h"

/* Attributes, in the order of DatedFact.values. */
enum
{
	VERSION_NUMBER,
	VERSION_GROSS,
	VERSION_COMPONENTS,
	VERSION_ATTRIBUTES
};

static DatedTable versions = {
	.name = "tariff_version",
	.key = "tariff_id",
	.nattributes = VERSION_ATTRIBUTES,
	.attributes = {
		[VERSION_NUMBER] = "version",
		[VERSION_GROSS] = "gross",
		[VERSION_COMPONENTS] = "components"
	},
	.types = {
		[VERSION_NUMBER] = INT4OID,
		[VERSION_GROSS] = BOOLOID,
		[VERSION_COMPONENTS] = JSONBOID
	},
};

/* The number of a tariff; 0: the grid has none of that name. */
int64
tariff_find(const Grid *grid, const char *name, ElevatedSnapshot snapshot)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce(max(t.tariff_id), 0) FROM smartgrid.tariff AS t WHERE t.grid_id = $1 AND t.name = $2",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Datum		values[] = {Int32GetDatum(grid->form.grid_id), CStringGetTextDatum(name)};

	return elevated_number(&plan, values, snapshot);
}

/* The number of a tariff; SG101 if the grid has none of that name. */
int64
tariff_require(const Grid *grid, const char *name, ElevatedSnapshot snapshot)
{
	int64		tariff_id = tariff_find(grid, name, snapshot);

	if (tariff_id == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("tariff \"%s\" does not exist in grid \"%s\"", name, grid->name),
				 errhint("Check the setting smartgrid.grid; sg_set_tariff() makes tariffs.")));
	return tariff_id;
}

static int64
insert_tariff(int32 grid_id, const char *name)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.tariff (grid_id, name) VALUES ($1, $2) RETURNING tariff_id",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), CStringGetTextDatum(name)};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT);
}

/* The versions of a tariff around a time. */
void
tariff_find_version(DatedPlace *place, int32 grid_id, int64 tariff_id, TimestampTz at)
{
	dated_find(place, &versions, grid_id, tariff_id, at);
}

/* The number of the next version of a tariff. */
static int32
next_version(const DatedPlace *place)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce(max(v.version), 0)::bigint + 1 FROM smartgrid.tariff_version AS v WHERE v.grid_id = $1 AND v.tariff_id = $2",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(place->grid_id), Int64GetDatum(place->key)};

	return (int32) elevated_number(&plan, values, IN_NEW_SNAPSHOT);
}

/* Records terms of a tariff, which is made if there is none yet, from the place's time on, unless they are on record just so. */
void
tariff_set_version(DatedPlace *place, const char *name, const TariffTerms *terms, Recording *recording)
{
	Datum		values[VERSION_ATTRIBUTES] = {
		[VERSION_GROSS] = BoolGetDatum(terms->gross),
		[VERSION_COMPONENTS] = JsonbPGetDatum(terms->components)
	};

	if (place->has_current)
		values[VERSION_NUMBER] = place->current.values[VERSION_NUMBER];
	if (dated_is_on_record(place, values))
		return;
	if (place->key == 0)
		place->key = insert_tariff(place->grid_id, name);
	values[VERSION_NUMBER] = Int32GetDatum(next_version(place));
	(void) dated_set(place, values, recording);
}
