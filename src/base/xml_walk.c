/*-------------------------------------------------------------------------
 *
 * xml_walk.c
 *	  Walking over an XML document, tag by tag.
 *
 * The document has passed require_xml_document().  What would not be well-formed
 * is SG108 all the same, and nothing beyond the end is read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "base/errors.h"
#include "base/xml.h"

/* Elements within each other, at most: as many as libxml takes. */
#define MAX_DEPTH	2048

SG_NORETURN static void
error_not_well_formed(const XmlWalk *walk)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("content is no well-formed XML document"),
			 errdetail("It is not from line " INT64_FORMAT " on.", walk->line)));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
span_is(XmlSpan span, const char *text)
{
	return strlen(text) == span.length && memcmp(text, span.text, span.length) == 0;
}

/* An array with room for one more than n. */
static void *
with_room(void *array, int n, int *allocated, size_t size)
{
	if (n < *allocated)
		return array;
	*allocated *= 2;
	return repalloc(array, *allocated * size);
}

/* Moves on, and counts lines. */
static void
move_to(XmlWalk *walk, const char *to)
{
	for (const char *at = walk->at; (at = memchr(at, '\n', to - at)) != NULL; at++)
		walk->line++;
	walk->at = to;
}

static bool
begins_with(const XmlWalk *walk, const char *mark)
{
	size_t		length = strlen(mark);

	return (size_t) (walk->end - walk->at) >= length && memcmp(walk->at, mark, length) == 0;
}

/* Where the next mark begins, at least so many bytes from here. */
static const char *
find_mark(const XmlWalk *walk, size_t from, const char *mark)
{
	size_t		length = strlen(mark);

	for (const char *at = walk->at + from; at + length <= walk->end; at++)
		if (memcmp(at, mark, length) == 0)
			return at;
	error_not_well_formed(walk);
}

static void
skip_spaces(XmlWalk *walk)
{
	const char *at = walk->at;

	while (at < walk->end && is_space(*at))
		at++;
	move_to(walk, at);
}

/* The next character, of which there must be one. */
static char
next_char(const XmlWalk *walk)
{
	if (walk->at >= walk->end)
		error_not_well_formed(walk);
	return *walk->at;
}

static void
require_char(XmlWalk *walk, char wanted)
{
	if (next_char(walk) != wanted)
		error_not_well_formed(walk);
	walk->at++;
}

/* ---- characters ---- */

/* The character of a reference by its number, as in &#65; and &#x41;. */
static void
append_numbered(StringInfo text, XmlSpan number)
{
	bool		is_hex = number.length > 0 && number.text[0] == 'x';
	unsigned long code = strtoul(pnstrdup(number.text + is_hex, number.length - is_hex), NULL, is_hex ? 16 : 10);
	unsigned char bytes[MAX_UNICODE_EQUIVALENT_STRING + 1];

	if (!is_valid_unicode_codepoint((pg_wchar) code))
		return;
	pg_unicode_to_server((pg_wchar) code, bytes);
	appendStringInfoString(text, (char *) bytes);
}

/* The character that a reference stands for, without its & and ;. */
static void
append_reference(StringInfo text, XmlSpan name)
{
	static const struct
	{
		const char *name;
		char		stands_for;
	}			known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

	if (name.length > 0 && name.text[0] == '#')
	{
		append_numbered(text, (XmlSpan) {name.text + 1, name.length - 1});
		return;
	}
	for (int i = 0; i < (int) lengthof(known); i++)
		if (span_is(name, known[i].name))
			appendStringInfoCharMacro(text, known[i].stands_for);
}

/* Appends what a stretch of characters says, its references replaced. */
static void
append_characters(StringInfo text, XmlSpan span)
{
	const char *at = span.text;
	const char *end = span.text + span.length;

	while (at < end)
	{
		const char *and = memchr(at, '&', end - at);
		const char *semicolon = and ? memchr(and, ';', end - and) : NULL;

		if (semicolon == NULL)
			and = end;
		appendBinaryStringInfo(text, at, and - at);
		if (semicolon == NULL)
			return;
		append_reference(text, (XmlSpan) {and + 1, semicolon - and - 1});
		at = semicolon + 1;
	}
}

