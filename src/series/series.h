/*-------------------------------------------------------------------------
 *
 * series.h
 *	  Reading what happened in a period, as the caller may see it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SERIES_H
#define SG_SERIES_H

#include "postgres.h"

#include "grid/buckets.h"
#include "grid/grid.h"
#include "grid/viewer.h"
#include "ledger/sums.h"

/* Who asks for what. */
typedef struct Series
{
	const Grid *grid;
	Viewer		viewer;			/* what the caller may see of it: */
	bool		whole;			/* all of it is wanted, and seen */
	int64		own;			/* otherwise: what this participant is a party of, PARTICIPANT_NONE: nothing */
} Series;

/* Where the figures of a series go. */
typedef struct SeriesSink
{
	/* The sums to add entries of this time of the period to. */
	Sums	   *(*sums_at) (struct SeriesSink *sink, TimestampTz at);
	/* Takes the sums of a quarter-hour of the period, but for production by type: what comes for its sums_at() comes before. */
	void		(*take) (struct SeriesSink *sink, TimestampTz at, const Sums *sums);
	/* Takes production of one energy type in a quarter-hour of the period, energy units. */
	void		(*take_production) (struct SeriesSink *sink, TimestampTz at, int energy_type, sg_int128 energy);
	const Buckets *buckets;		/* the period, and the borders that sums must not pass */
	bool		with_peaks;		/* whether peak loads are wanted */
	sg_int128	change_after;	/* result: what the grid load has changed by since the end of the period */
} SeriesSink;

extern void series_open(Series *series, const char *grid_name, const char *principal);
extern void series_read(const Series *series, SeriesSink *sink);

#endif							/* SG_SERIES_H */
