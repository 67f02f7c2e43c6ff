/*-------------------------------------------------------------------------
 *
 * refusal.c
 *	  Making, raising and freeing refusals.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/refusal.h"

static char *format_text(const char *format, va_list args) pg_attribute_printf(1, 0);

/* A text as vsnprintf() makes it, in the current memory context. */
static char *
format_text(const char *format, va_list args)
{
	Size		size = 256;

	for (;;)
	{
		char	   *text = palloc(size);
		va_list		again;
		Size		needed;

		va_copy(again, args);
		needed = pvsnprintf(text, size, format, again);
		va_end(again);
		if (needed < size)
			return text;
		pfree(text);
		size = needed;
	}
}

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
