/*-------------------------------------------------------------------------
 *
 * refusal.h
 *	  What a rule answers if it refuses: an error that is not raised yet.
 *
 * A rule that single calls and batches share returns a refusal, or NULL if all
 * is well, and has changed nothing if it refuses.  A single call raises it
 * (require_accepted()), a batch keeps it beside its reading and goes on.  So no
 * batch has to catch an error, which would need a subtransaction.
 *
 * Functions named refuse_...() return a refusal; those whose condition may hold
 * return NULL then.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REFUSAL_H
#define SG_REFUSAL_H

#include "postgres.h"

#include "base/compat.h"

typedef struct Refusal
{
	int			sqlstate;		/* as by MAKE_SQLSTATE() */
	char	   *message;
	char	   *detail;			/* or NULL */
	char	   *hint;			/* or NULL */
} Refusal;

extern Refusal *refuse(int sqlstate, const char *message,...) pg_attribute_printf(2, 3);
extern Refusal *refusal_detail(Refusal *refusal, const char *detail,...) pg_attribute_printf(2, 3);
extern Refusal *refusal_hint(Refusal *refusal, const char *hint,...) pg_attribute_printf(2, 3);
extern void refusal_free(Refusal *refusal);

SG_NORETURN extern void error_refused(const Refusal *refusal);

/* Raises a refusal, if there is one. */
static inline void
require_accepted(const Refusal *refusal)
{
	if (unlikely(refusal != NULL))
		error_refused(refusal);
}

#endif							/* SG_REFUSAL_H */
