/*-------------------------------------------------------------------------
 *
 * xml.h
 *	  XML documents.
 *
 * Whether a text is a well-formed document says the server's own parser (libxml,
 * which the extension is not linked to); it gets none with a document type
 * declaration, so there are no entities to expand and nothing to load.  What is
 * in a document that passed is walked over where it lies, once, tag by tag: no
 * tree is built, and each element has its line.
 *
 *	require_xml_document()
 *	xml_walk_begin()
 *	while (xml_walk_next() != XML_DONE)
 *		xml_is(), xml_attribute(), text
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_XML_H
#define SG_XML_H

#include "postgres.h"

#include "lib/stringinfo.h"

#define XML_SPACES	" \t\r\n"

typedef enum XmlEvent
{
	XML_BEGINS,					/* an element; its attributes are known */
	XML_ENDS,					/* an element; its text is known if it has no elements in it */
	XML_DONE
} XmlEvent;

/* A stretch of the document. */
typedef struct XmlSpan
{
	const char *text;
	size_t		length;
} XmlSpan;

typedef struct XmlAttribute
{
	XmlSpan		name;			/* with its prefix */
	XmlSpan		value;			/* as it is written */
} XmlAttribute;

/* A prefix of names, and the namespace that it stands for from an element of some depth on. */
typedef struct XmlBinding
{
	XmlSpan		prefix;
	char	   *space;
	int			depth;
} XmlBinding;

typedef struct XmlElement
{
	XmlSpan		name;			/* without its prefix */
	const char *space;			/* its namespace; empty: none */
} XmlElement;

typedef struct XmlWalk
{
	const char *at;
	const char *end;
	int64		line;			/* of at, from 1 */
	int64		tag_line;		/* where the tag of the event begins */
	XmlElement	element;		/* of the event */
	StringInfoData text;		/* characters between the event before and this one */

	bool		ends_at_once;	/* the element that began was an empty tag */
	int			depth;			/* elements that are open */
	XmlElement *open;
	int			nattributes;
	XmlAttribute *attributes;
	int			nbindings;
	XmlBinding *bindings;
	int			open_allocated;
	int			attributes_allocated;
	int			bindings_allocated;
	MemoryContext context;
} XmlWalk;

/* xml.c */
extern void require_xml_document(const char *text, size_t length);

/* xml_walk.c */
extern void xml_walk_begin(XmlWalk *walk, const char *text, size_t length);
extern XmlEvent xml_walk_next(XmlWalk *walk);
extern bool xml_is(const XmlWalk *walk, const char *space, const char *name);
extern char *xml_attribute(const XmlWalk *walk, const char *name);

#endif							/* SG_XML_H */
