/*-------------------------------------------------------------------------
 *
 * producer_types.c
 *	  The energy types of many producers.
 *
 * No function of ours changes the type of a producer, so it is looked up once
 * in the active snapshot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "producer_types.h"
#include "store.h"

typedef struct KnownType
{
	int64		participant_id;
	int			energy_type;
} KnownType;

void
producer_types_open(ProducerTypes *types)
{
	HASHCTL		ctl = {.keysize = sizeof(int64), .entrysize = sizeof(KnownType), .hcxt = CurrentMemoryContext};

	types->known = hash_create("smartgrid energy types of producers", 1024, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* The code of a producer's energy type; -1 where it is gone. */
int
producer_type(ProducerTypes *types, int64 participant_id)
{
	bool		found;
	KnownType  *known = hash_search(types->known, &participant_id, HASH_ENTER, &found);
	StoreRow	row;

	if (!found)
	{
		known->energy_type = -1;	/* an error below leaves no wrong answer: the table goes with it */
		if (store_find(TABLE_PRODUCER, participant_id, &row))
		{
			known->energy_type = STORE_FORM(&row, FormProducer)->energy_type;
			pfree(row.tuple);
		}
	}
	return known->energy_type;
}

void
producer_types_close(ProducerTypes *types)
{
	hash_destroy(types->known);
}
