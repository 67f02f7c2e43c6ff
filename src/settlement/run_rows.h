/*-------------------------------------------------------------------------
 *
 * run_rows.h
 *	  Runs on record: finding, reading and writing them.
 *
 * Who makes, finalizes or discards runs of a grid is alone with that: it takes the
 * lock of the grid's runs (run_lock()) first, before the settlement lock.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_ROWS_H
#define SG_RUN_ROWS_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/digest.h"
#include "settlement/run_compute.h"

/* The row of a run. */
typedef struct RunHead
{
	int64		run_id;
	bool		is_final;
	int32		number;			/* 0: the first of its period; n: its correction n */
	TimestampTz from;
	TimestampTz to;
	TimestampTz as_of;
	TimestampTz basis_from;		/* the earliest time that it looked at */
	bool		as_of_named;
	RunAccept	accept;
	Digest		digest;
	Datum		replaces;		/* bigint[]: previews of the period before it */
} RunHead;

/* run_rows.c */
extern void run_lock(int32 grid_id);
extern bool run_find(int32 grid_id, int64 run_id, RunHead *head);
extern void run_require(const Grid *grid, int64 run_id, RunHead *head);
extern int	run_count_final(int32 grid_id, TimestampTz from, TimestampTz to);
extern char *run_overlapping_final(int32 grid_id, TimestampTz from, TimestampTz to, bool but_itself);
extern void run_delete(int64 run_id);
extern Datum run_take_preview(int32 grid_id, TimestampTz from, TimestampTz to);
extern void run_set_final(int64 run_id, TimestampTz as_of, int64 entry_id);

/* run_write.c */
extern int64 run_insert(const Grid *grid, const RunHead *head, const Run *run);

/* run_read.c: what a run has on record */
extern void run_read_lines(int64 run_id, RunLines *lines);
extern void run_read_lines_before(int32 grid_id, TimestampTz from, TimestampTz to, int32 number, RunLines *lines);
extern RunBasis *run_read_basis(int64 run_id, int *n);
extern RunBasis *run_names_now(const RunBasis *basis, int n);

/* run_accept.c */
extern void run_accept_of(Datum names, RunAccept *accept);
extern RunName *run_names_of(const RunBasis *basis, int n, int *nnames);

/* run_correction.c */
extern void run_subtract(RunLines *lines, const RunLines *before, int money_scale);

#endif							/* SG_RUN_ROWS_H */
