/*-------------------------------------------------------------------------
 *
 * load_merge.c
 *	  What a load says of a point's day, together with what is on record.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "metering/load_merge.h"

/* Begins with the latest version of a point's day. */
void
merge_begin(Merge *merge, const DayFrame *frame, int minutes, int64 point_id, DayCursor *versions)
{
	merge->frame = frame;
	merge->minutes = minutes;
	on_record_version(versions, point_id, &merge->version);
	pack_base(&merge->version, frame, minutes, &merge->day);
	merge->npending = 0;
	merge->pending = NULL;
	merge->nchanged = 0;
	memset(merge->changed, 0, merge->day.shape.slots);
}

/* Goes on with the open slots of the point with that place, or -1, that are not in the version. */
void
merge_pending(Merge *merge, const OpenDay *open, int point)
{
	if (point < 0)
		return;
	merge->pending = palloc((open->first[point + 1] - open->first[point]) * sizeof(FoldEntry));
	for (int i = open->first[point]; i < open->first[point + 1]; i++)
	{
		const OpenEntry *entry = &open->entries[i];
		const OpenRow *row = &open->rows[entry->row];
		int			slot = (int) ((row->start - merge->frame->starts) / (row->minutes * USECS_PER_MINUTE));

		if (row->recorded_at <= merge->version.recorded_at)
			continue;
		merge->pending[merge->npending++] = (FoldEntry) {
			.start = row->start,
			.minutes = row->minutes,
			.quality = entry->quality,
			.amount = entry->amount,
			.batch_id = row->batch_id,
			.recorded_at = row->recorded_at
		};
		if (row->minutes != merge->minutes)
			continue;
		merge->day.amount[slot] = entry->amount;
		merge->day.quality[slot] = entry->quality;
	}
}

/* What becomes of the value that is given for a slot. */
ValueFate
merge_fate(const Merge *merge, const PlaceValues *values, int slot, LoadReplace replace)
{
	const Day  *day = &merge->day;

	if (day->amount[slot] == values->amount[slot] && day->quality[slot] == values->quality[slot])
		return VALUE_UNCHANGED;
	if (replace == REPLACE_IF_BETTER && quality_rank(day->quality[slot]) < quality_rank(values->quality[slot]))
		return VALUE_KEPT;
	return VALUE_REPLACES;
}

static void
replace_value(Merge *merge, const PlaceValues *values, int slot)
{
	merge->day.amount[slot] = values->amount[slot];
	merge->day.quality[slot] = values->quality[slot];
	merge->changed[slot] = true;
	merge->nchanged++;
}

/* Adds what is given, slot by slot, and counts in the batch what becomes of it. */
void
merge_values(Merge *merge, const PlaceValues *values, LoadReplace replace, Batch *batch)
{
	for (int i = marked_slot(values->given, 0, values->n); i < values->n; i = marked_slot(values->given, i + 1, values->n))
		switch (merge_fate(merge, values, i, replace))
		{
			case VALUE_UNCHANGED:
				batch->unchanged++;
				break;
			case VALUE_KEPT:
				batch->kept++;
				break;
			case VALUE_REPLACES:
				replace_value(merge, values, i);
				batch->fresh++;
				break;
		}
}

/* Has the point slots all over the day?  If not, in_period says which are. */
static void
slots_in_periods(const LoadPlace *place, int n, bool *in_period)
{
	const DayFrame *frame = place->frame;
	const LoadPeriod *period = load_point_period(place->point, frame->starts);

	if (period != NULL && period->to >= frame->ends && period->minutes == place->minutes)
	{
		memset(in_period, true, n);
		return;
	}
	for (int i = 0; i < n; i++)
	{
		period = load_point_period(place->point, frame->starts + i * place->minutes * USECS_PER_MINUTE);
		in_period[i] = period != NULL && period->minutes == place->minutes;
	}
}

/* Are all slots there that the point has on the day? */
bool
merge_is_complete(const Merge *merge, const LoadPlace *place)
{
	bool		in_period[DAY_MAX_SLOTS];

	slots_in_periods(place, merge->day.shape.slots, in_period);
	for (int i = 0; i < merge->day.shape.slots; i++)
		if (in_period[i] && merge->day.quality[i] == QUALITY_MISSING)
			return false;
	return true;
}
