/*-------------------------------------------------------------------------
 *
 * notify.c
 *	  What listeners are told when a transaction commits (doc/notifications.md).
 *
 * Everybody who may connect may listen, so a payload has nothing but what
 * everybody may know: of a trade its number, and not whose it is.
 *
 * A transaction that notifies takes a lock that is the same one for all
 * databases of the server, and holds it until its commit is on disk: such
 * transactions commit one after the other.  So the calls that meters make all
 * day (energy, readings, money) send nothing.
 *
 * Prices and trades are kept here until the transaction commits, and only then
 * handed to the server, which refuses to prepare (PREPARE TRANSACTION) what
 * has notified; a transaction that is prepared sends none of them.  A block is
 * handed over at once: what is sealed must be published.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/async.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "grid/grid.h"
#include "grid/notify.h"
#include "settings.h"

#define CHANNEL			"smartgrid"
#define CHANNEL_BLOCK	"smartgrid_block"	/* blocks alone, as 0.2.0 announced them */

static const char *const event_name[] = {
	[NOTIFY_EMERGENCY] = "emergency",
	[NOTIFY_BASE_PRICE] = "base_price",
	[NOTIFY_PRICE_RULE] = "price_rule",
	[NOTIFY_TRADE_OFFERED] = "trade_offered",
	[NOTIFY_TRADE_COMPLETED] = "trade_completed",
	[NOTIFY_TRADE_CANCELLED] = "trade_cancelled",
	[NOTIFY_TRADE_REVERSED] = "trade_reversed",
	[NOTIFY_BLOCK] = "block",
};

/* A payload that waits for the commit, and the subtransaction that has to commit as well. */
typedef struct Notice
{
	SubTransactionId subtransaction;
	char	   *payload;
} Notice;

/* The notices of the present transaction in their order, in TopTransactionContext. */
static List *waiting = NIL;

/* Hands the notices over, or forgets them, at the end of a transaction. */
static void
transaction_ends(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
			{
				ListCell   *cell;

				foreach(cell, waiting)
					Async_Notify(CHANNEL, ((Notice *) lfirst(cell))->payload);
				waiting = NIL;
				break;
			}
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			waiting = NIL;		/* its memory goes with the transaction */
			break;
		default:
			break;
	}
}

/*
 * What a subtransaction has to say is its parent's when it commits, and
 * forgotten when it is rolled back.  It is what came last: nobody but it and
 * its children, whose notices are its own by now, has run since it began.
 */
static void
subtransaction_ends(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event != SUBXACT_EVENT_COMMIT_SUB && event != SUBXACT_EVENT_ABORT_SUB)
		return;
	for (int i = list_length(waiting) - 1; i >= 0; i--)
	{
		Notice	   *notice = list_nth(waiting, i);

		if (notice->subtransaction != mine)
			break;
		if (event == SUBXACT_EVENT_COMMIT_SUB)
			notice->subtransaction = parent;
		else
			waiting = list_delete_last(waiting);
	}
}

/* Once in each process, when the library is loaded. */
void
notify_init(void)
{
	RegisterXactCallback(transaction_ends, NULL);
	RegisterSubXactCallback(subtransaction_ends, NULL);
}

/* Keeps a payload until the transaction commits. */
static void
wait_for_commit(const char *payload)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	Notice	   *notice = palloc(sizeof(Notice));

	notice->subtransaction = GetCurrentSubTransactionId();
	notice->payload = pstrdup(payload);
	waiting = lappend(waiting, notice);
	MemoryContextSwitchTo(old);
}

/*
 * Begins a payload, a JSON object with the event and the name of its grid.
 * With everything in it escaped six bytes for one it is below 1500 bytes; the
 * server takes 8000.
 */
static void
begin_payload(StringInfo payload, NotifyEvent event, const char *grid)
{
	initStringInfo(payload);
	appendStringInfo(payload, "{\"event\": \"%s\", \"grid\": ", event_name[event]);
	escape_json(payload, grid);
}

/*
 * Says that the price, its rule or the mode of the grid called grid has changed
 * to what is in form, at the time of its row in the price history.
 */
void
notify_price(NotifyEvent event, const char *grid, const FormGrid *form, TimestampTz at)
{
	StringInfoData payload;
	char		time[MAXDATELEN + 1];
	int			utc = 0;		/* seconds west of Greenwich: not the zone of who happens to call */

	begin_payload(&payload, event, grid);
	appendStringInfo(&payload, ", \"emergency_mode\": %s, \"base_price\": " INT64_FORMAT ", \"price_rule\": \"%s\", \"at\": \"%s\"}",
					 form->emergency_mode ? "true" : "false", form->base_price, price_rule_name(form->price_rule),
					 JsonEncodeDateTime(time, TimestampTzGetDatum(at), TIMESTAMPTZOID, &utc));
	wait_for_commit(payload.data);
	pfree(payload.data);
}

/*
 * Says that a trade of the grid called grid was offered, completed,
 * cancelled or taken back, if smartgrid.notify_trades is on.
 */
void
notify_trade(NotifyEvent event, const char *grid, int64 trade_id)
{
	StringInfoData payload;

	if (!setting_notify_trades)
		return;
	begin_payload(&payload, event, grid);
	appendStringInfo(&payload, ", \"trade_id\": " INT64_FORMAT "}", trade_id);
	wait_for_commit(payload.data);
	pfree(payload.data);
}

/*
 * Says that a block of the grid called grid was sealed; hash is its hash in
 * hexadecimal digits.  From here on the transaction cannot be prepared.
 */
void
notify_block(const char *grid, int64 height, const char *hash, int64 last_entry)
{
	StringInfoData payload;
	StringInfoData fields;

	initStringInfo(&fields);
	appendStringInfo(&fields, ", \"height\": " INT64_FORMAT ", \"hash\": \"%s\", \"last_entry\": " INT64_FORMAT "}",
					 height, hash, last_entry);

	begin_payload(&payload, NOTIFY_BLOCK, grid);
	appendStringInfoString(&payload, fields.data);
	Async_Notify(CHANNEL, payload.data);

	resetStringInfo(&payload);
	appendStringInfoString(&payload, "{\"grid\": ");
	escape_json(&payload, grid);
	appendStringInfoString(&payload, fields.data);
	Async_Notify(CHANNEL_BLOCK, payload.data);
	pfree(payload.data);
	pfree(fields.data);
}
