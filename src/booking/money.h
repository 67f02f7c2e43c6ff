/*-------------------------------------------------------------------------
 *
 * money.h
 *	  The rule of top-ups, on rows in memory: shared by the single call and by
 *	  batch posting.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_MONEY_H
#define SG_MONEY_H

#include "postgres.h"

#include "call/call.h"

extern Refusal *money_topup(const Booking *booking, FormConsumer *consumer, int64 amount);

#endif							/* SG_MONEY_H */
