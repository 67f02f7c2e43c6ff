/*-------------------------------------------------------------------------
 *
 * register_slots.c
 *	  The slots that readings of registers make.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/errors.h"
#include "metering/coarse.h"
#include "metering/register_chain.h"

/* A chain whose slots are handed to the load. */
typedef struct SlotsWork
{
	const RegisterChain *chain;
	Stretch    *stretches;		/* one less than nodes */
	int			next;			/* the first stretch that ends behind the slots that are done */
	TimestampTz done;			/* slots until then are */
} SlotsWork;

/* What a stretch has in the time from what was taken of it up to this. */
static int64
take_part(const SlotsWork *work, Stretch *stretch, TimestampTz to)
{
	int64		before = stretch->taken;

	stretch->part += register_weight(work->chain, stretch->spread, stretch->place, to);
	stretch->place = to;
	stretch->taken = coarse_share(stretch->advance, stretch->part, stretch->whole);
	return stretch->taken - before;
}

/* The worst quality of the nodes from one to another. */
static Quality
worst_quality(const RegisterNode *nodes, int first, int last)
{
	Quality		worst = nodes[first].quality;

	for (int i = first + 1; i <= last; i++)
		if (quality_rank(nodes[i].quality) > quality_rank(worst))
			worst = nodes[i].quality;
	return worst;
}

/* Hands a slot to the load, unless a stretch that is in it does not count. */
static void
hand_over(SlotsWork *work, const RegisterSlot *slot, int64 ord)
{
	const RegisterNodes *all = &work->chain->nodes;
	const RegisterNode *nodes = all->nodes;
	LoadPoint  *point = work->chain->point;
	int			first = work->next;
	int			i;
	sg_int128	amount = 0;
	Quality		quality = QUALITY_ESTIMATED;
	LoadValue	value = {.form = VALUE_UNITS};

	for (i = first; i + 1 < all->n && nodes[i].at < slot->ends; i++)
	{
		Stretch    *stretch = &work->stretches[i];

		if (!stretch->counts)
			return;
		if (stretch->place < slot->starts)
			(void) take_part(work, stretch, slot->starts);
		amount += take_part(work, stretch, Min(nodes[i + 1].at, slot->ends));
	}
	if (nodes[first].at == slot->starts && nodes[i].at == slot->ends)
		quality = worst_quality(nodes, first, i);
	if (amount > PG_INT64_MAX)
	{
		load_refuse(work->chain->load, ord, point->name, refuse_out_of_range("the amount of a slot"));
		return;
	}
	value.units = (int64) amount;
	load_interval(work->chain->load, ord, point->name, strlen(point->name), slot->starts, slot->minutes, &value, quality);
}

/* Hands over the slots that the stretch from node i to the next is in, unless they are handed over already, or have not ended. */
static void
hand_over_stretch(SlotsWork *work, int i)
{
	const RegisterChain *chain = work->chain;
	const RegisterNode *nodes = chain->nodes.nodes;
	TimestampTz at = Max(nodes[i].at, work->done);
	RegisterSlot slot;

	while (at < nodes[i + 1].at && register_slot_at(chain, at, &slot) && slot.ends <= chain->load->now + LOAD_AHEAD)
	{
		CHECK_FOR_INTERRUPTS();
		while (nodes[work->next + 1].at <= slot.starts)
			work->next++;
		hand_over(work, &slot, nodes[i + 1].ord ? nodes[i + 1].ord : nodes[i].ord);
		at = work->done = slot.ends;
	}
}

/* Does the stretch from node i to the next change by what was given: a node at one of its ends, or the reading after the exchange that it ends with? */
static bool
is_touched(const RegisterNodes *all, int i)
{
	const RegisterNode *nodes = all->nodes;

	if (nodes[i].ord != 0)
		return true;
	for (i++; nodes[i].is_exchange && nodes[i].ord == 0 && i + 1 < all->n;)
		i++;
	return nodes[i].ord != 0;
}

/* Hands over the slots of all stretches that change by what was given. */
void
register_slots(const RegisterChain *chain)
{
	int			n = chain->nodes.n;
	SlotsWork	work = {.chain = chain, .done = DT_NOBEGIN};

	if (n < 2)
		return;
	work.stretches = MemoryContextAllocHuge(CurrentMemoryContext, (n - 1) * sizeof(Stretch));
	for (int i = 0; i + 1 < n; i++)
	{
		Refusal    *refusal = register_measure(chain, i, &work.stretches[i]);

		if (refusal != NULL)
			refusal_free(refusal);
	}
	for (int i = 0; i + 1 < n; i++)
		if (is_touched(&chain->nodes, i))
			hand_over_stretch(&work, i);
	pfree(work.stretches);
}
