/*-------------------------------------------------------------------------
 *
 * price_check.c
 *	  sg_price_check(): what a tariff costs when (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/number.h"
#include "base/period.h"
#include "base/result.h"
#include "grid/zone.h"
#include "metering/interval.h"
#include "metering/slot.h"
#include "settlement/price.h"
#include "settlement/tariff_rows.h"

PG_FUNCTION_INFO_V1(sg_price_check);

/* A tariff in a period. */
typedef struct PriceCheck
{
	const Grid *grid;
	pg_tz	   *zone;
	int64		tariff_id;
	TimestampTz from;
	TimestampTz to;
	TimestampTz as_of;
	TariffBook *book;
	Holidays	holidays;
	ResultRow	result;
	const char *component;		/* whose stretches are being told; NULL: there is none in the period */
	TimestampTz start;			/* of the stretch that is not told yet */
	bool		has_price;		/* of that stretch */
	sg_int128	price;
} PriceCheck;

/* A component of a name in a version; NULL: none. */
static const Component *
find_component(const TariffVersion *version, const char *name)
{
	for (int i = 0; i < version->list.n; i++)
		if (strcmp(version->list.components[i].name, name) == 0)
			return &version->list.components[i];
	return NULL;
}

/* Tells the stretch up to a time, and begins the next one. */
static void
tell(PriceCheck *check, TimestampTz stop)
{
	ResultRow  *result = &check->result;

	if (check->start < stop)
	{
		if (check->component)
			result_text(result, check->component);
		else
			result_null(result);
		result_timestamptz(result, check->start);
		result_timestamptz(result, stop);
		if (check->has_price)
			result_datum(result, number_with_decimals(check->price, COMPONENT_DECIMALS));
		else
			result_null(result);
		result_end_row(result);
	}
	check->start = stop;
}

/* From a time on this is the price: of the stretch that is told next, or it goes on. */
static void
take_price(PriceCheck *check, TimestampTz at, Price price)
{
	bool		has_price = price.state == PRICE_APPLIES;

	if (has_price == check->has_price && (!has_price || price.value == check->price))
		return;
	tell(check, at);
	check->has_price = has_price;
	check->price = price.value;
}

/*
 * Until when what a component says of months, days and times is the same, in
 * any case: the next time of day, or midnight.  On a day on which clocks change, the
 * next minute.
 */
static TimestampTz
same_until(const PriceCheck *check, const Component *component, TimestampTz at, const LocalStart *start)
{
	TimestampTz day = slot_day_start(at, check->zone);
	TimestampTz end = slot_day_end(at, check->zone);

	if (!component->when.is_given)
		return DT_NOEND;
	if (!component->when.has_times)
		return end;
	if (end - day != USECS_PER_DAY)
		return Min(at + USECS_PER_MINUTE - (at - day) % USECS_PER_MINUTE, end);
	return day + component_next_minute(component, start->minute) * USECS_PER_MINUTE;
}

/* Takes the prices of a component within [from, to), where it is of one version. */
static void
take_component(PriceCheck *check, const Component *component, TimestampTz from, TimestampTz to)
{
	PricedComponent priced = priced_component_open(check->grid, component, from, to, check->as_of);
	TimestampTz until;

	for (TimestampTz at = from; at < to; at = until)
	{
		LocalStart	start = price_local_start(at, check->zone, &check->holidays);
		Price		price = component_price_at(&priced, at, &start, 0, &until);

		take_price(check, at, price);
		until = Min(until, same_until(check, component, at, &start));
		CHECK_FOR_INTERRUPTS();
	}
}

/* Tells the stretches of the component of a name in the whole period; NULL: those without any. */
static void
tell_component(PriceCheck *check, const char *name)
{
	TimestampTz until;

	check->component = name;
	check->start = check->from;
	check->has_price = false;
	for (TimestampTz at = check->from; at < check->to; at = until)
	{
		const TariffVersion *version = tariff_version_at(check->book, check->tariff_id, at, &until);
		const Component *component = version && name ? find_component(version, name) : NULL;

		until = Min(until, check->to);
		if (component)
			take_component(check, component, at, until);
		else
			take_price(check, at, (Price) {.state = PRICE_MISSING});
	}
	tell(check, check->to);
}

/* Has a version of the tariff before this one a component of the name? */
static bool
was_told(const PriceCheck *check, int version, const char *name)
{
	for (int i = 0; i < version; i++)
		if (check->book->versions[i].tariff_id == check->tariff_id && find_component(&check->book->versions[i], name))
			return true;
	return false;
}

/* Tells all components that the tariff has within the period, in their order. */
static void
tell_all(PriceCheck *check)
{
	bool		has_version = false;

	for (int v = 0; v < check->book->nversions; v++)
	{
		const TariffVersion *version = &check->book->versions[v];

		if (version->tariff_id != check->tariff_id)
			continue;
		has_version = true;
		for (int i = 0; i < version->list.n; i++)
			if (!was_told(check, v, version->list.components[i].name))
				tell_component(check, version->list.components[i].name);
	}
	if (!has_version)
		tell_component(check, NULL);
}

/*
 * sg_price_check(tariff, period, as_of) -> setof (component, start, stop, price):
 * for each component stretches of the same price, currency per kWh, kW or
 * piece, or percent, which together are the period; NULL: it has no price then.
 * With tiers it is the price of the first.
 *
 * Checks: SG108 tariff, period; SG101 grid, tariff; 22003.
 */
Datum
sg_price_check(PG_FUNCTION_ARGS)
{
	PriceCheck	check = {0};
	char	   *tariff;

	result_begin_set(&check.result, fcinfo);
	tariff = arg_name(fcinfo, 0, "tariff");
	arg_require_not_null(fcinfo, 1, "period");
	check.as_of = interval_as_of_arg(fcinfo, 2);
	period_arg(fcinfo, 1, &check.from, &check.to);
	check.grid = grid_current();
	check.tariff_id = tariff_require(check.grid, tariff, IN_ACTIVE_SNAPSHOT);
	slot_within_calendar(&check.from, &check.to);
	check.zone = zone_of_grid(check.grid);
	check.book = tariffs_read(check.grid, check.from, check.to, check.as_of);
	check.holidays = holidays_read(check.grid, zone_day(check.from, check.zone) - POSTGRES_EPOCH_JDATE,
								   zone_day(check.to, check.zone) - POSTGRES_EPOCH_JDATE, check.as_of);
	tell_all(&check);
	return (Datum) 0;
}
