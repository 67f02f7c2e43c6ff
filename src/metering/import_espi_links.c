/*-------------------------------------------------------------------------
 *
 * import_espi_links.c
 *	  What belongs to what in a Green Button file.
 *
 * An object belongs to the one that it stands in; else to that in the same entry
 * of the feed; else to that which the links of the entries say; else to the only
 * one that there is, if either has no links that could say something else.
 *
 * Links say it thus: an entry of a meter reading has, as an example,
 *
 *	self		/UsagePoint/1/MeterReading/2
 *	up			/UsagePoint/1/MeterReading, which the usage point calls related
 *	related		/UsagePoint/1/MeterReading/2/IntervalBlock, which is "up" of blocks
 *	related		/ReadingType/3, which is "self" of its type
 *
 * and an address is also below that of what it belongs to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "metering/import_espi.h"

/* An address that leads to an object. */
typedef struct Address
{
	EspiKind	kind;			/* of the object */
	bool		is_own;			/* its own, not one that it calls related */
	const char *text;
	size_t		length;
	int			object;
} Address;

typedef struct Resolver
{
	EspiFeed   *feed;
	int			only[ESPI_KINDS];	/* the only object of a kind; ESPI_NONE, ESPI_SEVERAL */
	int			naddresses;
	Address    *addresses;		/* by kind, whether own, and text */
} Resolver;

static const EspiEntry *
entry_of(const Resolver *resolver, int object)
{
	int			entry = resolver->feed->objects[object].entry;

	return entry == ESPI_NONE ? NULL : &resolver->feed->entries[entry];
}

static bool
has_links(const Resolver *resolver, int object)
{
	const EspiEntry *entry = entry_of(resolver, object);

	return entry != NULL && (entry->self != NULL || entry->up != NULL || entry->nrelated > 0);
}

/* ---- addresses ---- */

static int
compare_places(const void *a, const void *b)
{
	const Address *one = a;
	const Address *other = b;
	int			order;

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (one->is_own != other->is_own)
		return one->is_own ? -1 : 1;
	order = memcmp(one->text, other->text, Min(one->length, other->length));
	if (order != 0 || one->length == other->length)
		return order;
	return one->length < other->length ? -1 : 1;
}

static void
add_address(Resolver *resolver, int object, bool is_own, const char *text)
{
	if (text != NULL && text[0] != '\0')
		resolver->addresses[resolver->naddresses++] =
			(Address) {resolver->feed->objects[object].kind, is_own, text, strlen(text), object};
}

/* What leads to an object: its own address, what it calls related, and to a reading type what is above it. */
static void
add_addresses(Resolver *resolver, int object)
{
	const EspiEntry *entry = entry_of(resolver, object);

	if (entry == NULL)
		return;
	add_address(resolver, object, true, entry->self);
	if (resolver->feed->objects[object].kind == ESPI_READING_TYPE)
		add_address(resolver, object, false, entry->up);
	else
		for (int i = 0; i < entry->nrelated; i++)
			add_address(resolver, object, false, entry->related[i]);
}

static int
most_addresses(const EspiFeed *feed)
{
	int			most = 1;

	for (int i = 0; i < feed->nobjects; i++)
		if (feed->objects[i].entry != ESPI_NONE)
			most += 2 + feed->entries[feed->objects[i].entry].nrelated;
	return most;
}

static void
find_addresses(Resolver *resolver)
{
	resolver->addresses = palloc(most_addresses(resolver->feed) * sizeof(Address));
	for (int i = 0; i < resolver->feed->nobjects; i++)
		if (resolver->feed->objects[i].kind != ESPI_INTERVAL_BLOCK)
			add_addresses(resolver, i);
	qsort(resolver->addresses, resolver->naddresses, sizeof(Address), compare_places);
}

/* The one object of a kind to which an address leads, as its own or not; ESPI_NONE, ESPI_SEVERAL. */
static int
object_at(const Resolver *resolver, EspiKind kind, bool is_own, const char *text, size_t length)
{
	Address		wanted = {kind, is_own, text, length, ESPI_NONE};
	const Address *found = bsearch(&wanted, resolver->addresses, resolver->naddresses, sizeof(Address), compare_places);
	const Address *end = resolver->addresses + resolver->naddresses;
	const Address *at;

	if (found == NULL)
		return ESPI_NONE;
	for (at = found; at > resolver->addresses && compare_places(at - 1, &wanted) == 0; at--)
		if (at[-1].object != found->object)
			return ESPI_SEVERAL;
	for (at = found + 1; at < end && compare_places(at, &wanted) == 0; at++)
		if (at->object != found->object)
			return ESPI_SEVERAL;
	return found->object;
}

