/*-------------------------------------------------------------------------
 *
 * party_details.h
 *	  What documents say of a party: one object of JSON.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PARTY_DETAILS_H
#define SG_PARTY_DETAILS_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "base/refusal.h"

/* SG108, with the path of what is wrong: unknown keys, values of another type or form.  Some keys are the issuer's alone. */
extern Refusal *refuse_party_details(Jsonb *details, bool is_issuer);

#endif							/* SG_PARTY_DETAILS_H */
