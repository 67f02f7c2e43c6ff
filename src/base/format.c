/*-------------------------------------------------------------------------
 *
 * format.c
 *	  Texts by a printf format whose arguments are a va_list.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/format.h"

/* A text as vsnprintf() makes it, in the current memory context. */
char *
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
