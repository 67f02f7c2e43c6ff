/*-------------------------------------------------------------------------
 *
 * allocate.c
 *	  What points got of the community's energy, from day to day.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/resample.h"
#include "settlement/allocate_state.h"

/* Raises 22003 for the one amount that is no amount the other way. */
int64
allocated_magnitude(int64 amount)
{
	if (amount == PG_INT64_MIN)
		error_out_of_range("the amount of a slot");
	return amount < 0 ? -amount : amount;
}

static int
compare_point(const void *key, const void *fact)
{
	int64		left = *(const int64 *) key;
	int64		right = ((const ShareFact *) fact)->point_id;

	return (left > right) - (left < right);
}

/* The first fact of a point; NULL if it has none. */
static ShareFact *
first_fact(const AllocationState *state, int64 point_id)
{
	ShareFact  *fact = bsearch(&point_id, state->facts, state->nfacts, sizeof(ShareFact), compare_point);

	while (fact && fact > state->facts && fact[-1].point_id == point_id)
		fact--;
	return fact;
}

/* Reads the facts of the days. */
static void
read_facts(Allocation *allocation)
{
	AllocationState *state = allocation->state;
	const MeterReadRequest *request = &allocation->read->request;
	int32		grid_id = request->grid->form.grid_id;

	state->facts = share_load(grid_id, request->from, request->to, request->as_of, &state->nfacts);
	state->models = allocation_load(grid_id, request->from, request->to, request->as_of, &state->nmodels);
	state->facts_of = palloc(Max(allocation->read->npoints, 1) * sizeof(ShareFact *));
	for (int p = 0; p < allocation->read->npoints; p++)
		state->facts_of[p] = first_fact(state, allocation->read->points[p].point_id);
}

/*
 * Begins to allocate [from, to) by what was on record at a moment, DT_NOEND:
 * now; in a memory context of its own below the current one.  The active
 * snapshot has to stay the same to the end.
 */
Allocation *
allocate_begin(const Grid *grid, TimestampTz from, TimestampTz to, TimestampTz as_of, int flags)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid allocation", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Allocation *allocation = palloc0(sizeof(Allocation));
	MeterReadRequest request = {.grid = grid, .from = from, .to = to, .as_of = as_of};

	request.flags = flags & ALLOCATE_LOSS ? READ_LOSS : READ_WITHOUT_LOSS;
	/* Which slots a day has depends on all of it. */
	resample_whole_slots(&request.from, &request.to, zone_of_grid(grid));
	allocation->flags = flags;
	allocation->from = from;
	allocation->to = to;
	allocation->read = meter_read_begin(&request);
	allocation->state = palloc0(sizeof(AllocationState));
	allocation->state->context = context;
	allocation->incomplete = allocation->state->incomplete;
	allocation->covered = allocation->state->covered;
	read_facts(allocation);
	MemoryContextSwitchTo(old);
	return allocation;
}

/* Goes on to the next day on which a point takes part; false if there is none. */
bool
allocate_next_day(Allocation *allocation)
{
	do
	{
		if (!meter_read_next_day(allocation->read))
			return false;
	} while (!allocate_lay_out_day(allocation));
	allocate_slots(allocation);
	return true;
}

/* Ends the allocation: nothing of it can be used any more. */
void
allocate_end(Allocation *allocation)
{
	meter_read_end(allocation->read);
	MemoryContextDelete(allocation->state->context);
}
