/*-------------------------------------------------------------------------
 *
 * known_stripes.c
 *	  What a backend knows of the stripes of grids.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "grid/known_stripes.h"

/* A backend keeps the stripes of so many grids, and then begins anew. */
#define KNOWN_GRIDS_MAX		1024

static HTAB *known_grids = NULL;
MemoryContext known_stripes_context = NULL;

/* What is known of the stripes of a grid; NULL if nothing is. */
KnownGrid *
known_stripes_find(int32 grid_id)
{
	return known_grids ? hash_search(known_grids, &grid_id, HASH_FIND, NULL) : NULL;
}

/* The same, to be filled in if nothing is. */
KnownGrid *
known_stripes_enter(int32 grid_id)
{
	HASHCTL		control = {.keysize = sizeof(int32), .entrysize = sizeof(KnownGrid)};
	KnownGrid  *known;
	bool		found;

	if (known_grids && hash_get_num_entries(known_grids) >= KNOWN_GRIDS_MAX)
	{
		hash_destroy(known_grids);
		MemoryContextReset(known_stripes_context);
		known_grids = NULL;
	}
	if (known_grids == NULL)
	{
		if (known_stripes_context == NULL)
			known_stripes_context = AllocSetContextCreate(TopMemoryContext, "smartgrid stripes", ALLOCSET_DEFAULT_SIZES);
		control.hcxt = known_stripes_context;
		known_grids = hash_create("smartgrid grids", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	known = hash_search(known_grids, &grid_id, HASH_ENTER, &found);
	if (!found)
	{
		known->n = 0;
		known->stripes = NULL;
		known->nrunning = 0;
		known->running = NULL;
		known->generation = PG_UINT64_MAX;	/* never */
		known->xact = InvalidLocalTransactionId;
		known->xmax = InvalidTransactionId;
	}
	return known;
}
