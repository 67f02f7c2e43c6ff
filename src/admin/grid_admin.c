/*-------------------------------------------------------------------------
 *
 * grid_admin.c
 *	  Creating and altering grids (doc/reference/admin.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "admin/grid_units.h"
#include "base/arguments.h"
#include "base/compat.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/identity.h"
#include "grid/notify.h"
#include "grid/pool.h"
#include "grid/pricing.h"
#include "grid/scale.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_create_grid);
PG_FUNCTION_INFO_V1(sg_alter_grid);

#define MAX_STRIPES		1024
#define NO_CURRENCY		"XXX"

/* The arguments of both functions, in their order. */
enum
{
	ARG_NAME,
	ARG_OPERATOR_ROLE,
	ARG_BASE_PRICE,
	ARG_ENERGY_SCALE,
	ARG_MONEY_SCALE,
	ARG_CURRENCY,
	ARG_LOW_WATERMARK,
	ARG_HIGH_WATERMARK,
	ARG_MAX_TOPUP,
	ARG_STRIPES,
	ARG_REGISTRATION,
	ARG_MAX_AMOUNT,
	ARG_PRICE_RULE,
	ARG_COUNT
};

static const struct
{
	const char *name;
	int			column;
}			argument[ARG_COUNT] = {
	[ARG_NAME] = {"name", Anum_grid_name},
	[ARG_OPERATOR_ROLE] = {"operator_role", Anum_grid_operator_role},
	[ARG_BASE_PRICE] = {"base_price", Anum_grid_base_price},
	[ARG_ENERGY_SCALE] = {"energy_scale", Anum_grid_energy_scale},
	[ARG_MONEY_SCALE] = {"money_scale", Anum_grid_money_scale},
	[ARG_CURRENCY] = {"currency", Anum_grid_currency},
	[ARG_LOW_WATERMARK] = {"low_watermark", Anum_grid_low_watermark},
	[ARG_HIGH_WATERMARK] = {"high_watermark", Anum_grid_high_watermark},
	[ARG_MAX_TOPUP] = {"max_topup", Anum_grid_max_topup},
	[ARG_STRIPES] = {"stripes", Anum_grid_stripes},
	[ARG_REGISTRATION] = {"registration", Anum_grid_registration},
	[ARG_MAX_AMOUNT] = {"max_amount", Anum_grid_max_amount},
	[ARG_PRICE_RULE] = {"price_rule", Anum_grid_price_rule},
};

/* Raises SG108 unless the argument is the name of a role. */
static void
require_role(FunctionCallInfo fcinfo)
{
	char	   *name = arg_text(fcinfo, ARG_OPERATOR_ROLE, argument[ARG_OPERATOR_ROLE].name);

	if (!OidIsValid(get_role_oid(name, true)))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("operator role \"%s\" does not exist", name),
				 errhint("Create it first: CREATE ROLE ... NOLOGIN.")));
}

/* Raises SG108 unless the argument says who registers participants. */
static void
require_registration(FunctionCallInfo fcinfo)
{
	char	   *value = arg_text(fcinfo, ARG_REGISTRATION, argument[ARG_REGISTRATION].name);

	if (strcmp(value, GRID_REGISTRATION_OPEN) != 0 && strcmp(value, GRID_REGISTRATION_OPERATOR) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("unknown registration \"%s\"", value),
				 errhint("Use open, or operator: then only operators and gateways register participants.")));
}

/* The code of the rule of pricing that the argument names; SG108 if there is none. */
static int
price_rule_of(FunctionCallInfo fcinfo)
{
	char	   *name = arg_text(fcinfo, ARG_PRICE_RULE, argument[ARG_PRICE_RULE].name);

	for (int rule = 0; rule < PRICE_RULE_COUNT; rule++)
		if (strcmp(price_rule_name(rule), name) == 0)
			return rule;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown price rule \"%s\"", name),
			 errhint("Use load, scarcity or flat.")));
}

/* Raises SG104 unless least <= value <= most. */
static void
require_range(int n, int64 value, int64 least, int64 most)
{
	if (value < least || value > most)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("%s of " INT64_FORMAT " is out of range", argument[n].name, value),
				 errdetail("It may be " INT64_FORMAT " to " INT64_FORMAT ".", least, most)));
}

static bool
numeric_at_most(Datum a, Datum b)
{
	return DatumGetBool(DirectFunctionCall2(numeric_le, a, b));
}

/* Raises SG104 unless 0 <= low <= high <= 100; NaN is above everything. */
static void
require_watermarks(Datum low, Datum high)
{
	Datum		none = NumericGetDatum(int64_to_numeric(0));
	Datum		full = NumericGetDatum(int64_to_numeric(100));

	if (!numeric_at_most(none, low) || !numeric_at_most(low, high) || !numeric_at_most(high, full))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("watermarks are out of range"),
				 errdetail("low_watermark is %s, high_watermark is %s.",
						   DatumGetCString(DirectFunctionCall1(numeric_out, low)),
						   DatumGetCString(DirectFunctionCall1(numeric_out, high))),
				 errhint("They are percent: 0 <= low_watermark <= high_watermark <= 100.")));
}

