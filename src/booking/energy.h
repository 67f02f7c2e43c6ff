/*-------------------------------------------------------------------------
 *
 * energy.h
 *	  The rules of production, consumption and storage, on rows in memory:
 *	  shared by the single calls and by batch posting.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ENERGY_H
#define SG_ENERGY_H

#include "postgres.h"

#include "grid/grid.h"
#include "grid/pool.h"

extern void energy_produce(const Grid *grid, const char *principal, FormProducer *producer, int64 amount,
						   Pool *pool, FormLedger *entry);
extern void energy_consume(const Grid *grid, const char *principal, FormConsumer *consumer, int64 amount,
						   const int64 *max_cost, Pool *pool, FormLedger *entry);
extern void energy_charge(const Grid *grid, const char *principal, FormStorage *storage, int64 amount,
						  Pool *pool, FormLedger *entry);
extern void energy_discharge(const Grid *grid, const char *principal, FormStorage *storage, int64 amount,
							 Pool *pool, FormLedger *entry);

#endif							/* SG_ENERGY_H */