/* Characters up to the next tag. */
static void
take_characters(XmlWalk *walk)
{
	const char *next = memchr(walk->at, '<', walk->end - walk->at);
	XmlSpan		span = {walk->at, (next ? next : walk->end) - walk->at};

	append_characters(&walk->text, span);
	move_to(walk, span.text + span.length);
}

static void
take_cdata(XmlWalk *walk)
{
	static const char begin[] = "<![CDATA[";
	static const char end[] = "]]>";
	const char *text = walk->at + strlen(begin);
	const char *text_end = find_mark(walk, strlen(begin), end);

	appendBinaryStringInfo(&walk->text, text, text_end - text);
	move_to(walk, text_end + strlen(end));
}

static void
skip_behind(XmlWalk *walk, size_t from, const char *mark)
{
	move_to(walk, find_mark(walk, from, mark) + strlen(mark));
}

/* ---- tags ---- */

static XmlSpan
take_name(XmlWalk *walk)
{
	XmlSpan		name = {walk->at, 0};

	while (walk->at < walk->end && !is_space(*walk->at) && strchr("/>=", *walk->at) == NULL)
		walk->at++;
	name.length = walk->at - name.text;
	if (name.length == 0)
		error_not_well_formed(walk);
	return name;
}

static void
add_attribute(XmlWalk *walk, XmlSpan name, XmlSpan value)
{
	walk->attributes = with_room(walk->attributes, walk->nattributes, &walk->attributes_allocated, sizeof(XmlAttribute));
	walk->attributes[walk->nattributes++] = (XmlAttribute) {name, value};
}

static void
add_binding(XmlWalk *walk, XmlSpan prefix, XmlSpan value)
{
	MemoryContext outer = MemoryContextSwitchTo(walk->context);
	StringInfoData space;

	initStringInfo(&space);
	append_characters(&space, value);
	walk->bindings = with_room(walk->bindings, walk->nbindings, &walk->bindings_allocated, sizeof(XmlBinding));
	walk->bindings[walk->nbindings++] = (XmlBinding) {prefix, space.data, walk->depth};
	MemoryContextSwitchTo(outer);
}

/* An attribute; one that declares a namespace is a binding. */
static void
take_attribute(XmlWalk *walk)
{
	static const char declares[] = "xmlns";
	const size_t length = strlen(declares);
	XmlSpan		name = take_name(walk);
	XmlSpan		value;
	char		quote[2] = {0};

	skip_spaces(walk);
	require_char(walk, '=');
	skip_spaces(walk);
	quote[0] = next_char(walk);
	value.text = walk->at + 1;
	value.length = find_mark(walk, 1, quote) - value.text;
	move_to(walk, value.text + value.length + 1);
	if (span_is(name, declares))
		add_binding(walk, (XmlSpan) {name.text, 0}, value);
	else if (name.length > length && memcmp(name.text, declares, length) == 0 && name.text[length] == ':')
		add_binding(walk, (XmlSpan) {name.text + length + 1, name.length - length - 1}, value);
	else
		add_attribute(walk, name, value);
}

/* The namespace that a prefix stands for; empty if none. */
static const char *
space_of_prefix(const XmlWalk *walk, XmlSpan prefix)
{
	for (int i = walk->nbindings - 1; i >= 0; i--)
		if (walk->bindings[i].prefix.length == prefix.length &&
			memcmp(walk->bindings[i].prefix.text, prefix.text, prefix.length) == 0)
			return walk->bindings[i].space;
	return "";
}

