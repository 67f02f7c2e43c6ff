/*-------------------------------------------------------------------------
 *
 * check_result.c
 *	  The rows of sg_check(): what was counted, against what it has to be.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#include "base/number.h"
#include "evidence/check.h"
#include "ledger/effect.h"
#include "ledger/sums.h"
#include "metering/batch_check.h"
#include "metering/interval_check.h"
#include "metering/point.h"
#include "settlement/document_check.h"
#include "settlement/run_check.h"
#include "settlement/share.h"
#include "store/elevated.h"

/* The number that a query about a grid gives. */
static int64
number_of_grid(ElevatedPlan *plan, int32 grid_id)
{
	Datum		values[] = {Int32GetDatum(grid_id)};

	plan->nargs = 1;
	plan->argtypes[0] = INT4OID;
	return elevated_number(plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many reasons of reversals and of what was written off a grid has. */
static int64
count_reasons(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.reversal AS r WHERE r.grid_id = $1",
	};

	return number_of_grid(&plan, grid_id);
}

static bool
has_digest(const Effect *effect)
{
	return effect->has_digest;
}

/* How many entries of a grid have the digest that those of their kind carry. */
static int64
count_fitting_digests(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*)"
		" FROM smartgrid.entry_digest AS d"
		" JOIN smartgrid.ledger AS l ON l.entry_id = d.entry_id AND l.grid_id = d.grid_id"
		" WHERE d.grid_id = $1 AND l.kind = ANY ($2) AND octet_length(d.digest) = 32",
		.nargs = 2,
		.argtypes = {INT4OID, INT2ARRAYOID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), effect_kinds(has_digest)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many digests of a grid have no entry that carries one, and how many entries lack theirs. */
static int64
count_lone_digests(const CheckedGrid *grid)
{
	int64		fitting = grid->digests > 0 ? count_fitting_digests(grid->grid_id) : 0;

	return (grid->digests - fitting) + (grid->with_digest - fitting);
}

/* How many payments of a grid are as their entries say. */
static int64
count_booked_payments(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*)"
		" FROM smartgrid.payment AS p"
		" JOIN smartgrid.ledger AS l ON l.entry_id = p.entry_id AND l.grid_id = p.grid_id AND l.participant_id = p.participant_id"
		" AND l.kind = CASE WHEN p.money > 0 THEN $2 ELSE $3 END AND l.money = abs(p.money::numeric)"
		" WHERE p.grid_id = $1",
		.nargs = 3,
		.argtypes = {INT4OID, INT2OID, INT2OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int16GetDatum(LEDGER_PAYMENT), Int16GetDatum(LEDGER_PAYMENT_OUT)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

static int64
count_payments(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.payment AS p WHERE p.grid_id = $1",
	};

	return number_of_grid(&plan, grid_id);
}

/* How many payments of a grid are not as an entry says, and how many entries are of no payment. */
static int64
count_lone_payments(const CheckedGrid *grid)
{
	int64		payments = count_payments(grid->grid_id);
	int64		booked = payments > 0 ? count_booked_payments(grid->grid_id) : 0;

	return (payments - booked) + (grid->payments - booked);
}

/* 1 if the newest price event of a grid is not what its row says, or there is none. */
static int64
count_other_prices(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.grid AS g WHERE g.grid_id = $1"
		" AND NOT EXISTS (SELECT FROM (SELECT e.base_price, e.emergency_mode, e.price_rule FROM smartgrid.price_event AS e"
		" WHERE e.grid_id = $1 ORDER BY e.event_id DESC LIMIT 1) AS n"
		" WHERE n.base_price = g.base_price AND n.emergency_mode = g.emergency_mode AND n.price_rule = g.price_rule)",
	};

	return number_of_grid(&plan, grid_id);
}

/*
 * How many sequences would give out ids that rows have.  They are read last:
 * what is committed in the snapshot has its ids from before.
 *
 * There is none in a snapshot from before the extension was made, if that was
 * done while the call waited for it.
 */
static int64
count_sequences_behind(void)
{
	static ElevatedPlan query = {
		.sql = "SELECT coalesce(string_agg(format("
		"'SELECT s.last_value - CASE WHEN s.is_called THEN 0 ELSE 1 END < (SELECT max(t.%I) FROM %s AS t) FROM %s AS s',"
		" a.attname, d.refobjid::regclass, d.objid::regclass), ' UNION ALL '), 'SELECT false')"
		" FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'"
		" JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
		" WHERE c.relnamespace = 'smartgrid'::regnamespace AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass"
		" AND d.deptype IN ('a', 'i')",
	};
	ElevatedPlan plan = {0};
	Elevation	elevation;
	int64		behind;

	elevated_begin(&elevation);
	elevated_execute(&query, NULL, NULL, IN_ACTIVE_SNAPSHOT);
	plan.sql = psprintf("SELECT count(*) FROM (%s) AS q (behind) WHERE q.behind",
						TextDatumGetCString(elevated_value(0, 1, TEXTOID)));
	elevated_execute(&plan, NULL, NULL, IN_ACTIVE_SNAPSHOT);
	behind = DatumGetInt64(elevated_value(0, 1, INT8OID));
	SPI_freeplan(plan.plan);
	elevated_end(&elevation);
	return behind;
}

/* How many triggers and rules others have put on the extension's tables: its functions write past them. */
static int64
count_passed_over(void)
{
	static ElevatedPlan plan = {
		.sql = "SELECT (SELECT count(*) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid"
		" JOIN pg_proc AS p ON p.oid = t.tgfoid"
		" WHERE c.relnamespace = 'smartgrid'::regnamespace AND NOT t.tgisinternal AND p.pronamespace <> c.relnamespace)"
		" + (SELECT count(*) FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class"
		" WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relkind = 'r')",
	};

	return elevated_number(&plan, NULL, IN_ACTIVE_SNAPSHOT);
}

