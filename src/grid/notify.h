/*-------------------------------------------------------------------------
 *
 * notify.h
 *	  What listeners are told when a transaction commits.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_NOTIFY_H
#define SG_NOTIFY_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "store/tables.h"

typedef enum NotifyEvent
{
	NOTIFY_EMERGENCY,			/* emergency mode was turned on or off */
	NOTIFY_BASE_PRICE,			/* the base price was set */
	NOTIFY_PRICE_RULE,			/* the rule of pricing was set */
	NOTIFY_TRADE_OFFERED,
	NOTIFY_TRADE_COMPLETED,
	NOTIFY_TRADE_CANCELLED,
	NOTIFY_TRADE_REVERSED,
	NOTIFY_BLOCK				/* a block was sealed */
} NotifyEvent;

extern void notify_init(void);
extern void notify_price(NotifyEvent event, const char *grid, const FormGrid *form, TimestampTz at);
extern void notify_trade(NotifyEvent event, const char *grid, int64 trade_id);
extern void notify_block(const char *grid, int64 height, const char *hash, int64 last_entry);

#endif							/* SG_NOTIFY_H */
