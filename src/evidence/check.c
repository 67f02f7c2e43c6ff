/*-------------------------------------------------------------------------
 *
 * check.c
 *	  sg_check(): the invariants of every grid.
 *
 * One pass over each table, for all grids together, in the query's one
 * snapshot and in the order in which the rows lie, so that no index decides
 * what is seen.  Memory grows with the participants, not with the ledger.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "booking/trade.h"
#include "evidence/account_row.h"
#include "evidence/check.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "grid/scale.h"
#include "ledger/accounts.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_check);

const CheckFollower *check_follower_hook = NULL;

typedef struct Check
{
	int			n;
	int			allocated;
	CheckedGrid *grids;			/* by id */
	CheckedGrid *latest;		/* that was looked for */
	Accounts   *accounts;		/* of all their participants, and of all whom their ledger names */
	int64		without_grid;	/* rows of no grid, and of those that the caller may not read */
} Check;

static int
compare_ids(const void *a, const void *b)
{
	int32		left = ((const CheckedGrid *) a)->grid_id;
	int32		right = ((const CheckedGrid *) b)->grid_id;

	return (left > right) - (left < right);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const CheckedGrid *) a)->name, ((const CheckedGrid *) b)->name);
}

/* The grid of an id, NULL if it is not checked. */
static CheckedGrid *
grid_of(Check *check, int32 grid_id)
{
	CheckedGrid key = {.grid_id = grid_id};

	if (check->latest == NULL || check->latest->grid_id != grid_id)
	{
		CheckedGrid *found = bsearch(&key, check->grids, check->n, sizeof(CheckedGrid), compare_ids);

		if (found == NULL)
			return NULL;
		check->latest = found;
	}
	return check->latest;
}

/* Takes the grids that the caller may read in full. */
static void
take_grids(Check *check)
{
	StoreScan	scan;

	check->allocated = 16;
	check->grids = palloc(check->allocated * sizeof(CheckedGrid));
	store_scan_begin_all(&scan, TABLE_GRID);
	while (store_scan_next(&scan))
	{
		const FormGrid *form = STORE_SCAN_FORM(&scan, FormGrid);
		CheckedGrid *grid;
		bool		isnull;

		if (!identity_may_read_grid_row(&scan.row))
			continue;
		if (check->n == check->allocated)
		{
			check->allocated *= 2;
			check->grids = repalloc_huge(check->grids, check->allocated * sizeof(CheckedGrid));
		}
		grid = &check->grids[check->n++];
		memset(grid, 0, sizeof(*grid));
		grid->grid_id = form->grid_id;
		grid->operator_role = grid_operator_role(&scan.row);
		grid->name = TextDatumGetCString(store_attribute(&scan.row, Anum_grid_name, &isnull));
		grid->exact_after = DatumGetInt64(store_attribute(&scan.row, Anum_grid_exact_after, &isnull));
		grid->created_at = form->created_at;
		grid->unit = scale_factor(form->energy_scale);
		if (check_follower_hook)
			grid->follower = check_follower_hook->begin(grid->grid_id);
	}
	store_scan_end(&scan);
	qsort(check->grids, check->n, sizeof(CheckedGrid), compare_ids);
}

/* Counts a row of a grid that names a participant whom the grid does not have. */
static void
count_reference(CheckedGrid *grid, const LedgerAccount *account)
{
	if (account == NULL || account->grid_id != grid->grid_id)
		grid->without_participant++;
}

static void
take_entry(Check *check, CheckedGrid *grid, const FormLedger *entry)
{
	const Effect *effect = effect_of(entry->kind);
	Parties		parties = accounts_add(check->accounts, entry);

	kind_sums_add(&grid->ledger, entry);
	if (grid->follower)
		check_follower_hook->add(grid->follower, entry, parties.participant ? parties.participant->energy_type - 1 : ENERGY_TYPE_NONE);
	if (entry->booked_at < grid->created_at && entry->entry_id > grid->exact_after)
		grid->older_than_grid++;
	if (effect_has_value(effect))
		accounts_add_cost(parties.participant, entry, grid->exact_after, grid->unit);
	if (effect_has_reason(effect))
		grid->corrections++;
	if (effect->has_digest)
		grid->with_digest++;
	if (entry->kind == LEDGER_PAYMENT || entry->kind == LEDGER_PAYMENT_OUT)
		grid->payments++;
	if (!effect->impersonal || entry->participant_id != PARTICIPANT_NONE)
		count_reference(grid, parties.participant);
	if (entry->counterparty_id > 0)
		count_reference(grid, parties.counterparty ? parties.counterparty : accounts_find(check->accounts, entry->counterparty_id));
}

/* Does the row of a participant differ from what the ledger says? */
static bool
row_differs(const AccountRow *row, const LedgerAccount *account)
{
	for (int h = 0; h < HOLDING_COUNT; h++)
		if (holding_role(h) == row->role && h != HOLDING_CARRY && row->holding[h] != account->holding[h])
			return true;
	return false;
}

/* Is something of a row below zero that may not be, where a constraint of the table was dropped? */
static bool
is_below_zero(const AccountRow *row)
{
	for (int h = 0; h < HOLDING_COUNT; h++)
		if (holding_role(h) == row->role && h != HOLDING_DUE && row->holding[h] < 0)
			return true;
	return false;
}

