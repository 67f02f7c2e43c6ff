/*-------------------------------------------------------------------------
 *
 * replay.c
 *	  The accounts that follow from the ledger, and whether they are those
 *	  that there are.
 *
 * Memory grows with the participants and the open trades, not with the
 * ledger.  Everything is read in the active snapshot; a trade is compared as
 * soon as the entry that closes it has come by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "booking/trade.h"
#include "evidence/account_row.h"
#include "evidence/canonical.h"
#include "evidence/replay.h"
#include "grid/participant.h"
#include "grid/pricing.h"
#include "ledger/ledger.h"
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

/* Counts a difference, and keeps what the first one is. */
static void pg_attribute_printf(2, 3)
differs(Replay *replay, const char *format,...)
{
	replay->differences++;
	if (replay->differences > 1)
		return;
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, format);
		needed = appendStringInfoVA(&replay->first, format, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&replay->first, needed);
	}
}

static char *
text_of(sg_int128 value)
{
	char	   *text = palloc(CANONICAL_INT128_MAX);

	canonical_int128(value, text);
	return text;
}

/*
 * Begins to replay the ledger of a grid: from the first entry on where before
 * is NULL, else after those that have come to these totals, which are
 * believed.
 */
void
replay_begin(Replay *replay, const Grid *grid, const Totals *before)
{
	memset(replay, 0, sizeof(*replay));
	replay->grid = grid;
	replay->whole = before == NULL;
	initStringInfo(&replay->first);
	if (before)
		replay->totals = *before;
	else
	{
		HASHCTL		control = {.keysize = sizeof(int64), .entrysize = sizeof(Hold), .hcxt = CurrentMemoryContext};

		replay->accounts = accounts_create();
		replay->holds = hash_create("smartgrid holds", 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
}

/* The name of a role, of several the first. */
static const char *
role_name(int roles)
{
	return roles & ROLE_PRODUCER ? "producer" : roles & ROLE_CONSUMER ? "consumer" : "storage facility";
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
		differs(replay, "trade " INT64_FORMAT " does not exist, the ledger has it as %s", hold->trade_id, trade_status_name(status));
		return;
	}
	trade = STORE_FORM(&row, FormTrade);
	if (trade->status != status)
		differs(replay, "trade " INT64_FORMAT " is %s, the ledger says %s", hold->trade_id, trade_status_name(trade->status), trade_status_name(status));
	else if (trade->seller_id != hold->seller_id || trade->buyer_id != hold->buyer_id)
		differs(replay, "trade " INT64_FORMAT " is between participants " INT64_FORMAT " and " INT64_FORMAT
				", the ledger says " INT64_FORMAT " and " INT64_FORMAT,
				hold->trade_id, trade->seller_id, trade->buyer_id, hold->seller_id, hold->buyer_id);
	else if (trade->amount != hold->amount || trade->price != hold->price)
		differs(replay, "trade " INT64_FORMAT " is of " INT64_FORMAT " energy units at a price of " INT64_FORMAT
				", the ledger says " INT64_FORMAT " at " INT64_FORMAT,
				hold->trade_id, trade->amount, trade->price, hold->amount, hold->price);
	else if (trade->cost != cost)
		differs(replay, "trade " INT64_FORMAT " costs " INT64_FORMAT ", the ledger says %s", hold->trade_id, trade->cost, text_of(cost));
	heap_freetuple(row.tuple);
}

/* What a trade costs by its amount and price. */
static sg_int128
cost_of(const Replay *replay, const Hold *hold)
{
	return (sg_int128) pricing_cost(hold->amount, hold->price, replay->grid->form.energy_scale);
}

static void
begin_trade(Replay *replay, const FormLedger *entry)
{
	bool		found;
	Hold	   *hold = hash_search(replay->holds, &entry->trade_id, HASH_ENTER, &found);

	if (found)
		differs(replay, "entry " INT64_FORMAT " offers trade " INT64_FORMAT " once more", entry->entry_id, entry->trade_id);
	hold->seller_id = entry->participant_id;
	hold->buyer_id = entry->counterparty_id;
	hold->amount = entry->energy;
	hold->price = entry->price;
}

static void
close_trade(Replay *replay, const FormLedger *entry)
{
	Hold	   *hold = hash_search(replay->holds, &entry->trade_id, HASH_FIND, NULL);
	bool		completed = entry->kind == LEDGER_TRADE;

	if (completed)
		replay->completed++;
	else
		replay->cancelled++;
	if (hold == NULL)
	{
		differs(replay, "entry " INT64_FORMAT " closes trade " INT64_FORMAT ", which is not open", entry->entry_id, entry->trade_id);
		return;
	}
	if (hold->seller_id != entry->participant_id || hold->buyer_id != entry->counterparty_id || hold->amount != entry->energy)
		differs(replay, "entry " INT64_FORMAT " closes trade " INT64_FORMAT " with other parties or another amount than it was offered with",
				entry->entry_id, entry->trade_id);
	compare_trade(replay, hold, completed ? TRADE_COMPLETED : TRADE_CANCELLED,
				  completed ? (sg_int128) entry->money : cost_of(replay, hold));
	hash_search(replay->holds, &entry->trade_id, HASH_REMOVE, NULL);
}

/* Replays an entry. */
void
replay_add(Replay *replay, const FormLedger *entry)
{
	totals_add(&replay->totals, entry);
	if (!replay->whole)
		return;
	(void) accounts_add(replay->accounts, entry);
	if (entry->kind == LEDGER_HOLD)
		begin_trade(replay, entry);
	else if (entry->kind == LEDGER_TRADE || entry->kind == LEDGER_RELEASE)
		close_trade(replay, entry);
}

/* What the rows of a grid hold together. */
typedef struct RowSums
{
	sg_int128	holding[HOLDING_COUNT];
	sg_int128	load;
	sg_int128	revenue;
	sg_int128	held;
	int64		trades[TRADE_STATUS_COUNT]; /* by status */
} RowSums;

/* Compares the row of a participant with what the ledger says of it. */
static void
compare_account(Replay *replay, AccountRow row, RowSums *sums)
{
	static const char *const figure[HOLDING_COUNT] = {
		[HOLDING_PRODUCED] = "total_produced",
		[HOLDING_UNSOLD] = "unsold",
		[HOLDING_CONSUMED] = "total_consumed",
		[HOLDING_STORED] = "stored_amount",
		[HOLDING_EARNINGS] = "earnings",
		[HOLDING_BALANCE] = "balance",
	};
	Account    *account;

	if (row.grid_id != replay->grid->form.grid_id)
		return;
	for (int h = 0; h < HOLDING_COUNT; h++)
		sums->holding[h] += row.holding[h];
	if (!replay->whole)
		return;
	account = accounts_find(replay->accounts, row.participant_id);
	for (int h = 0; h < HOLDING_COUNT; h++)
	{
		sg_int128	says = account ? account->holding[h] : 0;
		char	   *name;

		if (holding_role(h) != row.role || row.holding[h] == says)
			continue;
		name = participant_name_of(row.participant_id);
		differs(replay, "%s of %s \"%s\" (participant " INT64_FORMAT ") is " INT64_FORMAT ", the ledger says %s",
				figure[h], role_name(row.role), name ? name : "?", row.participant_id, row.holding[h], text_of(says));
	}
	if (account)
		account->roles &= ~row.role;	/* its row has been seen */
}

static void
count_trade(Replay *replay, const FormTrade *row, RowSums *sums)
{
	if (row->grid_id != replay->grid->form.grid_id)
		return;
	if (row->status >= 0 && row->status < TRADE_STATUS_COUNT)
		sums->trades[row->status]++;
	else
		differs(replay, "trade " INT64_FORMAT " has status %d, which there is not", row->trade_id, row->status);
	if (row->status == TRADE_PENDING)
		sums->held += row->amount;
}

static void
count_stripe(const Replay *replay, const FormPool *row, RowSums *sums)
{
	if (row->grid_id != replay->grid->form.grid_id)
		return;
	sums->load += row->load;
	sums->revenue += row->revenue;
}

/* Walks over the rows of a table, of which those of the grid count. */
static void
compare_rows(Replay *replay, StoreTable table, RowSums *sums)
{
	StoreScan	scan;

	store_scan_begin(&scan, table, 0, NULL);
	while (store_scan_next(&scan))
	{
		CHECK_FOR_INTERRUPTS();
		switch (table)
		{
			case TABLE_TRADE:
				count_trade(replay, STORE_SCAN_FORM(&scan, FormTrade), sums);
				break;
			case TABLE_POOL:
				count_stripe(replay, STORE_SCAN_FORM(&scan, FormPool), sums);
				break;
			default:
				compare_account(replay, account_row(&scan.row), sums);
		}
	}
	store_scan_end(&scan);
}

/* Is there a participant of this id in the grid? */
static bool
participant_exists(const Replay *replay, int64 participant_id)
{
	StoreRow	row;
	bool		exists;

	if (!store_find(TABLE_PARTICIPANT, participant_id, &row))
		return false;
	exists = STORE_FORM(&row, FormParticipant)->grid_id == replay->grid->form.grid_id;
	heap_freetuple(row.tuple);
	return exists;
}

/* Accounts of the ledger whose rows were not seen, or that nobody has any more. */
static void
find_missing_rows(Replay *replay)
{
	Account    *account;

	accounts_begin_list(replay->accounts);
	while ((account = accounts_next(replay->accounts)) != NULL)
		if (!participant_exists(replay, account->participant_id))
			differs(replay, "participant " INT64_FORMAT " has entries, but does not exist", account->participant_id);
		else if (account->roles != 0)
			differs(replay, "participant " INT64_FORMAT " has entries as %s, but no row", account->participant_id,
					role_name(account->roles));
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
		" WHERE l.trade_id = t.trade_id AND l.grid_id = t.grid_id AND l.kind = $2)",
		.nargs = 2,
		.argtypes = {INT4OID, INT2OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int16GetDatum(LEDGER_HOLD)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* The trades that are open by the ledger, and how many there are of each status. */
static void
compare_trades(Replay *replay, const RowSums *sums)
{
	int64		pending = hash_get_num_entries(replay->holds);
	HASH_SEQ_STATUS status;
	Hold	   *hold;

	hash_seq_init(&status, replay->holds);
	while ((hold = hash_seq_search(&status)) != NULL)
		compare_trade(replay, hold, TRADE_PENDING, cost_of(replay, hold));
	if (sums->trades[TRADE_PENDING] != pending ||
		sums->trades[TRADE_COMPLETED] != replay->completed ||
		sums->trades[TRADE_CANCELLED] != replay->cancelled)
	{
		int64		trade_id = trade_without_entry(replay->grid->form.grid_id);

		if (trade_id > 0)
			differs(replay, "trade " INT64_FORMAT " is not in the ledger", trade_id);
		else
			differs(replay, "there are " INT64_FORMAT " pending, " INT64_FORMAT " completed and " INT64_FORMAT
					" cancelled trades, the ledger says " INT64_FORMAT ", " INT64_FORMAT " and " INT64_FORMAT,
					sums->trades[TRADE_PENDING], sums->trades[TRADE_COMPLETED], sums->trades[TRADE_CANCELLED],
					pending, replay->completed, replay->cancelled);
	}
}

static void
compare_sum(Replay *replay, const char *what, sg_int128 has, sg_int128 says)
{
	if (has != says)
		differs(replay, "%s is %s, the ledger says %s", what, text_of(has), text_of(says));
}

/*
 * Compares the accounts with what was replayed; NULL where they agree, else
 * the first difference, and how many more there are.
 */
const char *
replay_compare(Replay *replay)
{
	const sg_int128 *says = replay->totals.value;
	RowSums		sums;

	memset(&sums, 0, sizeof(sums));
	compare_rows(replay, TABLE_PRODUCER, &sums);
	compare_rows(replay, TABLE_CONSUMER, &sums);
	compare_rows(replay, TABLE_STORAGE, &sums);
	compare_rows(replay, TABLE_TRADE, &sums);
	compare_rows(replay, TABLE_POOL, &sums);
	if (replay->whole)
	{
		find_missing_rows(replay);
		compare_trades(replay, &sums);
	}
	compare_sum(replay, "grid load", sums.load, says[TOTAL_LOAD]);
	compare_sum(replay, "grid revenue", sums.revenue, says[TOTAL_REVENUE]);
	if (!replay->whole || replay->differences == 0)
	{
		compare_sum(replay, "energy held by pending trades", sums.held, says[TOTAL_HELD]);
		compare_sum(replay, "sum of balances", sums.holding[HOLDING_BALANCE], says[TOTAL_BALANCES]);
		compare_sum(replay, "sum of earnings", sums.holding[HOLDING_EARNINGS], says[TOTAL_EARNINGS]);
		compare_sum(replay, "sum of stored_amount", sums.holding[HOLDING_STORED], says[TOTAL_STORED]);
		compare_sum(replay, "sum of total_produced", sums.holding[HOLDING_PRODUCED], says[TOTAL_PRODUCED]);
		compare_sum(replay, "sum of total_consumed", sums.holding[HOLDING_CONSUMED], says[TOTAL_CONSUMED] + says[TOTAL_TRADED]);
		compare_sum(replay, "sum of unsold", sums.holding[HOLDING_UNSOLD], says[TOTAL_PRODUCED] - says[TOTAL_TRADED] - says[TOTAL_HELD]);
	}
	if (replay->differences == 0)
		return NULL;
	if (replay->differences > 1)
		appendStringInfo(&replay->first, " (and " INT64_FORMAT " more %s)", replay->differences - 1,
						 replay->differences == 2 ? "difference" : "differences");
	return replay->first.data;
}
