/*-------------------------------------------------------------------------
 *
 * producer_types.c
 *	  The energy types of many producers.
 *
 * No function of the extension changes the type of a producer, so it is looked
 * up once in the active snapshot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "ledger/effect.h"
#include "series/producer_types.h"
#include "store/store.h"

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

/* The code of the energy type that an entry is production of; ENERGY_TYPE_NONE if it is none, or its producer is gone. */
int
producer_types_of(ProducerTypes *types, const FormLedger *entry)
{
	bool		found;
	KnownType  *known;
	StoreRow	row;

	if (!effect_is_production(effect_of(entry->kind)))
		return ENERGY_TYPE_NONE;
	known = hash_search(types->known, &entry->participant_id, HASH_ENTER, &found);
	if (!found)
	{
		known->energy_type = ENERGY_TYPE_NONE;	/* an error below leaves no wrong answer: the table goes with it */
		if (store_find(TABLE_PRODUCER, entry->participant_id, &row))
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
