/*-------------------------------------------------------------------------
 *
 * json_at.c
 *	  Values of a JSON document, read strictly, each with its path.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "base/errors.h"
#include "base/format.h"
#include "base/json_at.h"
#include "base/number.h"

/* A document of a name. */
JsonAt
json_at_document(const char *name, const Jsonb *json)
{
	JsonAt		at = {.name = name};
	JsonbContainer *root = (JsonbContainer *) &json->root;

	if (!JB_ROOT_IS_SCALAR(json) || !JsonbExtractScalar(root, &at.value))
	{
		at.value.type = jbvBinary;
		at.value.val.binary.data = root;
		at.value.val.binary.len = VARSIZE(json) - VARHDRSZ;
	}
	return at;
}

static void
append_path(StringInfo path, const JsonAt *at)
{
	if (at->within != NULL)
		append_path(path, at->within);
	if (at->name == NULL)
		appendStringInfo(path, "[%d]", at->index);
	else
		appendStringInfo(path, "%s%s", at->within == NULL ? "" : ".", at->name);
}

/* Where a value is: the name of the document, then members and elements, which count from 0. */
char *
json_at_path(const JsonAt *at)
{
	StringInfoData path;

	initStringInfo(&path);
	append_path(&path, at);
	return path.data;
}

/* SG108: the path of a value, and what is wrong with it. */
void
error_json_at(const JsonAt *at, const char *message,...)
{
	va_list		args;
	char	   *text;

	va_start(args, message);
	text = format_text(message, args);
	va_end(args);
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("%s %s", json_at_path(at), text)));
}

static bool
is_object(const JsonAt *at)
{
	return at->value.type == jbvBinary && JsonContainerIsObject(at->value.val.binary.data);
}

static bool
is_array(const JsonAt *at)
{
	return at->value.type == jbvBinary && JsonContainerIsArray(at->value.val.binary.data);
}

/* SG108 unless it is an object. */
void
json_at_require_object(const JsonAt *at)
{
	if (!is_object(at))
		error_json_at(at, "must be an object");
}

/* The names of the members of an object, in the order of jsonb. */
char **
json_at_keys(const JsonAt *at, int *n)
{
	JsonbContainer *container = at->value.val.binary.data;
	JsonbIterator *iterator = JsonbIteratorInit(container);
	char	  **names = palloc(Max(JsonContainerSize(container), 1) * sizeof(char *));
	JsonbValue	value;
	JsonbIteratorToken token;

	*n = 0;
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
		if (token == WJB_KEY)
			names[(*n)++] = pnstrdup(value.val.string.val, value.val.string.len);
	return names;
}

/* *member: what an object has by a name; false if it has none. */
bool
json_at_member(const JsonAt *at, const char *name, JsonAt *member)
{
	JsonbValue *value = getKeyJsonValueFromContainer(at->value.val.binary.data, name, (int) strlen(name), NULL);

	if (value == NULL)
		return false;
	*member = (JsonAt) {.within = at, .name = name, .value = *value};
	return true;
}

/* How many elements an array has; SG108 unless it is one, and has some. */
int
json_at_length(const JsonAt *at)
{
	if (!is_array(at))
		error_json_at(at, "must be an array");
	if (JsonContainerSize(at->value.val.binary.data) == 0)
		error_json_at(at, "must not be empty");
	return (int) JsonContainerSize(at->value.val.binary.data);
}

/* An element of an array, from 0. */
JsonAt
json_at_element(const JsonAt *at, int index)
{
	return (JsonAt) {
		.within = at,
		.index = index,
		.value = *getIthJsonbValueFromContainer(at->value.val.binary.data, index)
	};
}

/* A text of so many bytes at most, not empty; else SG108. */
char *
json_at_text(const JsonAt *at, int max_bytes)
{
	if (at->value.type != jbvString)
		error_json_at(at, "must be a string");
	if (at->value.val.string.len == 0)
		error_json_at(at, "must not be empty");
	if (at->value.val.string.len > max_bytes)
		error_json_at(at, "must have at most %d bytes", max_bytes);
	return pnstrdup(at->value.val.string.val, at->value.val.string.len);
}

/* true or false; else SG108. */
bool
json_at_bool(const JsonAt *at)
{
	if (at->value.type != jbvBool)
		error_json_at(at, "must be true or false");
	return at->value.val.boolean;
}

/* Has a number at most so many decimals, 0 at the end not counted? */
static bool
has_decimals(Numeric number, int decimals)
{
	return DatumGetInt32(DirectFunctionCall1(numeric_min_scale, NumericGetDatum(number))) <= decimals;
}

/* Is a number between bounds? */
static bool
is_between(Numeric number, int64 min, int64 max)
{
	return DatumGetBool(DirectFunctionCall2(numeric_ge, NumericGetDatum(number), NumericGetDatum(int64_to_numeric(min)))) &&
		DatumGetBool(DirectFunctionCall2(numeric_le, NumericGetDatum(number), NumericGetDatum(int64_to_numeric(max))));
}

/* A whole number between bounds; else SG108. */
int
json_at_int(const JsonAt *at, int min, int max)
{
	if (at->value.type != jbvNumeric || !has_decimals(at->value.val.numeric, 0) || !is_between(at->value.val.numeric, min, max))
		error_json_at(at, "must be a whole number from %d to %d", min, max);
	return DatumGetInt32(DirectFunctionCall1(numeric_int4, NumericGetDatum(at->value.val.numeric)));
}

/* A number with so many decimals at most, in units of the last of them; else SG108. */
sg_int128
json_at_number(const JsonAt *at, int decimals)
{
	const int64 bound = INT64CONST(1000000000000000);	/* of so many digits */
	Numeric		number;

	if (at->value.type != jbvNumeric)
		error_json_at(at, "must be a number");
	number = at->value.val.numeric;
	if (!has_decimals(number, decimals))
		error_json_at(at, "must have at most %d decimals", decimals);
	if (!is_between(number, -bound, bound) || is_between(number, bound, bound) || is_between(number, -bound, -bound))
		error_json_at(at, "must have at most %d digits before the point", JSON_NUMBER_DIGITS);
	return number_int128(number_in_decimals(NumericGetDatum(number), decimals));
}

/* The names, as people list them. */
static char *
names_as_listed(const char *const *names, int n)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < n; i++)
		appendStringInfo(&list, "%s\"%s\"", i == 0 ? "" : i == n - 1 ? " or " : ", ", names[i]);
	return list.data;
}

/* Which of n names a text is; SG108 if it is none. */
int
json_at_one_of(const JsonAt *at, const char *const *names, int n)
{
	for (int i = 0; i < n && at->value.type == jbvString; i++)
		if ((int) strlen(names[i]) == at->value.val.string.len &&
			memcmp(names[i], at->value.val.string.val, at->value.val.string.len) == 0)
			return i;
	error_json_at(at, "must be %s", names_as_listed(names, n));
}
