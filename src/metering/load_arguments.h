/*-------------------------------------------------------------------------
 *
 * load_arguments.h
 *	  What the calls that post intervals have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LOAD_ARGUMENTS_H
#define SG_LOAD_ARGUMENTS_H

#include "postgres.h"

#include "fmgr.h"

#include "metering/load.h"

extern char *load_label_arg(FunctionCallInfo fcinfo, int n);
extern void load_read_options(FunctionCallInfo fcinfo, int first, LoadOptions *options);
extern Refusal *load_quality_of(const char *name, size_t length, Quality *quality);

#endif							/* SG_LOAD_ARGUMENTS_H */
