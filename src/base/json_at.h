/*-------------------------------------------------------------------------
 *
 * json_at.h
 *	  Values of a JSON document, read strictly: each knows its path, such as
 *	  components[2].when.times[0], and what is not as it must be is SG108 that
 *	  names it.
 *
 * null is not the absence of a value, but a value of a type that nothing has.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_JSON_AT_H
#define SG_JSON_AT_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "base/checked.h"
#include "base/compat.h"

/* A value, and where it is.  What it is in has to live as long. */
typedef struct JsonAt
{
	const struct JsonAt *within;	/* NULL: it is the document */
	const char *name;			/* of the document, or of a member; NULL: it is an element */
	int			index;			/* of an element */
	JsonbValue	value;
} JsonAt;

/* Largest numbers that json_at_number() takes: below 10^15. */
#define JSON_NUMBER_DIGITS	15

extern JsonAt json_at_document(const char *name, const Jsonb *json);
extern char *json_at_path(const JsonAt *at);
SG_NORETURN extern void error_json_at(const JsonAt *at, const char *message,...) pg_attribute_printf(2, 3);

extern void json_at_require_object(const JsonAt *at);
extern char **json_at_keys(const JsonAt *at, int *n);
extern bool json_at_member(const JsonAt *at, const char *name, JsonAt *member);
extern int	json_at_length(const JsonAt *at);
extern JsonAt json_at_element(const JsonAt *at, int index);

extern char *json_at_text(const JsonAt *at, int max_bytes);
extern bool json_at_bool(const JsonAt *at);
extern int	json_at_int(const JsonAt *at, int min, int max);
extern sg_int128 json_at_number(const JsonAt *at, int decimals);
extern int	json_at_one_of(const JsonAt *at, const char *const *names, int n);

#endif							/* SG_JSON_AT_H */
