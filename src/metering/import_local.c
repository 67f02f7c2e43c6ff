/*-------------------------------------------------------------------------
 *
 * import_local.c
 *	  Readings whose times have no offset: they are what clocks show.
 *
 * A label that a clock shows once is that moment.  One that it shows twice, when
 * it goes back, is the first of the two and then the second, counted for each
 * point in the order of the file: the first reading waits until there is a second
 * one, for if there is none nobody can tell which it was.  One that no clock shows
 * is refused, never shifted (doc/importing.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/datetime.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/import.h"

#define FIRST_LABELS	64

/* So many days are remembered by how far their clocks are from UTC. */
#define KNOWN_DAYS		1024

/* A day of which that is known. */
typedef struct KnownDay
{
	int64		day;			/* since 2000-01-01 */
	bool		is_known;
	bool		is_plain;		/* its clocks are not changed */
	int64		offset;			/* then: the label less the moment, microseconds */
} KnownDay;

/* A label that clocks show twice, of a point. */
typedef struct LabelKey
{
	ImportPoint point;
	Timestamp	label;
} LabelKey;

typedef struct Label
{
	LabelKey	key;
	int			count;			/* how often it was there, 2: or more often */
	bool		waits;			/* its first reading does, for the second */
	int64		line;
	int			minutes;
	LoadValue	value;
	Quality		quality;
} Label;

typedef struct ImportLocal
{
	KnownDay	days[KNOWN_DAYS];
	HTAB	   *labels;			/* NULL: there was none yet */
} ImportLocal;

/* Begins to count labels. */
void
import_local_begin(Import *import)
{
	import->local = MemoryContextAllocZero(import->context, sizeof(ImportLocal));
}

static uint32
hash_label(const void *key, Size size)
{
	const LabelKey *label = key;

	return hash_combine(hash_bytes((const unsigned char *) label->point.name, (int) label->point.length),
						hash_bytes((const unsigned char *) &label->label, sizeof(label->label)));
}

static int
match_labels(const void *a, const void *b, Size size)
{
	const LabelKey *one = a;
	const LabelKey *other = b;

	return one->label != other->label || one->point.length != other->point.length ||
		memcmp(one->point.name, other->point.name, one->point.length) != 0;
}

/* The label of a point; a new one has been there 0 times. */
static Label *
label_of(Import *import, ImportPoint point, Timestamp label)
{
	LabelKey	key = {point, label};
	HASHCTL		ctl = {
		.keysize = sizeof(LabelKey), .entrysize = sizeof(Label), .hash = hash_label, .match = match_labels,
		.hcxt = import->context
	};
	bool		found;
	Label	   *entry;

	if (import->local->labels == NULL)
		import->local->labels = hash_create("smartgrid labels", FIRST_LABELS, &ctl,
											HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
	entry = hash_search(import->local->labels, &key, HASH_ENTER, &found);
	if (!found)
	{
		entry->key.point.name = import_keep(import, point.name, point.length);
		entry->count = 0;
		entry->waits = false;
	}
	return entry;
}

/* A label for a message, whatever dates look like in the session. */
static const char *
label_text(Timestamp label)
{
	char	   *text = palloc(MAXDATELEN + 1);
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(label, NULL, &tm, &fsec, NULL, NULL) != 0)
		return "";
	EncodeDateTime(&tm, fsec, false, 0, NULL, USE_ISO_DATES, text);
	return text;
}

/* What is known of the day of a label, days since 2000-01-01. */
static const KnownDay *
known_day(Import *import, int64 day)
{
	KnownDay   *known = &import->local->days[(uint64) day % KNOWN_DAYS];
	TimestampTz starts[2];
	TimestampTz ends[2];

	if (known->is_known && known->day == day)
		return known;
	known->day = day;
	known->is_known = true;
	known->is_plain = zone_moments(day * USECS_PER_DAY, import->zone, starts) == 1 &&
		zone_moments((day + 1) * USECS_PER_DAY, import->zone, ends) == 1 && ends[0] - starts[0] == USECS_PER_DAY;
	known->offset = known->is_plain ? day * USECS_PER_DAY - starts[0] : 0;
	return known;
}

