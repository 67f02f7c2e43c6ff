/*-------------------------------------------------------------------------
 *
 * tariff.h
 *	  Tariffs, to whom they are assigned, and holidays: dated facts
 *	  (metering/dated.h), as they were on record at a moment.
 *
 * What is read here is read once for a period, in the active snapshot, without
 * locks and without asking for rights; tariffs are public.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_TARIFF_H
#define SG_TARIFF_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "base/digest.h"
#include "grid/grid.h"
#include "settlement/component.h"

/* What a tariff is from when to when. */
typedef struct TariffVersion
{
	int64		tariff_id;
	char	   *tariff;			/* its name */
	int32		version;		/* counts from 1 within the tariff; two periods may be of one version */
	TimestampTz valid_from;
	TimestampTz valid_to;		/* DT_NOEND: no end is on record */
	TimestampTz recorded_at;
	bool		gross;			/* its prices include VAT */
	ComponentList list;
	Digest		digest;			/* of its canonical text: the same in every database */
} TariffVersion;

/* To whom a tariff is assigned from when to when; to the grid if neither of both is named. */
typedef struct TariffAssignment
{
	int64		tariff_id;
	int64		point_id;		/* 0: not to a point */
	int64		participant_id; /* 0: not to a participant */
	TimestampTz valid_from;
	TimestampTz valid_to;
	TimestampTz recorded_at;
	sg_int128	quantity;		/* 10^-12 */
	bool		exempt;			/* an own "no" against the participant's or the grid's */
} TariffAssignment;

/* What there is of a grid that holds at some time within a period. */
typedef struct TariffBook
{
	int			nversions;
	TariffVersion *versions;	/* by name of the tariff in byte order, then valid_from */
	int			nassignments;
	TariffAssignment *assignments;	/* by tariff_id, point_id, participant_id, valid_from */
} TariffBook;

/* Public holidays of a grid, ascending. */
typedef struct Holidays
{
	int			n;
	DateADT    *days;
} Holidays;

/*
 * All versions and assignments on record at as_of (DT_NOEND: now) that hold
 * within [from, to), in the current memory context.
 */
extern TariffBook *tariffs_read(const Grid *grid, TimestampTz from, TimestampTz to, TimestampTz as_of);

/* The version of a tariff that holds at a time; NULL: none, what is assigned is unpriced then.  *until: that goes on at least so long. */
extern const TariffVersion *tariff_version_at(const TariffBook *book, int64 tariff_id, TimestampTz at, TimestampTz *until);

/*
 * The assignment by which a point of an owner (0: it has none) has a tariff at
 * a time: its own, else the owner's, else the grid's.  NULL: it does not have it,
 * or is exempt.  *until: that goes on at least so long.
 */
extern const TariffAssignment *tariff_assignment_at(const TariffBook *book, int64 tariff_id, int64 point_id, int64 participant_id,
													TimestampTz at, TimestampTz *until);

/* Holidays of a grid on record at as_of within the local days [from, to]. */
extern Holidays holidays_read(const Grid *grid, DateADT from, DateADT to, TimestampTz as_of);
extern bool holidays_have(const Holidays *holidays, DateADT day);

#endif							/* SG_TARIFF_H */
