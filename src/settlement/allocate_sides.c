/*-------------------------------------------------------------------------
 *
 * allocate_sides.c
 *	  What points got of the community's energy: the consumers and producers of a
 *	  day, and what holds of them in a stretch of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "settlement/allocate_state.h"

/* Amounts in a line of the processor's cache. */
#define CACHE_LINE		8

/* A consumer, to be put in the order of priorities. */
typedef struct Ranked
{
	int32		priority;
	uint32		consumer;
} Ranked;

static bool
is_on_side(const AllocatedPoint *point, PointKind kind)
{
	return point->point->kind == kind || point->point->kind == POINT_STORAGE;
}

static int
count_side(const Allocation *allocation, PointKind kind)
{
	int			n = 0;

	for (int p = 0; p < allocation->n; p++)
		n += is_on_side(&allocation->points[p], kind);
	return n;
}

/* How far slots of so many members lie from each other. */
static int
apart(int n)
{
	return ((n + CACHE_LINE - 1) / CACHE_LINE | 1) * CACHE_LINE;
}

/* Fills a side of so many members, whose arrays begin at an address; returns where they end. */
static char *
fill_side(const Allocation *allocation, AllocationSide *side, PointKind kind, int n, char *memory)
{
	Size		block = (Size) BLOCK_SLOTS * apart(n);

	side->apart = apart(n);
	side->members = (SideMember *) memory;
	side->amount = (int64 *) (side->members + n);
	side->covered = side->amount + block;
	side->share = side->covered + block;
	side->n = 0;
	for (int p = 0; p < allocation->n; p++)
	{
		const AllocatedPoint *point = &allocation->points[p];

		if (is_on_side(point, kind))
			side->members[side->n++] = (SideMember) {
				.amount = point->amount, .share = point->share, .covered = point->covered, .point = point
			};
	}
	return (char *) (side->share + block);
}

/* Makes the sides of the day. */
void
allocate_make_sides(Allocation *allocation)
{
	AllocationState *state = allocation->state;
	int			consumers = count_side(allocation, POINT_CONSUMPTION);
	int			producers = count_side(allocation, POINT_PRODUCTION);
	Size		blocks = sizeof(int64) * 3 * BLOCK_SLOTS * ((Size) apart(consumers) + apart(producers));
	Size		members = sizeof(SideMember) * ((Size) consumers + producers) + (sizeof(int64) + 2 * sizeof(uint32)) * (Size) consumers;
	char	   *memory = day_room(state, &state->sides, blocks + members);

	memory = fill_side(allocation, &state->consumers, POINT_CONSUMPTION, consumers, memory);
	memory = fill_side(allocation, &state->producers, POINT_PRODUCTION, producers, memory);
	state->key = (int64 *) memory;
	state->order = (uint32 *) (state->key + consumers);
	state->class_end = state->order + consumers;
	(void) day_room(state, &state->room, allocation_room(consumers, producers));
}

/* The span in which a slot of a point is; NULL if it is in none. */
static AllocatedSpan *
span_at(const AllocatedPoint *point, int slot)
{
	for (int s = 0; s < point->nspans; s++)
		if (point->spans[s].from <= slot && slot < point->spans[s].to)
			return &point->spans[s];
	return NULL;
}

static int
compare_ranked(const void *a, const void *b)
{
	const Ranked *left = a;
	const Ranked *right = b;

	if (left->priority != right->priority)
		return left->priority < right->priority ? -1 : 1;
	return (left->consumer > right->consumer) - (left->consumer < right->consumer);
}

static int32
priority_of(const AllocationSide *consumers, int c)
{
	const AllocatedSpan *span = consumers->members[c].span;

	return span ? span->share.priority : SHARE_DEFAULT.priority;
}

static bool
has_one_priority(const AllocationSide *consumers)
{
	for (int c = 1; c < consumers->n; c++)
		if (priority_of(consumers, c) != priority_of(consumers, 0))
			return false;
	return true;
}

/* Puts consumers in the order of their priorities; no classes if all have one. */
static void
rank_consumers(AllocationState *state)
{
	const AllocationSide *consumers = &state->consumers;
	Ranked	   *ranked;

	state->nclasses = 0;
	if (has_one_priority(consumers))
		return;
	ranked = palloc_extended(consumers->n * sizeof(Ranked), MCXT_ALLOC_HUGE);
	for (int c = 0; c < consumers->n; c++)
		ranked[c] = (Ranked) {.priority = priority_of(consumers, c), .consumer = (uint32) c};
	qsort(ranked, consumers->n, sizeof(Ranked), compare_ranked);
	for (int c = 0; c < consumers->n; c++)
	{
		state->order[c] = ranked[c].consumer;
		if (c > 0 && ranked[c].priority != ranked[c - 1].priority)
			state->class_end[state->nclasses++] = (uint32) c;
	}
	state->class_end[state->nclasses++] = (uint32) consumers->n;
	pfree(ranked);
}

/* Finds the spans of a side's members in a stretch. */
static void
find_spans(AllocationSide *side, int slot)
{
	for (int m = 0; m < side->n; m++)
	{
		SideMember *member = &side->members[m];

		member->span = span_at(member->point, slot);
		member->is_plain = member->span != NULL && member->span->share.factor == ALLOCATION_WHOLE &&
			member->point->point->kind != POINT_STORAGE;
	}
}

/* Looks who takes part in a stretch that begins with a slot, and how. */
void
allocate_begin_stretch(AllocationState *state, int slot)
{
	find_spans(&state->consumers, slot);
	find_spans(&state->producers, slot);
	for (int c = 0; c < state->consumers.n; c++)
		state->key[c] = allocate_key(&state->consumers.members[c]);
	rank_consumers(state);
}
