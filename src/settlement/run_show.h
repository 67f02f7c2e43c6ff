/*-------------------------------------------------------------------------
 *
 * run_show.h
 *	  What the functions that show a run have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_SHOW_H
#define SG_RUN_SHOW_H

#include "postgres.h"

#include "fmgr.h"

#include "settlement/run_rows.h"

extern Grid *run_arg_to_show(FunctionCallInfo fcinfo, RunHead *head);

#endif							/* SG_RUN_SHOW_H */
