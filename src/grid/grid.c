/*-------------------------------------------------------------------------
 *
 * grid.c
 *	  Grids: finding them, and the current one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "grid/grid.h"
#include "grid/pricing.h"
#include "grid/scale.h"
#include "settings.h"
#include "store/relations.h"

PG_FUNCTION_INFO_V1(sg_grid);
PG_FUNCTION_INFO_V1(sg_price_rule);

/* The name of the current grid: the setting smartgrid.grid; an empty setting is not set. */
const char *
grid_current_name(void)
{
	return (setting_grid == NULL || setting_grid[0] == '\0') ? SG_DEFAULT_GRID : setting_grid;
}

/* Argument n, the name of a grid, or of the current one if it is NULL.  SG108 if it is empty or too long. */
const char *
grid_name_arg(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? grid_current_name() : arg_name(fcinfo, n, "grid");
}

/* Finds the row of the grid called name in the active snapshot; false if there is none. */
bool
grid_find_row(const char *name, StoreRow *row)
{
	ScanKeyData key;

	ScanKeyInit(&key, Anum_grid_name, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(name));
	return store_find_by_index(TABLE_GRID, INDEX_GRID_NAME, 1, &key, row);
}

/* Raises XX001 if somebody got around the constraints: nothing can be computed with such a scale. */
static void
require_valid_scales(const Grid *grid)
{
	int			energy = grid->form.energy_scale;
	int			money = grid->form.money_scale;

	if (!scale_is_valid(energy) || !scale_is_valid(money))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("grid \"%s\" has scales that no grid can have", grid->name),
				 errdetail("energy_scale is %d, money_scale is %d; each should be 0 to %d.", energy, money, SCALE_MAX),
				 errhint("Restore what was changed in smartgrid.grid.")));
}

/* The name of the operator role of a grid. */
char *
grid_operator_role(const StoreRow *row)
{
	bool		isnull;

	return TextDatumGetCString(store_attribute(row, Anum_grid_operator_role, &isnull));
}

/* The currency of a grid; of one that is gone meanwhile, none. */
char *
grid_currency(int32 grid_id)
{
	StoreRow	row;
	bool		isnull;

	if (!store_find(TABLE_GRID, grid_id, &row))
		return pstrdup("XXX");
	return TextDatumGetCString(store_attribute(&row, Anum_grid_currency, &isnull));
}

static const char *const rule_name[PRICE_RULE_COUNT] = {
	[PRICE_LOAD] = "load",
	[PRICE_SCARCITY] = "scarcity",
	[PRICE_FLAT] = "flat",
};

/* The name of a rule of pricing by its code, or NULL if there is none. */
const char *
price_rule_name(int rule)
{
	return rule >= 0 && rule < PRICE_RULE_COUNT ? rule_name[rule] : NULL;
}

