/*-------------------------------------------------------------------------
 *
 * allocation_rows.h
 *	  By which model a grid shares its energy: dated facts (metering/dated.h) of
 *	  the grid.  Where none is on record it is the dynamic one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ALLOCATION_ROWS_H
#define SG_ALLOCATION_ROWS_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "metering/dated.h"
#include "settlement/allocation.h"

/* From when to when. */
typedef struct AllocationFact
{
	TimestampTz from;
	TimestampTz to;
	AllocationModel model;
} AllocationFact;

extern const char *allocation_model_name(AllocationModel model);
extern void allocation_find(DatedPlace *place, int32 grid_id, TimestampTz at);
extern bool allocation_set(const DatedPlace *place, AllocationModel model, Recording *recording);
extern AllocationFact *allocation_load(int32 grid_id, TimestampTz from, TimestampTz to, TimestampTz as_of, int *n);

#endif							/* SG_ALLOCATION_ROWS_H */
