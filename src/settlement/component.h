/*-------------------------------------------------------------------------
 *
 * component.h
 *	  The component of a tariff: a quantity times a price, in the hours where it
 *	  applies, with a VAT group (doc/reference/settlement.md).
 *
 * A list of them comes as JSON (component_read.c), is checked whole when it is
 * set, and read again into these structs when it is used.  Prices, factors and
 * percents are in 10^-12, exact.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_COMPONENT_H
#define SG_COMPONENT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

#include "base/checked.h"

/* Decimals of prices, factors, percents and quantities. */
#define COMPONENT_DECIMALS	12
#define COMPONENT_ONE		INT64CONST(1000000000000)

#define COMPONENT_DAY_MINUTES	1440
#define COMPONENT_ALL_MONTHS	0x1FFE	/* bits 1 to 12 */
#define COMPONENT_ALL_DAYS		0xFE	/* bits 1 to 7 */

/* The longest name of a series, bytes. */
#define COMPONENT_SERIES_BYTES	64

/* What a component is of. */
typedef enum ComponentOf
{
	OF_ENERGY,
	OF_COVERED,
	OF_REST,
	OF_DEMAND,
	OF_POINT,
	OF_PARTICIPANT,
	OF_PERCENT,
	OF_COUNT
} ComponentOf;

typedef enum ComponentPay
{
	PAY_CHARGE,
	PAY_CREDIT,
	PAY_AS_BASE					/* percent: the side of each line that it is of */
} ComponentPay;

typedef enum ComponentPer
{
	PER_MONTH,
	PER_DAY,
	PER_YEAR,
	PER_RUN
} ComponentPer;

typedef enum ComponentProrate
{
	PRORATE_DAYS,
	PRORATE_NONE
} ComponentProrate;

typedef enum ComponentOver
{
	OVER_POINT,
	OVER_PARTICIPANT
} ComponentOver;

typedef enum HolidayMode
{
	HOLIDAYS_AS_SUNDAY,
	HOLIDAYS_ONLY,
	HOLIDAYS_IGNORE
} HolidayMode;

typedef enum DemandMeasure
{
	MEASURE_MAX,
	MEASURE_MEAN
} DemandMeasure;

typedef enum DemandAt
{
	AT_OWN,
	AT_COMMUNITY_PEAK
} DemandAt;

typedef enum VatCategory
{
	VAT_STANDARD,
	VAT_ZERO,
	VAT_EXEMPT,
	VAT_REVERSE_CHARGE,
	VAT_OUTSIDE,
	VAT_CATEGORY_COUNT
} VatCategory;

/* A tier: units up to a bound, from 0, inclusive, at a price. */
typedef struct ComponentTier
{
	bool		has_upto;		/* all but the last have */
	sg_int128	upto;			/* kWh or kW, 10^-12 */
	sg_int128	price;			/* 10^-12 */
} ComponentTier;

/* price = value of the series * factor + price, then not above the cap, not below the floor */
typedef struct ComponentIndex
{
	char	   *series;			/* NULL: there is no index */
	sg_int128	factor;			/* 10^-12, as cap and floor */
	bool		has_cap;
	sg_int128	cap;
	bool		has_floor;
	sg_int128	floor;
} ComponentIndex;

/* Hours in which it applies, by the local start of a slot. */
typedef struct ComponentWhen
{
	bool		is_given;		/* false: always, and nothing below counts */
	uint16		months;			/* bit m: month m, from 1 */
	uint8		days;			/* bit d: day d of the week, 1 is Monday */
	bool		has_times;		/* false: at all times */
	uint8		minutes[COMPONENT_DAY_MINUTES / 8];	/* bit by minute of the local day: what times say */
	HolidayMode holidays;
	char	   *marked;			/* series whose value is not 0 then; NULL: none is asked */
} ComponentWhen;

typedef struct ComponentDemand
{
	DemandMeasure measure;
	int			n;				/* mean: of so many of the highest */
	bool		distinct_days;
	int			minutes;		/* of a window */
	bool		has_ratchet;
	sg_int128	ratchet_percent;	/* 10^-12 */
	int			ratchet_months;
	uint16		ratchet_calendar_months;	/* bit m; all if none are named */
	DemandAt	at;
} ComponentDemand;

typedef struct Component
{
	char	   *name;
	int			place;			/* in the list, from 0 */
	ComponentOf of;
	uint8		kinds;			/* bit by PointKind */
	int			nclasses;		/* 0: all, and points without a class */
	char	  **classes;
	ComponentPay pay;
	sg_int128	price;			/* currency per kWh, kW or piece, or percent, 10^-12; 0 if there are tiers */
	int			ntiers;			/* 0: there are none */
	ComponentTier *tiers;
	ComponentPer tier_per;		/* month, day or run */
	ComponentPer per;
	ComponentProrate prorate;
	bool		days_of_period; /* a month's price is divided by the days of the run */
	ComponentIndex index;
	ComponentWhen when;
	ComponentDemand demand;
	ComponentOver over;
	int			non;			/* percent: of these, by place, ascending */
	int		   *on;
	bool		has_vat;
	VatCategory vat_category;
	sg_int128	vat_rate;		/* percent, 10^-12; 0 but for the standard one */
	bool		round_step;		/* money is rounded once for each step of the price */
	int			price_digits;	/* decimals of the price of a day; -1: exact */
} Component;

typedef struct ComponentList
{
	int			n;
	Component  *components;
} ComponentList;

/* SG108 with the path of what is wrong in the JSON; *list in the current memory context. */
extern void component_read_list(const Jsonb *json, ComponentList *list);

/* The code of a VAT category as documents have it: S, Z, E, AE, O. */
extern const char *component_vat_name(VatCategory category);

/* What a component is of, as the JSON says it. */
extern const char *const component_of_names[OF_COUNT];

/* Is it about points of a kind and class (NULL: it has none)? */
extern bool component_is_about(const Component *component, int kind, const char *class);

/*
 * The tier that a unit after so many before it belongs to, from 0: the unit
 * that begins at a count of counted, 10^-12 kWh or kW.
 */
extern int	component_tier_at(const Component *component, sg_int128 counted);

#endif							/* SG_COMPONENT_H */
