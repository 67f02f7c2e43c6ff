/*-------------------------------------------------------------------------
 *
 * import_lines.h
 *	  Lines of a text, and their fields, where they lie.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IMPORT_LINES_H
#define SG_IMPORT_LINES_H

#include "postgres.h"

#include "base/refusal.h"

/* A line of more fields is refused. */
#define IMPORT_MAX_FIELDS	(1 << 20)

typedef struct Field
{
	const char *text;			/* no zero ends it; without quotes, and without spaces around it */
	size_t		length;
} Field;

typedef struct LineReader
{
	const char *at;				/* what comes next */
	const char *end;
	int64		line;			/* number of the line, from 1 */
	const char *text;			/* the line, without its end */
	size_t		length;
	int			nfields;		/* after import_split() */
	Field	   *fields;
	int			allocated;
} LineReader;

struct Import;

extern void lines_begin(LineReader *lines, const char *text, size_t length);
extern bool import_next_line(struct Import *import);
extern Refusal *import_split(struct Import *import, char delimiter);
extern int	lines_filled_fields(const LineReader *lines);
extern bool field_is(const Field *field, const char *text);

#endif							/* SG_IMPORT_LINES_H */
