/*-------------------------------------------------------------------------
 *
 * price.h
 *	  When a component applies, and what a unit costs then.
 *
 * The price is that of the start of a slot, or for components by the day of
 * its first instant.  What may be asked often, a series, is read once: by
 * priced_component_open().
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PRICE_H
#define SG_PRICE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "metering/value_series.h"
#include "settlement/component.h"
#include "settlement/tariff.h"

/* The local start of a slot. */
typedef struct LocalStart
{
	int			month;			/* 1 to 12 */
	int			weekday;		/* 1 is Monday */
	int			minute;			/* that the clock shows, of the day */
	bool		is_holiday;
} LocalStart;

typedef enum PriceState
{
	PRICE_APPLIES,				/* and there is one */
	PRICE_APPLIES_NOT,			/* the component says nothing of this time */
	PRICE_MISSING				/* it applies, or may, but its series has no value: unpriced */
} PriceState;

typedef struct Price
{
	PriceState	state;
	sg_int128	value;			/* 10^-12; without that of a tier */
} Price;

/* A component with what its series say within a period. */
typedef struct PricedComponent
{
	const Component *component;
	const ValueSeries *index;		/* NULL: it has none, or the grid has not */
	const ValueSeries *marked;		/* likewise */
	bool		marked_is_empty;	/* the series has no value at all: unpriced */
} PricedComponent;

extern LocalStart price_local_start(TimestampTz at, pg_tz *zone, const Holidays *holidays);

/* Does it apply, but for what a marked series says?  Pure. */
extern bool component_applies(const Component *component, const LocalStart *start);

/* The first minute of a local day after one at which times of day say something else; COMPONENT_DAY_MINUTES: none. */
extern int	component_next_minute(const Component *component, int minute);

extern PricedComponent priced_component_open(const Grid *grid, const Component *component, TimestampTz from, TimestampTz to, TimestampTz as_of);

/*
 * The price of a component at a time whose local start is known.  *until: if
 * when's months, days and times were left aside, it were the same until then at
 * least.  With tiers it is that of the tier (from 0; without tiers any number does).
 * 22003 if it is beyond 128 bits.
 */
extern Price component_price_at(const PricedComponent *priced, TimestampTz at, const LocalStart *start, int tier, TimestampTz *until);

/* The same for slots of so many minutes from a start on, all of one local day. */
extern void component_prices_of_day(const PricedComponent *priced, TimestampTz day, int minutes, int nslots, int tier,
									pg_tz *zone, const Holidays *holidays, Price *prices);

#endif							/* SG_PRICE_H */
