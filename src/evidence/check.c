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

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#include "base/number.h"
#include "base/result.h"
#include "booking/trade.h"
#include "evidence/account_row.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "grid/scale.h"
#include "ledger/accounts.h"
#include "ledger/sums.h"
#include "store/elevated.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_check);

/* A grid that is checked, and what its rows come to. */
typedef struct CheckedGrid
{
	int32		grid_id;
	char	   *operator_role;
	char	   *name;
	int64		exact_after;
	int64		unit;			/* a money unit in what consumers carry */
	Sums		ledger;
	/* energy units, from here */
	sg_int128	load;
	sg_int128	capacity;
	sg_int128	active_capacity;	/* of producers */
	sg_int128	stored;
	sg_int128	held;			/* by pending trades */
	/* money units, from here */
	sg_int128	revenue;
	sg_int128	balances;
	sg_int128	earnings;
	sg_int128	paid;			/* for completed trades */
	/* numbers of rows, from here */
	int64		producers_differing;
	int64		consumers_differing;
	int64		storage_differing;
	int64		costs_differing;	/* consumers */
	int64		corrections;	/* entries: reversals, and what was written off */
	int64		without_participant;
	int64		trades_without_party;
} CheckedGrid;

typedef struct Check
{
	int			n;
	int			allocated;
	CheckedGrid *grids;			/* by id */
	CheckedGrid *latest;		/* that was looked for */
	Accounts   *accounts;		/* of all their participants, and of all whom their ledger names */
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
		grid->unit = scale_factor(form->energy_scale);
		sums_init(&grid->ledger);
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

	sums_add(&grid->ledger, entry, ENERGY_TYPE_NONE);
	if (effect_has_value(effect))
		accounts_add_cost(parties.participant, entry, grid->exact_after, grid->unit);
	if (effect_is_reversal(effect) || effect->impersonal)
		grid->corrections++;
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

/* Takes the row of a producer, consumer or storage facility: how it differs is known once the ledger has been read. */
static void
take_account(Check *check, CheckedGrid *grid, const StoreRow *row)
{
	AccountRow	own = account_row(row);
	LedgerAccount *account = accounts_enter(check->accounts, own.participant_id);
	bool		differs = row_differs(&own, account);

	count_reference(grid, account);
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
	}
	store_scan_end(&scan);
}

/* How many reasons of reversals and of what was written off a grid has. */
static int64
count_reasons(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.reversal AS r WHERE r.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

static void
return_invariant(ResultRow *result, const CheckedGrid *grid, const char *invariant, sg_int128 left, sg_int128 right)
{
	result_text(result, grid->name);
	result_text(result, invariant);
	result_datum(result, number_of_int128(left));
	result_datum(result, number_of_int128(right));
	result_bool(result, left == right);
	result_end_row(result);
}

static void
return_grid(ResultRow *result, const CheckedGrid *grid)
{
	const sg_int128 *ledger = grid->ledger.value;

	/* Dues, fees, imbalance and money that is held are in the names, and 0 as long as nothing books them. */
	return_invariant(result, grid, "money: top-ups = balances + held + earnings + withdrawals + refunds + dues + revenue",
					 ledger[SUM_TOPUPS],
					 grid->balances + grid->earnings + ledger[SUM_WITHDRAWALS] + ledger[SUM_REFUNDS] + grid->revenue);
	return_invariant(result, grid, "energy: reported + discharged = consumed + charged + traded + held + written off + load",
					 ledger[SUM_PRODUCED] + ledger[SUM_DISCHARGED],
					 ledger[SUM_CONSUMED] + ledger[SUM_CHARGED] + ledger[SUM_TRADED] + grid->held + ledger[SUM_WRITTEN_OFF] + grid->load);
	return_invariant(result, grid, "grid capacity = capacities of active producers", grid->capacity, grid->active_capacity);
	return_invariant(result, grid, "grid revenue = paid for consumption + fees + imbalance paid - imbalance received - payouts",
					 grid->revenue, ledger[SUM_REVENUE] - ledger[SUM_PAYOUTS]);
	return_invariant(result, grid, "held by pending trades = offered - traded - released",
					 grid->held, ledger[SUM_HELD] - ledger[SUM_TRADED] - ledger[SUM_RELEASED]);
	return_invariant(result, grid, "cost of completed trades = paid to sellers", grid->paid, ledger[SUM_TRADE_MONEY]);
	return_invariant(result, grid, "stored = charged - discharged", grid->stored, ledger[SUM_CHARGED] - ledger[SUM_DISCHARGED]);
	return_invariant(result, grid, "producers that differ from the ledger = 0", grid->producers_differing, 0);
	return_invariant(result, grid, "consumers that differ from the ledger = 0", grid->consumers_differing, 0);
	return_invariant(result, grid, "storage facilities that differ from the ledger = 0", grid->storage_differing, 0);
	return_invariant(result, grid, "consumers whose costs are not energy * price = 0", grid->costs_differing, 0);
	return_invariant(result, grid, "reversals and write-offs with their reason = those of the ledger",
					 count_reasons(grid->grid_id), grid->corrections);
	return_invariant(result, grid, "rows without their participant = 0", grid->without_participant, 0);
	return_invariant(result, grid, "trades without their producer or consumer = 0", grid->trades_without_party, 0);
	return_invariant(result, grid, "operator roles that do not exist = 0",
					 !OidIsValid(get_role_oid(grid->operator_role, true)), 0);
}

/*
 * sg_check() -> one row for each invariant of each grid that the caller may
 * read in full, with both sides and whether they agree.  Without locks on
 * rows, so that it may run at any time.
 */
Datum
sg_check(PG_FUNCTION_ARGS)
{
	Check		check = {0};
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	check.accounts = accounts_create();
	take_grids(&check);
	if (check.n == 0)
		return (Datum) 0;
	take_rows(&check, TABLE_PARTICIPANT);
	take_rows(&check, TABLE_LEDGER);
	take_rows(&check, TABLE_PRODUCER);
	take_rows(&check, TABLE_CONSUMER);
	take_rows(&check, TABLE_STORAGE);
	take_rows(&check, TABLE_TRADE);
	take_rows(&check, TABLE_POOL);
	qsort(check.grids, check.n, sizeof(CheckedGrid), compare_names);
	for (int i = 0; i < check.n; i++)
		return_grid(&result, &check.grids[i]);
	return (Datum) 0;
}
