/*-------------------------------------------------------------------------
 *
 * meter_versions.c
 *	  Packed days as they were on record at a moment, and since when their
 *	  slots have the values that they have.
 *
 * Versions come the newest first.  The first that is not after the moment is
 * what was on record; if the one after it is a pack, its slots whose batches are
 * not after the moment count, too (batch.sql).  Older versions are looked at if
 * origins are asked for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "metering/day.h"
#include "metering/meter_state.h"
#include "store/store.h"

/* Columns of the index on day, point and version. */
#define KEY_DAY		1
#define KEY_POINT	2
#define MAX_KEYS	2

static int
number_of_keys(const MeterReadState *state)
{
	return state->by_point ? MAX_KEYS : 1;
}

void
meter_versions_begin(MeterRead *read)
{
	ordered_begin(&read->state->ordered, TABLE_INTERVAL_DAY, INDEX_INTERVAL_DAY, number_of_keys(read->state));
}

void
meter_versions_end(MeterRead *read)
{
	if (read->state->ordered.rel != NULL)
		ordered_end(&read->state->ordered);
}

/* Does a packed day have the slots of the entry? */
static bool
fits(const Day *day, const MeterSlots *slots)
{
	return day->shape.segments == 1 && day->shape.segment[0].minutes == slots->minutes && day->shape.slots == slots->n;
}

static void
unpack(const Ordered *ordered, Day *day)
{
	bool		isnull;

	day_of_datum(heap_getattr(ordered->row.tuple, Anum_interval_day_data, RelationGetDescr(ordered->rel), &isnull), day);
}

/* ---- origins ---- */

/* All slots of what is on record may be older than its version. */
static void
begin_origins(VersionWalk *walk, const MeterSlots *slots)
{
	for (int i = 0; i < slots->n; i++)
	{
		slots->origin[i] = (ReadOrigin) {0};
		walk->pending[i] = true;
	}
	walk->npending = slots->n;
}

static void
settle_origin(VersionWalk *walk, int slot)
{
	walk->pending[slot] = false;
	walk->npending--;
}

/* Takes a version, which is not younger than what is on record, as the origin of slots that have its values. */
static void
take_origins(MeterRead *read, const MeterSlots *slots, const FormIntervalDay *form)
{
	VersionWalk *walk = &read->state->walk;
	const Day  *day = &walk->day;
	const MeterPack *pack = meter_pack(read, form->batch_id);
	bool		comparable = fits(day, slots);

	for (int i = 0; i < slots->n; i++)
	{
		if (!walk->pending[i])
			continue;
		if (!comparable || day->amount[i] != slots->amount[i] || day->quality[i] != slots->quality[i])
			settle_origin(walk, i);
		else if (pack == NULL)
			slots->origin[i] = (ReadOrigin) {form->batch_id, form->recorded_at};
		else if (i < pack->n && pack->batches[i] != 0)
		{
			slots->origin[i] = (ReadOrigin) {pack->batches[i], meter_pack_batch_recorded_at(read, pack->batches[i])};
			settle_origin(walk, i);
		}
	}
}

/* There is no older version: what is still missing was never anything else. */
static void
end_origins(const VersionWalk *walk, const MeterSlots *slots)
{
	for (int i = 0; i < slots->n && walk->npending > 0; i++)
		if (walk->pending[i] && slots->quality[i] == QUALITY_MISSING)
			slots->origin[i] = (ReadOrigin) {0};
}

/* ---- what was on record ---- */

/* Puts the slots of the version after the moment that were on record at it into the entry, if that version is a pack. */
static void
take_later_slots(MeterRead *read, MeterSlots *slots)
{
	VersionWalk *walk = &read->state->walk;
	const MeterPack *pack = walk->later_batch ? meter_pack(read, walk->later_batch) : NULL;

	if (pack == NULL || !fits(&walk->later, slots))
		return;
	for (int i = 0; i < Min(slots->n, pack->n); i++)
	{
		TimestampTz recorded_at = pack->batches[i] ? meter_pack_batch_recorded_at(read, pack->batches[i]) : DT_NOEND;

		if (recorded_at > read->request.as_of || recorded_at == DT_NOEND)
			continue;
		slots->amount[i] = walk->later.amount[i];
		slots->quality[i] = walk->later.quality[i];
		if (slots->origin == NULL)
			continue;
		slots->origin[i] = (ReadOrigin) {pack->batches[i], recorded_at};
		if (walk->pending[i])
			settle_origin(walk, i);
	}
}

