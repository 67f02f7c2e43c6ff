/*-------------------------------------------------------------------------
 *
 * document_energy.c
 *	  What each member had of the community in a period, for its documents.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "base/result.h"
#include "grid/grid.h"
#include "settlement/allocate.h"

PG_FUNCTION_INFO_V1(sg_document_energy);

/* Energy of a participant, energy units. */
typedef struct MemberEnergy
{
	int64		participant_id;
	sg_int128	consumed;
	sg_int128	covered;		/* of that, by the community */
	sg_int128	produced;
	sg_int128	delivered;		/* of that, to the community */
} MemberEnergy;

static HTAB *
create_members(void)
{
	HASHCTL		control = {.keysize = sizeof(int64), .entrysize = sizeof(MemberEnergy), .hcxt = CurrentMemoryContext};

	return hash_create("smartgrid members", 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* The energy of a participant, 0 at first. */
static MemberEnergy *
member_of(HTAB *members, int64 participant_id)
{
	bool		found;
	MemberEnergy *member = hash_search(members, &participant_id, HASH_ENTER, &found);

	if (!found)
		*member = (MemberEnergy) {.participant_id = participant_id};
	return member;
}

static void
add_span(MemberEnergy *member, const AllocatedPoint *point, const AllocatedSpan *span)
{
	for (int i = span->from; i < span->to; i++)
	{
		bool		consumes = allocated_consumes(point, i);

		*(consumes ? &member->consumed : &member->produced) += allocated_magnitude(point->amount[i]);
		*(consumes ? &member->covered : &member->delivered) += point->covered[i];
	}
}

static void
add_day(HTAB *members, const Allocation *allocation)
{
	for (int p = 0; p < allocation->n; p++)
	{
		const AllocatedPoint *point = &allocation->points[p];

		for (int s = 0; s < point->nspans; s++)
			add_span(member_of(members, point->spans[s].period->owner_id), point, &point->spans[s]);
	}
}

static void
write_members(HTAB *members, ResultRow *result)
{
	HASH_SEQ_STATUS scan;
	MemberEnergy *member;

	hash_seq_init(&scan, members);
	while ((member = hash_seq_search(&scan)) != NULL)
	{
		result_int64(result, member->participant_id);
		result_datum(result, number_of_int128(member->consumed));
		result_datum(result, number_of_int128(member->covered));
		result_datum(result, number_of_int128(member->produced));
		result_datum(result, number_of_int128(member->delivered));
		result_end_row(result);
	}
}

/*
 * document_energy(grid_id, from, to, as_of) -> what each participant consumed,
 * got of the community, produced and gave to it, energy units.  Checks no
 * rights: for the owner of the tables.
 */
Datum
sg_document_energy(PG_FUNCTION_ARGS)
{
	Grid	   *grid = grid_find(grid_name_of(PG_GETARG_INT32(0)));
	HTAB	   *members = create_members();
	ResultRow	result;
	Allocation *allocation;

	result_begin_set(&result, fcinfo);
	allocation = allocate_begin(grid, PG_GETARG_TIMESTAMPTZ(1), PG_GETARG_TIMESTAMPTZ(2), PG_GETARG_TIMESTAMPTZ(3), 0);
	while (allocate_next_day(allocation))
		add_day(members, allocation);
	allocate_end(allocation);
	write_members(members, &result);
	return (Datum) 0;
}
