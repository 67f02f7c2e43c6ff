/*-------------------------------------------------------------------------
 *
 * import_espi_meter.c
 *	  A meter reading of a Green Button file: what its values are, and whose.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "base/errors.h"
#include "base/number.h"
#include "metering/import_espi.h"

/* Of ten, either way. */
#define MAX_MULTIPLIER		12

/* Of a usage point that measures both directions, what follows the identifier of what flows into the grid. */
#define EXPORT_SUFFIX		"/export"

/* Identifiers of a usage point in the file, at most. */
#define MAX_IDS				3

/* ---- what a meter reading is ---- */

static bool
whole_number(const char *text, int64 *number)
{
	return text != NULL && number_whole_of_text(text, number) == NUMBER_IS_WHOLE;
}

/* SG108 unless a field of a type says the number that is wanted. */
static Refusal *
refuse_other(const char *text, int64 wanted, const char *name, const char *means)
{
	int64		number;

	if (whole_number(text, &number) && number == wanted)
		return NULL;
	return refuse(ERRCODE_SG_INVALID_INPUT, "%s of a ReadingType must be " INT64_FORMAT " (%s), not \"%s\"",
				  name, wanted, means, text ? import_excerpt(text, strlen(text)) : "");
}

/* The direction of a type: SG108 unless it is forward or reverse. */
static Refusal *
read_flow(const EspiObject *type, ImportDirection *direction)
{
	const char *text = type->field[ESPI_FLOW];
	int64		flow;

	if (whole_number(text, &flow) && (flow == ESPI_FORWARD || flow == ESPI_REVERSE))
	{
		*direction = flow == ESPI_FORWARD ? FROM_GRID : INTO_GRID;
		return NULL;
	}
	return refuse(ERRCODE_SG_INVALID_INPUT, "flowDirection of a ReadingType must be %d (from the grid) or %d (into it), not \"%s\"",
				  ESPI_FORWARD, ESPI_REVERSE, text ? import_excerpt(text, strlen(text)) : "");
}

static Refusal *
read_power(const EspiObject *type, int *power)
{
	const char *text = type->field[ESPI_MULTIPLIER];
	int64		number = 0;

	if (text != NULL && (!whole_number(text, &number) || number < -MAX_MULTIPLIER || number > MAX_MULTIPLIER))
		return refuse(ERRCODE_SG_INVALID_INPUT, "powerOfTenMultiplier of a ReadingType must be a number of -%d to %d, not \"%s\"",
					  MAX_MULTIPLIER, MAX_MULTIPLIER, import_excerpt(text, strlen(text)));
	*power = (int) number + IMPORT_WH;
	return NULL;
}

static Refusal *
read_type(const EspiObject *type, EspiMeter *meter, ImportDirection *direction)
{
	Refusal    *refusal = refuse_other(type->field[ESPI_UOM], ESPI_WH, "uom", "Wh");

	if (refusal == NULL)
		refusal = refuse_other(type->field[ESPI_ACCUMULATION], ESPI_DELTA, "accumulationBehaviour", "delta");
	if (refusal == NULL)
		refusal = read_flow(type, direction);
	if (refusal == NULL)
		refusal = read_power(type, &meter->power);
	meter->length = type->field[ESPI_INTERVAL_LENGTH];
	meter->quality = type->field[ESPI_DEFAULT_QUALITY];
	return refusal;
}

/* ---- its point ---- */

/* *value: that of a digit of base 16; false if it is none. */
static bool
hex_value(char digit, int *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = digit == '\0' ? NULL : strchr(digits, pg_tolower((unsigned char) digit));

	if (found != NULL)
		*value = (int) (found - digits);
	return found != NULL;
}

/* A part of an address with %XX replaced by the byte of UTF-8 that it stands for; as it is, if that is no text. */
static const char *
decoded(const char *part)
{
	char	   *copy = palloc(strlen(part) + 1);
	char	   *out = copy;

	for (const char *in = part; *in; in++)
	{
		int			high;
		int			low;

		if (*in == '%' && hex_value(in[1], &high) && hex_value(in[2], &low) && high + low > 0)
		{
			*out++ = (char) (high << 4 | low);
			in += 2;
		}
		else
			*out++ = *in;
	}
	*out = '\0';
	if (out - copy == (ptrdiff_t) strlen(part) || !pg_verify_mbstr(PG_UTF8, copy, (int) (out - copy), true))
		return part;
	return pg_any_to_server(copy, (int) (out - copy), PG_UTF8);
}

/* What follows the last slash. */
static const char *
last_part(const char *address)
{
	const char *slash = strrchr(address, '/');

	return decoded(slash ? slash + 1 : address);
}

