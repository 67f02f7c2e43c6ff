/*-------------------------------------------------------------------------
 *
 * load_row.c
 *	  What is checked of a row of a load by itself, before it has a place.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/load_state.h"
#include "metering/point_rows.h"
#include "metering/slot.h"

/* A row on its way to its place. */
typedef struct NewRow
{
	LoadPoint  *point;
	const LoadPeriod *period;
	const DayFrame *frame;
	TimestampTz start;
	int64		slot;
	int64		odd;			/* how far from the start of the slot, microseconds */
} NewRow;

/* The point of a name, which is made if the load does that; NULL if there is none. */
LoadPoint *
load_find_point(Load *load, const char *name, size_t length, int minutes)
{
	LoadPoint  *point = load->latest;

	if (likely(point != NULL && strncmp(point->name, name, length) == 0 && point->name[length] == '\0'))
		return point;
	point = load_point_find(name, length);
	if (point == NULL && load->options.create_kind != NULL)
		point = load_create_point(load, pnstrdup(name, length), minutes);
	load->latest = point;
	return point;
}

/* SG101: the grid has no point of that name. */
Refusal *
refuse_unknown_point(const Load *load, const char *name, size_t length)
{
	return refuse(ERRCODE_SG_NOT_FOUND, "metering point \"%s\" does not exist in grid \"%s\"",
				  load_excerpt(name, length, LOAD_EXCERPT_BYTES), load->grid->name);
}

/* Finds the point, its period and the slot of a row: SG101, SG104 as load_find_frame(), SG108. */
static Refusal *
find_slot(Load *load, const char *name, size_t length, int minutes, NewRow *row)
{
	Refusal    *refusal;

	row->point = load_find_point(load, name, length, minutes);
	if (row->point == NULL)
		return refuse_unknown_point(load, name, length);
	row->period = load_point_period(row->point, row->start);
	if (row->period == NULL)
		return refuse(ERRCODE_SG_NOT_FOUND, "there is no metering point \"%s\" at %s",
					  row->point->name, timestamptz_to_str(row->start));
	refusal = load_find_frame(load, row->start, row->period->minutes, &row->frame);
	if (refusal != NULL)
		return refusal;
	row->slot = (row->start - row->frame->starts) / (row->period->minutes * USECS_PER_MINUTE);
	row->odd = (row->start - row->frame->starts) % (row->period->minutes * USECS_PER_MINUTE);
	if (row->period->is_loss)
		return refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" takes the grid's loss, and has no readings of its own",
					  row->point->name);
	if (minutes != 0 && minutes != row->period->minutes)
		return refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" has slots of %d minutes, not %d",
					  row->point->name, row->period->minutes, minutes);
	if (row->odd != 0)
		return refuse(ERRCODE_SG_INVALID_INPUT, "%s is not the start of a slot of metering point \"%s\", which has %d minutes",
					  timestamptz_to_str(row->start), row->point->name, row->period->minutes);
	return NULL;
}

/* SG104, SG108 if the value of a row cannot be. */
static Refusal *
refuse_value(const Load *load, const NewRow *row, const LoadValue *value, Quality quality)
{
	int			sign = load_sign_of(value);
	TimestampTz end = row->start + row->period->minutes * USECS_PER_MINUTE;

	if (end > load->now + LOAD_AHEAD)
		return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "the slot of metering point \"%s\" at %s is in the future",
								   row->point->name, timestamptz_to_str(row->start)),
							"A slot can be loaded when it has ended.");
	if (quality == QUALITY_MISSING)
		return value->form == VALUE_MISSING || sign == 0 ? NULL :
			refuse(ERRCODE_SG_INVALID_AMOUNT, "a slot that is missing has no amount");
	if (value->form == VALUE_MISSING)
		return refuse(ERRCODE_SG_INVALID_INPUT, "amount must not be NULL, unless the quality is missing");
	if (sign < 0 && KIND_IS_ONE_WAY(row->point->kind))
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "an amount of metering point \"%s\" of kind %s must not be below 0",
					  row->point->name, point_kind_name(row->point->kind));
	if (!load->options.accept_spikes && row->period->limit != PG_INT64_MAX)
		return refuse_beyond_limit(load, value, row->period->limit);
	return NULL;
}

/* Adds a row to those that have been gathered. */
static void
gather(Load *load, const NewRow *row, LoadRow gathered, sg_int128 exact)
{
	gathered.place = load_place(load, row->point, row->frame, row->period->minutes);
	gathered.slot = (uint16) row->slot;
	if (gathered.flags & ROW_ODD)
		load->places[gathered.place].has_odd = true;
	if (load->nrows == load->allocated)
	{
		load->allocated *= 2;
		load->rows = repalloc_huge(load->rows, load->allocated * sizeof(LoadRow));
		if (load->exact)
			load->exact = repalloc_huge(load->exact, load->allocated * sizeof(sg_int128));
	}
	if (load->exact)
		load->exact[load->nrows] = exact;
	load->rows[load->nrows++] = gathered;
	load_write_if_many(load);
}

/*
 * A row: what a point measured in the slot that begins at start.  minutes: the
 * length that its source says; 0: it says none, and the point's is meant.
 *
 * Refused: SG101 unknown point, or not one then; SG108 a loss point, slots of
 * another length, not the start of a slot; SG104 in the future, below 0, above
 * capacity, finer than a unit.
 */
void
load_interval(Load *load, int64 ord, const char *point, size_t length, TimestampTz start, int minutes,
			  const LoadValue *value, Quality quality)
{
	NewRow		row = {.start = start};
	LoadRow		gathered = {.ord = ord, .quality = quality};
	sg_int128	exact = 0;
	Refusal    *refusal = find_slot(load, point, length, minutes, &row);

	load->batch.given++;
	if (likely(refusal == NULL))
	{
		refusal = refuse_value(load, &row, value, quality);
		if (refusal == NULL && quality != QUALITY_MISSING)
			refusal = load_units_of(load, value, &gathered.amount, &exact);
		if (refusal == NULL)
		{
			gather(load, &row, gathered, exact);
			return;
		}
	}
	load_refuse_row(load, ord, row.point ? row.point->name : pnstrdup(point, length), refusal);
	if (row.frame == NULL)
		return;
	gathered.flags = row.odd ? ROW_REFUSED | ROW_ODD : ROW_REFUSED;
	gathered.amount = row.odd;
	gather(load, &row, gathered, exact);
}
