/*-------------------------------------------------------------------------
 *
 * import_espi_feed.c
 *	  The objects and entries of a Green Button file.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "metering/import_espi.h"

static const char *const kinds[ESPI_KINDS] = {
	[ESPI_USAGE_POINT] = "UsagePoint",
	[ESPI_METER_READING] = "MeterReading",
	[ESPI_READING_TYPE] = "ReadingType",
	[ESPI_INTERVAL_BLOCK] = "IntervalBlock"
};

static const char *const fields[ESPI_FIELDS] = {
	[ESPI_ACCUMULATION] = "accumulationBehaviour",
	[ESPI_FLOW] = "flowDirection",
	[ESPI_INTERVAL_LENGTH] = "intervalLength",
	[ESPI_MULTIPLIER] = "powerOfTenMultiplier",
	[ESPI_UOM] = "uom",
	[ESPI_DEFAULT_QUALITY] = "defaultQuality"
};

/* Where the reading of a feed is. */
typedef struct FeedReader
{
	EspiFeed   *feed;
	XmlWalk		walk;
	bool		in_entry;		/* the last one */
	int			object;			/* in which it is; ESPI_NONE: in none */
} FeedReader;

const char *
espi_name(EspiKind kind)
{
	return kinds[kind];
}

/* *kind of the object that the element of the event is; false if it is none. */
bool
espi_kind_of(const XmlWalk *walk, EspiKind *kind)
{
	for (int k = 0; k < ESPI_KINDS; k++)
		if (xml_is(walk, ESPI_SPACE, kinds[k]))
		{
			*kind = (EspiKind) k;
			return true;
		}
	return false;
}

/*
 * An address without scheme, host, query and a slash at its end: entries name
 * each other with them, or without.
 */
static char *
address_of(char *href)
{
	char	   *host = strstr(href, "://");
	char	   *path = host ? strchr(host + 3, '/') : href;
	size_t		length;

	if (path == NULL)
		return pstrdup("");
	length = strcspn(path, "?#");
	while (length > 0 && path[length - 1] == '/')
		length--;
	return pnstrdup(path, length);
}

static void
begin_entry(FeedReader *reader)
{
	EspiFeed   *feed = reader->feed;
	EspiEntry  *entry;

	if (feed->nentries == feed->entries_allocated)
	{
		feed->entries_allocated *= 2;
		feed->entries = repalloc(feed->entries, feed->entries_allocated * sizeof(EspiEntry));
	}
	entry = &feed->entries[feed->nentries++];
	memset(entry, 0, sizeof(*entry));
	for (int k = 0; k < ESPI_KINDS; k++)
		entry->object[k] = ESPI_NONE;
	reader->in_entry = true;
}

static EspiEntry *
current_entry(FeedReader *reader)
{
	return reader->in_entry ? &reader->feed->entries[reader->feed->nentries - 1] : NULL;
}

static void
add_related(EspiEntry *entry, char *address)
{
	/* Room is doubled when a power of two is full. */
	if (entry->nrelated == 0)
		entry->related = palloc(sizeof(char *));
	else if ((entry->nrelated & (entry->nrelated - 1)) == 0)
		entry->related = repalloc(entry->related, 2 * entry->nrelated * sizeof(char *));
	entry->related[entry->nrelated++] = address;
}

static void
add_link(FeedReader *reader)
{
	EspiEntry  *entry = current_entry(reader);
	char	   *rel = xml_attribute(&reader->walk, "rel");
	char	   *href = xml_attribute(&reader->walk, "href");

	if (entry == NULL || rel == NULL || href == NULL)
		return;
	if (strcmp(rel, "self") == 0)
		entry->self = address_of(href);
	else if (strcmp(rel, "up") == 0)
		entry->up = address_of(href);
	else if (strcmp(rel, "related") == 0)
		add_related(entry, address_of(href));
}

static void
begin_object(FeedReader *reader, EspiKind kind)
{
	EspiFeed   *feed = reader->feed;
	EspiEntry  *entry = current_entry(reader);
	EspiObject *object;

	if (feed->nobjects == feed->objects_allocated)
	{
		feed->objects_allocated *= 2;
		feed->objects = repalloc(feed->objects, feed->objects_allocated * sizeof(EspiObject));
	}
	object = &feed->objects[feed->nobjects];
	memset(object, 0, sizeof(*object));
	object->kind = kind;
	object->line = reader->walk.tag_line;
	object->entry = entry ? feed->nentries - 1 : ESPI_NONE;
	object->parent = reader->object;
	object->of = object->type = ESPI_NONE;
	if (entry)
		entry->object[kind] = entry->object[kind] == ESPI_NONE ? feed->nobjects : ESPI_SEVERAL;
	reader->object = feed->nobjects++;
}

static void
begin_element(FeedReader *reader)
{
	EspiKind	kind;

	if (xml_is(&reader->walk, ATOM_SPACE, "entry"))
		begin_entry(reader);
	else if (xml_is(&reader->walk, ATOM_SPACE, "link"))
		add_link(reader);
	else if (espi_kind_of(&reader->walk, &kind))
		begin_object(reader, kind);
}

/* Keeps the text of an element that says something of the reading type in which it is. */
static void
take_field(FeedReader *reader)
{
	EspiObject *object = reader->object == ESPI_NONE ? NULL : &reader->feed->objects[reader->object];

	if (object == NULL || object->kind != ESPI_READING_TYPE)
		return;
	for (int f = 0; f < ESPI_FIELDS; f++)
		if (xml_is(&reader->walk, ESPI_SPACE, fields[f]))
			object->field[f] = pstrdup(reader->walk.text.data);
}

static void
end_element(FeedReader *reader)
{
	EspiEntry  *entry = current_entry(reader);
	EspiKind	kind;

	if (xml_is(&reader->walk, ATOM_SPACE, "entry"))
		reader->in_entry = false;
	else if (entry && reader->object == ESPI_NONE && xml_is(&reader->walk, ATOM_SPACE, "id"))
		entry->id = pstrdup(reader->walk.text.data);
	else if (espi_kind_of(&reader->walk, &kind))
		reader->object = reader->feed->objects[reader->object].parent;
	else
		take_field(reader);
}

/* What a document has, in its order, in the current memory context. */
EspiFeed *
espi_read_feed(const char *text, size_t length)
{
	FeedReader	reader = {.feed = palloc0(sizeof(EspiFeed)), .object = ESPI_NONE};
	EspiFeed   *feed = reader.feed;

	feed->entries_allocated = feed->objects_allocated = 16;
	feed->entries = palloc(feed->entries_allocated * sizeof(EspiEntry));
	feed->objects = palloc(feed->objects_allocated * sizeof(EspiObject));
	xml_walk_begin(&reader.walk, text, length);
	for (;;)
	{
		XmlEvent	event = xml_walk_next(&reader.walk);

		if (event == XML_DONE)
			return feed;
		if (event == XML_BEGINS)
			begin_element(&reader);
		else
			end_element(&reader);
	}
}
