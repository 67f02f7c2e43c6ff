/*-------------------------------------------------------------------------
 *
 * trade.h
 *	  Trades: their states.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_TRADE_H
#define SG_TRADE_H

/* The codes that tables hold. */
typedef enum TradeStatus
{
#define TRADE_STATUS(symbol, name)	TRADE_##symbol,
#include "booking/trade_status.def"
#undef TRADE_STATUS
	TRADE_STATUS_COUNT
} TradeStatus;

extern const char *trade_status_name(int status);

#endif							/* SG_TRADE_H */
