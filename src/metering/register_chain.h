/*-------------------------------------------------------------------------
 *
 * register_chain.h
 *	  What the counter of a point showed one time after the other, and the slots
 *	  that it makes.
 *
 * Between two nodes that follow each other is a stretch: the counter advances, in
 * some slots.  A slot is as its meters say if there are nodes at both of its
 * bounds; else it gets its part of each stretch that is in it, and is estimated.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REGISTER_CHAIN_H
#define SG_REGISTER_CHAIN_H

#include "postgres.h"

#include "metering/load_state.h"
#include "metering/register_rows.h"

typedef struct RegisterChain
{
	Load	   *load;
	LoadPoint  *point;
	const char *spread;			/* of the call; NULL: it does not say */
	RegisterNodes nodes;
} RegisterChain;

/* What is between two nodes. */
typedef struct Stretch
{
	bool		counts;
	bool		unspread;		/* it does not, for want of a spread */
	int64		advance;		/* energy units */
	const char *spread;
	sg_uint128	whole;			/* what it weighs */
	TimestampTz place;			/* up to which parts were taken */
	sg_uint128	part;			/* what that weighs */
	int64		taken;			/* energy units of that */
} Stretch;

/* A slot of a point. */
typedef struct RegisterSlot
{
	TimestampTz starts;
	TimestampTz ends;
	int			minutes;
} RegisterSlot;

/* register.c */
extern Refusal *register_units(const Load *load, sg_int128 kwh, int64 *units);
extern Refusal *register_refuse_time(const Load *load, LoadPoint *point, TimestampTz at);

/* register_chain.c */
extern void register_chain_read(RegisterChain *chain, TimestampTz from, TimestampTz to);
extern bool register_slot_at(const RegisterChain *chain, TimestampTz at, RegisterSlot *slot);
extern int	register_chain_find(const RegisterChain *chain, TimestampTz at);

/* register_stretch.c */
extern sg_uint128 register_weight(const RegisterChain *chain, const char *spread, TimestampTz from, TimestampTz to);
extern Refusal *register_measure(const RegisterChain *chain, int i, Stretch *stretch);

/* register_slots.c */
extern void register_slots(const RegisterChain *chain);

#endif							/* SG_REGISTER_CHAIN_H */
