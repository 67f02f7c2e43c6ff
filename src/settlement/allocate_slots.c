/*-------------------------------------------------------------------------
 *
 * allocate_slots.c
 *	  What points got of the community's energy: the slots of a day.
 *
 * What was read lies point after point, and is shared out slot after slot.  So
 * slots are taken in blocks: the amounts of a block are laid out by slot, shared
 * out, and the results laid back by point.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "settlement/allocate_state.h"
#include "settlement/largest_remainder.h"

#define TILE_MEMBERS	64

/* Slots from .. to - 1, in which a point's span is the same, and the model. */
typedef struct Stretch
{
	int			from;
	int			to;
	AllocationModel model;
} Stretch;

/* The model of the grid at a moment. */
static AllocationModel
model_at(const AllocationState *state, TimestampTz at)
{
	for (int m = 0; m < state->nmodels; m++)
		if (state->models[m].from <= at && at < state->models[m].to)
			return state->models[m].model;
	return ALLOCATION_DYNAMIC;
}

/* What of an amount is eligible on the side of a sign: storage is on that of its own. */
static int64
eligible_on_side(const SideMember *member, int64 amount, int sign)
{
	if (member->span == NULL || (member->point->point->kind == POINT_STORAGE && (amount < 0) != (sign < 0)))
		return 0;
	return allocation_eligible(allocated_magnitude(amount), member->span->share.factor);
}

/* Lays out n slots of members begin .. end - 1 of a side by slot: what of their amounts is eligible on the side of a sign. */
static void
lay_out_tile(const AllocationSide *side, int begin, int end, int sign, int from, int n)
{
	for (int s = 0; s < n; s++)
	{
		int64	   *to = side->amount + s * side->apart;

		for (int m = begin; m < end; m++)
		{
			const SideMember *member = &side->members[m];
			int64		amount = member->amount[from + s];

			to[m] = member->is_plain ? amount : eligible_on_side(member, amount, sign);
		}
	}
}

/* Lays out n slots of all members: some of them at a time, whose amounts stay in the processor's cache meanwhile. */
static void
lay_out_block(const AllocationSide *side, int sign, int from, int n)
{
	for (int m = 0; m < side->n; m += TILE_MEMBERS)
		lay_out_tile(side, m, Min(m + TILE_MEMBERS, side->n), sign, from, n);
}

/* Only storage that charges has a key. */
static void
set_keys_of_storage(AllocationState *state, int slot)
{
	for (int c = 0; c < state->consumers.n; c++)
	{
		const SideMember *member = &state->consumers.members[c];

		if (member->point->point->kind == POINT_STORAGE)
			state->key[c] = member->amount[slot] < 0 ? allocate_key(member) : 0;
	}
}

/* Shares out a slot of a block.  22003 if a share is no bigint. */
static void
share_out_slot(Allocation *allocation, const Stretch *stretch, int slot, int s)
{
	AllocationState *state = allocation->state;
	const AllocationSide *consumers = &state->consumers;
	const AllocationSide *producers = &state->producers;
	AllocationConsumers needs = {
		.n = consumers->n, .need = consumers->amount + s * consumers->apart, .key = state->key,
		.order = state->nclasses > 0 ? state->order : NULL, .class_end = state->class_end, .classes = state->nclasses,
		.share = consumers->share + s * consumers->apart, .covered = consumers->covered + s * consumers->apart
	};
	AllocationProducers supplies = {
		.n = producers->n, .supply = producers->amount + s * producers->apart, .covered = producers->covered + s * producers->apart
	};

	if (stretch->model == ALLOCATION_STATIC || stretch->model == ALLOCATION_CASCADE)
		set_keys_of_storage(state, slot);
	if (!allocation_share_out(stretch->model, &needs, &supplies, state->room.memory))
		error_out_of_range(psprintf("a share of the slot at %s", timestamptz_to_str(allocated_start(allocation, slot))));
	state->covered[slot] = sum_of_weights(supplies.covered, supplies.n);
}

/* The sum of n slots of one member, which are so far apart; lays them back to where its point has them, unless that is NULL. */
static sg_int128
lay_back(const int64 *by_slot, int apart, int n, int64 *by_point)
{
	sg_int128	sum = 0;

	if (by_point == NULL)
		for (int s = 0; s < n; s++, by_slot += apart)
			sum += *by_slot;
	else
		for (int s = 0; s < n; s++, by_slot += apart)
			sum += by_point[s] = *by_slot;
	return sum;
}

/* The same of slots of storage, in which others count on the other side. */
static sg_int128
lay_back_storage(const int64 *by_slot, int apart, int n, int64 *by_point, const int64 *amount, bool consuming)
{
	sg_int128	sum = 0;

	for (int s = 0; s < n; s++, by_slot += apart)
		if ((amount[s] <= 0) == consuming)
		{
			sum += *by_slot;
			if (by_point)
				by_point[s] = *by_slot;
		}
	return sum;
}

/* What a member got in n slots of the block: to its point, and to the sums of its span. */
static void
lay_back_member(const AllocationSide *side, int m, bool consuming, int from, int n)
{
	const SideMember *member = &side->members[m];
	const int64 *amount = member->amount + from;
	AllocatedSpan *span = member->span;
	int64	   *share = member->share ? member->share + from : NULL;
	int64	   *covered = member->covered ? member->covered + from : NULL;

	if (span == NULL)
		return;
	span->eligible_sum += member->is_plain ? lay_back(amount, 1, n, NULL) : lay_back(side->amount + m, side->apart, n, NULL);
	if (member->point->point->kind == POINT_STORAGE)
	{
		span->covered_sum += lay_back_storage(side->covered + m, side->apart, n, covered, amount, consuming);
		if (consuming)
			span->share_sum += lay_back_storage(side->share + m, side->apart, n, share, amount, consuming);
		for (int s = 0; consuming && s < n; s++)
			span->consuming += amount[s] <= 0;
		return;
	}
	span->covered_sum += lay_back(side->covered + m, side->apart, n, covered);
	if (!consuming)
		return;
	span->share_sum += lay_back(side->share + m, side->apart, n, share);
	span->consuming += n;
}

static void
lay_back_block(const AllocationSide *side, bool consuming, int from, int n)
{
	for (int m = 0; m < side->n; m++)
		lay_back_member(side, m, consuming, from, n);
}

static void
allocate_stretch(Allocation *allocation, const Stretch *stretch)
{
	AllocationState *state = allocation->state;

	allocate_begin_stretch(state, stretch->from);
	for (int from = stretch->from; from < stretch->to; from += BLOCK_SLOTS)
	{
		int			n = Min(BLOCK_SLOTS, stretch->to - from);

		CHECK_FOR_INTERRUPTS();
		lay_out_block(&state->consumers, -1, from, n);
		lay_out_block(&state->producers, 1, from, n);
		for (int s = 0; s < n; s++)
			share_out_slot(allocation, stretch, from + s, s);
		lay_back_block(&state->consumers, true, from, n);
		lay_back_block(&state->producers, false, from, n);
	}
}

/* Shares out the slots of the day that are within the period. */
void
allocate_slots(Allocation *allocation)
{
	const AllocationState *state = allocation->state;
	Stretch		stretch;

	allocate_make_sides(allocation);
	for (stretch.from = allocation->first; stretch.from < allocation->end; stretch.from = stretch.to)
	{
		stretch.to = stretch.from + 1;
		while (stretch.to < allocation->end && !state->begins[stretch.to])
			stretch.to++;
		stretch.model = model_at(state, allocated_start(allocation, stretch.from));
		allocate_stretch(allocation, &stretch);
	}
}
