/*-------------------------------------------------------------------------
 *
 * arguments.h
 *	  Reading the arguments of SQL-callable functions.
 *
 * The functions that people call are not STRICT: a NULL argument is SG108 with
 * the argument's name, not a silent NULL result.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ARGUMENTS_H
#define SG_ARGUMENTS_H

#include "postgres.h"
#include "fmgr.h"

#include "base/refusal.h"

/* The longest name of a principal or a grid, in bytes. */
#define SG_MAX_NAME_BYTES	128

extern void arg_require_not_null(FunctionCallInfo fcinfo, int n, const char *name);
extern int64 arg_int64(FunctionCallInfo fcinfo, int n, const char *name);
extern int32 arg_int32(FunctionCallInfo fcinfo, int n, const char *name);
extern bool arg_bool(FunctionCallInfo fcinfo, int n, const char *name);
extern char *arg_text(FunctionCallInfo fcinfo, int n, const char *name);
extern char *arg_name(FunctionCallInfo fcinfo, int n, const char *name);
extern char *arg_text_or_null(FunctionCallInfo fcinfo, int n);
extern void arg_array(FunctionCallInfo fcinfo, int n, const char *name, Oid type, Datum **elements, bool **isnull, int *nelements);
extern void arg_require_same_length(const char *const *names, const int *lengths, int n);
extern Refusal *refuse_name_length(const char *value, const char *what);
extern void require_name_length(const char *value, const char *what);

#endif							/* SG_ARGUMENTS_H */
