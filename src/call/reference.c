/*-------------------------------------------------------------------------
 *
 * reference.c
 *	  The reference that a caller gives a call, so that it is done once.
 *
 * It is a setting.  A gateway has no need to set it that hands on the headers
 * of its request, as PostgREST does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/guc.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/json_member.h"
#include "call/reference.h"

/* PostgREST has the names of headers in lower case. */
#define HEADERS_SETTING		"request.headers"
#define REFERENCE_HEADER	"idempotency-key"

/* The reference among the headers of a gateway's request, NULL if there is none.  SG108 unless it is a string. */
static const char *
reference_of_headers(void)
{
	const char *headers = GetConfigOption(HEADERS_SETTING, true, false);
	char	   *reference;

	if (headers == NULL || strstr(headers, REFERENCE_HEADER) == NULL)
		return NULL;			/* mostly, and then they need not be read */
	switch (json_member(headers, REFERENCE_HEADER, &reference))
	{
		case JSON_MEMBER_IS_NO_STRING:
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("member \"%s\" of %s is not a string", REFERENCE_HEADER, HEADERS_SETTING)));
			break;
		case JSON_IS_INVALID:
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("%s is not valid JSON", HEADERS_SETTING),
					 errhint("It should be an object with the names of headers in lower case.")));
			break;
		case JSON_MEMBER_FOUND:
		case JSON_MEMBER_ABSENT:
			break;
	}
	return reference;
}

/*
 * The reference of a call by its settings, NULL if none is set.  SG108 if it is
 * longer than 128 bytes, or no text of the server's encoding.
 */
const char *
reference_given(void)
{
	const char *reference = setting_reference;

	if (reference == NULL || reference[0] == '\0')
		reference = identity_is_gateway_session() ? reference_of_headers() : NULL;
	if (reference == NULL || reference[0] == '\0')
		return NULL;
	require_name_length(reference, "reference");
	if (!pg_verifymbstr(reference, strlen(reference), true))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("reference is not valid in encoding \"%s\"", GetDatabaseEncodingName())));
	return reference;
}
