/*-------------------------------------------------------------------------
 *
 * grid_balance_sums.c
 *	  What came into the grid and was taken out of it, slot by slot, added up by
 *	  groups of points.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "metering/grid_balance.h"
#include "metering/loss.h"
#include "metering/resample.h"

/* A balance of what is read. */
static Balance *
balance_of_read(MeterRead *read, BalanceBy by, int64 step)
{
	Balance    *balance = palloc0(sizeof(Balance));

	balance->read = read;
	balance->by = by;
	balance->step = step;
	balance->day = AllocSetContextCreate(CurrentMemoryContext, "smartgrid balance of a day", ALLOCSET_DEFAULT_SIZES);
	balance_group_points(balance);
	return balance;
}

/*
 * Begins a balance of whole local days; its read's period is that of whole days,
 * too.  step: energy units that the sums of owners, classes and neighbours are
 * rounded to; 0: none are, as those of points never are.  Sees what the owner of
 * the request sees.
 */
Balance *
balance_begin(const MeterReadRequest *request, BalanceBy by, int64 step)
{
	MeterReadRequest whole = *request;
	Balance    *balance;
	MeterRead  *losses;

	if (by == BALANCE_POINT)
		step = 0;
	if (step == 0 && (by == BALANCE_OWNER || by == BALANCE_POINT))
		whole.flags |= READ_LOSS;
	balance = balance_of_read(meter_read_begin(&whole), by, step);
	if (step > 0 && by == BALANCE_OWNER && (losses = loss_source_begin(balance->read)) != NULL)
	{
		balance->source = balance_of_read(losses, BALANCE_GRID, step);
		balance->source_goes_on = true;
	}
	return balance;
}

/* Goes on to the next day; false if there is none.  The sums are those of the day before until it is summed. */
bool
balance_next_day(Balance *balance)
{
	if (!meter_read_next_day(balance->read))
		return false;
	while (balance->source_goes_on && balance->source->read->date < balance->read->date)
		balance->source_goes_on = meter_read_next_day(balance->source->read);
	return true;
}

static BalanceSums *
sums_of_span(const Balance *balance, const MeterDay *day, const ReadSpan *span)
{
	const ReadPoint *point = day->point;
	int			group = balance->group_of[balance->first_period[point - balance->read->points] + (span->period - point->periods)];

	return group < 0 ? NULL : &balance->groups[group].day;
}

static sg_int128 *
sums_of_kind(const Balance *balance, BalanceSums *sums, PointKind kind)
{
	if (sums->sums[kind] == NULL)
		sums->sums[kind] = palloc0(balance->n * sizeof(sg_int128));
	return sums->sums[kind];
}

static Quality
quality_of_slot(const MeterDay *day, const ReadSpan *span, int slot)
{
	return span->period->is_loss ? QUALITY_CALCULATED : (Quality) day->quality[slot];
}

static void
add_qualities(const Balance *balance, BalanceSums *sums, const MeterDay *day, const ReadSpan *span, int minutes)
{
	int			per = Max(minutes / day->minutes, 1);
	int			parts = Max(day->minutes / minutes, 1);

	if (sums->qualities == NULL)
		sums->qualities = palloc0(balance->n);
	for (int i = span->from; i < span->to; i++)
		for (int part = 0; part < parts; part++)
			sums->qualities[i * parts / per + part] |= QUALITY_SET(quality_of_slot(day, span, i));
}

/* Does what was read of a span count?  What flows within the grid does not, nor do losses in the grid's own row, nor before they are rounded. */
static bool
counts(const Balance *balance, const MeterDay *day, const ReadSpan *span)
{
	if (span->period->is_loss)
		return balance->by != BALANCE_GRID && balance->step == 0;
	return loss_counts(balance->read, day, span);
}

static void
add_span(const Balance *balance, const MeterDay *day, const ReadSpan *span, int minutes)
{
	BalanceSums *sums = sums_of_span(balance, day, span);

	if (sums == NULL)
		return;
	add_qualities(balance, sums, day, span, minutes);
	if (!counts(balance, day, span))
		return;
	if (balance->step > 0)
		resample_add_twelfths(day, span, minutes, sums_of_kind(balance, sums, day->point->kind));
	else
		resample_add(day, span, minutes, sums_of_kind(balance, sums, day->point->kind));
}

