/*-------------------------------------------------------------------------
 *
 * interval_check.c
 *	  Packed days and open slots that are not of a local day of a point.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/date.h"

#include "grid/grid.h"
#include "grid/zone.h"
#include "metering/batch_open.h"
#include "metering/interval_check.h"
#include "metering/pack.h"
#include "metering/slot.h"
#include "store/elevated.h"
#include "store/store.h"

/* A look at the rows of a grid. */
typedef struct Look
{
	int32		grid_id;
	pg_tz	   *zone;
	DayFrame	frame;			/* of the latest row */
	bool		damaged;		/* there are open slots that do not decode */
	MemoryContext row;			/* for what is needed of a row only */
} Look;

/* Finds the local day of a row; false if it is beyond the calendar. */
static bool
find_frame(Look *look, DateADT date)
{
	if (DATE_NOT_FINITE(date) || refuse_beyond_calendar("day", (TimestampTz) date2timestamp_no_overflow(date)) != NULL)
		return false;
	if (date != look->frame.date || look->frame.ends == 0)
		look->frame = pack_frame(date, look->zone);
	return true;
}

/* Does a version decode to slots of one length all over its local day? */
static bool
version_fits(Look *look, const StoreRow *row)
{
	const FormIntervalDay *form = STORE_FORM(row, FormIntervalDay);
	bool		isnull;
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(store_attribute(row, Anum_interval_day_data, &isnull));
	Day			day;
	DayShape	shape;

	if (day_unpack((const uint8 *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), &day) != NULL || !find_frame(look, form->day) ||
		!pack_frame_fits(&look->frame, day.shape.segment[0].minutes))
		return false;
	pack_shape(&look->frame, day.shape.segment[0].minutes, &shape);
	return day_shapes_equal(&shape, &day.shape);
}

/* Does an open slot decode, and begin where one of its local day does? */
static bool
open_slot_fits(Look *look, const StoreRow *row)
{
	const FormOpenSlot *form = STORE_FORM(row, FormOpenSlot);
	bool		isnull;
	OpenValue  *values;
	int			n;

	if (open_slot_read(DatumGetByteaPP(store_attribute(row, Anum_open_slot_data, &isnull)), &values, &n) != NULL)
	{
		look->damaged = true;
		return false;
	}
	return find_frame(look, form->day) && form->start >= look->frame.starts && form->start < look->frame.ends &&
		(form->start - look->frame.starts) % (form->minutes * USECS_PER_MINUTE) == 0;
}

/* How many rows of a table are of the grid and do not fit. */
static int64
count_misfits(Look *look, StoreTable table, AttrNumber grid_column, bool (*fits) (Look *look, const StoreRow *row))
{
	int64		misfits = 0;
	StoreScan	scan;

	store_scan_begin_all(&scan, table);
	while (store_scan_next(&scan))
	{
		MemoryContext outer;
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		if (DatumGetInt32(store_attribute(&scan.row, grid_column, &isnull)) != look->grid_id)
			continue;
		outer = MemoryContextSwitchTo(look->row);
		misfits += !fits(look, &scan.row);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(look->row);
	}
	store_scan_end(&scan);
	return misfits;
}

/* How many versions of a grid are of no point that it has. */
static int64
count_versions_without_point(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.interval_day AS d WHERE d.grid_id = $1"
		" AND NOT EXISTS (SELECT FROM smartgrid.point AS p WHERE p.point_id = d.point_id AND p.grid_id = d.grid_id)",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many values of open slots are of no point that the grid has.  22P03 if they are damaged. */
static int64
count_open_values_without_point(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.open_slot AS o, smartgrid.open_values(o.data) AS v WHERE o.grid_id = $1"
		" AND NOT EXISTS (SELECT FROM smartgrid.point AS p WHERE p.point_id = v.point_id AND p.grid_id = o.grid_id)",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/*
 * How many packed days and open slots of a grid are of no point, do not decode,
 * or do not have the slots of their local day.  Points of open slots are not
 * looked for if some do not decode, which is counted then.
 */
int64
interval_count_misfits(int32 grid_id)
{
	Grid		grid = {.form = {.grid_id = grid_id}};
	Look		look = {.grid_id = grid_id, .zone = zone_of_grid(&grid)};
	int64		versions;
	int64		open_slots;

	look.row = AllocSetContextCreate(CurrentMemoryContext, "smartgrid row of intervals", ALLOCSET_DEFAULT_SIZES);
	versions = count_misfits(&look, TABLE_INTERVAL_DAY, Anum_interval_day_grid_id, version_fits);
	open_slots = count_misfits(&look, TABLE_OPEN_SLOT, Anum_open_slot_grid_id, open_slot_fits);
	MemoryContextDelete(look.row);
	return versions + open_slots + count_versions_without_point(grid_id) +
		(!look.damaged ? count_open_values_without_point(grid_id) : 0);
}
