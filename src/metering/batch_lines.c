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
#include "metering/day_text.h"

/* Lines are hashed together until there are so many bytes. */
#define FLUSH_BYTES		65536

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

/* The day, and what was new of it, of a version. */
void
batch_lines_day(BatchLines *lines, DateADT date, const char *point, const Day *day)
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

/* A slot that came alone. */
void
batch_lines_slot(BatchLines *lines, DateADT date, const char *point, const FoldEntry *slot)
{
	char		text[1024];
	char	   *end = text + csv_field(utf8_of(point), text);
	struct pg_tm tm;
	fsec_t		fsec;

	(void) date;
	if (timestamp2tm(slot->start, NULL, &tm, &fsec, NULL, NULL) != 0)
		elog(ERROR, "a slot is beyond the calendar");
	end += sprintf(end, ",%04d-%02d-%02dT%02d:%02d:%02dZ,%d,", tm.tm_year, tm.tm_mon, tm.tm_mday,
				   tm.tm_hour, tm.tm_min, tm.tm_sec, slot->minutes);
	end += day_value_to_text(slot->amount, slot->quality, end);
	*end++ = '\n';
	add(lines, text, end - text);
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
