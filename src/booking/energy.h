/*-------------------------------------------------------------------------
 *
 * energy.h
 *	  The rules of production, consumption and storage, on rows in memory:
 *	  shared by the single calls and by batch posting.
 *
 * Each returns a refusal, and has changed nothing then; or it changes the row,
 * the pool of the booking, and fills in the entry of the booking.  Amounts are
 * energy units.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ENERGY_H
#define SG_ENERGY_H

#include "postgres.h"

#include "call/call.h"

extern Refusal *energy_produce(const Booking *booking, const char *principal, FormProducer *producer, int64 amount);
extern Refusal *energy_consume(const Booking *booking, const char *principal, FormConsumer *consumer, int64 amount,
							   const int64 *max_cost);
extern Refusal *energy_charge(const Booking *booking, const char *principal, FormStorage *storage, int64 amount);
extern Refusal *energy_discharge(const Booking *booking, const char *principal, FormStorage *storage, int64 amount);

#endif							/* SG_ENERGY_H */
