/*-------------------------------------------------------------------------
 *
 * party.h
 *	  Who may know the name of a party: what floors above have to say about it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PARTY_H
#define SG_PARTY_H

#include "postgres.h"

/*
 * Does a participant know another from what it has done, as from a trade that
 * it has offered?  NULL: there is nothing that it could have done.
 */
typedef bool (*PartyKnowsHook) (int64 participant_id, int64 other_id);
extern PartyKnowsHook party_knows_hook;

#endif							/* SG_PARTY_H */
