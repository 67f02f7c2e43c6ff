/*-------------------------------------------------------------------------
 *
 * register.h
 *	  Readings of registers: what cumulative counters showed, on its way into a
 *	  load.
 *
 * Two readings that follow each other say how much energy there was in between.
 * If they are at the bounds of one slot, that is the slot; else the slots between
 * get their parts, as spread says.  Readings stay on record (register_rows.h):
 * one that comes later, between two others, makes new parts of both sides.
 *
 *	registers_begin()	after load_begin()
 *	registers_add()		for each reading, in any order
 *	registers_post()	locks the points, and hands slots to the load
 *	registers_end()		after load_end(): the readings are on record
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REGISTER_H
#define SG_REGISTER_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "metering/batch.h"
#include "metering/load.h"

#define SPREAD_EVEN		"even"

typedef struct Registers Registers;

extern void registers_require_spread(const Grid *grid, const char *spread);
extern Registers *registers_begin(Load *load, const char *spread);
extern void registers_add(Registers *registers, int64 ord, const char *point, size_t length, TimestampTz at,
						  sg_int128 kwh, Quality quality);
extern void registers_post(Registers *registers);
extern void registers_end(Registers *registers, const Batch *batch);

#endif							/* SG_REGISTER_H */
