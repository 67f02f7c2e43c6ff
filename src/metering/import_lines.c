/*-------------------------------------------------------------------------
 *
 * import_lines.c
 *	  Lines of a text, and their fields, where they lie.
 *
 * A line ends with LF or CRLF, the last one with the text.  Fields are those of
 * CSV (RFC 4180), but that a quoted one ends with its line: a quote that is
 * forgotten costs a line, not the rest of the file.  In all encodings of a
 * server the bytes of a character of more than one are none of ASCII, so
 * delimiters are found byte by byte.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/errors.h"
#include "metering/import.h"
#include "metering/import_lines.h"

#define FIRST_FIELDS	128

/* Begins to read lines of a text. */
void
lines_begin(LineReader *lines, const char *text, size_t length)
{
	*lines = (LineReader) {.at = text, .end = text + length};
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Is there nothing but blanks on the line? */
static bool
is_blank_line(const LineReader *lines)
{
	for (size_t i = 0; i < lines->length; i++)
		if (!is_blank(lines->text[i]))
			return false;
	return true;
}

/* Goes to the next line, if there is one. */
static bool
next_line(LineReader *lines)
{
	const char *line_end;

	if (lines->at == lines->end)
		return false;
	line_end = memchr(lines->at, '\n', lines->end - lines->at);
	lines->text = lines->at;
	lines->length = (line_end ? line_end : lines->end) - lines->at;
	lines->at = line_end ? line_end + 1 : lines->end;
	if (lines->length > 0 && lines->text[lines->length - 1] == '\r')
		lines->length--;
	lines->line++;
	return true;
}

/* Goes to the next line with something on it; false if there is none.  What was allocated for the one before is freed. */
bool
import_next_line(Import *import)
{
	MemoryContextReset(import->row_context);
	do
	{
		CHECK_FOR_INTERRUPTS();
		if (!next_line(&import->lines))
			return false;
	} while (is_blank_line(&import->lines));
	return true;
}

/* Makes room for a further field; false if there are too many. */
static bool
make_room(Import *import)
{
	LineReader *lines = &import->lines;

	if (lines->nfields < lines->allocated)
		return true;
	if (lines->nfields == IMPORT_MAX_FIELDS)
		return false;
	if (lines->allocated == 0)
	{
		lines->allocated = FIRST_FIELDS;
		lines->fields = MemoryContextAlloc(import->context, FIRST_FIELDS * sizeof(Field));
		return true;
	}
	lines->allocated *= 2;
	lines->fields = repalloc_huge(lines->fields, lines->allocated * sizeof(Field));
	return true;
}

/* The field that text is without the spaces around it. */
static Field
trimmed(const char *text, const char *end)
{
	while (text < end && is_blank(*text))
		text++;
	while (end > text && is_blank(end[-1]))
		end--;
	return (Field) {text, end - text};
}

/* The quote that ends a field that begins at text; NULL if there is none on the line.  *doubled: are there quotes within? */
static const char *
closing_quote(const char *text, const char *end, bool *doubled)
{
	*doubled = false;
	for (;;)
	{
		const char *quote = memchr(text, '"', end - text);

		if (quote == NULL || quote + 1 == end || quote[1] != '"')
			return quote;
		*doubled = true;
		text = quote + 2;
	}
}

/* A copy of a text in which each quote is doubled, with single ones. */
static Field
without_doubled(const char *text, size_t length)
{
	char	   *copy = palloc(length);
	size_t		n = 0;

	for (size_t i = 0; i < length; i++)
	{
		copy[n++] = text[i];
		if (text[i] == '"')
			i++;
	}
	return (Field) {copy, n};
}

/* *field: the one whose opening quote is at *at, which is set to what comes after it.  SG108 if the quote is not closed. */
static Refusal *
take_quoted(const char **at, const char *end, char delimiter, Field *field)
{
	const char *text = *at + 1;
	bool		doubled;
	const char *quote = closing_quote(text, end, &doubled);

	if (quote == NULL)
		return refuse(ERRCODE_SG_INVALID_INPUT, "a quote is not closed on the line");
	*field = doubled ? without_doubled(text, quote - text) : (Field) {text, quote - text};
	*at = quote + 1;
	while (*at < end && **at != delimiter && is_blank(**at))
		(*at)++;
	if (*at < end && **at != delimiter)
		return refuse(ERRCODE_SG_INVALID_INPUT, "there is more after the quotes of a field");
	return NULL;
}

/* *field: the one that begins at *at, which is set to the delimiter or end after it.  SG108 as take_quoted(). */
static Refusal *
take_field(const char **at, const char *end, char delimiter, Field *field)
{
	const char *text = *at;
	const char *field_end;

	while (text < end && *text != delimiter && is_blank(*text))
		text++;
	if (text < end && *text == '"')
	{
		*at = text;
		return take_quoted(at, end, delimiter, field);
	}
	field_end = memchr(text, delimiter, end - text);
	if (field_end == NULL)
		field_end = end;
	*field = trimmed(text, field_end);
	*at = field_end;
	return NULL;
}

/* Divides the line into fields.  SG108 if there are too many, or a quote is not closed. */
Refusal *
import_split(Import *import, char delimiter)
{
	LineReader *lines = &import->lines;
	const char *at = lines->text;
	const char *end = lines->text + lines->length;

	lines->nfields = 0;
	for (;;)
	{
		Refusal    *refusal;

		if (!make_room(import))
			return refuse(ERRCODE_SG_INVALID_INPUT, "the line has more than %d fields", IMPORT_MAX_FIELDS);
		refusal = take_field(&at, end, delimiter, &lines->fields[lines->nfields]);
		if (refusal != NULL)
			return refusal;
		lines->nfields++;
		if (at == end)
			return NULL;
		at++;
	}
}

/* How many fields there are but for empty ones at the end of the line. */
int
lines_filled_fields(const LineReader *lines)
{
	int			n = lines->nfields;

	while (n > 0 && lines->fields[n - 1].length == 0)
		n--;
	return n;
}

/* Is a field this text, in letters of either case? */
bool
field_is(const Field *field, const char *text)
{
	return strlen(text) == field->length && pg_strncasecmp(field->text, text, field->length) == 0;
}