/* Twelfths of energy units become steps: by how many the rounded running sum of the hour grows in each slot. */
static void
round_hours(const Balance *balance, sg_int128 *sums, int per_hour)
{
	sg_int128	running = 0;
	sg_int128	before = 0;

	for (int i = 0; i < balance->n; i++)
	{
		sg_int128	rounded;

		if (i % per_hour == 0)
			running = before = 0;
		running += sums[i];
		rounded = divide_rounded(running, (sg_int128) balance->step * RESAMPLE_TWELFTHS);
		sums[i] = rounded - before;
		before = rounded;
	}
}

static void
round_groups(Balance *balance, int minutes)
{
	for (int group = 0; group < balance->ngroups; group++)
		for (int kind = 0; kind < POINT_KIND_COUNT; kind++)
			if (balance->groups[group].day.sums[kind] != NULL)
				round_hours(balance, balance->groups[group].day.sums[kind], MINS_PER_HOUR / minutes);
}

/* Adds what a loss point takes of the loss in its own slots, in steps; total NULL: there is none. */
static void
add_loss(const Balance *balance, const MeterDay *day, const ReadSpan *span, const BalanceSums *total, int minutes)
{
	MeterDay	taken = *day;
	int64	   *amount = palloc0(day->n * sizeof(int64));

	for (int i = span->from; i < span->to && total != NULL; i++)
		amount[i] = loss_amount(day->point->kind, balance_loss(total, i));
	taken.amount = amount;
	resample_add(&taken, span, minutes, sums_of_kind(balance, sums_of_span(balance, day, span), day->point->kind));
	pfree(amount);
}

/* Adds what loss points take of the loss of rounded sums. */
static void
add_losses(Balance *balance, int minutes)
{
	bool		has_losses = balance->source_goes_on && balance->source->read->date == balance->read->date;
	BalanceSums total;
	int			summed = 0;

	for (int i = 0; i < balance->read->n; i++)
	{
		const MeterDay *day = &balance->read->days[i];

		for (int s = 0; s < day->nspans; s++)
		{
			if (!day->spans[s].period->is_loss)
				continue;
			if (has_losses && summed != day->minutes)
			{
				summed = day->minutes;
				balance_sum_day(balance->source, summed);
				balance_total(balance->source, &total);
			}
			add_loss(balance, day, &day->spans[s], has_losses ? &total : NULL, minutes);
		}
	}
}

/* Adds up the day in slots of so many minutes, in steps; what was added up before is gone.  22003. */
void
balance_sum_day(Balance *balance, int minutes)
{
	MemoryContext old;

	MemoryContextReset(balance->day);
	old = MemoryContextSwitchTo(balance->day);
	balance->n = resample_slots(balance->read, minutes);
	for (int group = 0; group < balance->ngroups; group++)
		memset(&balance->groups[group].day, 0, sizeof(BalanceSums));
	for (int i = 0; i < balance->read->n; i++)
		for (int s = 0; s < balance->read->days[i].nspans; s++)
			add_span(balance, &balance->read->days[i], &balance->read->days[i].spans[s], minutes);
	if (balance->step > 0)
		round_groups(balance, minutes);
	if (balance->source)
		add_losses(balance, minutes);
	MemoryContextSwitchTo(old);
}

static void
add_group(const Balance *balance, const BalanceSums *group, BalanceSums *total)
{
	for (int kind = 0; kind < POINT_KIND_COUNT; kind++)
		for (int i = 0; i < balance->n && group->sums[kind] != NULL; i++)
			total->sums[kind][i] += group->sums[kind][i];
	for (int i = 0; i < balance->n && group->qualities != NULL; i++)
		total->qualities[i] |= group->qualities[i];
}

/* The sums of all groups together, with all kinds; they last as long as those of the groups. */
void
balance_total(const Balance *balance, BalanceSums *total)
{
	MemoryContext old = MemoryContextSwitchTo(balance->day);

	for (int kind = 0; kind < POINT_KIND_COUNT; kind++)
		total->sums[kind] = palloc0(balance->n * sizeof(sg_int128));
	total->qualities = palloc0(balance->n);
	for (int group = 0; group < balance->ngroups; group++)
		add_group(balance, &balance->groups[group].day, total);
	MemoryContextSwitchTo(old);
}

/* The loss in a slot of the grid's own sums. */
sg_int128
balance_loss(const BalanceSums *total, int slot)
{
	return total->sums[POINT_EXCHANGE][slot] + total->sums[POINT_PRODUCTION][slot] + total->sums[POINT_STORAGE][slot] -
		total->sums[POINT_CONSUMPTION][slot];
}

void
balance_end(Balance *balance)
{
	if (balance->source)
		balance_end(balance->source);
	meter_read_end(balance->read);
	MemoryContextDelete(balance->day);
}
