/*-------------------------------------------------------------------------
 *
 * batch_lines.c
 *	  The canonical lines of a batch, whose digest the ledger has.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/csv.h"
#include "metering/batch_lines.h"
#include "metering/day.h"
#include "metering/day_text.h"

/* A version has a line for each slot that changed if those are fewer than one slot of so many. */
#define FEW_CHANGED		8

struct BatchLines
{
	MemoryContext context;		/* for lines of the day */
	Hasher		hasher;
	BatchLineTaker take;		/* NULL: nobody */
	void	   *argument;
	int64		ended;			/* lines of days before */
	int			n;
	int			allocated;
	char	  **line;			/* each ends with a line feed and a zero */
	TimestampTz start;			/* of the latest slot that came alone */
	int			minutes;
	int			stamp_length;	/* 0: none has */
	char		stamp[64];		/* its start and minutes, as a line has them */
};

/* Begins lines, in a memory context that lives as long as they do. */
BatchLines *
batch_lines_begin(MemoryContext context)
{
	BatchLines *lines = MemoryContextAllocZero(context, sizeof(BatchLines));

	lines->context = AllocSetContextCreate(context, "smartgrid batch lines", ALLOCSET_DEFAULT_SIZES);
	lines->allocated = 1024;
	lines->line = MemoryContextAlloc(context, lines->allocated * sizeof(char *));
	hasher_open(&lines->hasher);
	hasher_begin(&lines->hasher);
	return lines;
}

/* The same for somebody who gets each line, in their order. */
BatchLines *
batch_lines_begin_taking(MemoryContext context, BatchLineTaker take, void *argument)
{
	BatchLines *lines = batch_lines_begin(context);

	lines->take = take;
	lines->argument = argument;
	return lines;
}

static void
add(BatchLines *lines, const char *text, size_t length)
{
	char	   *line = MemoryContextAlloc(lines->context, length + 1);

	memcpy(line, text, length);
	line[length] = '\0';
	if (lines->n == lines->allocated)
	{
		lines->allocated *= 2;
		lines->line = repalloc_huge(lines->line, lines->allocated * sizeof(char *));
	}
	lines->line[lines->n++] = line;
}

/* A version, as a whole. */
static void
add_day(BatchLines *lines, DateADT date, const char *point, const Day *day)
{
	char		text[DAY_MAX_TEXT + 1024];
	char	   *end = text + csv_field(utf8_of(point), text);
	int			year;
	int			month;
	int			mday;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	end += sprintf(end, ",%04d-%02d-%02d,", year, month, mday);
	end += day_to_text(day, end);
	*end++ = '\n';
	add(lines, text, end - text);
}

/* Writes two digits and what follows them. */
static char *
put_two(char *out, int number, char next)
{
	*out++ = (char) ('0' + number / 10);
	*out++ = (char) ('0' + number % 10);
	*out++ = next;
	return out;
}

/* Makes the stamp that of a slot, unless it is already: slots of many points begin together. */
static void
stamp_slot(BatchLines *lines, const FoldEntry *slot)
{
	int64		day = slot->start / USECS_PER_DAY - (slot->start % USECS_PER_DAY < 0);
	int			seconds = (int) ((slot->start - day * USECS_PER_DAY) / USECS_PER_SEC);
	int			year;
	int			month;
	int			mday;
	char	   *out = lines->stamp;

	if (lines->stamp_length > 0 && lines->start == slot->start && lines->minutes == slot->minutes)
		return;
	j2date((int) day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	*out++ = ',';
	out = put_two(out, year / 100, '\0') - 1;
	out = put_two(out, year % 100, '-');
	out = put_two(out, month, '-');
	out = put_two(out, mday, 'T');
	out = put_two(out, seconds / SECS_PER_HOUR, ':');
	out = put_two(out, seconds / SECS_PER_MINUTE % MINS_PER_HOUR, ':');
	out = put_two(out, seconds % SECS_PER_MINUTE, 'Z');
	*out++ = ',';
	if (slot->minutes >= 10)
		*out++ = (char) ('0' + slot->minutes / 10);
	*out++ = (char) ('0' + slot->minutes % 10);
	*out++ = ',';
	lines->start = slot->start;
	lines->minutes = slot->minutes;
	lines->stamp_length = (int) (out - lines->stamp);
}

/* A slot that came alone. */
void
batch_lines_slot(BatchLines *lines, const char *point, const FoldEntry *slot)
{
	char		text[1024];
	char	   *end = text + csv_field(utf8_of(point), text);

	stamp_slot(lines, slot);
	memcpy(end, lines->stamp, lines->stamp_length);
	end += lines->stamp_length;
	end += day_value_to_text(slot->amount, slot->quality, end);
	*end++ = '\n';
	add(lines, text, end - text);
}

static bool
is_changed(const Day *day, const Day *before, int slot)
{
	return day->amount[slot] != before->amount[slot] || day->quality[slot] != before->quality[slot];
}

/* Has a day changed in a few slots only? */
static bool
few_changed(const Day *day, const Day *before)
{
	int			n = 0;

	for (int i = 0; i < day->shape.slots; i++)
		n += is_changed(day, before, i);
	return n * FEW_CHANGED < day->shape.slots;
}

/* A version of a point's day; before: the version before, NULL if there is none. */
void
batch_lines_version(BatchLines *lines, DateADT date, const char *point, const Day *day, const Day *before)
{
	TimestampTz times[DAY_MAX_SLOTS + 1];

	if (before == NULL || day->shape.segments != 1 || !day_shapes_equal(&day->shape, &before->shape) || !few_changed(day, before))
	{
		add_day(lines, date, point, day);
		return;
	}
	day_times(&day->shape, date, times);
	for (int i = 0; i < day->shape.slots; i++)
	{
		FoldEntry	slot = {
			.start = times[i],
			.minutes = day->shape.segment[0].minutes,
			.amount = day->amount[i],
			.quality = day->quality[i]
		};

		if (is_changed(day, before, i))
			batch_lines_slot(lines, point, &slot);
	}
}

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* All lines of a day are there. */
void
batch_lines_end_day(BatchLines *lines)
{
	qsort(lines->line, lines->n, sizeof(char *), compare_lines);
	for (int i = 0; i < lines->n; i++)
	{
		size_t		length = strlen(lines->line[i]);

		hasher_add(&lines->hasher, lines->line[i], length);
		if (lines->take)
			lines->take(lines->argument, lines->line[i], length - 1);
	}
	lines->ended += lines->n;
	lines->n = 0;
	MemoryContextReset(lines->context);
}

/* The digest of all lines; returns how many there are. */
int64
batch_lines_finish(BatchLines *lines, Digest *digest)
{
	hasher_finish(&lines->hasher, digest);
	hasher_close(&lines->hasher);
	return lines->ended;
}
