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

#include "base/result.h"
#include "booking/reading.h"

extern void posting_act(Call *call);
extern void posting_require_topups_allowed(Oid posting_function, const Reading *readings, int n);
extern void posting_post(Call *call, Reading *readings, int n, ResultRow *result);

#endif							/* SG_POSTING_H */
