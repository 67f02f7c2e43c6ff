/*-------------------------------------------------------------------------
 *
 * posting_local.c
 *	  Batch posting from a source whose times have no offset: they are what the
 *	  clocks of the grid's time zone showed.
 *
 * A label that a clock shows once is that moment.  One that it shows twice, when
 * it goes back, is the first of the two and then the second, counted for each
 * principal and kind in the order of the source; nobody can tell which it is if
 * it is there once.  One that no clock shows is refused, never shifted
 * (doc/readings.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/hsearch.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "booking/posting.h"
#include "grid/zone.h"

/* A label that is there twice, of one series of readings. */
typedef struct LabelKey
{
	const char *principal;
	const ReadingKind *kind;
	Timestamp	label;
} LabelKey;

typedef struct Label
{
	LabelKey	key;
	int64		count;			/* in the whole call */
	int64		seen;			/* of these, before the present one */
} Label;

static uint32
hash_label(const void *key, Size size)
{
	const LabelKey *label = key;
	uint32		hash = string_hash(label->principal, strlen(label->principal) + 1);

	hash = hash_combine(hash, hash_bytes((const unsigned char *) &label->kind, sizeof(label->kind)));
	return hash_combine(hash, hash_bytes((const unsigned char *) &label->label, sizeof(label->label)));
}

static int
match_labels(const void *a, const void *b, Size size)
{
	const LabelKey *one = a;
	const LabelKey *other = b;

	return one->kind != other->kind || one->label != other->label || strcmp(one->principal, other->principal) != 0;
}

static HTAB *
begin_labels(void)
{
	HASHCTL		ctl = {
		.keysize = sizeof(LabelKey), .entrysize = sizeof(Label), .hash = hash_label, .match = match_labels,
		.hcxt = CurrentMemoryContext
	};

	return hash_create("smartgrid local times", 64, &ctl, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}

/* The label of a reading; a new one has been there 0 times. */
static Label *
label_of(HTAB *labels, const Reading *reading)
{
	LabelKey	key = {.principal = reading->principal, .kind = reading->kind, .label = reading->at};
	bool		found;
	Label	   *label = hash_search(labels, &key, HASH_ENTER, &found);

	if (!found)
		label->count = label->seen = 0;
	return label;
}

static const char *
label_text(Timestamp label)
{
	return DatumGetCString(DirectFunctionCall1(timestamp_out, TimestampGetDatum(label)));
}

static Refusal *
refuse_label(const Reading *reading, const Label *label, const char *zone)
{
	const char *text = label_text(reading->at);

	if (label == NULL)
		return refuse(ERRCODE_SG_INVALID_INPUT, "no clock shows the local time %s in %s, where it goes forward: give an offset", text, zone);
	if (label->count == 1)
		return refuse(ERRCODE_SG_INVALID_INPUT,
					  "clocks show the local time %s twice in %s, and the source has it once: give an offset", text, zone);
	if (label->seen >= 2)
		return refuse(ERRCODE_SG_ALREADY_EXISTS,
					  "clocks show the local time %s twice in %s, and the source has it once more", text, zone);
	return NULL;
}

/* Makes the local time of a reading a moment, or refuses the reading. */
static void
resolve(Reading *reading, HTAB *labels, pg_tz *zone)
{
	TimestampTz moments[2];
	int			n = zone_moments(reading->at, zone, moments);
	Label	   *label = n == 2 ? label_of(labels, reading) : NULL;
	Refusal    *refusal = n == 1 ? NULL : refuse_label(reading, label, pg_get_timezone_name(zone));

	if (refusal == NULL)
		reading->at = moments[label && label->seen == 1];
	else if (reading->refusal == NULL)
		reading->refusal = refusal;
	if (label)
		label->seen++;
}

/*
 * Makes the times of those of n readings that are local moments of a zone.
 * is_local: which are.
 */
void
posting_resolve_local(Reading *readings, const bool *is_local, int n, pg_tz *zone)
{
	HTAB	   *labels = begin_labels();

	for (int i = 0; i < n; i++)
	{
		TimestampTz moments[2];

		CHECK_FOR_INTERRUPTS();
		if (is_local[i] && zone_moments(readings[i].at, zone, moments) == 2)
			label_of(labels, &readings[i])->count++;
	}
	for (int i = 0; i < n; i++)
		if (is_local[i])
			resolve(&readings[i], labels, zone);
	hash_destroy(labels);
}

/* Words for times, which are those of the session. */
static bool
is_word_for_time(const char *field)
{
	static const char *const words[] = {"now", "today", "tomorrow", "yesterday"};

	for (int i = 0; i < (int) lengthof(words); i++)
		if (pg_strcasecmp(field, words[i]) == 0)
			return true;
	return false;
}

/* Does a text say a time without an offset or a zone? */
bool
posting_is_local_text(const char *text)
{
	char		work[MAXDATELEN + MAXDATEFIELDS];
	char	   *field[MAXDATEFIELDS];
	int			ftype[MAXDATEFIELDS];
	int			nf;
	int			dtype;
	struct pg_tm tm;
	fsec_t		fsec;

	if (ParseDateTime(text, work, sizeof(work), field, ftype, MAXDATEFIELDS, &nf) != 0)
		return false;
	for (int i = 0; i < nf; i++)
		if (is_word_for_time(field[i]))
			return false;
	/* Without room for an offset, one is an error. */
	return sg_decode_date_time(field, ftype, nf, &dtype, &tm, &fsec, NULL) == 0 && dtype == DTK_DATE;
}
