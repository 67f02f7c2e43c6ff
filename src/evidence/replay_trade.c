/*-------------------------------------------------------------------------
 *
 * replay_trade.c
 *	  The trades that follow from the ledger, and whether they are those that
 *	  there are.
 *
 * A trade is compared as soon as the entry that closes it has come by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "booking/trade.h"
#include "evidence/replay.h"
#include "grid/pricing.h"
#include "ledger/effect.h"
#include "store/elevated.h"

/* The trade that a hold began. */
typedef struct Hold
{
	int64		trade_id;		/* key */
	int64		seller_id;
	int64		buyer_id;
	int64		amount;			/* energy units */
	int64		price;			/* money units per kWh */
} Hold;

/* Makes the table of the trades that are open. */
HTAB *
replay_make_holds(void)
{
	HASHCTL		control = {.keysize = sizeof(int64), .entrysize = sizeof(Hold), .hcxt = CurrentMemoryContext};

	return hash_create("smartgrid holds", 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Compares the row of a trade with its hold and what closed it, which paid cost. */
static void
compare_trade(Replay *replay, const Hold *hold, int status, sg_int128 cost)
{
	StoreRow	row;
	FormTrade  *trade;

	if (!store_find(TABLE_TRADE, hold->trade_id, &row) ||
		STORE_FORM(&row, FormTrade)->grid_id != replay->grid->form.grid_id)
	{
		replay_differs(replay, "trade " INT64_FORMAT " does not exist, the ledger has it as %s", hold->trade_id, trade_status_name(status));
		return;
	}
	trade = STORE_FORM(&row, FormTrade);
	if (trade->status != status)
		replay_differs(replay, "trade " INT64_FORMAT " is %s, the ledger says %s", hold->trade_id, trade_status_name(trade->status), trade_status_name(status));
	else if (trade->seller_id != hold->seller_id || trade->buyer_id != hold->buyer_id)
		replay_differs(replay, "trade " INT64_FORMAT " is between participants " INT64_FORMAT " and " INT64_FORMAT
				", the ledger says " INT64_FORMAT " and " INT64_FORMAT,
				hold->trade_id, trade->seller_id, trade->buyer_id, hold->seller_id, hold->buyer_id);
	else if (trade->amount != hold->amount || trade->price != hold->price)
		replay_differs(replay, "trade " INT64_FORMAT " is of " INT64_FORMAT " energy units at a price of " INT64_FORMAT
				", the ledger says " INT64_FORMAT " at " INT64_FORMAT,
				hold->trade_id, trade->amount, trade->price, hold->amount, hold->price);
	else if ((sg_int128) trade->cost != cost)
		replay_differs(replay, "trade " INT64_FORMAT " costs " INT64_FORMAT ", the ledger says %s", hold->trade_id, trade->cost, replay_text_of(cost));
	heap_freetuple(row.tuple);
}

/* What a trade costs by its amount and price. */
static sg_int128
cost_of(const Replay *replay, const Hold *hold)
{
	return (sg_int128) pricing_cost(hold->amount, hold->price, replay->grid->form.energy_scale);
}

/* A trade is offered by an entry. */
void
replay_begin_trade(Replay *replay, const FormLedger *entry)
{
	bool		found;
	Hold	   *hold = hash_search(replay->holds, &entry->trade_id, HASH_ENTER, &found);

	if (found)
		replay_differs(replay, "entry " INT64_FORMAT " offers trade " INT64_FORMAT " once more", entry->entry_id, entry->trade_id);
	hold->seller_id = entry->participant_id;
	hold->buyer_id = entry->counterparty_id;
	hold->amount = entry->energy;
	hold->price = entry->price;
}

/*
 * The status of a trade that was completed, as far as an entry that completes
 * it can tell: it may have been reversed since.
 */
static int
completed_status(int64 trade_id)
{
	StoreRow	row;
	int			status = TRADE_COMPLETED;

	if (!store_find(TABLE_TRADE, trade_id, &row))
		return status;
	if (STORE_FORM(&row, FormTrade)->status == TRADE_REVERSED)
		status = TRADE_REVERSED;
	heap_freetuple(row.tuple);
	return status;
}

/* A completed trade is taken back by an entry. */
void
replay_reverse_trade(Replay *replay, const FormLedger *entry, int64 trade_id)
{
	StoreRow	row;

	replay->completed--;
	replay->reversed++;
	if (!store_find(TABLE_TRADE, trade_id, &row))
		return;					/* that was said when it was closed */
	if (STORE_FORM(&row, FormTrade)->status != TRADE_REVERSED)
		replay_differs(replay, "trade " INT64_FORMAT " is %s, entry " INT64_FORMAT " takes it back", trade_id,
					   trade_status_name(STORE_FORM(&row, FormTrade)->status), entry->entry_id);
	heap_freetuple(row.tuple);
}

/* A trade is closed by an entry. */
void
replay_close_trade(Replay *replay, const FormLedger *entry)
{
	Hold	   *hold = hash_search(replay->holds, &entry->trade_id, HASH_FIND, NULL);
	bool		completed = effect_of(entry->kind)->transfer;

	if (completed)
		replay->completed++;
	else
		replay->cancelled++;
	if (hold == NULL)
	{
		replay_differs(replay, "entry " INT64_FORMAT " closes trade " INT64_FORMAT ", which is not open", entry->entry_id, entry->trade_id);
		return;
	}
	if (hold->seller_id != entry->participant_id || hold->buyer_id != entry->counterparty_id || hold->amount != entry->energy)
		replay_differs(replay, "entry " INT64_FORMAT " closes trade " INT64_FORMAT " with other parties or another amount than it was offered with",
				entry->entry_id, entry->trade_id);
	compare_trade(replay, hold, completed ? completed_status(entry->trade_id) : TRADE_CANCELLED,
				  completed ? (sg_int128) entry->money : cost_of(replay, hold));
	hash_search(replay->holds, &entry->trade_id, HASH_REMOVE, NULL);
}

static bool
begins_trade(const Effect *effect)
{
	return effect->held > 0;
}

/* A trade that has a row and no entry, 0 for none. */
static int64
trade_without_entry(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT COALESCE(min(t.trade_id), 0)"
		" FROM smartgrid.trade AS t"
		" WHERE t.grid_id = $1"
		" AND NOT EXISTS (SELECT FROM smartgrid.ledger AS l"
		" WHERE l.trade_id = t.trade_id AND l.grid_id = t.grid_id AND l.kind = ANY ($2))",
		.nargs = 2,
		.argtypes = {INT4OID, INT2ARRAYOID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), effect_kinds(begins_trade)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* Compares the trades that are open by the ledger, and how many rows there are of each status. */
void
replay_compare_trades(Replay *replay, const int64 *rows)
{
	int64		pending = hash_get_num_entries(replay->holds);
	HASH_SEQ_STATUS status;
	Hold	   *hold;

	hash_seq_init(&status, replay->holds);
	while ((hold = hash_seq_search(&status)) != NULL)
		compare_trade(replay, hold, TRADE_PENDING, cost_of(replay, hold));
	if (rows[TRADE_PENDING] != pending ||
		rows[TRADE_COMPLETED] != replay->completed ||
		rows[TRADE_REVERSED] != replay->reversed ||
		rows[TRADE_CANCELLED] != replay->cancelled)
	{
		int64		trade_id = trade_without_entry(replay->grid->form.grid_id);

		if (trade_id > 0)
			replay_differs(replay, "trade " INT64_FORMAT " is not in the ledger", trade_id);
		else
			replay_differs(replay, "there are " INT64_FORMAT " pending, " INT64_FORMAT " completed, " INT64_FORMAT
						   " cancelled and " INT64_FORMAT " reversed trades, the ledger says " INT64_FORMAT ", " INT64_FORMAT
						   ", " INT64_FORMAT " and " INT64_FORMAT,
						   rows[TRADE_PENDING], rows[TRADE_COMPLETED], rows[TRADE_CANCELLED], rows[TRADE_REVERSED],
						   pending, replay->completed, replay->cancelled, replay->reversed);
	}
}
