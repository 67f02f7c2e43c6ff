/*-------------------------------------------------------------------------
 *
 * json_member.h
 *	  A member of a JSON object, as settings have it that API layers make.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_JSON_MEMBER_H
#define SG_JSON_MEMBER_H

#include "postgres.h"

typedef enum JsonMember
{
	JSON_MEMBER_FOUND,			/* a string */
	JSON_MEMBER_ABSENT,			/* there is none, or it is null */
	JSON_MEMBER_IS_NO_STRING,
	JSON_IS_INVALID				/* no JSON, or nested far deeper than anybody does */
} JsonMember;

extern JsonMember json_member(const char *json, const char *name, char **value);

#endif							/* SG_JSON_MEMBER_H */
