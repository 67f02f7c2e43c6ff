/*-------------------------------------------------------------------------
 *
 * xml.c
 *	  Which texts are XML documents that are read at all.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/xml.h"

#include "base/errors.h"
#include "base/xml.h"

static bool
begins_with(const char *at, const char *end, const char *with)
{
	size_t		length = strlen(with);

	return (size_t) (end - at) >= length && memcmp(at, with, length) == 0;
}

static const char *
skip_spaces(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
		at++;
	return at;
}

/* What follows the next mark; the end if there is none. */
static const char *
behind(const char *at, const char *end, const char *mark)
{
	for (; at < end; at++)
		if (begins_with(at, end, mark))
			return at + strlen(mark);
	return end;
}

/* Does a declaration begin here that says version and encoding, as in <?xml version="1.0"?>, and no other <?xml-...? */
static bool
is_declaration(const char *at, const char *end)
{
	static const char begin[] = "<?xml";

	return begins_with(at, end, begin) && skip_spaces(at + strlen(begin), end) > at + strlen(begin);
}

/*
 * What follows the declaration, which does not matter: the text is in the
 * server's encoding, whatever its file said.
 */
static const char *
skip_declaration(const char *at, const char *end)
{
	return is_declaration(at, end) ? behind(at, end, "?>") : at;
}

/*
 * Is there a document type declaration before the first element?  Comments and
 * instructions may stand before it; nowhere else is one read by any parser.
 * A second <?xml does not hide one: it is taken for one, as nobody may write it.
 */
static bool
has_document_type(const char *at, const char *end)
{
	for (;;)
	{
		at = skip_spaces(at, end);
		if (begins_with(at, end, "<!--"))
			at = behind(at + strlen("<!--"), end, "-->");
		else if (begins_with(at, end, "<?") && !is_declaration(at, end))
			at = behind(at, end, "?>");
		else
			return begins_with(at, end, "<!") || is_declaration(at, end);
	}
}

/* Raises the error that the server's parser raised: SG108 if it is about the document. */
static void
error_of_parser(MemoryContext context)
{
	ErrorData  *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if (error->sqlerrcode != ERRCODE_INVALID_XML_DOCUMENT && error->sqlerrcode != ERRCODE_INVALID_XML_CONTENT)
		PG_RE_THROW();
	FlushErrorState();
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("content is no well-formed XML document"),
			 error->detail ? errdetail_internal("%s", error->detail) : 0));
}

/* Raises SG108 unless the server's parser takes a text for a document. */
static void
require_well_formed(const char *document, size_t length)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		(void) xmlparse(cstring_to_text_with_len(document, (int) length), XMLOPTION_DOCUMENT, true);
	}
	PG_CATCH();
	{
		error_of_parser(context);
	}
	PG_END_TRY();
}

/*
 * Raises SG108 unless a text is a well-formed XML document without a document
 * type declaration, and 0A000 if the server was built without libxml.
 */
void
require_xml_document(const char *text, size_t length)
{
	const char *end = text + length;
	const char *begin = skip_declaration(text, end);

	if (has_document_type(begin, end))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("content has a document type declaration (<!DOCTYPE)"),
				 errdetail("Entities are not expanded, and nothing is loaded that a document names."),
				 errhint("Take the declaration out; meter data needs none.")));
	require_well_formed(begin, end - begin);
}
