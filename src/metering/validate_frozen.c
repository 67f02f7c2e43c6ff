/*-------------------------------------------------------------------------
 *
 * validate_frozen.c
 *	  The same amount for a day or longer: a meter, or what reads it, that stands
 *	  still.
 *
 * A run is of adjacent slots of one length with one amount above 0.  What begins
 * with the first slot that is read may have begun before: it is held, and what is
 * before is read step by step, each time twice as much, until the run begins.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "base/number.h"
#include "grid/scale.h"
#include "metering/slot.h"
#include "metering/validate.h"

/* So much before what was read is read first, microseconds. */
#define FIRST_STEP	(8 * USECS_PER_DAY)

/* Begins with a read, before its first day, in the current memory context. */
void
frozen_begin(Frozen *frozen, const MeterRead *read)
{
	*frozen = (Frozen) {.from = read->request.from};
	frozen->runs = palloc_extended(Max(read->npoints, 1) * sizeof(FrozenRun), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* Adds a run if it is long enough, and has a slot in the period. */
static void
add_run(Validation *validation, const char *point, const FrozenRun *run)
{
	if (run->to - run->from < VALIDATE_FROZEN_HOURS * USECS_PER_HOUR ||
		run->to <= validation->request.from || run->from >= validation->request.to)
		return;
	validate_add(validation, point, run->from, VALIDATE_FROZEN,
				 scale_sum(run->amount, validation->request.grid->form.energy_scale), number_of_int128(VALIDATE_FROZEN_HOURS));
}

static void
hold_run(Frozen *frozen, const char *point, const FrozenRun *run)
{
	if (frozen->nheld == frozen->allocated)
	{
		frozen->allocated = Max(16, 2 * frozen->allocated);
		frozen->held = frozen->held ? repalloc_huge(frozen->held, frozen->allocated * sizeof(HeldRun)) :
			palloc(frozen->allocated * sizeof(HeldRun));
	}
	frozen->held[frozen->nheld++] = (HeldRun) {pstrdup(point), *run};
}

/* The run of a point is over. */
static void
end_run(Frozen *frozen, Validation *validation, const char *point, FrozenRun *run)
{
	if (run->amount > 0 && run->is_first)
		hold_run(frozen, point, run);
	else if (run->amount > 0)
		add_run(validation, point, run);
	run->amount = 0;
}

/* Does a slot of a day go on with a run? */
static bool
goes_on(const FrozenRun *run, const MeterDay *day, int slot)
{
	return run->amount > 0 && run->amount == day->amount[slot] && day->quality[slot] != QUALITY_MISSING &&
		run->to == meter_slot_start(day, slot) && run->minutes == day->minutes;
}

/* Begins a run with a slot, if it has an amount above 0. */
static void
begin_run(FrozenRun *run, const Frozen *frozen, const MeterDay *day, int slot)
{
	TimestampTz start = meter_slot_start(day, slot);

	*run = (FrozenRun) {
		.from = start,
		.to = start + day->minutes * USECS_PER_MINUTE,
		.amount = day->quality[slot] == QUALITY_MISSING ? 0 : Max(day->amount[slot], 0),
		.minutes = day->minutes,
		.is_first = start - day->minutes * USECS_PER_MINUTE < frozen->from
	};
}

/* Goes on with a day of a point, and adds the runs that end on it; validation NULL: they are of no interest. */
static void
follow_day(Frozen *frozen, Validation *validation, const MeterDay *day, FrozenRun *run)
{
	for (int s = 0; s < day->nspans; s++)
		for (int i = day->spans[s].from; i < day->spans[s].to; i++)
		{
			if (goes_on(run, day, i))
			{
				run->to += day->minutes * USECS_PER_MINUTE;
				continue;
			}
			if (validation)
				end_run(frozen, validation, day->point->name, run);
			begin_run(run, frozen, day, i);
		}
}

/* Goes on with a day of a point of the read, and adds the runs that end on it. */
void
frozen_day(Frozen *frozen, Validation *validation, const MeterRead *read, const MeterDay *day)
{
	follow_day(frozen, validation, day, &frozen->runs[day->point - read->points]);
}

/* Does the run of a point, as it is where the held one begins, go on with that? */
static bool
is_before(const FrozenRun *run, const HeldRun *held)
{
	return run->amount > 0 && run->amount == held->run.amount && run->minutes == held->run.minutes && run->to == held->run.from;
}

/*
 * Reads what is before the runs that are held, from a time on, and adds those
 * whose beginning is found: the others are held on, fewer than before.
 */
static void
look_back(Frozen *frozen, Validation *validation, TimestampTz from)
{
	MeterReadRequest request = validation->request;
	const char **names = palloc(frozen->nheld * sizeof(char *));
	Frozen		before;
	MeterRead  *read;
	int			nheld = 0;
	int			place = 0;

	for (int i = 0; i < frozen->nheld; i++)
		names[i] = frozen->held[i].point;
	request.from = from;
	request.to = frozen->from;
	request.points = names;
	request.npoints = frozen->nheld;
	read = meter_read_begin(&request);
	frozen_begin(&before, read);
	while (meter_read_next_day(read))
		for (int i = 0; i < read->n; i++)
			follow_day(&before, NULL, &read->days[i], &before.runs[read->days[i].point - read->points]);
	/* Both are in the order of names. */
	for (int i = 0; i < frozen->nheld; i++)
	{
		HeldRun    *held = &frozen->held[i];
		FrozenRun  *run;

		while (place < read->npoints && strcmp(read->points[place].name, held->point) < 0)
			place++;
		run = place < read->npoints && strcmp(read->points[place].name, held->point) == 0 ? &before.runs[place] : NULL;
		if (run && is_before(run, held))
		{
			held->run.from = run->from;
			if (run->is_first)
			{
				frozen->held[nheld++] = *held;
				continue;
			}
		}
		add_run(validation, held->point, &held->run);
	}
	meter_read_end(read);
	frozen->nheld = nheld;
	frozen->from = from;
}

static int
compare_held(const void *a, const void *b)
{
	return strcmp(((const HeldRun *) a)->point, ((const HeldRun *) b)->point);
}

/* After the last day: adds the runs that have not ended, and looks for the beginning of those that are held. */
void
frozen_end(Frozen *frozen, Validation *validation, const MeterRead *read)
{
	int64		step = FIRST_STEP;

	for (int p = 0; p < read->npoints; p++)
		end_run(frozen, validation, read->points[p].name, &frozen->runs[p]);
	if (frozen->nheld > 0)
		qsort(frozen->held, frozen->nheld, sizeof(HeldRun), compare_held);
	while (frozen->nheld > 0)
	{
		TimestampTz from = frozen->from - step;
		TimestampTz to = frozen->from;

		slot_within_calendar(&from, &to);
		look_back(frozen, validation, from);
		step *= 2;
	}
}
