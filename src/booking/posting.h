/*-------------------------------------------------------------------------
 *
 * posting.h
 *	  Batch posting.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_POSTING_H
#define SG_POSTING_H

#include "postgres.h"

#include "pgtime.h"

#include "base/result.h"
#include "booking/reading.h"

/* Of call_act_as_gateway(). */
#define POSTING_ACTION	"post readings"
#define POSTING_HINT	"Use sg_report_production() and the other single functions to report for yourself."

extern void posting_note_arguments(Call *call, const Reading *readings, int n);
extern void posting_require_topups_allowed(Oid posting_function, const Reading *readings, int n);
extern void posting_resolve_local(Reading *readings, const bool *is_local, int n, pg_tz *zone);
extern bool posting_is_local_text(const char *text);
extern void posting_post(Call *call, Reading *readings, int n, ResultRow *result);

#endif							/* SG_POSTING_H */
