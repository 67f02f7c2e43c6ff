/*-------------------------------------------------------------------------
 *
 * reference.h
 *	  The reference that a caller gives a call, so that it is done once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REFERENCE_H
#define SG_REFERENCE_H

#include "postgres.h"

#include "grid/identity.h"
#include "settings.h"

extern const char *reference_given(void);

/*
 * The reference of a call, or NULL if it has none, at next to no cost then;
 * SG108 as reference_given().
 */
static inline const char *
reference_of_call(void)
{
	bool		is_set = setting_reference != NULL && setting_reference[0] != '\0';

	return unlikely(is_set || identity_is_gateway_session()) ? reference_given() : NULL;
}

#endif							/* SG_REFERENCE_H */
