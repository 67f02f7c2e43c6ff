/*-------------------------------------------------------------------------
 *
 * request_form.h
 *	  The forms in which calls are remembered: arguments and result.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REQUEST_FORM_H
#define SG_REQUEST_FORM_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "call/request.h"

extern void request_append_text(StringInfo form, const char *text);
extern bytea *request_form_digest(const Digest *digest);
extern bytea *request_form_arguments(const Request *request);
extern Datum request_form_of_result(const Request *request, Datum result);
extern Datum request_form_result(const Request *request, Datum stored);

#endif							/* SG_REQUEST_FORM_H */
