/*-------------------------------------------------------------------------
 *
 * check.h
 *	  sg_check(): what the rows of each grid come to, and who keeps sums of
 *	  sealed entries and has them compared in the same pass.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_CHECK_H
#define SG_CHECK_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/checked.h"
#include "base/result.h"
#include "ledger/totals.h"

/* Who compares the sums that it keeps with the entries that they are of. */
typedef struct CheckFollower
{
	/* Begins with a grid, and returns what the others get. */
	void	   *(*begin) (int32 grid_id);
	/* Takes an entry of the grid, in no order; energy_type is that of its producer, ENERGY_TYPE_NONE: not known. */
	void		(*add) (void *follower, const FormLedger *entry, int energy_type);
	/* Ends: how many rows differ from the entries. */
	int64		(*end) (void *follower);
} CheckFollower;

/* NULL: nobody keeps sums. */
extern const CheckFollower *check_follower_hook;

/* A grid that is checked, and what its rows come to. */
typedef struct CheckedGrid
{
	int32		grid_id;
	char	   *operator_role;
	char	   *name;
	TimestampTz created_at;
	int64		exact_after;
	int64		unit;			/* a money unit in what consumers carry */
	KindSums	ledger;
	void	   *follower;
	/* energy units, from here */
	sg_int128	load;
	sg_int128	capacity;
	sg_int128	active_capacity;	/* of producers */
	sg_int128	stored;
	sg_int128	held;			/* by pending trades */
	/* money units, from here */
	sg_int128	revenue;
	sg_int128	balances;
	sg_int128	earnings;
	sg_int128	due;			/* that participants owe; below 0: are owed */
	sg_int128	paid;			/* for completed trades */
	/* numbers of rows, from here */
	int64		producers_differing;
	int64		consumers_differing;
	int64		storage_differing;
	int64		dues_differing;
	int64		costs_differing;	/* consumers */
	int64		corrections;	/* entries: reversals, and what was written off */
	int64		digests;		/* rows */
	int64		with_digest;	/* entries that carry one by their kind */
	int64		payments;		/* entries: by bank, in or out */
	int64		older_than_grid;	/* entries */
	int64		without_participant;
	int64		trades_without_party;
	int64		below_zero;		/* stripes and accounts */
} CheckedGrid;

extern void check_return_grid(ResultRow *result, const CheckedGrid *grid);
extern void check_return_database(ResultRow *result, int64 without_grid);

#endif							/* SG_CHECK_H */
