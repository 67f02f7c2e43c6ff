/*-------------------------------------------------------------------------
 *
 * rollup.h
 *	  The rows of smartgrid.rollup and smartgrid.rollup_production: what sealed
 *	  entries add up to by quarter-hour.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ROLLUP_H
#define SG_ROLLUP_H

#include "postgres.h"

#include "base/checked.h"
#include "grid/grid.h"
#include "ledger/sums.h"
#include "lib/stringinfo.h"
#include "series/producer_types.h"
#include "series/quarters.h"

/* The columns of smartgrid.rollup behind those of sum_names: lowest and highest price, peak load and its time. */
#define ROLLUP_FURTHER	4

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

/* Who takes what rollup_read() reads. */
typedef struct RollupReader
{
	/* The sums of a quarter-hour, but for production by type. */
	void		(*take) (void *arg, TimestampTz start, const Sums *sums);
	/* Production of one type in a quarter-hour, energy units. */
	void		(*take_production) (void *arg, TimestampTz start, int energy_type, sg_int128 energy);
	void	   *arg;
} RollupReader;

extern void rollup_require_tables(void);
extern RollupEnd rollup_end(int32 grid_id);
extern void rollup_writer_open(RollupWriter *writer, int32 grid_id, int64 from);
extern void rollup_add(RollupWriter *writer, const FormLedger *entry);
extern void rollup_writer_close(RollupWriter *writer, int64 boundary);
extern int64 rollup_rebuild(int32 grid_id);

/* rollup_write.c */
extern void rollup_write(int32 grid_id, Quarter *const *quarters, int n);

/* rollup_read.c */
extern void rollup_columns(StringInfo sql);
extern void rollup_read(int32 grid_id, TimestampTz from, TimestampTz to, const TimestampTz *except, int nexcept,
						const RollupReader *reader);
extern sg_int128 rollup_change_from(int32 grid_id, TimestampTz from);

#endif							/* SG_ROLLUP_H */
