/*-------------------------------------------------------------------------
 *
 * refusal.c
 *	  Making, raising and freeing refusals.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/format.h"
#include "base/refusal.h"

/* A refusal with this SQLSTATE and message, in the current memory context. */
Refusal *
refuse(int sqlstate, const char *message,...)
{
	Refusal    *refusal = palloc0(sizeof(Refusal));
	va_list		args;

	refusal->sqlstate = sqlstate;
	va_start(args, message);
	refusal->message = format_text(message, args);
	va_end(args);
	return refusal;
}

/* Adds a DETAIL, and returns the refusal. */
Refusal *
refusal_detail(Refusal *refusal, const char *detail,...)
{
	va_list		args;

	va_start(args, detail);
	refusal->detail = format_text(detail, args);
	va_end(args);
	return refusal;
}

/* Adds a HINT, and returns the refusal. */
Refusal *
refusal_hint(Refusal *refusal, const char *hint,...)
{
	va_list		args;

	va_start(args, hint);
	refusal->hint = format_text(hint, args);
	va_end(args);
	return refusal;
}

/* Frees a refusal that was kept. */
void
refusal_free(Refusal *refusal)
{
	pfree(refusal->message);
	if (refusal->detail)
		pfree(refusal->detail);
	if (refusal->hint)
		pfree(refusal->hint);
	pfree(refusal);
}

/* Raises what a rule has refused. */
void
error_refused(const Refusal *refusal)
{
	ereport(ERROR,
			errcode(refusal->sqlstate),
			errmsg_internal("%s", refusal->message),
			refusal->detail ? errdetail_internal("%s", refusal->detail) : 0,
			refusal->hint ? errhint("%s", refusal->hint) : 0);
}
