/*-------------------------------------------------------------------------
 *
 * viewer.c
 *	  What a caller may see: every row of the grids that it reads as a whole,
 *	  and elsewhere the rows of its own participants.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgroids.h"

#include "grid/identity.h"
#include "grid/participant.h"
#include "grid/viewer.h"

/*
 * The ids of the first participants, at most so many, that the calling principal
 * is, by grid, and how many; 0 if no principal is known.
 */
int
viewer_own_participants(int64 **ids, int most)
{
	char	   *principal = identity_principal_or_null();
	int			n = 0;
	int			allocated = 4;
	ScanKeyData key;
	StoreScan	scan;

	*ids = palloc(allocated * sizeof(int64));
	if (principal == NULL)
		return 0;
	ScanKeyInit(&key, Anum_participant_principal, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(principal));
	store_scan_begin_index(&scan, TABLE_PARTICIPANT, INDEX_PARTICIPANT_PRINCIPAL, 1, &key);
	while (n < most && store_scan_next(&scan))
	{
		if (n == allocated)
		{
			allocated *= 2;
			*ids = repalloc(*ids, allocated * sizeof(int64));
		}
		(*ids)[n++] = STORE_SCAN_FORM(&scan, FormParticipant)->participant_id;
	}
	store_scan_end(&scan);
	return n;
}

/* The ids of grids, at most so many, whose every row the current user may see, and how many. */
int
viewer_readable_grids(int32 **ids, int most)
{
	int			n = 0;
	int			allocated = 4;
	StoreScan	scan;

	*ids = palloc(allocated * sizeof(int32));
	store_scan_begin(&scan, TABLE_GRID, 0, NULL);
	while (n < most && store_scan_next(&scan))
	{
		const FormGrid *grid = STORE_SCAN_FORM(&scan, FormGrid);

		if (!identity_may_read_grid_row(&scan.row))
			continue;
		if (n == allocated)
		{
			allocated *= 2;
			*ids = repalloc(*ids, allocated * sizeof(int32));
		}
		(*ids)[n++] = grid->grid_id;
	}
	store_scan_end(&scan);
	return n;
}

/* Is there a grid whose every row the current user may see? */
bool
viewer_reads_a_grid(void)
{
	int32	   *ids;

	return viewer_readable_grids(&ids, 1) > 0;
}

static int
compare_grids(const void *a, const void *b)
{
	int32		left = *(const int32 *) a;
	int32		right = *(const int32 *) b;

	return (left > right) - (left < right);
}

/* What the caller may see of all grids. */
void
viewer_of_caller(Viewer *viewer)
{
	viewer->nwhole = viewer_readable_grids(&viewer->whole, PG_INT32_MAX);
	qsort(viewer->whole, viewer->nwhole, sizeof(int32), compare_grids);	/* without its index, the table has no order */
	viewer->nown = viewer_own_participants(&viewer->own, PG_INT32_MAX);
}

/* What the caller may see of one grid: all of it, or what its participant there is a party of, or nothing. */
void
viewer_of_caller_in(Viewer *viewer, int32 grid_id)
{
	Grid		grid = {.form.grid_id = grid_id};
	StoreRow	row;
	char	   *caller;
	int64		id;

	memset(viewer, 0, sizeof(*viewer));
	if (store_find(TABLE_GRID, grid_id, &row) && identity_may_read_grid_row(&row))
	{
		viewer->whole = palloc(sizeof(int32));
		viewer->whole[viewer->nwhole++] = grid_id;
		return;
	}
	caller = identity_principal_or_null();
	id = caller ? participant_id_of(&grid, caller) : PARTICIPANT_NONE;
	if (id != PARTICIPANT_NONE)
	{
		viewer->own = palloc(sizeof(int64));
		viewer->own[viewer->nown++] = id;
	}
}

/* Does it see every row of this grid? */
bool
viewer_reads_grid(const Viewer *viewer, int32 grid_id)
{
	if (viewer->nwhole == 1)
		return viewer->whole[0] == grid_id;
	return viewer->nwhole > 0 &&
		bsearch(&grid_id, viewer->whole, viewer->nwhole, sizeof(int32), compare_grids) != NULL;
}

/* Does it see the rows of a participant of this grid? */
bool
viewer_sees(const Viewer *viewer, int32 grid_id, int64 participant_id)
{
	return viewer_reads_grid(viewer, grid_id) || viewer_is(viewer, participant_id);
}

/* Is this one of its own participants? */
bool
viewer_is(const Viewer *viewer, int64 participant_id)
{
	for (int i = 0; i < viewer->nown; i++)
		if (viewer->own[i] == participant_id)
			return true;
	return false;
}
