/*-------------------------------------------------------------------------
 *
 * load_place.c
 *	  Rows of a load by their places: a point's local day each.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/load_earlier.h"
#include "metering/load_state.h"
#include "metering/slot.h"

typedef struct PlaceKey
{
	const LoadPoint *point;
	int64		date;			/* no padding */
} PlaceKey;

typedef struct PlaceEntry
{
	PlaceKey	key;
	int			place;
	char		status;
} PlaceEntry;

#define SH_PREFIX		place
#define SH_ELEMENT_TYPE PlaceEntry
#define SH_KEY_TYPE		PlaceKey
#define SH_KEY			key
#define SH_HASH_KEY(table, key)	hash_combine(murmurhash32((uint32) (key).point->point_id), murmurhash32((uint32) (key).date))
#define SH_EQUAL(table, a, b)	((a).point == (b).point && (a).date == (b).date)
#define SH_SCOPE		static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct FrameEntry
{
	int32		date;
	DayFrame   *frame;
	char		status;
} FrameEntry;

#define SH_PREFIX		frame
#define SH_ELEMENT_TYPE FrameEntry
#define SH_KEY_TYPE		int32
#define SH_KEY			date
#define SH_HASH_KEY(table, key)	murmurhash32((uint32) (key))
#define SH_EQUAL(table, a, b)	((a) == (b))
#define SH_SCOPE		static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* Prepares a load for places, in the current memory context. */
void
load_places_begin(Load *load)
{
	load->place_of = place_create(CurrentMemoryContext, 256, NULL);
	load->frame_of = frame_create(CurrentMemoryContext, 64, NULL);
}

/* Forgets the places, whose rows have been written. */
void
load_places_forget(Load *load)
{
	place_reset(load->place_of);
	load->nplaces = 0;
	load->nrows = 0;
}

/* A local day. */
const DayFrame *
load_frame_of_date(Load *load, DateADT date)
{
	FrameEntry *entry;
	bool		found;

	if (load->frame != NULL && load->frame->date == date)
		return load->frame;
	entry = frame_insert(load->frame_of, date, &found);
	if (!found)
	{
		entry->frame = MemoryContextAlloc(load->context, sizeof(DayFrame));
		*entry->frame = pack_frame(date, load->zone);
	}
	load->frame = entry->frame;
	return load->frame;
}

/* SG104 unless a local day can be divided into slots of so many minutes. */
Refusal *
refuse_frame(const Load *load, const DayFrame *frame, int minutes)
{
	if (likely(pack_frame_fits(frame, minutes)))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_AMOUNT, "%s has no slots of %d minutes in %s: the clocks were changed by part of that, or by too much",
				  load_day_name(frame->date), minutes, pg_get_timezone_name(load->zone));
}

/*
 * *frame: the local day that a moment is in, for slots of so many minutes; left
 * alone if that is refused, SG104 as refuse_beyond_calendar(), refuse_frame().
 */
Refusal *
load_find_frame(Load *load, TimestampTz at, int minutes, const DayFrame **frame)
{
	const DayFrame *found = load->frame;
	Refusal    *refusal = NULL;

	if (unlikely(found == NULL || at < found->starts || at >= found->ends))
	{
		refusal = refuse_beyond_calendar("start", at);
		if (refusal == NULL)
			found = load_frame_of_date(load, zone_day(at, load->zone) - POSTGRES_EPOCH_JDATE);
	}
	if (refusal == NULL)
		refusal = refuse_frame(load, found, minutes);
	if (refusal == NULL)
		*frame = found;
	return refusal;
}

/* The number of the place of a point on a day, whose slots have so many minutes. */
int
load_place(Load *load, LoadPoint *point, const DayFrame *frame, int minutes)
{
	PlaceEntry *entry;
	bool		found;

	if (likely(point->call == load->number && point->place < load->nplaces &&
			   load->places[point->place].frame == frame && load->places[point->place].point == point))
		return point->place;
	entry = place_insert(load->place_of, (PlaceKey) {point, frame->date}, &found);
	if (!found)
	{
		if (load->nplaces == load->allocated_places)
		{
			load->allocated_places *= 2;
			load->places = repalloc_huge(load->places, load->allocated_places * sizeof(LoadPlace));
		}
		load->places[load->nplaces] = (LoadPlace) {.point = point, .frame = frame, .minutes = minutes};
		entry->place = load->nplaces++;
	}
	point->call = load->number;
	point->place = entry->place;
	return entry->place;
}

/* By day, then by point. */
static int
compare_places(const void *a, const void *b)
{
	const LoadPlace *one = *(LoadPlace *const *) a;
	const LoadPlace *other = *(LoadPlace *const *) b;

	if (one->frame->date != other->frame->date)
		return one->frame->date < other->frame->date ? -1 : 1;
	if (one->point->point_id != other->point->point_id)
		return one->point->point_id < other->point->point_id ? -1 : 1;
	return 0;
}

