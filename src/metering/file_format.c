/*-------------------------------------------------------------------------
 *
 * file_format.c
 *	  Formats of files by their names, of those that are read and of those that
 *	  are written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/errors.h"
#include "metering/file_format.h"

static char *
listed(const char *const *names, int n)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < n; i++)
		appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ", names[i]);
	return list.data;
}

/* Which of n formats has a name; SG108 if none has. */
int
file_format_called(const char *name, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown format \"%s\"", name),
			 errhint("Formats are %s.", listed(names, n))));
}
