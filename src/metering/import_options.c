/*-------------------------------------------------------------------------
 *
 * import_options.c
 *	  The options of an import (doc/importing.md): those that all formats have,
 *	  and how a format reads its own.
 *
 * All errors here are SG108.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/format.h"
#include "grid/zone.h"
#include "metering/import.h"
#include "metering/point_rows.h"

#define MAX_LABEL_BYTES		128

/* Those that all formats have. */
static const char *const common[] = {
	"points", "time_zone", "create", "accept_spikes", "round", "replace_with", "label", NULL
};

/* SG108: an option is not what it may be. */
void
error_option(const char *message,...)
{
	char	   *text;
	va_list		args;

	va_start(args, message);
	text = format_text(message, args);
	va_end(args);
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("%s", text)));
}

static bool
is_listed(const char *const *names, const char *name)
{
	for (; names != NULL && *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static void
append_names(StringInfo list, const char *const *names)
{
	for (; names != NULL && *names != NULL; names++)
		appendStringInfo(list, "%s%s", list->len == 0 ? "" : ", ", *names);
}

SG_NORETURN
static void
error_unknown_option(const Import *import, const char *name)
{
	StringInfoData list;

	initStringInfo(&list);
	append_names(&list, common);
	append_names(&list, import->format->options);
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("format %s has no option \"%s\"", import->format->name, name),
			 errhint("Its options are %s.", list.data)));
}

/* Raises SG108 unless options are an object whose members are all known. */
static void
require_known_options(const Import *import)
{
	JsonbContainer *root = &import->options->root;
	JsonbIterator *iterator = JsonbIteratorInit(root);
	JsonbValue	value;
	JsonbIteratorToken token;

	if (!JsonContainerIsObject(root))
		error_option("options must be a JSON object");
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		char	   *name;

		if (token != WJB_KEY)
			continue;
		name = pnstrdup(value.val.string.val, value.val.string.len);
		if (!is_listed(common, name) && !is_listed(import->format->options, name))
			error_unknown_option(import, name);
	}
}

/* A member of an object; NULL if there is none, or it is null. */
static JsonbValue *
member(JsonbContainer *object, const char *name)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, name, (int) strlen(name), NULL);

	return value == NULL || value->type == jbvNull ? NULL : value;
}

static JsonbValue *
option(const Import *import, const char *name)
{
	return member(&import->options->root, name);
}

static char *
string_of(const JsonbValue *value)
{
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* The text of an option; NULL if there is none. */
char *
import_option_text(const Import *import, const char *name)
{
	JsonbValue *value = option(import, name);

	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		error_option("option \"%s\" must be a string", name);
	return string_of(value);
}

/* The option of a name as true or false; without: what it is without the option. */
bool
import_option_bool(const Import *import, const char *name, bool without)
{
	JsonbValue *value = option(import, name);

	if (value == NULL)
		return without;
	if (value->type != jbvBool)
		error_option("option \"%s\" must be true or false", name);
	return value->val.boolean;
}

/* The object of an option; NULL if there is none. */
JsonbContainer *
import_option_object(const Import *import, const char *name)
{
	JsonbValue *value = option(import, name);

	if (value == NULL)
		return NULL;
	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		error_option("option \"%s\" must be an object", name);
	return value->val.binary.data;
}

/* The text of a member of the object of an option; NULL if there is none. */
char *
import_member_text(JsonbContainer *object, const char *option_name, const char *name)
{
	JsonbValue *value = member(object, name);

	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		error_option("\"%s\" of option \"%s\" must be a string", name, option_name);
	return string_of(value);
}

/* Raises SG108 unless all members of the object of an option are of a list, the last of which is NULL. */
void
import_require_members(JsonbContainer *object, const char *option_name, const char *const *names)
{
	JsonbIterator *iterator = JsonbIteratorInit(object);
	JsonbValue	value;
	JsonbIteratorToken token;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
		if (token == WJB_KEY && !is_listed(names, string_of(&value)))
		{
			StringInfoData list;

			initStringInfo(&list);
			append_names(&list, names);
			error_option("option \"%s\" has no \"%s\": it may have %s", option_name, string_of(&value), list.data);
		}
}

/* Option "create": of whom and of what kind points are that are not there. */
static void
read_create(Import *import)
{
	static const char *const members[] = {"owner", "kind", NULL};
	JsonbContainer *create = import_option_object(import, "create");
	PointKind	kind;
	char	   *owner;
	char	   *kind_name;

	if (create == NULL)
		return;
	import_require_members(create, "create", members);
	owner = import_member_text(create, "create", "owner");
	kind_name = import_member_text(create, "create", "kind");
	if (kind_name == NULL && import->format->says_direction)
		kind_name = pstrdup(point_kind_name(POINT_CONSUMPTION));
	if (owner == NULL || kind_name == NULL)
		error_option("option \"create\" must have \"owner\" and \"kind\"");
	require_name_length(owner, "\"owner\" of option \"create\"");
	if (!point_kind_of(kind_name, &kind))
		error_option("unknown kind \"%s\" in option \"create\": kinds are %s", kind_name, point_kind_names());
	import->load_options.create_owner = owner;
	import->load_options.create_kind = kind_name;
}

static void
read_replace(Import *import)
{
	char	   *name = import_option_text(import, "replace_with");

	if (!load_replace_of(name ? name : "better", &import->load_options.replace))
		error_option("option \"replace_with\" must be \"better\" or \"any\", not \"%s\"", name);
}

static void
read_label(Import *import)
{
	char	   *label = import_option_text(import, "label");

	if (label != NULL && strlen(label) > MAX_LABEL_BYTES)
		error_option("option \"label\" has %zu bytes; at most %d are allowed", strlen(label), MAX_LABEL_BYTES);
	import->load_options.label = label;
}

static void
read_time_zone(Import *import)
{
	char	   *name = import_option_text(import, "time_zone");

	if (name != NULL)
		import->zone_option = zone_find(name);
}

/* Reads the options of the call, those of the format last. */
void
import_read_options(Import *import)
{
	require_known_options(import);
	import->load_options.source = import->format->name;
	import->load_options.names_points = true;
	import->load_options.accept_spikes = import_option_bool(import, "accept_spikes", false);
	import->load_options.round = import_option_bool(import, "round", false);
	read_replace(import);
	read_label(import);
	read_create(import);
	read_time_zone(import);
	import_read_points(import);
	if (import->format->prepare)
		import->format->prepare(import);
}
