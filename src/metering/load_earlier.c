/*-------------------------------------------------------------------------
 *
 * load_earlier.c
 *	  What a load that is written in parts has said before of a point's day.
 *
 * The rows of one call are compared with each other, though some of them have
 * been written already: of each place it is kept which slots had a value, and,
 * if values are rounded, their exact sum.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "base/errors.h"
#include "metering/load_earlier.h"
#include "metering/load_merge.h"

typedef struct EarlierKey
{
	const LoadPoint *point;
	int64		date;			/* no padding */
} EarlierKey;

typedef struct EarlierEntry
{
	EarlierKey	key;
	Earlier    *earlier;
	char		status;
} EarlierEntry;

#define SH_PREFIX		earlier
#define SH_ELEMENT_TYPE EarlierEntry
#define SH_KEY_TYPE		EarlierKey
#define SH_KEY			key
#define SH_HASH_KEY(table, key)	hash_combine(murmurhash32((uint32) (key).point->point_id), murmurhash32((uint32) (key).date))
#define SH_EQUAL(table, a, b)	((a).point == (b).point && (a).date == (b).date)
#define SH_SCOPE		static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* What was said before of a place, to be added to; NULL if the load is written at once. */
Earlier *
load_earlier(Load *load, const LoadPlace *place)
{
	EarlierEntry *entry;
	bool		found;

	if (!load->in_parts)
		return NULL;
	if (load->earlier_of == NULL)
		load->earlier_of = earlier_create(load->context, 256, NULL);
	entry = earlier_insert(load->earlier_of, (EarlierKey) {place->point, place->frame->date}, &found);
	if (!found)
	{
		entry->earlier = MemoryContextAllocZero(load->context, sizeof(Earlier));
		entry->earlier->last = -1;
	}
	return entry->earlier;
}

/* Had a slot a value? */
static bool
had_value(const Earlier *earlier, int slot)
{
	return (earlier->given[slot / 64] >> (slot % 64)) & 1;
}

/*
 * The exact sum that the rounding of a day's values goes on from: that of the
 * earlier ones if all of them are of earlier slots, else 0.
 */
sg_int128
load_earlier_sum(const Earlier *earlier, const PlaceValues *values)
{
	for (int i = 0; earlier != NULL && i <= earlier->last; i++)
		if (values->given[i])
			return 0;
	return earlier ? earlier->sum : 0;
}

/* Refuses the values of slots that had another one before: SG105. */
void
load_refuse_repeated(Load *load, const LoadPlace *place, const Merge *merge, PlaceValues *values)
{
	for (int i = 0; values->earlier != NULL && i < values->n; i++)
	{
		if (!values->given[i] || !had_value(values->earlier, i) ||
			merge_fate(merge, values, i, load->options.replace) != VALUE_REPLACES)
			continue;
		load_refuse_twice(load, place, &load->rows[values->row[i]]);
		values->given[i] = false;
	}
}

/* Notes which slots have a value now. */
void
load_note_given(PlaceValues *values)
{
	Earlier    *earlier = values->earlier;

	for (int i = 0; earlier != NULL && i < values->n; i++)
		if (values->given[i])
		{
			earlier->given[i / 64] |= UINT64CONST(1) << (i % 64);
			earlier->last = Max(earlier->last, i);
		}
}
