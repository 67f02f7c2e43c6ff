/*-------------------------------------------------------------------------
 *
 * rollup.h
 *	  The rows of smartgrid.rollup: what sealed entries add up to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ROLLUP_H
#define SG_ROLLUP_H

#include "postgres.h"

#include "base/checked.h"
#include "grid/grid.h"
#include "ledger/sums.h"
#include "series/producer_types.h"
#include "series/quarters.h"

/* SQL: what the entries of a row of smartgrid.rollup change in the grid load, as sums_load_change(). */
#define ROLLUP_LOAD_CHANGE(row) \
	row ".produced OPERATOR(pg_catalog.+) " row ".discharged OPERATOR(pg_catalog.+) " row ".released" \
	" OPERATOR(pg_catalog.-) " row ".consumed OPERATOR(pg_catalog.-) " row ".charged OPERATOR(pg_catalog.-) " row ".held"

/* Where the rollups of a grid end. */
typedef struct RollupEnd
{
	int64		next_entry;		/* the first id that may be in none */
	sg_int128	load;			/* grid load before that, energy units */
} RollupEnd;

/* Entries that are being added to a grid's rollups. */
typedef struct RollupWriter
{
	int32		grid_id;
	bool		enabled;		/* there are such tables */
	bool		any;			/* whether an entry was added */
	RollupEnd	end;
	Quarters	quarters;		/* what has not been written yet */
	ProducerTypes types;
} RollupWriter;

extern RollupEnd rollup_end(int32 grid_id);
extern void rollup_writer_open(RollupWriter *writer, int32 grid_id, int64 from);
extern void rollup_add(RollupWriter *writer, const FormLedger *entry);
extern void rollup_writer_close(RollupWriter *writer, int64 boundary);
extern int64 rollup_rebuild(int32 grid_id);
extern void rollup_read(int32 grid_id, TimestampTz from, TimestampTz to, const TimestampTz *except, int nexcept,
						void (*take) (void *arg, TimestampTz start, const Sums *sums), void *arg);
extern sg_int128 rollup_change_from(int32 grid_id, TimestampTz from);

#endif							/* SG_ROLLUP_H */
