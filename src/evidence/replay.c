/*-------------------------------------------------------------------------
 *
 * replay.c
 *	  The accounts that follow from the ledger, and whether they are those
 *	  that there are.
 *
 * Memory grows with the participants and the open trades, not with the
 * ledger.  Everything is read in the active snapshot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/format.h"
#include "base/number.h"
#include "booking/trade.h"
#include "evidence/account_row.h"
#include "evidence/replay.h"
#include "grid/participant.h"
#include "grid/scale.h"
#include "ledger/effect.h"

/* Counts a difference, and keeps what the first one is. */
void
replay_differs(Replay *replay, const char *format,...)
{
	va_list		args;

	replay->differences++;
	if (replay->differences > 1)
		return;
	va_start(args, format);
	replay->first = format_text(format, args);
	va_end(args);
}

/* A number as text. */
char *
replay_text_of(sg_int128 value)
{
	char	   *text = palloc(NUMBER_TEXT_MAX);

	number_to_text(value, text);
	return text;
}

/*
 * Begins to replay the ledger of a grid: from the first entry on if before
 * is NULL, else after those that have come to these totals, which are
 * believed.
 */
void
replay_begin(Replay *replay, const Grid *grid, const Totals *before)
{
	memset(replay, 0, sizeof(*replay));
	replay->grid = grid;
	replay->whole = before == NULL;
	if (before)
		replay->before = *before;
	else
	{
		replay->accounts = accounts_create();
		replay->holds = replay_make_holds();
		replay->unit = scale_factor(grid->form.energy_scale);
	}
}

/* Says so if an entry of nobody names somebody, or one that moves nothing says of how much. */
static void
check_bare_entry(Replay *replay, const FormLedger *entry, const Effect *effect)
{
	if (effect->impersonal && (entry->participant_id != PARTICIPANT_NONE || entry->counterparty_id != PARTICIPANT_NONE))
		replay_differs(replay, "entry " INT64_FORMAT " has a participant, which none of its kind has", entry->entry_id);
	if (effect_moves_nothing(effect) && (entry->energy != 0 || entry->price != 0 || entry->money != 0))
		replay_differs(replay, "entry " INT64_FORMAT " says that something moved, which no entry of its kind does", entry->entry_id);
}

/* Replays an entry. */
void
replay_add(Replay *replay, const FormLedger *entry)
{
	const Effect *effect = effect_of(entry->kind);
	int8		held = effect->held;
	Parties		parties;

	kind_sums_add(&replay->change, entry);
	if (!replay->whole)
		return;
	parties = accounts_add(replay->accounts, entry);
	if (effect_has_value(effect))
		accounts_add_cost(parties.participant, entry, replay->grid->exact_after, replay->unit);
	check_bare_entry(replay, entry, effect);
	if (effect_has_reason(effect))
		replay_correction(replay, entry);
	if (held > 0)
		replay_begin_trade(replay, entry);
	else if (held < 0)
		replay_close_trade(replay, entry);
}

/* The name of a role, of several the first. */
static const char *
role_name(int roles)
{
	return roles & ROLE_PRODUCER ? "producer" : roles & ROLE_CONSUMER ? "consumer" :
		roles & ROLE_STORAGE ? "storage facility" : "debtor";
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
		[HOLDING_DUE] = "due",
		[HOLDING_CARRY] = "cost_carry",
	};
	LedgerAccount *account;

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
		replay_differs(replay, "%s of %s \"%s\" (participant " INT64_FORMAT ") is " INT64_FORMAT ", the ledger says %s",
				figure[h], role_name(row.role), name ? name : "?", row.participant_id, row.holding[h], replay_text_of(says));
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
		replay_differs(replay, "trade " INT64_FORMAT " has status %d, which there is not", row->trade_id, row->status);
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
	LedgerAccount *account;

	accounts_begin_list(replay->accounts);
	while ((account = accounts_next(replay->accounts)) != NULL)
		if (!participant_exists(replay, account->participant_id))
			replay_differs(replay, "participant " INT64_FORMAT " has entries, but does not exist", account->participant_id);
		else if (account->roles != 0)
			replay_differs(replay, "participant " INT64_FORMAT " has entries as %s, but no row", account->participant_id,
					role_name(account->roles));
}

static void
compare_sum(Replay *replay, const char *what, sg_int128 has, sg_int128 says)
{
	if (has != says)
		replay_differs(replay, "%s is %s, the ledger says %s", what, replay_text_of(has), replay_text_of(says));
}

/*
 * Compares the accounts with what was replayed; NULL if they agree, else
 * the first difference, and how many more there are.
 */
const char *
replay_compare(Replay *replay)
{
	Totals		totals = totals_of(&replay->change);
	const sg_int128 *says = totals.value;
	RowSums		sums;

	totals_merge(&totals, &replay->before);
	memset(&sums, 0, sizeof(sums));
	compare_rows(replay, TABLE_PRODUCER, &sums);
	compare_rows(replay, TABLE_CONSUMER, &sums);
	compare_rows(replay, TABLE_STORAGE, &sums);
	compare_rows(replay, TABLE_DUE, &sums);
	compare_rows(replay, TABLE_TRADE, &sums);
	compare_rows(replay, TABLE_POOL, &sums);
	if (replay->whole)
	{
		find_missing_rows(replay);
		replay_compare_trades(replay, sums.trades);
		replay_compare_corrections(replay);
	}
	compare_sum(replay, "grid load", sums.load, says[TOTAL_LOAD]);
	compare_sum(replay, "grid revenue", sums.revenue, says[TOTAL_REVENUE]);
	if (!replay->whole || replay->differences == 0)
	{
		compare_sum(replay, "energy held by pending trades", sums.held, says[TOTAL_HELD]);
		compare_sum(replay, "sum of balances", sums.holding[HOLDING_BALANCE], says[TOTAL_BALANCES]);
		compare_sum(replay, "sum of due", sums.holding[HOLDING_DUE], says[TOTAL_DUE]);
		compare_sum(replay, "sum of earnings", sums.holding[HOLDING_EARNINGS], says[TOTAL_EARNINGS]);
		compare_sum(replay, "sum of stored_amount", sums.holding[HOLDING_STORED], says[TOTAL_STORED]);
		compare_sum(replay, "sum of total_produced", sums.holding[HOLDING_PRODUCED], says[TOTAL_PRODUCED]);
		compare_sum(replay, "sum of total_consumed", sums.holding[HOLDING_CONSUMED], says[TOTAL_CONSUMED] + says[TOTAL_TRADED]);
		compare_sum(replay, "sum of unsold", sums.holding[HOLDING_UNSOLD], says[TOTAL_PRODUCED] - says[TOTAL_TRADED] - says[TOTAL_HELD]);
	}
	if (replay->differences == 0)
		return NULL;
	if (replay->differences > 1)
		return psprintf("%s (and " INT64_FORMAT " more %s)", replay->first, replay->differences - 1,
						replay->differences == 2 ? "difference" : "differences");
	return replay->first;
}
