/*-------------------------------------------------------------------------
 *
 * allocate_state.h
 *	  An allocation while it is going on: what the files allocate*.c share.
 *
 * Of each day first its points are laid out (allocate_day.c), then those on each
 * side (allocate_sides.c), and its slots are shared out (allocate_slots.c).  The
 * memory of a day is used for the next one again.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ALLOCATE_STATE_H
#define SG_ALLOCATE_STATE_H

#include "postgres.h"

#include "metering/day_codec.h"
#include "settlement/allocate.h"
#include "settlement/allocation_rows.h"

/* Slots that are worked on together. */
#define BLOCK_SLOTS		32

/* Memory for a day, which grows to what the largest has needed. */
typedef struct DayRoom
{
	void	   *memory;
	Size		bytes;
} DayRoom;

/* A consumer or producer of the day: what is needed of its point again and again. */
typedef struct SideMember
{
	const int64 *amount;		/* the point's, by slot */
	int64	   *share;			/* the same; NULL: not wanted */
	int64	   *covered;
	const AllocatedPoint *point;
	AllocatedSpan *span;		/* of the stretch; NULL: it is no point then */
	bool		is_plain;		/* all of its amount is eligible, and on this side */
} SideMember;

/*
 * Consumers or producers of the day, storage among both; arrays are by slot of
 * the block, then by member.  What a member has in the slots of a block must not
 * lie in the same lines of the processor's cache, so slots are an odd number of
 * these apart.
 */
typedef struct AllocationSide
{
	int			n;
	int			apart;			/* members from slot to slot */
	SideMember *members;
	int64	   *amount;			/* eligible */
	int64	   *share;			/* of consumers */
	int64	   *covered;
} AllocationSide;

typedef struct AllocationState
{
	MemoryContext context;
	int			nfacts;
	ShareFact  *facts;			/* by point_id */
	ShareFact **facts_of;		/* of each point of the read: its first one; NULL: it has none */
	int			nmodels;
	AllocationFact *models;

	bool		incomplete[DAY_MAX_SLOTS];
	sg_uint128	covered[DAY_MAX_SLOTS];
	bool		begins[DAY_MAX_SLOTS + 1];	/* whether a stretch begins: adjacent slots in which nothing but amounts differs */
	DayRoom		points;
	DayRoom		spans;
	DayRoom		cut;			/* amounts and qualities of longer slots that were cut */
	DayRoom		results;

	AllocationSide consumers;
	AllocationSide producers;
	int64	   *key;			/* of each consumer, in the slot */
	uint32	   *order;			/* consumers by class of priority */
	uint32	   *class_end;
	int			nclasses;
	DayRoom		sides;
	DayRoom		room;			/* of allocation_share_out() */
} AllocationState;

extern void *day_room(AllocationState *state, DayRoom *room, Size bytes);
extern bool allocate_lay_out_day(Allocation *allocation);
extern void allocate_make_sides(Allocation *allocation);
extern void allocate_begin_stretch(AllocationState *state, int slot);
extern void allocate_slots(Allocation *allocation);

/* The key of a member in its stretch. */
static inline int64
allocate_key(const SideMember *member)
{
	return member->span && member->span->share.key != SHARE_WITHOUT_KEY ? member->span->share.key : 0;
}

#endif							/* SG_ALLOCATE_STATE_H */
