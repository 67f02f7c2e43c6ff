/*-------------------------------------------------------------------------
 *
 * import_points.c
 *	  What the points of a file are called in the grid: option "points".
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "metering/import.h"

#define FIRST_POINTS	64

/* A point: what the file calls it, and what the grid does. */
typedef struct NamedPoint
{
	ImportPoint id;				/* the key */
	ImportPoint point;
} NamedPoint;

static uint32
hash_id(const void *key, Size size)
{
	const ImportPoint *id = key;

	return hash_bytes((const unsigned char *) id->name, (int) id->length);
}

static int
match_ids(const void *a, const void *b, Size size)
{
	const ImportPoint *one = a;
	const ImportPoint *other = b;

	return one->length != other->length || memcmp(one->name, other->name, one->length) != 0;
}

/* A table whose entries begin with an ImportPoint, their key; for as long as the import lasts. */
HTAB *
import_points_table(const Import *import, const char *name, size_t entry_size)
{
	HASHCTL		ctl = {
		.keysize = sizeof(ImportPoint), .entrysize = entry_size, .hash = hash_id, .match = match_ids, .hcxt = import->context
	};

	return hash_create(name, FIRST_POINTS, &ctl, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}

static ImportPoint
point_of_string(const JsonbValue *string)
{
	return (ImportPoint) {string->val.string.val, string->val.string.len};
}

/* Notes one member of the option. */
static void
note_point(HTAB *points, const JsonbValue *id, const JsonbValue *name)
{
	ImportPoint key = point_of_string(id);
	NamedPoint *named;

	if (name->type != jbvString)
		error_option("point \"%s\" of option \"points\" must be a string", pnstrdup(key.name, key.length));
	named = hash_search(points, &key, HASH_ENTER, NULL);
	named->point = point_of_string(name);
}

/* Reads the option; SG108 unless it is an object of strings. */
void
import_read_points(Import *import)
{
	JsonbContainer *object = import_option_object(import, "points");
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	id;
	JsonbValue	name;

	if (object == NULL)
		return;
	import->points = import_points_table(import, "smartgrid points of a file", sizeof(NamedPoint));
	iterator = JsonbIteratorInit(object);
	while ((token = JsonbIteratorNext(&iterator, &id, true)) != WJB_DONE)
		if (token == WJB_KEY)
		{
			(void) JsonbIteratorNext(&iterator, &name, true);
			note_point(import->points, &id, &name);
		}
}

/* The point that the file calls id: as the option says, else it is called so. */
ImportPoint
import_point(const Import *import, const char *id, size_t length)
{
	ImportPoint point = {id, length};
	NamedPoint *named = import->points ? hash_search(import->points, &point, HASH_FIND, NULL) : NULL;

	return named ? named->point : point;
}