/* Takes the version that was on record, walk->day, or none. */
static void
take_base(MeterRead *read, MeterSlots *slots, const FormIntervalDay *form)
{
	VersionWalk *walk = &read->state->walk;

	walk->is_based = true;
	if (form != NULL && fits(&walk->day, slots))
	{
		memcpy(slots->amount, walk->day.amount, slots->n * sizeof(int64));
		memcpy(slots->quality, walk->day.quality, slots->n);
	}
	else
		meter_clear_slots(slots, 0, slots->n);
	slots->is_filled = true;
	if (slots->origin)
		begin_origins(walk, slots);
	take_later_slots(read, slots);
}

/* No older version of the entry's day follows. */
static void
end_walk(MeterRead *read)
{
	VersionWalk *walk = &read->state->walk;
	MeterSlots *slots = &read->state->slots[walk->entry];

	if (walk->entry < 0)
		return;
	if (!walk->is_based)
		take_base(read, slots, NULL);
	if (slots->origin)
		end_origins(walk, slots);
	walk->entry = -1;
}

static void
begin_walk(MeterRead *read, int entry, const FormIntervalDay *newest)
{
	VersionWalk *walk = &read->state->walk;

	end_walk(read);
	walk->entry = entry;
	walk->is_based = false;
	walk->later_batch = 0;
	walk->npending = 0;
	read->state->slots[entry].latest = newest->recorded_at;
}

/* Takes the row that was read last, a version of an entry's day. */
static void
take_version(MeterRead *read, int entry, const FormIntervalDay *form)
{
	VersionWalk *walk = &read->state->walk;
	MeterSlots *slots = &read->state->slots[entry];

	if (walk->entry != entry)
		begin_walk(read, entry, form);
	if (walk->is_based && walk->npending == 0)
		return;
	if (form->recorded_at > read->request.as_of)
	{
		unpack(&read->state->ordered, &walk->later);
		walk->later_batch = form->batch_id;
		return;
	}
	unpack(&read->state->ordered, &walk->day);
	if (!walk->is_based)
		take_base(read, slots, form);
	if (slots->origin)
		take_origins(read, slots, form);
}

/* ---- reading ---- */

/* Reads all versions of the day, the highest point first. */
static void
read_whole_day(MeterRead *read)
{
	MeterReadState *state = read->state;
	int32		grid_id = read->request.grid->form.grid_id;
	int			place = read->npoints - 1;
	ScanKeyData key;

	ScanKeyInit(&key, KEY_DAY, BTEqualStrategyNumber, F_DATE_EQ, DateADTGetDatum(read->date));
	ordered_range(&state->ordered, 1, &key);
	while (ordered_previous(&state->ordered))
	{
		const FormIntervalDay *form = STORE_FORM(&state->ordered.row, FormIntervalDay);
		int			point;

		CHECK_FOR_INTERRUPTS();
		while (place >= 0 && read->points[state->by_id[place]].point_id > form->point_id)
			place--;
		if (place < 0)
			break;
		point = state->by_id[place];
		if (read->points[point].point_id == form->point_id && state->entry_of[point] >= 0 && form->grid_id == grid_id)
			take_version(read, state->entry_of[point], form);
	}
	end_walk(read);
}

/* Looks up the versions of each entry's day. */
static void
read_by_point(MeterRead *read)
{
	MeterReadState *state = read->state;
	ScanKeyData keys[MAX_KEYS];

	for (int i = 0; i < read->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ScanKeyInit(&keys[0], KEY_DAY, BTEqualStrategyNumber, F_DATE_EQ, DateADTGetDatum(read->date));
		ScanKeyInit(&keys[1], KEY_POINT, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(read->days[i].point->point_id));
		ordered_range(&state->ordered, MAX_KEYS, keys);
		while (ordered_previous(&state->ordered))
			take_version(read, i, STORE_FORM(&state->ordered.row, FormIntervalDay));
		end_walk(read);
	}
}

/* Reads the packed days of the day into its entries. */
void
meter_versions_read(MeterRead *read)
{
	read->state->walk.entry = -1;
	if (read->state->by_point)
		read_by_point(read);
	else
		read_whole_day(read);
}
