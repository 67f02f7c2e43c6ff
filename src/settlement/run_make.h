/*-------------------------------------------------------------------------
 *
 * run_make.h
 *	  Making runs: what the calls that settle, finalize and verify share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_MAKE_H
#define SG_RUN_MAKE_H

#include "postgres.h"

#include "settlement/run_digest.h"
#include "settlement/run_rows.h"

extern void run_take_moment(const Grid *grid, RunHead *head);
extern Run *run_make(const Grid *grid, const RunHead *head, const RunName *names, int nnames);
extern void run_require_preview(const RunHead *head);

#endif							/* SG_RUN_MAKE_H */