/* The object of a kind to which an address leads, or whose own it is below; ESPI_NONE if there is none, or none alone. */
static int
object_above(const Resolver *resolver, EspiKind kind, const char *address)
{
	size_t		length = address ? strlen(address) : 0;
	int			object = length > 0 ? object_at(resolver, kind, false, address, length) : ESPI_NONE;

	while (object < 0 && length > 0)
	{
		object = object_at(resolver, kind, true, address, length);
		while (length > 0 && address[--length] != '/')
			 /* to the next slash */ ;
	}
	return object < 0 ? ESPI_NONE : object;
}

/* The object of a kind to which the links of an object's entry lead; ESPI_NONE. */
static int
object_by_links(const Resolver *resolver, int object, EspiKind kind)
{
	const EspiEntry *entry = entry_of(resolver, object);
	int			found = ESPI_NONE;

	if (entry == NULL)
		return ESPI_NONE;
	if (kind != ESPI_READING_TYPE)
	{
		found = object_above(resolver, kind, entry->up);
		if (found < 0)
			found = object_above(resolver, kind, entry->self);
	}
	for (int i = 0; found < 0 && i < entry->nrelated; i++)
	{
		size_t		length = strlen(entry->related[i]);

		found = object_at(resolver, kind, true, entry->related[i], length);
		if (found < 0 && kind == ESPI_READING_TYPE)
			found = object_at(resolver, kind, false, entry->related[i], length);
	}
	return found < 0 ? ESPI_NONE : found;
}

/* ---- what belongs to what ---- */

/* The object of a kind in which an object stands; ESPI_NONE. */
static int
object_around(const Resolver *resolver, int object, EspiKind kind)
{
	int			around = resolver->feed->objects[object].parent;

	while (around != ESPI_NONE && resolver->feed->objects[around].kind != kind)
		around = resolver->feed->objects[around].parent;
	return around;
}

/* The object of a kind to which an object belongs; ESPI_NONE if that cannot be told. */
static int
object_of(const Resolver *resolver, int object, EspiKind kind)
{
	const EspiEntry *entry = entry_of(resolver, object);
	int			only = resolver->only[kind];
	int			found = object_around(resolver, object, kind);

	if (found < 0 && entry != NULL)
		found = entry->object[kind];
	if (found < 0)
		found = object_by_links(resolver, object, kind);
	if (found < 0 && only >= 0 && (!has_links(resolver, object) || !has_links(resolver, only)))
		found = only;
	return found < 0 ? ESPI_NONE : found;
}

/* A file may have blocks and no meter reading: then all of them are of one that is added. */
static void
ensure_meter_reading(EspiFeed *feed)
{
	int			block = ESPI_NONE;

	for (int i = 0; i < feed->nobjects; i++)
	{
		if (feed->objects[i].kind == ESPI_METER_READING)
			return;
		if (feed->objects[i].kind == ESPI_INTERVAL_BLOCK && block == ESPI_NONE)
			block = i;
	}
	if (block == ESPI_NONE)
		return;
	feed->objects = repalloc(feed->objects, (feed->nobjects + 1) * sizeof(EspiObject));
	feed->objects[feed->nobjects] = (EspiObject) {
		.kind = ESPI_METER_READING, .line = feed->objects[block].line, .entry = ESPI_NONE, .parent = ESPI_NONE,
		.of = ESPI_NONE, .type = ESPI_NONE
	};
	feed->nobjects++;
}

/* A type may stand in its meter reading, or below its address. */
static void
give_type_to_its_reading(Resolver *resolver, int type)
{
	EspiObject *objects = resolver->feed->objects;
	int			reading = object_around(resolver, type, ESPI_METER_READING);

	if (reading < 0)
		reading = object_by_links(resolver, type, ESPI_METER_READING);
	if (reading >= 0 && objects[reading].type == ESPI_NONE)
		objects[reading].type = type;
}

/* Finds out to which meter reading each block belongs, and usage point and type of each meter reading, if that can be told. */
void
espi_resolve(EspiFeed *feed)
{
	Resolver	resolver = {.feed = feed, .only = {ESPI_NONE, ESPI_NONE, ESPI_NONE, ESPI_NONE}};

	ensure_meter_reading(feed);
	for (int i = 0; i < feed->nobjects; i++)
	{
		int		   *only = &resolver.only[feed->objects[i].kind];

		*only = *only == ESPI_NONE ? i : ESPI_SEVERAL;
	}
	find_addresses(&resolver);
	for (int i = 0; i < feed->nobjects; i++)
		if (feed->objects[i].kind == ESPI_READING_TYPE)
			give_type_to_its_reading(&resolver, i);
	for (int i = 0; i < feed->nobjects; i++)
	{
		EspiObject *object = &feed->objects[i];

		if (object->kind == ESPI_INTERVAL_BLOCK)
			object->of = object_of(&resolver, i, ESPI_METER_READING);
		else if (object->kind == ESPI_METER_READING)
		{
			object->of = object_of(&resolver, i, ESPI_USAGE_POINT);
			if (object->type == ESPI_NONE)
				object->type = object_of(&resolver, i, ESPI_READING_TYPE);
		}
	}
	pfree(resolver.addresses);
}
