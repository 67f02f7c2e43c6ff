/*-------------------------------------------------------------------------
 *
 * register_rows.h
 *	  Readings of registers on record.
 *
 * Rows are only inserted: of one point and time the latest counts whose batch was
 * not withdrawn.  An exchange of the meter is a row, too, with two readings.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REGISTER_ROWS_H
#define SG_REGISTER_ROWS_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "grid/grid.h"
#include "metering/batch.h"
#include "metering/quality.h"

/* What the counter of a point shows at a time. */
typedef struct RegisterNode
{
	TimestampTz at;
	int64		until;			/* energy units that it shows then */
	int64		since;			/* that it goes on from: others if the meter is exchanged */
	bool		is_exchange;
	int			digits;			/* of the new meter, in whole kWh; 0: not known */
	Quality		quality;
	const char *spread;			/* how what came before is spread; NULL: it does not say */
	int64		ord;			/* of the row that gives it; 0: it is on record */
	bool		is_new;			/* to be put on record */
	struct RegisterNode *on_record; /* what it replaces, or confirms; NULL: nothing */
} RegisterNode;

/* Nodes of a point, by time. */
typedef struct RegisterNodes
{
	int			n;
	int			allocated;
	RegisterNode *nodes;
} RegisterNodes;

/* New rows. */
typedef struct RegisterWriter RegisterWriter;

extern void register_nodes_insert(RegisterNodes *nodes, int place, RegisterNode node);
extern void register_nodes_remove(RegisterNodes *nodes, int place);

extern void register_read(RegisterNodes *nodes, const Grid *grid, int64 point_id, TimestampTz from, TimestampTz to);
extern void register_read_as_of(RegisterNodes *nodes, const Grid *grid, int64 point_id, TimestampTz from, TimestampTz to, TimestampTz as_of);
extern int	register_digits(int64 point_id, TimestampTz at);
extern int	register_digits_as_of(int64 point_id, TimestampTz at, TimestampTz as_of);
extern TimestampTz register_next_exchange(int64 point_id, TimestampTz at);

extern RegisterWriter *register_writer_begin(const Grid *grid);
extern void register_writer_add(RegisterWriter *writer, int64 point_id, const RegisterNode *node);
extern void register_writer_end(RegisterWriter *writer, const Batch *batch);

#endif							/* SG_REGISTER_ROWS_H */
