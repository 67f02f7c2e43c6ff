/*-------------------------------------------------------------------------
 *
 * quarters.c
 *	  Sums by quarter-hour, in memory.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "series/quarters.h"

PG_FUNCTION_INFO_V1(sg_quarter_hour);

/* Begins with no quarter-hour. */
void
quarters_open(Quarters *quarters)
{
	HASHCTL		ctl = {.keysize = sizeof(TimestampTz), .entrysize = sizeof(Quarter), .hcxt = CurrentMemoryContext};

	quarters->table = hash_create("smartgrid quarter-hours", 1024, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	quarters->last = NULL;
}

/* The sums of the quarter-hour of a moment, which begin with nothing. */
Sums *
quarters_sums(Quarters *quarters, TimestampTz at)
{
	TimestampTz start = quarter_start(at);
	bool		found;

	if (quarters->last == NULL || quarters->last->start != start)
	{
		quarters->last = hash_search(quarters->table, &start, HASH_ENTER, &found);
		if (!found)
			sums_init(&quarters->last->sums);
	}
	return &quarters->last->sums;
}

/* The quarter-hour that starts at a moment, NULL if nothing was added to it. */
Quarter *
quarters_find(const Quarters *quarters, TimestampTz start)
{
	return hash_search(quarters->table, &start, HASH_FIND, NULL);
}

long
quarters_count(const Quarters *quarters)
{
	return hash_get_num_entries(quarters->table);
}

void
quarters_close(Quarters *quarters)
{
	hash_destroy(quarters->table);
}

/* quarter_hour(at) -> the start of the quarter-hour of a time; an infinite one is its own. */
Datum
sg_quarter_hour(PG_FUNCTION_ARGS)
{
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(0);

	PG_RETURN_TIMESTAMPTZ(TIMESTAMP_NOT_FINITE(at) ? at : quarter_start(at));
}