/* The usage point that the address of a meter reading is below; NULL. */
static const char *
usage_point_in(const char *address)
{
	static const char above[] = "/UsagePoint/";
	const char *found = address ? strstr(address, above) : NULL;

	if (found == NULL)
		return NULL;
	found += strlen(above);
	return decoded(pnstrdup(found, strcspn(found, "/")));
}

/* Identifiers by which the file knows a usage point, the one that is its name first; NULL: it has none. */
static void
identifiers_of(const EspiFeed *feed, const EspiObject *reading, const char *ids[MAX_IDS])
{
	const EspiObject *point = reading->of == ESPI_NONE ? NULL : &feed->objects[reading->of];
	const EspiEntry *entry = point && point->entry != ESPI_NONE ? &feed->entries[point->entry] : NULL;
	const EspiEntry *below = reading->entry == ESPI_NONE ? NULL : &feed->entries[reading->entry];
	int			n = 0;

	ids[0] = ids[1] = ids[2] = NULL;
	if (entry && entry->self)
	{
		ids[n++] = last_part(entry->self);
		ids[n++] = entry->self;
	}
	else if (below && usage_point_in(below->self))
		ids[n++] = usage_point_in(below->self);
	if (entry && entry->id)
		ids[n] = entry->id;
}

/* The direction of a type, if its values can be taken at all. */
static bool
direction_of(const EspiFeed *feed, const EspiObject *reading, ImportDirection *direction)
{
	EspiMeter	ignored = {0};

	return reading->type != ESPI_NONE && read_type(&feed->objects[reading->type], &ignored, direction) == NULL;
}

/* Has the usage point of a meter reading another one of the other direction? */
static bool
measures_other_direction(const EspiFeed *feed, const EspiObject *reading, ImportDirection direction)
{
	for (int i = 0; i < feed->nobjects; i++)
	{
		const EspiObject *other = &feed->objects[i];
		ImportDirection other_direction;

		if (other->kind == ESPI_METER_READING && other->of == reading->of &&
			direction_of(feed, other, &other_direction) && other_direction != direction)
			return true;
	}
	return false;
}

/* The point of the option "points" for an identifier with a suffix; false if it is not there. */
static bool
find_named(const Import *import, const char *const *ids, const char *suffix, ImportPoint *point)
{
	for (int i = 0; i < MAX_IDS && ids[i] != NULL; i++)
	{
		char	   *id = psprintf("%s%s", ids[i], suffix);

		*point = import_point(import, id, strlen(id));
		if (point->name != id)
			return true;
	}
	return false;
}

/*
 * The point of a meter reading: by the options, else by the first of its
 * identifiers.  What flows into the grid is of another point if the usage point
 * measures both directions.  SG108 if nothing says which it is.
 */
static Refusal *
find_point(const Import *import, const EspiFeed *feed, const EspiObject *object, ImportDirection direction, ImportPoint *point)
{
	const EspiOptions *options = import->state;
	const char *ids[MAX_IDS];
	bool		exported = direction == INTO_GRID;
	char	   *option = exported ? options->export_point : options->point;

	identifiers_of(feed, object, ids);
	if (option == NULL && exported && find_named(import, ids, EXPORT_SUFFIX, point))
		return NULL;
	exported = exported && measures_other_direction(feed, object, direction);
	if (option == NULL && !exported)
		option = options->point;
	if (option == NULL && !exported && find_named(import, ids, "", point))
		return NULL;
	if (option == NULL && ids[0] == NULL)
		return refuse(ERRCODE_SG_INVALID_INPUT, "nothing says which UsagePoint it is of: give option \"%s\"",
					  exported ? "export_point" : "point");
	if (option == NULL)
		option = psprintf("%s%s", ids[0], exported ? EXPORT_SUFFIX : "");
	*point = (ImportPoint) {option, strlen(option)};
	return NULL;
}

/* What is known of a meter reading, an object of the feed; its refusal if none of its values can be taken. */
EspiMeter *
espi_meter(const Import *import, const EspiFeed *feed, const EspiObject *object)
{
	EspiMeter  *meter = palloc0(sizeof(EspiMeter));
	ImportDirection direction = FROM_GRID;

	if (object->type == ESPI_NONE)
		meter->refusal = refuse(ERRCODE_SG_INVALID_INPUT, "the MeterReading has no ReadingType in this file");
	else
		meter->refusal = read_type(&feed->objects[object->type], meter, &direction);
	if (meter->refusal == NULL)
		meter->refusal = find_point(import, feed, object, direction, &meter->point);
	if (meter->refusal == NULL)
		meter->refusal = import_flow(import, &meter->point, direction, &meter->flow);
	meter->line = object->type == ESPI_NONE ? object->line : feed->objects[object->type].line;
	return meter;
}
