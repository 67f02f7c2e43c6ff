/*-------------------------------------------------------------------------
 *
 * compare.c
 *	  What is computed here, beside the figures of a grid operator's report.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "settlement/allocate.h"
#include "settlement/compare.h"

/* The slots of the day that a figure is of; false if they are none of it. */
static bool
find_slots(const Allocation *allocation, const ComparedFigure *figure, int *from, int *to)
{
	int64		since = figure->start - allocation->day_starts;
	int64		step = allocation->minutes * USECS_PER_MINUTE;

	if (since < 0 || since % step != 0 || figure->minutes % allocation->minutes != 0)
		return false;
	*from = (int) (since / step);
	*to = *from + figure->minutes / allocation->minutes;
	return *from >= allocation->first && *to <= allocation->end;
}

/* Are slots of the day those of a point? */
static bool
has_slots(const AllocatedPoint *point, int from, int to)
{
	for (int s = 0; s < point->nspans; s++)
		if (from >= point->spans[s].from && to <= point->spans[s].to)
			return true;
	return false;
}

/* What a point has of a figure in a slot; false if it has no such figure. */
static bool
add_figure(const AllocatedPoint *point, SharedFigure figure, int i, sg_int128 *units)
{
	bool		consumes = allocated_consumes(point, i);

	if ((figure == FIGURE_SURPLUS) == consumes)
		return false;
	if (figure == FIGURE_SHARE)
		*units += point->share[i];
	else if (figure == FIGURE_COVERED)
		*units += point->covered[i];
	else
		*units += allocated_magnitude(point->amount[i]) - point->covered[i];
	return true;
}

static void
fill_in(const Allocation *allocation, const AllocatedPoint *point, ComparedFigure *figure)
{
	int			from;
	int			to;

	if (!find_slots(allocation, figure, &from, &to) || !has_slots(point, from, to))
		return;
	figure->units = 0;
	figure->is_known = true;
	for (int i = from; i < to && figure->is_known; i++)
		figure->is_known = add_figure(point, figure->figure, i, &figure->units);
}

/* The first figure, of n, that is not before that of a point at a moment. */
static int64
first_figure(const ComparedFigure *figures, int64 n, const char *point, TimestampTz start)
{
	ComparedFigure wanted = {.point = point, .start = start, .figure = FIGURE_SHARE};
	int64		low = 0;
	int64		high = n;

	while (low < high)
	{
		int64		middle = low + (high - low) / 2;

		if (compared_figure_order(&figures[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* An ImportCompareHook, by what is on record now in the active snapshot. */
void
compare_figures(const Grid *grid, ComparedFigure *figures, int64 n)
{
	TimestampTz from = DT_NOEND;
	TimestampTz to = DT_NOBEGIN;
	Allocation *allocation;

	for (int64 i = 0; i < n; i++)
	{
		from = Min(from, figures[i].start);
		to = Max(to, figures[i].start + figures[i].minutes * USECS_PER_MINUTE);
	}
	if (n == 0)
		return;
	allocation = allocate_begin(grid, from, to, DT_NOEND, 0);
	while (allocate_next_day(allocation))
		for (int p = 0; p < allocation->n; p++)
		{
			const AllocatedPoint *point = &allocation->points[p];
			int64		i = first_figure(figures, n, point->point->name, allocation->day_starts);
			TimestampTz end = allocated_start(allocation, allocation->nslots);

			CHECK_FOR_INTERRUPTS();
			for (; i < n && strcmp(figures[i].point, point->point->name) == 0 && figures[i].start < end; i++)
				fill_in(allocation, point, &figures[i]);
		}
	allocate_end(allocation);
}
