/*-------------------------------------------------------------------------
 *
 * price.c
 *	  When a component applies, and what a unit costs then.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "settlement/price.h"

/* The local start of a slot. */
LocalStart
price_local_start(TimestampTz at, pg_tz *zone, const Holidays *holidays)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int			offset;
	int			day;

	if (timestamp2tm(at, &offset, &tm, &fsec, NULL, zone) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	day = date2j(tm.tm_year, tm.tm_mon, tm.tm_mday);
	return (LocalStart) {
		.month = tm.tm_mon,
		.weekday = (j2day(day) + 6) % 7 + 1,
		.minute = tm.tm_hour * 60 + tm.tm_min,
		.is_holiday = holidays_have(holidays, day - POSTGRES_EPOCH_JDATE)
	};
}

/* Does a time of day apply? */
static bool
has_minute(const ComponentWhen *when, int minute)
{
	return !when->has_times || (when->minutes[minute / 8] >> minute % 8 & 1) != 0;
}

/* Does a component apply, but for what a marked series says? */
bool
component_applies(const Component *component, const LocalStart *start)
{
	const ComponentWhen *when = &component->when;
	int			weekday = start->is_holiday && when->holidays == HOLIDAYS_AS_SUNDAY ? 7 : start->weekday;

	if (!when->is_given)
		return true;
	if (when->holidays == HOLIDAYS_ONLY && !start->is_holiday)
		return false;
	return (when->months >> start->month & 1) != 0 && (when->days >> weekday & 1) != 0 && has_minute(when, start->minute);
}

/* The first minute of a local day after one at which times say something else; COMPONENT_DAY_MINUTES: none. */
int
component_next_minute(const Component *component, int minute)
{
	bool		now = has_minute(&component->when, minute);

	do
		minute++;
	while (minute < COMPONENT_DAY_MINUTES && has_minute(&component->when, minute) == now);
	return minute;
}

/* Has the grid a series that has no value at all? */
static bool
is_empty(const Grid *grid, const ValueSeries *series, TimestampTz as_of)
{
	return series->n == 0 && value_series_read(grid, series->name, DT_NOBEGIN, DT_NOEND, as_of)->n == 0;
}

/* Reads what a component needs of series for the prices within [from, to); in the current memory context. */
PricedComponent
priced_component_open(const Grid *grid, const Component *component, TimestampTz from, TimestampTz to, TimestampTz as_of)
{
	PricedComponent priced = {.component = component};

	if (component->index.series)
		priced.index = value_series_read(grid, component->index.series, from, to, as_of);
	if (component->when.marked)
		priced.marked = value_series_read(grid, component->when.marked, from, to, as_of);
	priced.marked_is_empty = priced.marked != NULL && is_empty(grid, priced.marked, as_of);
	return priced;
}

SG_NORETURN
static void
error_price_beyond(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("the price that an index makes is out of range"),
			 errhint("Check the values of its series, and the factor.")));
}

/* A product of two figures of 10^-12 in 10^-12, halves away from zero; 22003 if it is beyond 128 bits. */
static sg_int128
multiply(sg_int128 a, sg_int128 b)
{
	const sg_int128 one = COMPONENT_ONE;
	sg_int128	part = (a % one) * (b % one);
	sg_int128	rest = part % one;
	sg_int128	sum = part / one + (2 * rest >= one) - (2 * rest <= -one);
	sg_int128	whole;

	if (__builtin_mul_overflow(a / one, b, &whole) || __builtin_add_overflow(sum, whole, &sum) ||
		__builtin_mul_overflow(a % one, b / one, &whole) || __builtin_add_overflow(sum, whole, &sum))
		error_price_beyond();
	return sum;
}

/* What an index makes of a value and a price. */
static sg_int128
indexed_price(const ComponentIndex *index, sg_int128 value, sg_int128 price)
{
	sg_int128	sum;

	if (__builtin_add_overflow(multiply(value, index->factor), price, &sum))
		error_price_beyond();
	if (index->has_cap)
		sum = Min(sum, index->cap);
	if (index->has_floor)
		sum = Max(sum, index->floor);
	return sum;
}

/* *value: that of a series at a time, false: it has none.  Lowers *until to where that changes. */
static bool
value_at(const ValueSeries *series, TimestampTz at, sg_int128 *value, TimestampTz *until)
{
	TimestampTz change = DT_NOEND;
	bool		has = value_series_at(series, at, value, &change);

	*until = Min(*until, change);
	return has;
}

/* Does the marked series of a component let it apply? */
static PriceState
marked_state(const PricedComponent *priced, TimestampTz at, TimestampTz *until)
{
	sg_int128	value;

	if (priced->component->when.marked == NULL)
		return PRICE_APPLIES;
	if (priced->marked == NULL || priced->marked_is_empty)
		return PRICE_MISSING;
	return value_at(priced->marked, at, &value, until) && value != 0 ? PRICE_APPLIES : PRICE_APPLIES_NOT;
}

/* The price of a component at a time; *until: it is the same until then at least, if months, days and times are left aside. */
Price
component_price_at(const PricedComponent *priced, TimestampTz at, const LocalStart *start, int tier, TimestampTz *until)
{
	const Component *component = priced->component;
	Price		price = {.state = PRICE_APPLIES_NOT};
	sg_int128	value;

	*until = DT_NOEND;
	if (!component_applies(component, start))
		return price;
	price.state = marked_state(priced, at, until);
	if (price.state != PRICE_APPLIES)
		return price;
	price.value = component->ntiers > 0 ? component->tiers[tier].price : component->price;
	if (component->index.series == NULL)
		return price;
	if (priced->index == NULL || !value_at(priced->index, at, &value, until))
		return (Price) {.state = PRICE_MISSING};
	price.value = indexed_price(&component->index, value, price.value);
	return price;
}

/* The prices of slots of so many minutes from a start on, all of one local day. */
void
component_prices_of_day(const PricedComponent *priced, TimestampTz day, int minutes, int nslots, int tier,
						pg_tz *zone, const Holidays *holidays, Price *prices)
{
	for (int i = 0; i < nslots; i++)
	{
		TimestampTz at = day + i * minutes * USECS_PER_MINUTE;
		LocalStart	start = price_local_start(at, zone, holidays);
		TimestampTz until;

		prices[i] = component_price_at(priced, at, &start, tier, &until);
	}
}