/* zone_moments(), sooner: most days have no change of clocks. */
static int
moments_of(Import *import, Timestamp label, TimestampTz moments[2])
{
	int64		day = label >= 0 ? label / USECS_PER_DAY : -((-label + USECS_PER_DAY - 1) / USECS_PER_DAY);
	const KnownDay *known = known_day(import, day);

	if (!known->is_plain)
		return zone_moments(label, import->zone, moments);
	moments[0] = label - known->offset;
	return 1;
}

/* A reading whose label is one of those that clocks show twice; value NULL: nothing is said of it. */
static void
take_ambiguous(Import *import, int64 line, ImportPoint point, const TimestampTz moments[2], Label *label, int minutes,
			   const LoadValue *value, Quality quality)
{
	label->count = Min(label->count + 1, 3);
	if (label->count == 1)
	{
		label->waits = value != NULL;
		label->line = line;
		label->minutes = minutes;
		label->quality = quality;
		if (value)
			label->value = *value;
	}
	else if (label->count == 2)
	{
		if (label->waits)
			import_interval(import, label->line, point, moments[0], label->minutes, &label->value, label->quality);
		label->waits = false;
		if (value)
			import_interval(import, line, point, moments[1], minutes, value, quality);
	}
	else if (value)
		import_refuse(import, line, &point,
					  refuse(ERRCODE_SG_ALREADY_EXISTS, "clocks show the local time %s twice in %s, and the file has it once more",
							 label_text(label->key.label), pg_get_timezone_name(import->zone)));
}

/* Hands over a reading, as soon as it is known when it was. */
void
import_reading(Import *import, int64 line, ImportPoint point, const ImportTime *time, int minutes,
			   const LoadValue *value, Quality quality)
{
	TimestampTz moments[2] = {time->at, time->at};
	int			n = time->is_moment ? 1 : moments_of(import, time->at, moments);

	if (n == 2)
		take_ambiguous(import, line, point, moments, label_of(import, point, time->at), minutes, value, quality);
	else if (value == NULL)
		return;
	else if (n == 1)
		import_interval(import, line, point, moments[0], minutes, value, quality);
	else
		import_refuse(import, line, &point,
					  refuse(ERRCODE_SG_INVALID_INPUT, "no clock shows the local time %s in %s, where it goes forward: give an offset",
							 label_text(time->at), pg_get_timezone_name(import->zone)));
}

/* Refuses a reading, whose label counts. */
void
import_refuse_reading(Import *import, int64 line, ImportPoint point, const ImportTime *time, Refusal *refusal)
{
	import_reading(import, line, point, time, 0, NULL, QUALITY_MISSING);
	import_refuse(import, line, &point, refusal);
}

static int
compare_lines(const void *a, const void *b)
{
	const Label *one = *(Label *const *) a;
	const Label *other = *(Label *const *) b;

	if (one->line != other->line)
		return one->line < other->line ? -1 : 1;
	return 0;
}

/* Refuses the readings that wait for a second one in vain. */
void
import_local_end(Import *import)
{
	HTAB	   *labels = import->local->labels;
	HASH_SEQ_STATUS status;
	Label	  **waiting;
	Label	   *label;
	int			n = 0;

	if (labels == NULL)
		return;
	waiting = palloc_extended(hash_get_num_entries(labels) * sizeof(Label *), MCXT_ALLOC_HUGE);
	hash_seq_init(&status, labels);
	while ((label = hash_seq_search(&status)) != NULL)
		if (label->waits)
			waiting[n++] = label;
	qsort(waiting, n, sizeof(Label *), compare_lines);
	for (int i = 0; i < n; i++)
		import_refuse(import, waiting[i]->line, &waiting[i]->key.point,
					  refuse(ERRCODE_SG_INVALID_INPUT,
							 "clocks show the local time %s twice in %s, and the file has it once: give an offset",
							 label_text(waiting[i]->key.label), pg_get_timezone_name(import->zone)));
}
