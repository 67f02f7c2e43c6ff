/*-------------------------------------------------------------------------
 *
 * register_chain.c
 *	  What the counter of a point showed one time after the other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "metering/register_chain.h"

/* The slot of the point that a time is in; false if it has none then. */
bool
register_slot_at(const RegisterChain *chain, TimestampTz at, RegisterSlot *slot)
{
	const LoadPeriod *period = load_point_period(chain->point, at);
	const DayFrame *frame;
	Refusal    *refusal;
	int64		length;

	if (period == NULL)
		return false;
	refusal = load_find_frame(chain->load, at, period->minutes, &frame);
	if (refusal != NULL)
	{
		refusal_free(refusal);
		return false;
	}
	length = period->minutes * USECS_PER_MINUTE;
	slot->starts = frame->starts + (at - frame->starts) / length * length;
	slot->ends = slot->starts + length;
	slot->minutes = period->minutes;
	return true;
}

/* The place of the first node that is not before a time. */
int
register_chain_find(const RegisterChain *chain, TimestampTz at)
{
	int			low = 0;
	int			high = chain->nodes.n;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (chain->nodes.nodes[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Reads from a time on, or earlier, until what is read begins with a reading: what is before an exchange is spread as the reading after it says. */
static void
read_from_reading(RegisterChain *chain, TimestampTz from, TimestampTz to)
{
	RegisterNodes *nodes = &chain->nodes;
	TimestampTz first;

	do
	{
		first = from;
		register_read(nodes, load_grid(chain->load), chain->point->point_id, from, to);
		if (nodes->n > 0 && nodes->nodes[0].is_exchange)
			from = Min(from, nodes->nodes[0].at);
	} while (from < first);
}

/*
 * Reads what is on record within [from, to], and around it: all that has a part
 * in the slots of the stretches that begin or end within.
 */
void
register_chain_read(RegisterChain *chain, TimestampTz from, TimestampTz to)
{
	RegisterNodes *nodes = &chain->nodes;
	TimestampTz first;
	TimestampTz last;
	RegisterSlot slot;

	read_from_reading(chain, from, to);
	if (nodes->n == 0)
		return;
	/* Where the outermost are within a slot, there are others that have a part in it. */
	first = Min(from, nodes->nodes[0].at);
	last = Max(to, nodes->nodes[nodes->n - 1].at);
	if (register_slot_at(chain, first, &slot) && slot.starts < first)
		from = slot.starts;
	if (register_slot_at(chain, last, &slot) && slot.starts < last)
		to = slot.ends;
	if (from < first || to > last)
		read_from_reading(chain, Min(from, first), Max(to, last));
}