/* A name as written, with its prefix, as the element that it means. */
static XmlElement
element_called(const XmlWalk *walk, XmlSpan name)
{
	const char *colon = memchr(name.text, ':', name.length);
	XmlSpan		prefix = {name.text, colon ? colon - name.text : 0};
	XmlElement	element;

	element.name.text = colon ? colon + 1 : name.text;
	element.name.length = name.text + name.length - element.name.text;
	element.space = space_of_prefix(walk, prefix);
	return element;
}

static XmlEvent
begin_element(XmlWalk *walk)
{
	XmlSpan		name;

	if (walk->depth >= MAX_DEPTH)
		error_not_well_formed(walk);
	walk->tag_line = walk->line;
	walk->at++;
	name = take_name(walk);
	walk->depth++;
	walk->nattributes = 0;
	for (skip_spaces(walk); next_char(walk) != '>' && *walk->at != '/'; skip_spaces(walk))
		take_attribute(walk);
	walk->ends_at_once = *walk->at == '/';
	if (walk->ends_at_once)
		walk->at++;
	require_char(walk, '>');
	walk->element = element_called(walk, name);
	walk->open = with_room(walk->open, walk->depth, &walk->open_allocated, sizeof(XmlElement));
	walk->open[walk->depth] = walk->element;
	return XML_BEGINS;
}

static XmlEvent
end_element(XmlWalk *walk)
{
	if (walk->depth == 0)
		error_not_well_formed(walk);
	walk->element = walk->open[walk->depth];
	while (walk->nbindings > 0 && walk->bindings[walk->nbindings - 1].depth == walk->depth)
		walk->nbindings--;
	walk->depth--;
	return XML_ENDS;
}

/* ---- walking ---- */

/* Begins at the beginning; what the walk needs lives in the current memory context. */
void
xml_walk_begin(XmlWalk *walk, const char *text, size_t length)
{
	memset(walk, 0, sizeof(*walk));
	walk->at = text;
	walk->end = text + length;
	walk->line = 1;
	walk->context = CurrentMemoryContext;
	walk->open_allocated = walk->attributes_allocated = walk->bindings_allocated = 16;
	walk->open = palloc(walk->open_allocated * sizeof(XmlElement));
	walk->attributes = palloc(walk->attributes_allocated * sizeof(XmlAttribute));
	walk->bindings = palloc(walk->bindings_allocated * sizeof(XmlBinding));
	initStringInfo(&walk->text);
}

/* The next element that begins or ends; XML_DONE when all have. */
XmlEvent
xml_walk_next(XmlWalk *walk)
{
	resetStringInfo(&walk->text);
	if (walk->ends_at_once)
	{
		walk->ends_at_once = false;
		return end_element(walk);
	}
	while (walk->at < walk->end)
	{
		if (*walk->at != '<')
			take_characters(walk);
		else if (begins_with(walk, "<!--"))
			skip_behind(walk, strlen("<!--"), "-->");
		else if (begins_with(walk, "<![CDATA["))
			take_cdata(walk);
		else if (begins_with(walk, "<?"))
			skip_behind(walk, strlen("<?"), "?>");
		else if (begins_with(walk, "</"))
		{
			walk->tag_line = walk->line;
			skip_behind(walk, strlen("</"), ">");
			return end_element(walk);
		}
		else
			return begin_element(walk);
	}
	if (walk->depth > 0)
		error_not_well_formed(walk);
	return XML_DONE;
}

/* Is the element of the event that of this namespace and name? */
bool
xml_is(const XmlWalk *walk, const char *space, const char *name)
{
	return span_is(walk->element.name, name) && strcmp(walk->element.space, space) == 0;
}

/* The value of an attribute without a prefix of the element that begins; NULL if it has none. */
char *
xml_attribute(const XmlWalk *walk, const char *name)
{
	StringInfoData value;

	for (int i = 0; i < walk->nattributes; i++)
		if (span_is(walk->attributes[i].name, name))
		{
			initStringInfo(&value);
			append_characters(&value, walk->attributes[i].value);
			return value.data;
		}
	return NULL;
}
