/*-------------------------------------------------------------------------
 *
 * disclosure.h
 *	  Which totals of the community a participant may be told.
 *
 * A total of two tells each what the other did.  So a participant is told totals
 * of those slots only in which at least five owners took part: had a value on
 * record.  A total of longer slots than those that values are of is told if each
 * of them is in which anybody took part.  Operators of the grid and auditors see all of it anyway.
 *
 *	disclosure_init()
 *	for each day
 *		disclosure_begin_day()
 *		disclosure_add()		for whoever took part, in whatever order
 *		disclosure_decide()
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DISCLOSURE_H
#define SG_DISCLOSURE_H

#include "postgres.h"

#include "metering/day_codec.h"

#define DISCLOSURE_LEAST_OWNERS	5

#define DISCLOSURE_WORDS		((DAY_MAX_SLOTS + 63) / 64)

/* Slots in which an owner took part; an owner may be there more than once. */
typedef struct DisclosureOwner
{
	int64		owner_id;
	uint64		slots[DISCLOSURE_WORDS];
} DisclosureOwner;

typedef struct Disclosure
{
	int			n;
	int			allocated;
	DisclosureOwner *owners;
} Disclosure;

extern void disclosure_init(Disclosure *disclosure);
extern void disclosure_begin_day(Disclosure *disclosure);
extern void disclosure_add(Disclosure *disclosure, int64 owner_id, const uint8 *quality, int from, int to, int per);
extern void disclosure_decide(Disclosure *disclosure, int nslots, int per, bool *told);

#endif							/* SG_DISCLOSURE_H */