/* Takes the row of a producer, consumer, storage facility or due: how it differs is known once the ledger has been read. */
static void
take_account(Check *check, CheckedGrid *grid, const StoreRow *row)
{
	AccountRow	own = account_row(row);
	LedgerAccount *account = accounts_enter(check->accounts, own.participant_id);
	bool		differs = row_differs(&own, account);

	count_reference(grid, account);
	grid->below_zero += is_below_zero(&own);
	switch (own.role)
	{
		case ROLE_PRODUCER:
			if (STORE_FORM(row, FormProducer)->active)
				grid->active_capacity += STORE_FORM(row, FormProducer)->capacity;
			grid->earnings += own.holding[HOLDING_EARNINGS];
			grid->producers_differing += differs;
			account->producer_grid_id = grid->grid_id;
			break;
		case ROLE_CONSUMER:
			grid->balances += own.holding[HOLDING_BALANCE];
			grid->consumers_differing += differs;
			grid->costs_differing += own.holding[HOLDING_CARRY] != account->holding[HOLDING_CARRY];
			account->consumer_grid_id = grid->grid_id;
			break;
		case ROLE_STORAGE:
			grid->stored += own.holding[HOLDING_STORED];
			grid->storage_differing += differs;
			break;
		case ROLE_DEBTOR:
			grid->due += own.holding[HOLDING_DUE];
			grid->dues_differing += differs;
			break;
	}
}

static void
take_trade(Check *check, CheckedGrid *grid, const FormTrade *form)
{
	const LedgerAccount *seller = accounts_find(check->accounts, form->seller_id);
	const LedgerAccount *buyer = accounts_find(check->accounts, form->buyer_id);

	if (form->status == TRADE_PENDING)
		grid->held += form->amount;
	else if (form->status == TRADE_COMPLETED)
		grid->paid += form->cost;
	if (seller == NULL || seller->producer_grid_id != grid->grid_id ||
		buyer == NULL || buyer->consumer_grid_id != grid->grid_id)
		grid->trades_without_party++;
}

static void
take_stripe(CheckedGrid *grid, const FormPool *form)
{
	grid->load += form->load;
	grid->capacity += form->capacity;
	grid->revenue += form->revenue;
	grid->below_zero += form->load < 0 || form->capacity < 0 || form->revenue < 0;
}

/* The grid of a row. */
static int32
grid_id_of(const StoreRow *row)
{
	switch (row->table)
	{
		case TABLE_PARTICIPANT:
			return STORE_FORM(row, FormParticipant)->grid_id;
		case TABLE_LEDGER:
			return STORE_FORM(row, FormLedger)->grid_id;
		case TABLE_TRADE:
			return STORE_FORM(row, FormTrade)->grid_id;
		case TABLE_POOL:
			return STORE_FORM(row, FormPool)->grid_id;
		case TABLE_ENTRY_DIGEST:
			return STORE_FORM(row, FormEntryDigest)->grid_id;
		default:
			return account_row(row).grid_id;
	}
}

static void
take_row(Check *check, CheckedGrid *grid, const StoreRow *row)
{
	switch (row->table)
	{
		case TABLE_PARTICIPANT:
			accounts_enter(check->accounts, STORE_FORM(row, FormParticipant)->participant_id)->grid_id = grid->grid_id;
			break;
		case TABLE_LEDGER:
			take_entry(check, grid, STORE_FORM(row, FormLedger));
			break;
		case TABLE_TRADE:
			take_trade(check, grid, STORE_FORM(row, FormTrade));
			break;
		case TABLE_POOL:
			take_stripe(grid, STORE_FORM(row, FormPool));
			break;
		case TABLE_ENTRY_DIGEST:
			grid->digests++;
			break;
		default:
			take_account(check, grid, row);
	}
}

/* Takes the rows of a table that are of a grid that is checked. */
static void
take_rows(Check *check, StoreTable table)
{
	StoreScan	scan;

	store_scan_begin_all(&scan, table);
	while (store_scan_next(&scan))
	{
		CheckedGrid *grid = grid_of(check, grid_id_of(&scan.row));

		CHECK_FOR_INTERRUPTS();
		if (grid)
			take_row(check, grid, &scan.row);
		else
			check->without_grid++;
	}
	store_scan_end(&scan);
}

/* Notes the energy types of producers, for the sums of what is read next. */
static void
take_energy_types(Check *check)
{
	StoreScan	scan;

	store_scan_begin_all(&scan, TABLE_PRODUCER);
	while (store_scan_next(&scan))
	{
		const FormProducer *producer = STORE_SCAN_FORM(&scan, FormProducer);

		if (grid_of(check, producer->grid_id))
			accounts_enter(check->accounts, producer->participant_id)->energy_type = producer->energy_type + 1;
	}
	store_scan_end(&scan);
}

/*
 * sg_check() -> one row for each invariant of each grid that the caller may
 * read in full, with both sides and whether they agree; then, for who may read
 * all grids, those of the whole database.  Without locks on rows, so that it
 * may run at any time.
 */
Datum
sg_check(PG_FUNCTION_ARGS)
{
	Check		check = {0};
	ResultRow	result;
	bool		all = identity_may_read_every_grid();

	result_begin_set(&result, fcinfo);
	check.accounts = accounts_create();
	take_grids(&check);
	if (check.n == 0 && !all)
		return (Datum) 0;
	take_rows(&check, TABLE_PARTICIPANT);
	take_energy_types(&check);
	take_rows(&check, TABLE_LEDGER);
	take_rows(&check, TABLE_PRODUCER);
	take_rows(&check, TABLE_CONSUMER);
	take_rows(&check, TABLE_STORAGE);
	take_rows(&check, TABLE_DUE);
	take_rows(&check, TABLE_TRADE);
	take_rows(&check, TABLE_POOL);
	take_rows(&check, TABLE_ENTRY_DIGEST);
	qsort(check.grids, check.n, sizeof(CheckedGrid), compare_names);
	for (int i = 0; i < check.n; i++)
		check_return_grid(&result, &check.grids[i]);
	if (all)
		check_return_database(&result, check.without_grid);
	return (Datum) 0;
}
