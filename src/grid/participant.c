/*-------------------------------------------------------------------------
 *
 * participant.c
 *	  Participants: finding and locking them by the name of their principal,
 *	  and who may know whose name.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

#include "base/errors.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "store/relations.h"

PG_FUNCTION_INFO_V1(sg_party_name);
PG_FUNCTION_INFO_V1(sg_shown_name);
PG_FUNCTION_INFO_V1(sg_readable_parties);

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

/* The id of a principal in a grid in the active snapshot, PARTICIPANT_NONE where it is not registered. */
int64
participant_id_of(const Grid *grid, const char *principal)
{
	StoreRow	row;

	return find_participant(grid, principal, &row) ? STORE_FORM(&row, FormParticipant)->participant_id : PARTICIPANT_NONE;
}

/* The same for a call that writes, by what is kept where that may be used. */
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

/* The principal of a participant, or NULL where there is none of that id. */
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

	if (identity_may_read_grid(grid->form.operator_role))
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

/* Is there a trade in which seller sells to buyer? */
static bool
has_trade(int64 seller, int64 buyer)
{
	ScanKeyData keys[2];
	StoreRow	row;

	ScanKeyInit(&keys[0], Anum_trade_seller_id, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(seller));
	ScanKeyInit(&keys[1], Anum_trade_buyer_id, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(buyer));
	return store_find_by_index(TABLE_TRADE, INDEX_TRADE_SELLER, 2, keys, &row);
}

/*
 * May the caller know who a participant is?  Producers are in the public
 * directory; beyond that each knows itself and those it has offered a trade
 * to, and readers of a grid know everybody in it.
 */
static bool
may_know_name(const StoreRow *participant)
{
	FormParticipant *form = STORE_FORM(participant, FormParticipant);
	StoreRow	row;
	bool		isnull;
	Grid		grid;
	char	   *caller;
	char	   *principal;
	int64		caller_id;

	if (store_find(TABLE_PRODUCER, form->participant_id, &row))
		return true;
	if (!store_find(TABLE_GRID, form->grid_id, &row))
		return false;
	memcpy(&grid.form, STORE_FORM(&row, FormGrid), FORM_WIDTH(FormGrid, emergency_mode));
	if (identity_may_read_grid(grid.form.operator_role))
		return true;
	caller = identity_principal_or_null();
	if (caller == NULL)
		return false;
	principal = TextDatumGetCString(store_attribute(participant, Anum_participant_principal, &isnull));
	if (strcmp(caller, principal) == 0)
		return true;
	caller_id = participant_id_of(&grid, caller);
	return caller_id != PARTICIPANT_NONE && has_trade(caller_id, form->participant_id);
}

/* The name of a participant where the caller may know it, with *known false where not. */
static Datum
party_name(int64 participant_id, bool *known)
{
	StoreRow	row;
	bool		isnull;

	*known = participant_id != PARTICIPANT_NONE &&
		store_find(TABLE_PARTICIPANT, participant_id, &row) &&
		may_know_name(&row);
	return *known ? datumCopy(store_attribute(&row, Anum_participant_principal, &isnull), false, -1) : (Datum) 0;
}

/*
 * party_name(participant_id) -> text: the name of a participant where the
 * caller may know it, or NULL.
 */
Datum
sg_party_name(PG_FUNCTION_ARGS)
{
	bool		known;
	Datum		name = party_name(PG_GETARG_INT64(0), &known);

	if (!known)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(name);
}

/*
 * shown_name(own, participant_id, principal) -> text: in an entry of one's own
 * the name as by party_name(), in one that is read as a reader of its grid the
 * principal, which came by a join.  For the views on trades and the ledger.
 */
Datum
sg_shown_name(PG_FUNCTION_ARGS)
{
	bool		known = false;
	Datum		name;

	if (PG_ARGISNULL(0) || !PG_GETARG_BOOL(0))
	{
		if (PG_ARGISNULL(2))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(2));
	}
	name = PG_ARGISNULL(1) ? (Datum) 0 : party_name(PG_GETARG_INT64(1), &known);
	if (!known)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(name);
}

/*
 * readable_parties(principals) -> bigint[]: the ids that these principals have
 * in the grids whose every row the caller may see; nothing about any other.
 */
Datum
sg_readable_parties(PG_FUNCTION_ARGS)
{
	ArrayBuildState *ids = initArrayResult(INT8OID, CurrentMemoryContext, false);
	Datum	   *principals;
	bool	   *isnull;
	int			n;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &principals, &isnull, &n);
	for (int i = 0; i < n; i++)
	{
		ScanKeyData key;
		StoreScan	scan;
		HeapTuple	tuple;

		if (isnull[i])
			continue;
		ScanKeyInit(&key, Anum_participant_principal, BTEqualStrategyNumber, F_TEXTEQ, principals[i]);
		store_scan_begin_index(&scan, TABLE_PARTICIPANT, INDEX_PARTICIPANT_PRINCIPAL, 1, &key);
		while ((tuple = store_scan_next(&scan)) != NULL)
		{
			FormParticipant *participant = (FormParticipant *) GETSTRUCT(tuple);
			StoreRow	grid;

			if (store_find(TABLE_GRID, participant->grid_id, &grid) &&
				identity_may_read_grid(STORE_FORM(&grid, FormGrid)->operator_role))
				ids = accumArrayResult(ids, Int64GetDatum(participant->participant_id), false,
									   INT8OID, CurrentMemoryContext);
		}
		store_scan_end(&scan);
	}
	PG_RETURN_DATUM(makeArrayResult(ids, CurrentMemoryContext));
}