/* The step of the checks that comes first: names and roles (SG108).  Sets the columns of the arguments that are not NULL. */
static char *
read_arguments(FunctionCallInfo fcinfo, Datum *values, bool *given)
{
	char	   *name = arg_name(fcinfo, ARG_NAME, argument[ARG_NAME].name);

	for (int n = 0; n < ARG_COUNT; n++)
	{
		int			column = argument[n].column - 1;

		given[column] = !PG_ARGISNULL(n);
		if (!given[column])
			continue;
		switch (n)
		{
			case ARG_OPERATOR_ROLE:
				require_role(fcinfo);
				values[column] = PG_GETARG_DATUM(n);
				break;
			case ARG_REGISTRATION:
				require_registration(fcinfo);
				values[column] = PG_GETARG_DATUM(n);
				break;
			case ARG_PRICE_RULE:
				values[column] = Int32GetDatum(price_rule_of(fcinfo));
				break;
			case ARG_CURRENCY:
				(void) arg_name(fcinfo, n, argument[n].name);
				values[column] = PG_GETARG_DATUM(n);
				break;
			default:			/* scales are narrowed to smallint once checked */
				values[column] = PG_GETARG_DATUM(n);
				break;
		}
	}
	return name;
}

/* The checks of ranges (SG104), for the arguments that are not NULL; max_amount is that of the grid if none is given. */
static void
require_ranges(FunctionCallInfo fcinfo, Datum *values, Datum low, Datum high, int64 max_amount)
{
	if (!PG_ARGISNULL(ARG_MAX_AMOUNT))
	{
		max_amount = PG_GETARG_INT64(ARG_MAX_AMOUNT);
		require_range(ARG_MAX_AMOUNT, max_amount, 1, PG_INT64_MAX);
	}
	if (!PG_ARGISNULL(ARG_BASE_PRICE))
		require_range(ARG_BASE_PRICE, PG_GETARG_INT64(ARG_BASE_PRICE), 1, max_amount);
	for (int n = ARG_ENERGY_SCALE; n <= ARG_MONEY_SCALE; n++)
		if (!PG_ARGISNULL(n))
		{
			require_range(n, PG_GETARG_INT32(n), 0, SCALE_MAX);
			values[argument[n].column - 1] = Int16GetDatum((int16) PG_GETARG_INT32(n));
		}
	require_watermarks(low, high);
	if (!PG_ARGISNULL(ARG_MAX_TOPUP))
		require_range(ARG_MAX_TOPUP, PG_GETARG_INT64(ARG_MAX_TOPUP), 1, PG_INT64_MAX);
	if (!PG_ARGISNULL(ARG_STRIPES))
		require_range(ARG_STRIPES, PG_GETARG_INT32(ARG_STRIPES), 1, MAX_STRIPES);
}

SG_NORETURN
static void
error_grid_exists(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_ALREADY_EXISTS),
			 errmsg("grid \"%s\" exists already", name),
			 errhint("Use sg_alter_grid() to change it.")));
}

/*
 * sg_create_grid(name, ...) -> true.  For members of smartgrid_operator.
 * SG108 NULL, name, role, currency; SG105 exists; SG104 a figure.
 */
Datum
sg_create_grid(PG_FUNCTION_ARGS)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.grid (name, operator_role, base_price, energy_scale, money_scale,"
		" currency, low_watermark, high_watermark, max_topup, stripes, registration, max_amount, price_rule, exact_after)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)"
		" ON CONFLICT (name) DO NOTHING",
		.nargs = ARG_COUNT,
		.argtypes = {TEXTOID, TEXTOID, INT8OID, INT2OID, INT2OID, TEXTOID, NUMERICOID, NUMERICOID, INT8OID, INT4OID,
		TEXTOID, INT8OID, INT4OID},
	};
	Call		call;
	Datum		columns[Natts_grid];
	bool		given[Natts_grid] = {false};
	Datum		values[ARG_COUNT];
	char	   *name;
	StoreRow	row;
	bool		inserted;

	call_begin(&call, fcinfo, "sg_create_grid");
	for (int n = 0; n < ARG_COUNT; n++)
		arg_require_not_null(fcinfo, n, argument[n].name);
	name = read_arguments(fcinfo, columns, given);
	if (call_is_remembered(&call, name, NULL))
		return call_answer(&call);
	identity_require_general_operator("create a grid");
	if (grid_find_row(name, &row))
		error_grid_exists(name);
	require_ranges(fcinfo, columns, PG_GETARG_DATUM(ARG_LOW_WATERMARK), PG_GETARG_DATUM(ARG_HIGH_WATERMARK), PG_INT64_MAX);

	for (int n = 0; n < ARG_COUNT; n++)
		values[n] = columns[argument[n].column - 1];
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	inserted = SPI_processed > 0;
	elevated_end(&elevation);
	if (!inserted)				/* somebody else has just created it */
		error_grid_exists(name);

	store_refresh();
	if (!grid_find_row(name, &row))
		error_serialization_failure();
	(void) grid_log_price(STORE_FORM(&row, FormGrid));
	return call_end(&call, BoolGetDatum(true));
}

