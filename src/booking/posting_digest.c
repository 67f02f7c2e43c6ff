/*-------------------------------------------------------------------------
 *
 * posting_digest.c
 *	  What a batch is told by that is sent again under its reference: its
 *	  readings, wherever they are from.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "lib/stringinfo.h"

#include "booking/posting.h"
#include "call/request_form.h"

/* A reading as it came, not as it turned out. */
static void
append_reading(StringInfo form, const Reading *reading)
{
	appendStringInfo(form, INT64_FORMAT " ", reading->ord);
	request_append_text(form, reading->principal);
	appendStringInfo(form, " %s ", reading->kind->name);
	if (reading->refusal)		/* says what was written instead of an amount */
		request_append_text(form, reading->refusal->message);
	else
		appendStringInfo(form, INT64_FORMAT, reading->amount);
	if (reading->at == READING_NOW)
		appendStringInfoChar(form, '\n');
	else
		appendStringInfo(form, " " INT64_FORMAT "\n", reading->at);
}

/* If the call has a reference: these are its arguments. */
void
posting_note_arguments(Call *call, const Reading *readings, int n)
{
	StringInfoData form;
	Hasher	   *hasher = hasher_of_session();
	Digest		digest;

	if (call->request == NULL)
		return;
	initStringInfo(&form);
	hasher_begin(hasher);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		resetStringInfo(&form);
		append_reading(&form, &readings[i]);
		hasher_add(hasher, form.data, form.len);
	}
	hasher_finish(hasher, &digest);
	pfree(form.data);
	request_set_arguments(call->request, &digest);
}
