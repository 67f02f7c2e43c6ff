/*-------------------------------------------------------------------------
 *
 * run_line.h
 *	  Lines of a run: what a participant, point, tariff version, component, tier
 *	  and stretch come to.
 *
 * A line adds up quantities and their products with prices exactly, and is
 * rounded once when all of it is there; with "round": "step" once for each step
 * of the price (run_step.c).  What it adds up is in units of its own:
 *
 *	quantity in unit = quantity / (10^digits * divisor)
 *	currency		 = amount / (10^(digits + RUN_PRICE_DIGITS) * divisor)
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_LINE_H
#define SG_RUN_LINE_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/checked.h"
#include "base/wide.h"
#include "metering/quality.h"
#include "settlement/component.h"

/* Decimals of prices, and of quantities as they are told. */
#define RUN_PRICE_DIGITS	COMPONENT_DECIMALS
#define RUN_QUANTITY_DIGITS	18

typedef enum RunSide
{
	SIDE_CHARGE,
	SIDE_CREDIT
} RunSide;

typedef enum RunUnit
{
	UNIT_KWH,
	UNIT_KW,
	UNIT_PIECE,
	UNIT_PERCENT,
	UNIT_COUNT
} RunUnit;

/* What a line has added up, or a step of it. */
typedef struct RunSum
{
	sg_int128	quantity;
	Wide		amount;
	QualitySet	qualities;
	bool		is_unpriced;
	bool		has_price;
	bool		has_prices;		/* several */
	sg_int128	price;			/* 10^-12 */
} RunSum;

/* A step of the price: an hour or month of a series, a day. */
typedef struct RunStep
{
	TimestampTz from;
	TimestampTz to;
	RunSum		sum;
} RunStep;

typedef struct RunLine
{
	int64		participant_id;
	int64		point_id;		/* 0: over all of the participant */
	const char *participant;
	const char *point;			/* empty: none */
	const char *tariff;
	const char *component;
	const char *base;			/* percent: the component that it is of, and what that is of; else empty */
	const char *vat_category;	/* NULL: the default */
	sg_int128	vat_rate;		/* 10^-12; -1: none is said */
	int			place;
	int			kind;			/* of the point; -1: none */
	RunSide		side;
	RunUnit		unit;
	bool		gross;
	TimestampTz from;
	TimestampTz to;
	int			tier;			/* from 1; 0: there are none */

	const struct RunVersion *version;	/* NULL: of an earlier run */
	int			digits;
	uint64		divisor;
	RunSum		sum;
	int64		stepped;		/* money units of the steps that were rounded */
	int			nsteps;			/* that are not rounded yet */
	int			steps_room;
	RunStep    *steps;
	bool		is_stepping;	/* it is among those that have steps */

	/* what comes of it */
	sg_int128	quantity;		/* RUN_QUANTITY_DIGITS decimals */
	bool		has_price;
	sg_int128	price;			/* 10^-12 */
	bool		has_money;
	int64		money;			/* money units */
	QualitySet	qualities;
} RunLine;

typedef struct RunLines
{
	int			n;
	int			room;
	RunLine   **lines;
} RunLines;

/* run_line.c */
extern void run_lines_add(RunLines *lines, RunLine *line);
extern void run_lines_sort(RunLines *lines);
extern void run_sum_add(RunSum *sum, sg_int128 quantity, bool is_priced, sg_int128 price, QualitySet qualities);
extern sg_int128 run_sum_quantity(const RunLine *line, const RunSum *sum);
extern int64 run_sum_money(const RunLine *line, const RunSum *sum, int money_scale);
extern void run_line_finish(RunLine *line, int money_scale);
extern sg_int128 run_quantity_of_money(int64 money, int money_scale);
extern bool run_is_money_of(sg_int128 quantity, sg_int128 price, RunUnit unit, int money_scale, int64 money);
extern int	run_decimal_text(sg_int128 value, int digits, char *text);
extern const char *run_unit_name(RunUnit unit);
extern const char *run_side_name(RunSide side);
extern int64 run_checked_int64(sg_int128 value, const char *what);

#endif							/* SG_RUN_LINE_H */
