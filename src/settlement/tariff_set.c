/*-------------------------------------------------------------------------
 *
 * tariff_set.c
 *	  What a tariff is: the call (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/json_at.h"
#include "call/call.h"
#include "grid/zone.h"
#include "metering/slot.h"
#include "settlement/assignment.h"
#include "settlement/component.h"
#include "settlement/tariff_rows.h"

PG_FUNCTION_INFO_V1(sg_set_tariff);

#define CURRENCY_BYTES	3

/* What a call says of a tariff. */
typedef struct TariffRow
{
	const char *tariff;
	TimestampTz valid_from;
	TariffTerms terms;
	const char *currency;		/* of its prices; NULL: the grid's */
	bool		for_all;
	bool		correct;
} TariffRow;

/* Reads the options of a tariff; SG108 with the path of what is wrong. */
static void
read_options(const Jsonb *json, TariffRow *row)
{
	JsonAt		options = json_at_document("options", json);
	JsonAt		member;
	int			n;
	char	  **names;

	json_at_require_object(&options);
	names = json_at_keys(&options, &n);
	for (int i = 0; i < n; i++)
	{
		(void) json_at_member(&options, names[i], &member);
		if (strcmp(names[i], "gross") == 0)
			row->terms.gross = json_at_bool(&member);
		else if (strcmp(names[i], "currency") == 0)
			row->currency = json_at_text(&member, CURRENCY_BYTES);
		else
			error_json_at(&member, "is not an option of a tariff, which are gross and currency");
	}
}

static TariffRow
arg_row(FunctionCallInfo fcinfo)
{
	TariffRow	row = {0};
	ComponentList list;

	row.tariff = arg_name(fcinfo, 0, "tariff");
	arg_require_not_null(fcinfo, 1, "valid_from");
	row.valid_from = PG_GETARG_TIMESTAMPTZ(1);
	arg_require_not_null(fcinfo, 2, "components");
	row.terms.components = PG_GETARG_JSONB_P(2);
	component_read_list(row.terms.components, &list);
	arg_require_not_null(fcinfo, 3, "options");
	read_options(PG_GETARG_JSONB_P(3), &row);
	row.for_all = arg_bool(fcinfo, 4, "for_all");
	row.correct = arg_bool(fcinfo, 5, "correct");
	return row;
}

/* SG108 unless prices are in the currency of the grid. */
static Refusal *
refuse_currency(const Grid *grid, const char *currency)
{
	char	   *of_grid = grid_currency(grid->form.grid_id);

	if (currency == NULL || strcmp(currency, of_grid) == 0)
		return NULL;
	return refuse(ERRCODE_SG_INVALID_INPUT, "options.currency must be \"%s\", as of the grid", of_grid);
}

/* SG104 unless a local day begins at the time. */
static Refusal *
refuse_time(const Grid *grid, TimestampTz valid_from)
{
	pg_tz	   *zone = zone_of_grid(grid);
	Refusal    *refusal = refuse_beyond_calendar("valid_from", valid_from);

	if (refusal != NULL || slot_day_starts_at(valid_from, zone))
		return refusal;
	return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "valid_from %s is not midnight in %s",
							   timestamptz_to_str(valid_from), pg_get_timezone_name(zone)),
						"A tariff begins with a local day; a time without an offset is of the session's time zone.");
}

/* Sets a tariff.  Refuses: SG108 currency, SG110, SG104 the time. */
static Refusal *
set_tariff(const Grid *grid, const TariffRow *row, Recording *recording)
{
	DatedPlace	place;
	Refusal    *refusal;

	tariff_find_version(&place, grid->form.grid_id, tariff_find(grid, row->tariff, IN_NEW_SNAPSHOT), row->valid_from);
	if ((refusal = refuse_currency(grid, row->currency)) != NULL)
		return refusal;
	if ((refusal = refuse_settled(grid->form.grid_id, row->valid_from, place.until, row->correct)) != NULL)
		return refusal;
	if ((refusal = refuse_time(grid, row->valid_from)) != NULL)
		return refusal;
	tariff_set_version(&place, row->tariff, &row->terms, recording);
	if (!row->for_all)
		return NULL;
	return assignment_ensure_for_grid(grid, place.key, row->valid_from, row->correct, recording);
}

/*
 * sg_set_tariff(tariff, valid_from, components, options, for_all, correct) ->
 * true: what the tariff is from then until the next later change on record,
 * prices in currency per kWh, kW or piece; for_all: the grid has it from then
 * on.  For operators.
 *
 * Checks: SG108 with the path of what is wrong in the JSON; SG110, SG104.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_set_tariff(PG_FUNCTION_ARGS)
{
	Call		call;
	Recording	recording;
	TariffRow	row;

	call_begin(&call, fcinfo, "sg_set_tariff");
	row = arg_row(fcinfo);
	if (!call_operate(&call, "set a tariff"))
		return call_answer(&call);
	recording_begin(&recording, call.grid->form.grid_id);
	require_accepted(set_tariff(call.grid, &row, &recording));
	recording_end(&recording);
	return call_end(&call, BoolGetDatum(true));
}
