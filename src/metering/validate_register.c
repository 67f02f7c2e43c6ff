/*-------------------------------------------------------------------------
 *
 * validate_register.c
 *	  Do the amounts between two readings of a register sum to its advance?
 *
 * Readings within a slot, and exchanges of the meter, are passed through: what is
 * compared is between two readings at bounds of slots that follow each other.
 * Nothing is compared if a slot in between is missing, or if the counter shows
 * less than before and did not roll over.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/number.h"
#include "grid/scale.h"
#include "metering/load_point.h"
#include "metering/register_chain.h"
#include "metering/slot.h"
#include "metering/validate.h"

/* Two readings of a point at bounds of slots, and what is between them. */
typedef struct Comparison
{
	const char *point;
	TimestampTz from;
	TimestampTz to;
	sg_int128	advance;		/* energy units */
	sg_int128	sum;			/* of the slots so far */
	int64		slots;			/* that are there */
	int64		length;			/* of these, microseconds */
} Comparison;

/* By point, then by time. */
typedef struct Comparisons
{
	int			n;
	int			allocated;
	Comparison *list;
} Comparisons;

/* The period of a point that a time is in; NULL if there is none. */
static const ReadPeriod *
period_at(const ReadPoint *point, TimestampTz at)
{
	for (int i = 0; i < point->nperiods; i++)
		if (point->periods[i].from <= at && at < point->periods[i].to)
			return &point->periods[i];
	return NULL;
}

/* Does a slot of the point begin or end at a time? */
static bool
is_bound(const Validation *validation, const ReadPoint *point, TimestampTz at)
{
	const ReadPeriod *period = period_at(point, at);

	if (period)
		return slot_starts_at(at, period->minutes, validation->zone);
	for (int i = 0; i < point->nperiods; i++)
		if (point->periods[i].to == at)
			return true;
	return false;
}

/* What the connection of a point lets through from one time to another, 10^-18 kWh; -1: that is not known. */
static sg_int128
most_between(const ReadPoint *point, TimestampTz from, TimestampTz to)
{
	sg_int128	most = 0;

	while (from < to)
	{
		const ReadPeriod *period = period_at(point, from);
		sg_int128	power = period ? load_point_power(period->capacity) : 0;
		TimestampTz until;

		if (power == 0)
			return -1;
		until = Min(to, period->to);
		most += register_most_of(power, until - from);
		from = until;
	}
	return most;
}

/* Reads what has a part in the period: from the last node at a bound that is not after its begin to the first that is not before its end. */
static void
read_nodes(const Validation *validation, const ReadPoint *point, RegisterNodes *nodes)
{
	TimestampTz from = validation->request.from;
	TimestampTz to = validation->request.to;
	bool		more = true;

	while (more)
	{
		const RegisterNode *first;
		const RegisterNode *last;

		register_read_as_of(nodes, validation->request.grid, point->point_id, from, to, validation->request.as_of);
		if (nodes->n == 0)
			return;
		first = &nodes->nodes[0];
		last = &nodes->nodes[nodes->n - 1];
		more = false;
		if (first->at < from && !is_bound(validation, point, first->at))
		{
			from = first->at;
			more = true;
		}
		if (last->at > to && !is_bound(validation, point, last->at))
		{
			to = last->at;
			more = true;
		}
	}
}

/* The digits of the meter after a node, in whole kWh; 0: they are not known. */
static int
digits_after(const Validation *validation, const ReadPoint *point, const RegisterNodes *nodes, int node)
{
	for (; node >= 0; node--)
		if (nodes->nodes[node].is_exchange)
			return nodes->nodes[node].digits;
	return register_digits_as_of(point->point_id, nodes->nodes[0].at, validation->request.as_of);
}

/* *advance: by how much the counter advances from a node to the next one; false if it shows less, and did not roll over. */
static bool
advance_after(const Validation *validation, const ReadPoint *point, const RegisterNodes *nodes, int node, int64 *advance)
{
	const RegisterNode *from = &nodes->nodes[node];
	const RegisterNode *to = from + 1;

	*advance = to->until - from->since;
	return *advance >= 0 ||
		register_rolls_over(validation->request.grid, digits_after(validation, point, nodes, node),
							most_between(point, from->at, to->at), advance);
}

static void
add_comparison(Comparisons *comparisons, Comparison comparison)
{
	if (comparisons->n == comparisons->allocated)
	{
		comparisons->allocated = Max(64, 2 * comparisons->allocated);
		comparisons->list = comparisons->list ? repalloc_huge(comparisons->list, comparisons->allocated * sizeof(Comparison)) :
			palloc(comparisons->allocated * sizeof(Comparison));
	}
	comparisons->list[comparisons->n++] = comparison;
}