/* price_rule(integer) -> text: the name of a code, NULL if there is none. */
Datum
sg_price_rule(PG_FUNCTION_ARGS)
{
	const char *name = price_rule_name(PG_GETARG_INT32(0));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* The columns of a grid that are not part of its struct. */
static void
read_further(Grid *grid, const StoreRow *row)
{
	bool		isnull;
	char	   *registration = TextDatumGetCString(store_attribute(row, Anum_grid_registration, &isnull));

	grid->operator_role = grid_operator_role(row);
	grid->by_operator = strcmp(registration, GRID_REGISTRATION_OPERATOR) == 0;
	grid->max_amount = DatumGetInt64(store_attribute(row, Anum_grid_max_amount, &isnull));
	grid->exact_after = DatumGetInt64(store_attribute(row, Anum_grid_exact_after, &isnull));
}

/* The grid called name in the active snapshot, or NULL if it does not exist. */
Grid *
grid_find(const char *name)
{
	StoreRow	row;
	Grid	   *grid;

	if (!grid_find_row(name, &row))
		return NULL;
	grid = palloc(sizeof(Grid));
	memcpy(&grid->form, STORE_FORM(&row, FormGrid), FORM_WIDTH(FormGrid, emergency_mode));
	grid->name = pstrdup(name);
	read_further(grid, &row);
	require_valid_scales(grid);
	return grid;
}

/* The current grid in the active snapshot, or NULL if it does not exist. */
Grid *
grid_current_or_null(void)
{
	return grid_find(grid_current_name());
}

/* The current grid in the active snapshot; SG101 if it does not exist. */
Grid *
grid_current(void)
{
	Grid	   *grid = grid_current_or_null();

	if (grid == NULL)
		error_grid_not_found(grid_current_name());
	return grid;
}

/*
 * Under REPEATABLE READ and SERIALIZABLE: raises 40001 if the scales of the
 * grid have changed since the transaction's snapshot, for its amounts would
 * be in other units.  They cannot change any more once ledger_enter() has
 * locked the ledger.
 */
void
grid_require_scales(const Grid *grid)
{
	StoreRow	row;
	bool		found;

	if (!IsolationUsesXactSnapshot())
		return;
	PushActiveSnapshot(GetLatestSnapshot());
	found = store_find(TABLE_GRID, grid->form.grid_id, &row);
	PopActiveSnapshot();
	if (!found || STORE_FORM(&row, FormGrid)->energy_scale != grid->form.energy_scale ||
		STORE_FORM(&row, FormGrid)->money_scale != grid->form.money_scale)
		error_serialization_failure();
}

/*
 * The current grid for a call that writes; SG101 if it does not exist.
 * It is kept between calls while relations_may_keep() allows.
 */
Grid *
grid_for_call(void)
{
	static Grid kept;
	static char kept_name[SG_MAX_NAME_BYTES + 1];
	static char kept_role[NAMEDATALEN];
	static bool valid = false;
	static uint64 kept_generation;
	Grid	   *grid;

	if (relations_may_keep(TABLE_GRID) && valid && kept_generation == relations_generation(TABLE_GRID) &&
		strcmp(kept_name, grid_current_name()) == 0)
	{
		grid = palloc(sizeof(Grid));
		*grid = kept;
		grid->name = pstrdup(kept_name);
		grid->operator_role = kept_role;
		return grid;
	}

	grid = grid_current();
	grid_require_scales(grid);
	if (relations_may_keep(TABLE_GRID)) /* the lookup may have heard of a change */
	{
		kept = *grid;
		strlcpy(kept_role, grid->operator_role, sizeof(kept_role));
		strlcpy(kept_name, grid->name, sizeof(kept_name));
		kept_generation = relations_generation(TABLE_GRID);
		valid = true;
	}
	return grid;
}

/* Raises SG101 for the grid called name. */
void
error_grid_not_found(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_NOT_FOUND),
			 errmsg("grid \"%s\" does not exist", name),
			 errhint("Check the setting smartgrid.grid, or create the grid with sg_create_grid().")));
}

/* Locks the row of a grid that was found, for an operator's change to it; SG101 if it is gone. */
void
grid_lock(const Grid *grid, StoreRow *row)
{
	if (!store_lock(TABLE_GRID, grid->form.grid_id, row))
		error_grid_not_found(grid->name);
}

/* The name of a grid by its id, or NULL if there is none. */
char *
grid_name_of(int32 grid_id)
{
	StoreRow	row;
	bool		isnull;

	if (!store_find(TABLE_GRID, grid_id, &row))
		return NULL;
	return TextDatumGetCString(store_attribute(&row, Anum_grid_name, &isnull));
}

/* Appends the price and mode of a grid, as they are in form, to the price history, and returns the time of that. */
TimestampTz
grid_log_price(const FormGrid *form)
{
	FormPriceEvent event = {0};

	event.event_id = relations_nextval(SEQUENCE_PRICE_EVENT);
	event.at = GetCurrentTimestamp();
	event.base_price = form->base_price;
	event.grid_id = form->grid_id;
	event.emergency_mode = form->emergency_mode;
	event.price_rule = form->price_rule;
	store_insert(TABLE_PRICE_EVENT, &event, NULL);
	return event.at;
}

/* sg_grid() -> text: the name of the current grid; SG101 if it does not exist. */
Datum
sg_grid(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(grid_current()->name));
}
