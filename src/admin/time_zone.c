/*-------------------------------------------------------------------------
 *
 * time_zone.c
 *	  Setting and reading the time zone of the current grid.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "call/call.h"
#include "grid/zone.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_set_time_zone);
PG_FUNCTION_INFO_V1(sg_time_zone);

/*
 * sg_set_time_zone(time_zone) -> true: the zone whose days and months the
 * current grid's figures are summed by.  For operators.  SG108 unknown zone,
 * or one that need not be the same on another server; SG108 or 55P03 as
 * zone_change_hook.
 * Locks: the grid's row, and the hook's.
 */
Datum
sg_set_time_zone(PG_FUNCTION_ARGS)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.grid_zone (grid_id, time_zone) VALUES ($1, $2)"
		" ON CONFLICT (grid_id) DO UPDATE SET time_zone = EXCLUDED.time_zone",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Call		call;
	Elevation	elevation;
	StoreRow	row;
	pg_tz	   *zone;
	Datum		values[2];

	call_begin(&call, fcinfo, "sg_set_time_zone");
	zone = zone_find(arg_text(fcinfo, 0, "time_zone"));
	zone_require_same_everywhere(zone);
	if (!call_operate(&call, "set the time zone"))
		return call_answer(&call);
	call_hold_grid(&call, &row);
	store_refresh();
	if (strcmp(zone_name_of_grid(call.grid), pg_get_timezone_name(zone)) == 0)
		return call_end(&call, BoolGetDatum(true));
	if (zone_change_hook)
		zone_change_hook(call.grid);
	values[0] = Int32GetDatum(call.grid->form.grid_id);
	values[1] = CStringGetTextDatum(pg_get_timezone_name(zone));
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	return call_end(&call, BoolGetDatum(true));
}

/* sg_time_zone() -> text: the zone of the current grid.  SG101 grid. */
Datum
sg_time_zone(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(zone_name_of_grid(grid_current())));
}
