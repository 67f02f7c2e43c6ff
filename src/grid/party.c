/*-------------------------------------------------------------------------
 *
 * party.c
 *	  The names of parties of trades and ledger entries, for those who may know
 *	  them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"

#include "grid/identity.h"
#include "grid/participant.h"
#include "grid/party.h"

PG_FUNCTION_INFO_V1(sg_party_name);
PG_FUNCTION_INFO_V1(sg_shown_name);
PG_FUNCTION_INFO_V1(sg_readable_parties);

PartyKnowsHook party_knows_hook = NULL;

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
	if (identity_may_read_grid_row(&row))
		return true;
	caller = identity_principal_or_null();
	if (caller == NULL)
		return false;
	principal = TextDatumGetCString(store_attribute(participant, Anum_participant_principal, &isnull));
	if (strcmp(caller, principal) == 0)
		return true;
	caller_id = participant_id_of(&grid, caller);
	return caller_id != PARTICIPANT_NONE && party_knows_hook && party_knows_hook(caller_id, form->participant_id);
}

/* The name of a participant, if the caller may know it; *known says so. */
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
 * party_name(participant_id) -> text: the name of a participant, or NULL if the
 * caller may not know it.
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

		if (isnull[i])
			continue;
		ScanKeyInit(&key, Anum_participant_principal, BTEqualStrategyNumber, F_TEXTEQ, principals[i]);
		store_scan_begin_index(&scan, TABLE_PARTICIPANT, INDEX_PARTICIPANT_PRINCIPAL, 1, &key);
		while (store_scan_next(&scan))
		{
			const FormParticipant *participant = STORE_SCAN_FORM(&scan, FormParticipant);
			StoreRow	grid;

			if (store_find(TABLE_GRID, participant->grid_id, &grid) &&
				identity_may_read_grid_row(&grid))
				ids = accumArrayResult(ids, Int64GetDatum(participant->participant_id), false,
									   INT8OID, CurrentMemoryContext);
		}
		store_scan_end(&scan);
	}
	PG_RETURN_DATUM(makeArrayResult(ids, CurrentMemoryContext));
}
