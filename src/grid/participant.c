/*-------------------------------------------------------------------------
 *
 * participant.c
 *	  Participants: finding and locking them by the name of their principal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

#include "base/errors.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "store/relations.h"

/*
 * The ids of principals that this backend has met, by hash: an id never
 * changes, and a rename or a deletion is announced (relations_generation()).  Ids
 * that this transaction has made are not kept, since it may roll back.
 */
#define KEPT_IDS	65536		/* power of two; some 4 MB when full */

typedef struct KeptId
{
	int64		participant_id;
	int32		grid_id;
	char		principal[FLEXIBLE_ARRAY_MEMBER];
} KeptId;

static struct
{
	MemoryContext context;
	KeptId	  **slots;
	uint64		generation;
}			kept;

/* Where the id of a principal is kept, or would be. */
static KeptId **
kept_slot(const Grid *grid, const char *principal)
{
	uint32		hash;

	if (kept.context == NULL)
		kept.context = AllocSetContextCreate(CacheMemoryContext, "smartgrid principals", ALLOCSET_DEFAULT_SIZES);
	if (kept.slots == NULL || kept.generation != relations_generation(TABLE_PARTICIPANT))
	{
		kept.slots = NULL;
		MemoryContextReset(kept.context);
		kept.slots = MemoryContextAllocZero(kept.context, KEPT_IDS * sizeof(KeptId *));
		kept.generation = relations_generation(TABLE_PARTICIPANT);
	}
	hash = DatumGetUInt32(hash_any((const unsigned char *) principal, strlen(principal)));
	return &kept.slots[(hash ^ (uint32) grid->form.grid_id) & (KEPT_IDS - 1)];
}

static void
keep_id(KeptId **slot, const Grid *grid, const char *principal, int64 participant_id)
{
	KeptId	   *entry = MemoryContextAlloc(kept.context, offsetof(KeptId, principal) + strlen(principal) + 1);

	entry->participant_id = participant_id;
	entry->grid_id = grid->form.grid_id;
	strcpy(entry->principal, principal);
	if (*slot)
		pfree(*slot);
	*slot = entry;
}

static bool
find_participant(const Grid *grid, const char *principal, StoreRow *row)
{
	ScanKeyData keys[2];

	ScanKeyInit(&keys[0], Anum_participant_principal, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(principal));
	ScanKeyInit(&keys[1], Anum_participant_grid_id, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(grid->form.grid_id));
	return store_find_by_index(TABLE_PARTICIPANT, INDEX_PARTICIPANT_PRINCIPAL, 2, keys, row);
}

/* The id of a principal in a grid in the active snapshot, PARTICIPANT_NONE if it is not registered. */
int64
participant_id_of(const Grid *grid, const char *principal)
{
	StoreRow	row;

	return find_participant(grid, principal, &row) ? STORE_FORM(&row, FormParticipant)->participant_id : PARTICIPANT_NONE;
}

/* The same for a call that writes, by what is kept if that may be used. */
int64
participant_id_for_call(const Grid *grid, const char *principal)
{
	KeptId	  **slot;
	StoreRow	row;
	int64		id;

	if (!relations_may_keep(TABLE_PARTICIPANT))
		return participant_id_of(grid, principal);
	slot = kept_slot(grid, principal);
	if (*slot && (*slot)->grid_id == grid->form.grid_id && strcmp((*slot)->principal, principal) == 0)
		return (*slot)->participant_id;
	if (!find_participant(grid, principal, &row))
		return PARTICIPANT_NONE;
	id = STORE_FORM(&row, FormParticipant)->participant_id;
	if (relations_may_keep(TABLE_PARTICIPANT) &&	/* the lookup may have heard of a change */
		!TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(row.tuple->t_data)))
		keep_id(slot, grid, principal, id);
	return id;
}

/* The principal of a participant, or NULL if there is none of that id. */
char *
participant_name_of(int64 participant_id)
{
	StoreRow	row;
	bool		isnull;

	if (!store_find(TABLE_PARTICIPANT, participant_id, &row))
		return NULL;
	return TextDatumGetCString(store_attribute(&row, Anum_participant_principal, &isnull));
}

/* May the caller see the rows of this principal in this grid?  Its own, or as a reader of the grid. */
bool
participant_may_see(const Grid *grid, const char *principal)
{
	char	   *caller;

	if (identity_may_read_grid(grid->operator_role))
		return true;
	caller = identity_principal_or_null();
	return caller != NULL && strcmp(caller, principal) == 0;
}

/* What a participant is called in messages that has a row in this table. */
const char *
participant_kind(StoreTable table)
{
	switch (table)
	{
		case TABLE_PRODUCER:
			return "producer";
		case TABLE_CONSUMER:
			return "consumer";
		case TABLE_STORAGE:
			return "storage facility";
		default:
			return "participant";
	}
}

/* SG101: principal is not registered as kind ("producer", ...) in grid. */
Refusal *
refuse_participant_not_found(const char *kind, const char *principal, const Grid *grid)
{
	return refusal_hint(refuse(ERRCODE_SG_NOT_FOUND, "%s \"%s\" does not exist in grid \"%s\"", kind, principal, grid->name),
						"Check the setting smartgrid.grid; a principal registers itself with the sg_register_ functions.");
}

/* Raises SG101: principal is not registered as kind ("producer", ...) in grid. */
void
error_participant_not_found(const char *kind, const char *principal, const Grid *grid)
{
	error_refused(refuse_participant_not_found(kind, principal, grid));
}

/* SG106 unless active; table: as what the principal is registered. */
Refusal *
refuse_inactive(bool active, StoreTable table, const char *principal)
{
	if (active)
		return NULL;
	return refusal_hint(refuse(ERRCODE_SG_INACTIVE, "%s \"%s\" is deactivated", participant_kind(table), principal),
						"An operator can reactivate it with sg_reactivate_participant().");
}
