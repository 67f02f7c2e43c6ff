/*-------------------------------------------------------------------------
 *
 * run_demand.h
 *	  A run: demand, the highest windows of a month, day, year or run.
 *
 * What an owner had in windows is measured from the earliest month that a ratchet
 * looks at, whatever was assigned (run_demand.c).  It is billed once, by the run in
 * which what the owner has assigned of the period ends (run_demand_bill.c).
 *
 * A window is told by its amount times the windows of a day, so that windows of
 * different lengths compare: kW = that / (24 * 10^energy_scale).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_DEMAND_H
#define SG_RUN_DEMAND_H

#include "postgres.h"

#include "settlement/run_tier.h"

#define DEMAND_MINUTES_OF_DAY	1440
#define DEMAND_HOURS_OF_DAY		24

/* One of the highest windows. */
typedef struct DemandPeak
{
	sg_int128	height;			/* amount times the windows of a day */
	DateADT		day;
} DemandPeak;

/* What was measured in a month, day, year or run. */
typedef struct DemandPeriod
{
	int64		number;			/* which month, day or year; 0: the run */
	int			npeaks;
	DemandPeak *peaks;			/* the highest first */
	QualitySet	qualities;
	bool		is_unpriced;	/* it cannot be told when it applies */
	int64		at_peak;		/* community_peak: which of the community's peaks the first one is at */
	struct DemandPeriod *before;
} DemandPeriod;

typedef struct DemandKey
{
	const RunComponent *component;
	int64		participant_id;
	int64		point_id;		/* 0: all of the participant */
} DemandKey;

/* An owner's slots of a point on the day. */
typedef struct DemandItem
{
	TimestampTz starts;
	int			minutes;
	int			nslots;
	int			from;
	int			to;
	const int64 *amount;
	const uint8 *quality;
	struct DemandItem *following;
} DemandItem;

typedef struct DemandMeter
{
	DemandKey	key;
	const char *participant;
	RunPoint   *point;			/* NULL: all of the participant */
	DemandPeriod *latest;
	DemandItem *items;			/* of the day */
	DemandItem **last;
	struct DemandMeter *next_of_day;
} DemandMeter;

/* At which of the community's peaks a period ended. */
typedef struct DemandFinal
{
	int64		number;
	int64		peak;
	struct DemandFinal *before;
} DemandFinal;

/* A component of demand while it is measured. */
typedef struct DemandComponent
{
	RunComponent *component;
	RunComponent *measured;		/* the same in all months, without an index */
	sg_int128	community[DAY_MAX_SLOTS];	/* community_peak: consumption of the day's windows */
	int			minutes;		/* of the day's windows */
	int64		number;			/* the period that the highest one so far is of */
	sg_int128	height;
	int64		npeaks;			/* counts new highest ones */
	DemandFinal *finals;
} DemandComponent;

/* What holds between the end of the run and a time. */
typedef struct DemandAfter
{
	TimestampTz to;
	MeterRead	read;			/* points alone */
	TariffBook *book;
	struct DemandAfter *before;
} DemandAfter;

typedef struct Demand
{
	int			n;
	DemandComponent *components;
	HTAB	   *meters;
	MemoryContext day;
	DemandMeter *of_day;
	DemandMeter **last;
	DemandAfter *after;
} Demand;

extern bool run_demand_begin(RunState *state);
extern void run_demand_open(RunState *state);
extern void run_demand_expect(RunState *state, RunPoint *point, RunStretch *stretch);
extern void run_demand_take(RunState *state, const MeterDay *day, const ReadSpan *span, const RunSlots slots[2]);
extern void run_demand_end_day(RunState *state);
extern int64 run_demand_period(const RunState *state, ComponentPer per, TimestampTz at);
extern DemandComponent *run_demand_component(Demand *demand, const RunComponent *component);
extern bool run_demand_goes_on(const RunState *state, const DemandMeter *meter, TimestampTz to);
extern void run_demand_add(RunState *state);

#endif							/* SG_RUN_DEMAND_H */