/* Adds what is to be compared of a point. */
static void
add_point(const Validation *validation, const ReadPoint *point, RegisterNodes *nodes, Comparisons *comparisons)
{
	Comparison	comparison = {0};
	bool		is_open = false;

	read_nodes(validation, point, nodes);
	for (int i = 0; i < nodes->n; i++)
	{
		const RegisterNode *node = &nodes->nodes[i];
		int64		advance;

		if (is_bound(validation, point, node->at))
		{
			comparison.to = node->at;
			if (is_open && comparison.from < validation->request.to && comparison.to > validation->request.from)
				add_comparison(comparisons, comparison);
			comparison = (Comparison) {.point = point->name, .from = node->at};
			is_open = true;
		}
		if (i + 1 == nodes->n)
			break;
		if (advance_after(validation, point, nodes, i, &advance))
			comparison.advance += advance;
		else
			is_open = false;
	}
}

/* What is to be compared of all points.  Names are those of the read. */
static void
find_comparisons(const Validation *validation, const MeterRead *read, Comparisons *comparisons)
{
	RegisterNodes nodes = {0};

	for (int p = 0; p < read->npoints; p++)
	{
		CHECK_FOR_INTERRUPTS();
		add_point(validation, &read->points[p], &nodes, comparisons);
	}
}

/* A read of nothing but points, with all of their periods: readings around the period may be of others than those within it. */
static MeterRead *
read_all_periods(const Validation *validation)
{
	MeterReadRequest request = validation->request;

	request.from = DT_NOBEGIN + 1;
	request.to = DT_NOEND - 1;
	slot_within_calendar(&request.from, &request.to);
	return meter_read_begin(&request);
}

/* Adds a slot of a point to that of its comparisons which it is in; *at: the first one that may be. */
static void
sum_slot(const Comparisons *comparisons, int *at, const MeterDay *day, int slot)
{
	TimestampTz start = meter_slot_start(day, slot);
	Comparison *comparison;

	while (*at < comparisons->n && strcmp(comparisons->list[*at].point, day->point->name) == 0 && comparisons->list[*at].to <= start)
		(*at)++;
	if (*at == comparisons->n || day->quality[slot] == QUALITY_MISSING)
		return;
	comparison = &comparisons->list[*at];
	if (strcmp(comparison->point, day->point->name) != 0 || start < comparison->from)
		return;
	comparison->sum += day->amount[slot];
	comparison->length += day->minutes * USECS_PER_MINUTE;
	comparison->slots++;
}

/* The names of the points that have something to be compared, and the first place of each. */
static int
compared_points(const Comparisons *comparisons, const char **names, int *first)
{
	int			n = 0;

	for (int i = 0; i < comparisons->n; i++)
		if (n == 0 || strcmp(names[n - 1], comparisons->list[i].point) != 0)
		{
			names[n] = comparisons->list[i].point;
			first[n++] = i;
		}
	return n;
}

/* Sums the slots between readings. */
static void
sum_slots(const Validation *validation, const Comparisons *comparisons)
{
	MeterReadRequest request = validation->request;
	const char **names = palloc(comparisons->n * sizeof(char *));
	int		   *at = palloc(comparisons->n * sizeof(int));
	MeterRead  *read;

	request.npoints = compared_points(comparisons, names, at);
	request.points = names;
	for (int i = 0; i < comparisons->n; i++)
	{
		request.from = Min(request.from, comparisons->list[i].from);
		request.to = Max(request.to, comparisons->list[i].to);
	}
	read = meter_read_begin(&request);
	/* Both are in the order of names. */
	while (meter_read_next_day(read))
		for (int i = 0, place = 0; i < read->n; i++)
		{
			const MeterDay *day = &read->days[i];

			while (place < request.npoints && strcmp(names[place], day->point->name) < 0)
				place++;
			if (place == request.npoints || strcmp(names[place], day->point->name) != 0)
				continue;
			for (int s = 0; s < day->nspans; s++)
				for (int slot = day->spans[s].from; slot < day->spans[s].to; slot++)
					sum_slot(comparisons, &at[place], day, slot);
		}
	meter_read_end(read);
}

/* Adds a comparison if all slots are there, and differ by more than a unit each. */
static void
add_difference(Validation *validation, const Comparison *comparison)
{
	int			scale = validation->request.grid->form.energy_scale;
	sg_int128	difference = comparison->sum - comparison->advance;

	if (comparison->length != comparison->to - comparison->from ||
		(difference <= comparison->slots && difference >= -comparison->slots))
		return;
	validate_add(validation, comparison->point, comparison->from, VALIDATE_REGISTER,
				 scale_sum(comparison->sum, scale), scale_sum(comparison->advance, scale));
}

/* Adds where amounts do not sum to the advance of the register. */
void
validate_registers(Validation *validation)
{
	MeterRead  *read = read_all_periods(validation);
	Comparisons comparisons = {0};

	find_comparisons(validation, read, &comparisons);
	if (comparisons.n > 0)
		sum_slots(validation, &comparisons);
	for (int i = 0; i < comparisons.n; i++)
		add_difference(validation, &comparisons.list[i]);
	meter_read_end(read);
}
