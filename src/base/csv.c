/*-------------------------------------------------------------------------
 *
 * csv.c
 *	  Fields of a line of CSV.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/csv.h"

/*
 * Writes a text as a field: in quotes, which are doubled within, if it has a
 * comma, a quote or a line break.  Returns its length.
 */
size_t
csv_field(const char *text, char *field)
{
	char	   *out = field;
	bool		quoted = text[strcspn(text, ",\"\n\r")] != '\0';

	if (quoted)
		*out++ = '"';
	for (; *text; text++)
	{
		if (*text == '"')
			*out++ = '"';
		*out++ = *text;
	}
	if (quoted)
		*out++ = '"';
	*out = '\0';
	return out - field;
}