/* Would the currency of money that is booked already become another one?  XXX is none: what it was is said later. */
static bool
replaces_currency(FunctionCallInfo fcinfo, const StoreRow *row)
{
	bool		isnull;
	char	   *currency = TextDatumGetCString(store_attribute(row, Anum_grid_currency, &isnull));

	return !PG_ARGISNULL(ARG_CURRENCY) && strcmp(currency, NO_CURRENCY) != 0 &&
		strcmp(currency, TextDatumGetCString(PG_GETARG_DATUM(ARG_CURRENCY))) != 0;
}

/* The same of scales. */
static bool
replaces_scales(FunctionCallInfo fcinfo, const FormGrid *form)
{
	return (!PG_ARGISNULL(ARG_ENERGY_SCALE) && PG_GETARG_INT32(ARG_ENERGY_SCALE) != form->energy_scale) ||
		(!PG_ARGISNULL(ARG_MONEY_SCALE) && PG_GETARG_INT32(ARG_MONEY_SCALE) != form->money_scale);
}

/* Says that what the price follows has changed, to the price history and to listeners. */
static void
announce_price(const char *name, const FormGrid *old, const FormGrid *form)
{
	NotifyEvent event = form->base_price != old->base_price ? NOTIFY_BASE_PRICE : NOTIFY_PRICE_RULE;

	if (form->base_price != old->base_price || form->price_rule != old->price_rule)
		notify_price(event, name, form, grid_log_price(form));
}

/*
 * sg_alter_grid(name, ...) -> true: NULL keeps.  For members of
 * smartgrid_operator.  SG108 name, role, currency, rules; SG101; SG104 a figure;
 * SG108 a scale or, but from XXX, a currency once there is an entry; 55P03 if
 * others have what it locks longer than smartgrid.row_wait.  Locks: the ledger (SHARE, waiting for calls under way)
 * if a scale is given or a currency is to be replaced; the grid's row; all stripes
 * if their number falls.
 */
Datum
sg_alter_grid(PG_FUNCTION_ARGS)
{
	Call		call;
	Datum		values[Natts_grid];
	bool		isnull[Natts_grid] = {false};
	bool		given[Natts_grid] = {false};
	char	   *name;
	StoreRow	row;
	FormGrid	old;
	Grid		grid;
	FormGrid   *form;
	Datum		low;
	Datum		high;
	bool		ledger_locked;
	bool		null;

	call_begin_beside_calls(&call, fcinfo, "sg_alter_grid");
	call.pool.patience = (Patience) {0};
	name = read_arguments(fcinfo, values, given);
	if (call_is_remembered(&call, name, NULL))
		return call_answer(&call);
	identity_require_general_operator("alter a grid");
	if (!grid_find_row(name, &row))
		error_grid_not_found(name);
	ledger_locked = !PG_ARGISNULL(ARG_ENERGY_SCALE) || !PG_ARGISNULL(ARG_MONEY_SCALE) || replaces_currency(fcinfo, &row);
	if (ledger_locked)
		grid_units_lock(&call);
	call_hold_grid_of(&call, STORE_FORM(&row, FormGrid)->grid_id, name, &row);
	memcpy(&old, STORE_FORM(&row, FormGrid), FORM_WIDTH(FormGrid, emergency_mode));
	low = PG_ARGISNULL(ARG_LOW_WATERMARK)
		? store_attribute(&row, Anum_grid_low_watermark, &null) : PG_GETARG_DATUM(ARG_LOW_WATERMARK);
	high = PG_ARGISNULL(ARG_HIGH_WATERMARK)
		? store_attribute(&row, Anum_grid_high_watermark, &null) : PG_GETARG_DATUM(ARG_HIGH_WATERMARK);
	require_ranges(fcinfo, values, low, high, DatumGetInt64(store_attribute(&row, Anum_grid_max_amount, &null)));
	if (replaces_scales(fcinfo, &old))
		grid_units_require_unused(&old, name, "scales");
	if (replaces_currency(fcinfo, &row))
	{
		if (!ledger_locked)		/* somebody else has set it while we waited for the row */
			error_serialization_failure();
		grid_units_require_unused(&old, name, "currency");
	}

	given[Anum_grid_name - 1] = false;
	store_replace(&row, values, isnull, given);
	form = STORE_FORM(&row, FormGrid);
	announce_price(name, &old, form);
	if (!PG_ARGISNULL(ARG_STRIPES) && form->stripes <= old.stripes)
	{
		memcpy(&grid.form, form, FORM_WIDTH(FormGrid, emergency_mode));
		grid.name = name;
		pool_merge_surplus(&grid);
	}
	return call_end(&call, BoolGetDatum(true));
}
