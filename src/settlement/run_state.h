/*-------------------------------------------------------------------------
 *
 * run_state.h
 *	  A run while it is computed: what the files run_*.c share.
 *
 * First it is found out who has which tariff from when to when (run_stretch.c).
 * Then days are gone over once (run_compute.c): what components cost in slots is
 * worked out once for all points (run_price.c), and added to lines (run_energy.c).
 * What is by the day is added after that (run_fixed.c), percents last
 * (run_percent.c).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_STATE_H
#define SG_RUN_STATE_H

#include "postgres.h"

#include "pgtime.h"
#include "utils/date.h"
#include "utils/hsearch.h"

#include "metering/day_codec.h"
#include "settlement/allocate.h"
#include "settlement/price.h"
#include "settlement/run_compute.h"
#include "settlement/tariff.h"

/* Adjacent slots of a day with one price and one step of it. */
typedef struct PriceRange
{
	int			from;
	int			to;
	bool		is_priced;
	sg_int128	price;
	TimestampTz step_from;
	TimestampTz step_to;
} PriceRange;

/* When a component applies on a day, and for what price. */
typedef struct PriceDay
{
	DateADT		date;
	int			n;
	PriceRange	ranges[DAY_MAX_SLOTS];
} PriceDay;

#define RESOLUTIONS		4		/* 5, 15, 30 and 60 minutes */

typedef struct RunComponent
{
	const Component *component;
	const struct RunVersion *version;
	PricedComponent priced;
	int			ntiers;			/* at least 1 */
	int			first_line;		/* its place among the lines of a stretch, one for each tier */
	PriceDay  **days;			/* by tier, then resolution; each NULL until it is needed */
} RunComponent;

typedef struct RunVersion
{
	const TariffVersion *tariff;
	TimestampTz from;			/* within the run */
	TimestampTz to;
	int			n;
	RunComponent *components;
	int			nlines;			/* of a stretch */
	bool		has_tiers;
} RunVersion;

/* Of a point: from when to when one owner has one version of a tariff by one assignment. */
typedef struct RunStretch
{
	TimestampTz from;
	TimestampTz to;
	int64		participant_id;
	const char *participant;
	const RunVersion *version;	/* NULL: there is none, it is unpriced */
	const char *tariff;
	int64		tariff_id;
	int			level;			/* whose the assignment is: 0 the grid's, 1 the participant's, 2 the point's */
	sg_int128	quantity;		/* 10^-12 */
	struct RunStretch *head;	/* the first of an unbroken row of those that only differ in quantity */
	TimestampTz unbroken_to;	/* of a head: when the last of them ends */
	RunLine   **lines;			/* by component and tier, NULL until there is one; of a head those of slots, of each those of days */
} RunStretch;

typedef struct RunPoint
{
	const ReadPoint *point;
	int			n;
	RunStretch *stretches;		/* by tariff_id, then in their order */
	RunProblem *problems;
} RunPoint;

/* A local day of the run. */
typedef struct RunDay
{
	TimestampTz starts;
	int			year;
	int			month;			/* from 1 */
	int			mday;			/* from 1 */
	int			days_of_month;
	int			days_of_year;
	bool		begins_month;
	bool		begins_year;
} RunDay;

typedef struct RunState
{
	const RunRequest *request;
	MemoryContext context;		/* of the run */
	Run		   *run;
	pg_tz	   *zone;
	TariffBook *book;
	Holidays	holidays;
	int			nversions;
	RunVersion *versions;
	int			npoints;
	RunPoint   *points;			/* as allocation->read has them */
	int			ndays;
	RunDay	   *days;
	Allocation *allocation;
	HTAB	   *participant_lines;	/* lines over all of a participant */
	HTAB	   *tier_counts;	/* units that were counted; NULL: no tariff has tiers */
	struct Demand *demand;		/* what is measured; NULL: no tariff asks for it */
	struct TierDay *tier_day;	/* what is to be counted of the day */
	RunLines	stepping;		/* lines that have had steps */
	RunProblem *problems;		/* of no point */
	Hasher		hasher;			/* of what was shared, over all days */
	Hasher		day_hasher;		/* of what was read of a day */
	int			basis_room;
} RunState;

/* run_stretch.c */
extern void run_find_stretches(RunState *state);

/* run_price.c */
extern const PriceDay *run_price_day(RunState *state, RunComponent *component, int tier, DateADT date, TimestampTz day_starts, TimestampTz day_ends,
									 int minutes, int nslots);

/* run_energy.c */
extern void run_add_day(RunState *state, bool is_before);

/* run_open.c: lines */
extern RunLine *run_new_line(RunState *state, const RunComponent *component, int tier);
extern RunLine *run_line_of(RunState *state, const RunPoint *point, RunStretch *stretch, const RunComponent *component, int tier);
extern RunLine *run_participant_line(RunState *state, int64 participant_id, const char *participant, const RunComponent *component, int tier);
extern RunUnit run_unit_of(const Component *component);

/* run_step.c */
extern bool run_wants_steps(const RunState *state, const Component *component);
extern void run_add_step(RunState *state, RunLine *line, TimestampTz from, TimestampTz to, sg_int128 quantity, bool is_priced,
						 sg_int128 price, QualitySet qualities);
extern void run_end_steps(RunState *state, TimestampTz until);

/* run_fixed.c */
extern void run_read_days(RunState *state);
extern void run_add_fixed(RunState *state);

/* run_percent.c */
extern void run_add_percents(RunState *state);

/* run_problem.c */
extern void run_note_problem(RunState *state, RunPoint *point, RunProblemKind kind, const char *participant, const char *component,
							 int64 slots, TimestampTz first);
extern void run_collect_problems(RunState *state);

/* run_basis.c */
extern void run_add_basis(RunState *state);
extern void run_hash_day(RunState *state);

#endif							/* SG_RUN_STATE_H */
