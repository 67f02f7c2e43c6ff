/*-------------------------------------------------------------------------
 *
 * trade_rows.h
 *	  Trades, found by their parties.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_TRADE_ROWS_H
#define SG_TRADE_ROWS_H

#include "postgres.h"

extern bool trade_was_offered(int64 seller_id, int64 buyer_id);

#endif							/* SG_TRADE_ROWS_H */
