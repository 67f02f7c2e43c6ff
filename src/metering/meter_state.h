/*-------------------------------------------------------------------------
 *
 * meter_state.h
 *	  A read while it is going on: what the files meter_*.c share.
 *
 * Of each day first its entries are laid out, one for each point that is part
 * of it (meter_read.c); then its packed days are read into them
 * (meter_versions.c), and its open slots over these (meter_open.c).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_METER_STATE_H
#define SG_METER_STATE_H

#include "postgres.h"

#include "metering/day_codec.h"
#include "metering/meter_read.h"
#include "store/ordered.h"

/* The slots of an entry of MeterRead.days, to be written. */
typedef struct MeterSlots
{
	int			n;
	int			minutes;
	bool		is_filled;		/* something of it is on record */
	bool		is_partial;		/* not all of its slots are in spans */
	TimestampTz latest;			/* when its latest packed version was recorded; -infinity: there is none */
	int64	   *amount;
	uint8	   *quality;
	ReadOrigin *origin;			/* NULL: not asked for */
} MeterSlots;

/* Packed versions of one point's day while they are read, the newest first. */
typedef struct VersionWalk
{
	int			entry;			/* of the day; -1: none */
	bool		is_based;		/* the latest of the moment was found */
	int64		later_batch;	/* of the version after the moment that was met last; 0: none */
	Day			later;
	Day			day;
	int			npending;		/* slots whose origin may be older */
	bool		pending[DAY_MAX_SLOTS];
} VersionWalk;

/* A pack: which batch gave which slot of a version. */
typedef struct MeterPack
{
	int64		pack_id;
	int			n;
	int64	   *batches;		/* of each slot; 0: it is as in the version before */
} MeterPack;

typedef struct MeterReadState
{
	MemoryContext context;		/* for the whole read */
	MemoryContext day;			/* for a day */
	DateADT		last;			/* day to be read */

	int		   *by_id;			/* places of points in the order of their ids */
	int		   *entry_of;		/* of each point, the day's entry; -1: none */
	bool		by_point;		/* packed days are looked up for each point, rather than all of a day read */
	Ordered		ordered;
	VersionWalk walk;

	int			allocated;		/* slots that there is room for */
	int64	   *amounts;
	uint8	   *qualities;
	ReadOrigin *origins;
	MeterSlots *slots;			/* of each entry */
	ReadSpan   *spans;

	MeterRead  *loss_source;	/* what losses are made of; NULL: nobody takes them */

	int			nopen;			/* days with open slots, in their order */
	DateADT    *open;

	bool		packs_are_read; /* of the day */
	int			npacks;
	MeterPack  *packs;			/* by number */
	int			nbatches;
	ReadOrigin *batches;		/* of the packs, by number */
} MeterReadState;

/* meter_read.c */
extern void meter_clear_slots(const MeterSlots *slots, int from, int to);

/* meter_versions.c */
extern void meter_versions_begin(MeterRead *read);
extern void meter_versions_read(MeterRead *read);
extern void meter_versions_end(MeterRead *read);

/* meter_open.c */
extern void meter_open_begin(MeterRead *read);
extern void meter_open_read(MeterRead *read);

/* meter_packs.c */
extern const MeterPack *meter_pack(MeterRead *read, int64 batch_id);
extern TimestampTz meter_pack_batch_recorded_at(const MeterRead *read, int64 batch_id);

#endif							/* SG_METER_STATE_H */