/*
 * The places in the order of days and points.  *rows: the numbers of the rows,
 * place by place, those of each from its first on in the order in which they
 * came.
 */
LoadPlace **
load_group_rows(Load *load, int **rows)
{
	LoadPlace **places = MemoryContextAllocHuge(CurrentMemoryContext, Max(load->nplaces, 1) * sizeof(LoadPlace *));
	int			next = 0;

	for (int i = 0; i < load->nplaces; i++)
	{
		places[i] = &load->places[i];
		load->places[i].n = 0;
	}
	qsort(places, load->nplaces, sizeof(LoadPlace *), compare_places);
	for (int i = 0; i < load->nrows; i++)
		load->places[load->rows[i].place].n++;
	for (int i = 0; i < load->nplaces; i++)
	{
		places[i]->first = next;
		next += places[i]->n;
		places[i]->n = 0;
	}
	*rows = MemoryContextAllocHuge(CurrentMemoryContext, Max(load->nrows, 1) * sizeof(int));
	for (int i = 0; i < load->nrows; i++)
	{
		LoadPlace  *place = &load->places[load->rows[i].place];

		(*rows)[place->first + place->n++] = i;
	}
	return places;
}

/* When a row begins, microseconds since the day does. */
static int64
start_of(const LoadPlace *place, const LoadRow *row)
{
	return row->slot * place->minutes * USECS_PER_MINUTE + ((row->flags & ROW_ODD) ? row->amount : 0);
}

static int
compare_starts(const void *a, const void *b)
{
	int64		one = *(const int64 *) a;
	int64		other = *(const int64 *) b;

	return one < other ? -1 : one > other;
}

/* Do rows of a place begin closer together than its slots?  Then they are parts, and none of them is a whole. */
static bool
has_parts(const Load *load, const LoadPlace *place, const int *rows)
{
	int64	   *starts = palloc(place->n * sizeof(int64));
	bool		parts = false;

	for (int i = 0; i < place->n; i++)
		starts[i] = start_of(place, &load->rows[rows[i]]);
	qsort(starts, place->n, sizeof(int64), compare_starts);
	for (int i = 1; i < place->n && !parts; i++)
		parts = starts[i] != starts[i - 1] && starts[i] - starts[i - 1] < place->minutes * USECS_PER_MINUTE;
	pfree(starts);
	return parts;
}

/* A day as messages have it. */
char *
load_day_name(DateADT date)
{
	int			year;
	int			month;
	int			day;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return psprintf("%04d-%02d-%02d", year, month, day);
}

static void
refuse_parts(Load *load, const LoadPlace *place, const int *rows)
{
	for (int i = 0; i < place->n; i++)
	{
		const LoadRow *row = &load->rows[rows[i]];

		if (!(row->flags & ROW_REFUSED))
			load_refuse_row(load, row->ord, place->point->name,
							refuse(ERRCODE_SG_INVALID_INPUT,
								   "intervals of metering point \"%s\" on %s begin closer together than its %d minutes",
								   place->point->name, load_day_name(place->frame->date), place->minutes));
	}
}

/* SG105: a slot had another value before. */
void
load_refuse_twice(Load *load, const LoadPlace *place, const LoadRow *row)
{
	load_refuse_row(load, row->ord, place->point->name,
					refuse(ERRCODE_SG_ALREADY_EXISTS,
						   "another value of metering point \"%s\" for the same slot came before in this call",
						   place->point->name));
}

/*
 * Compares the rows of a place with each other, and refuses those that cannot
 * be: values is what is left, a value for each slot that is given.
 */
void
load_accept_rows(Load *load, const LoadPlace *place, const int *rows, PlaceValues *values)
{
	values->n = (int) ((place->frame->ends - place->frame->starts) / (place->minutes * USECS_PER_MINUTE));
	values->ngiven = 0;
	memset(values->given, 0, values->n);
	values->earlier = load_earlier(load, place);
	if (place->has_odd && has_parts(load, place, rows))
	{
		refuse_parts(load, place, rows);
		return;
	}
	for (int i = 0; i < place->n; i++)
	{
		const LoadRow *row = &load->rows[rows[i]];
		int			slot = row->slot;

		if (row->flags & ROW_REFUSED)
			continue;
		if (!values->given[slot])
		{
			values->given[slot] = true;
			values->ngiven++;
			values->row[slot] = rows[i];
			values->amount[slot] = row->amount;
			values->quality[slot] = row->quality;
		}
		else if (load_rows_equal(load, &load->rows[values->row[slot]], row))
			load->batch.unchanged++;
		else
			load_refuse_twice(load, place, row);
	}
	if (load->exact)
		load_round_day(load, values);
}
