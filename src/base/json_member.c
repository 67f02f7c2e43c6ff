/*-------------------------------------------------------------------------
 *
 * json_member.c
 *	  A member of a JSON object, as settings have it that API layers make.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "base/compat.h"
#include "base/json_member.h"

/* The parser calls itself for each level. */
#define MAX_DEPTH	1000

/* What is looked for, and what was found of it. */
typedef struct Search
{
	const char *name;
	int			depth;			/* of where the parser is */
	bool		at_member;		/* its value comes next */
	JsonMember	member;
	char	   *value;
} Search;

/* Do brackets, but for those inside of strings, nest deeper than the parser should go? */
static bool
is_nested_too_deeply(const char *json)
{
	bool		in_string = false;
	int			depth = 0;

	for (const char *c = json; *c; c++)
	{
		if (*c == '"')
			in_string = !in_string;
		else if (in_string && *c == '\\' && c[1] != '\0')
			c++;
		else if (!in_string && (*c == '[' || *c == '{') && ++depth > MAX_DEPTH)
			return true;
		else if (!in_string && (*c == ']' || *c == '}') && depth > 0)
			depth--;
	}
	return false;
}

static SgJsonActionResult
go_in(void *state)
{
	((Search *) state)->depth++;
	SG_JSON_GO_ON;
}

static SgJsonActionResult
go_out(void *state)
{
	((Search *) state)->depth--;
	SG_JSON_GO_ON;
}

/* Of two members of one name the last one counts, as in json ->> name. */
static SgJsonActionResult
begin_member(void *state, char *name, bool isnull)
{
	Search	   *search = state;

	if (search->depth == 1 && strcmp(name, search->name) == 0)
	{
		search->at_member = true;
		search->member = isnull ? JSON_MEMBER_ABSENT : JSON_MEMBER_IS_NO_STRING;
	}
	SG_JSON_GO_ON;
}

static SgJsonActionResult
end_member(void *state, char *name, bool isnull)
{
	Search	   *search = state;

	if (search->depth == 1)
		search->at_member = false;
	SG_JSON_GO_ON;
}

static SgJsonActionResult
take_scalar(void *state, char *token, JsonTokenType type)
{
	Search	   *search = state;

	if (search->at_member && search->depth == 1 && type == JSON_TOKEN_STRING)
	{
		search->member = JSON_MEMBER_FOUND;
		search->value = token;
	}
	SG_JSON_GO_ON;
}

/* Looks for the string that is called name in a JSON object; *value is NULL unless it is found. */
JsonMember
json_member(const char *json, const char *name, char **value)
{
	Search		search = {.name = name, .member = JSON_MEMBER_ABSENT};
	JsonSemAction actions = {
		.semstate = &search,
		.object_start = go_in, .object_end = go_out, .array_start = go_in, .array_end = go_out,
		.object_field_start = begin_member, .object_field_end = end_member, .scalar = take_scalar
	};

	*value = NULL;
	if (is_nested_too_deeply(json) ||
		pg_parse_json(sg_makeJsonLexContext(cstring_to_text(json)), &actions) != JSON_SUCCESS)
		return JSON_IS_INVALID;
	if (search.member == JSON_MEMBER_FOUND)
		*value = search.value;
	return search.member;
}