/* A row; grid is NULL if it is one of the whole database. */
static void
return_invariant(ResultRow *result, const CheckedGrid *grid, const char *invariant, sg_int128 left, sg_int128 right)
{
	result_text(result, grid ? grid->name : NULL);
	result_text(result, invariant);
	result_datum(result, number_of_int128(left));
	result_datum(result, number_of_int128(right));
	result_bool(result, left == right);
	result_end_row(result);
}

/* The sums over the entries of a grid. */
static Sums
sums_of(const CheckedGrid *grid)
{
	Sums		sums;

	sums_init(&sums);
	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
	{
		EntryGroup	group = {
			.kind = kind, .energy_type = ENERGY_TYPE_NONE, .energy = grid->ledger.energy[kind], .money = grid->ledger.money[kind]
		};

		sums_add_group(&sums, &group);
	}
	return sums;
}

/* The rows of a grid. */
void
check_return_grid(ResultRow *result, const CheckedGrid *grid)
{
	Sums		sums = sums_of(grid);
	const sg_int128 *ledger = sums.value;
	const sg_int128 *money = grid->ledger.money;

	/* Fees, imbalance and money that is held are in the names, and 0 as long as nothing books them. */
	return_invariant(result, grid, "money: top-ups = balances + held + earnings + withdrawals + refunds + dues + revenue",
					 ledger[SUM_TOPUPS],
					 grid->balances + grid->earnings + ledger[SUM_WITHDRAWALS] + ledger[SUM_REFUNDS] + money[LEDGER_DUES] + grid->revenue);
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
	return_invariant(result, grid, "due = bill - credit - payment + payment_out - dues", grid->due,
					 money[LEDGER_BILL] - money[LEDGER_CREDIT] - money[LEDGER_PAYMENT] + money[LEDGER_PAYMENT_OUT] - money[LEDGER_DUES]);
	return_invariant(result, grid, "producers that differ from the ledger = 0", grid->producers_differing, 0);
	return_invariant(result, grid, "consumers that differ from the ledger = 0", grid->consumers_differing, 0);
	return_invariant(result, grid, "storage facilities that differ from the ledger = 0", grid->storage_differing, 0);
	return_invariant(result, grid, "dues that differ from the ledger = 0", grid->dues_differing, 0);
	return_invariant(result, grid, "consumers whose costs are not energy * price = 0", grid->costs_differing, 0);
	return_invariant(result, grid, "reversals and write-offs with their reason = those of the ledger",
					 count_reasons(grid->grid_id), grid->corrections);
	return_invariant(result, grid, "entries without their digest, digests without their entry = 0", count_lone_digests(grid), 0);
	return_invariant(result, grid, "payments without their entry, entries without their payment = 0", count_lone_payments(grid), 0);
	return_invariant(result, grid, "final runs without their entry, entries without their final run = 0", run_count_unbooked(grid->grid_id), 0);
	return_invariant(result, grid, "final runs whose sums differ from their lines = 0", run_count_strays(grid->grid_id), 0);
	return_invariant(result, grid, "documents without their entry, bills and credits without their document = 0",
					 document_count_unbooked(grid->grid_id), 0);
	return_invariant(result, grid, "gaps in the numbers of documents = 0", document_count_gaps(grid->grid_id), 0);
	return_invariant(result, grid, "documents that do not sum to the lines of their run = 0", document_count_strays(grid->grid_id), 0);
	return_invariant(result, grid, "rows without their participant = 0", grid->without_participant, 0);
	return_invariant(result, grid, "trades without their producer or consumer = 0", grid->trades_without_party, 0);
	return_invariant(result, grid, "operator roles that do not exist = 0",
					 !OidIsValid(get_role_oid(grid->operator_role, true)), 0);
	return_invariant(result, grid, "stripes and accounts below zero = 0", grid->below_zero, 0);
	return_invariant(result, grid, "newest price events that differ from the grid = 0", count_other_prices(grid->grid_id), 0);
	return_invariant(result, grid, "entries that were booked before the grid was made = 0", grid->older_than_grid, 0);
	return_invariant(result, grid, "rows of metering points without point, identifier or owner = 0",
					 point_count_orphans(grid->grid_id), 0);
	return_invariant(result, grid, "periods of metering points that overlap = 0", point_count_overlaps(grid->grid_id), 0);
	return_invariant(result, grid, "intervals that no batch accounts for = 0", batch_count_strays(grid->grid_id), 0);
	return_invariant(result, grid, "versions of packed days out of order = 0", batch_count_out_of_order(grid->grid_id), 0);
	return_invariant(result, grid, "packed days and open slots without point, or not of the slots of their day = 0",
					 interval_count_misfits(grid->grid_id), 0);
	return_invariant(result, grid, "shares of no metering point, or beyond 100 percent = 0",
					 share_count_orphans(grid->grid_id) + share_count_beyond(grid->grid_id), 0);
	if (grid->follower)
		return_invariant(result, grid, "quarter-hours whose sums differ from their entries = 0",
						 check_follower_hook->end(grid->follower), 0);
}

/* The rows of the whole database; without_grid is how many rows there are of grids that there are not. */
void
check_return_database(ResultRow *result, int64 without_grid)
{
	return_invariant(result, NULL, "rows without their grid = 0", without_grid + point_count_without_grid() + share_count_without_grid(), 0);
	return_invariant(result, NULL, "sequences behind the rows = 0", count_sequences_behind(), 0);
	return_invariant(result, NULL, "triggers and rules that do not fire = 0", count_passed_over(), 0);
}

