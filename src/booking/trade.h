/*-------------------------------------------------------------------------
 *
 * trade.h
 *	  Trades: their states.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_TRADE_H
#define SG_TRADE_H

/* The codes are stored, and named in the view sg_trades. */
typedef enum TradeStatus
{
	TRADE_PENDING,
	TRADE_COMPLETED,
	TRADE_CANCELLED
} TradeStatus;

extern const char *trade_status_name(int status);

#endif							/* SG_TRADE_H */
