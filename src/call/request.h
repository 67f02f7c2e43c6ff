/*-------------------------------------------------------------------------
 *
 * request.h
 *	  Calls that are remembered under a reference, and done once.
 *
 * In this order:
 *
 *	request_begin()		is there a reference at all
 *	request_lock()		of two sessions with one reference the second waits here
 *	request_find()		is it remembered: then request_answer() is all there is to do
 *	request_remember()	the call is done: what it was, and its result
 *
 * call.h does so for every call.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REQUEST_H
#define SG_REQUEST_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "base/compat.h"
#include "base/digest.h"
#include "grid/grid.h"
#include "store/store.h"

typedef struct Request
{
	FunctionCallInfo fcinfo;
	const char *function;		/* SQL name */
	const char *reference;
	const char *grid_name;		/* that the call names, else the current one */
	int32		grid_id;		/* 0: not known yet */
	const char *caller;
	bool		is_role;		/* no principal is set: the caller is the current role */
	bool		beside_calls;	/* does not enter the ledger */
	uint64		key;			/* of grid, caller and reference: only in this cluster */
	bytea	   *arguments;		/* a digest of them; NULL: not known yet */
	int			served_before;	/* in the statement */
	int64		entry_before;	/* that the session wrote last */
	StoreRow	row;			/* that it is remembered by */
} Request;

extern Request *request_begin(FunctionCallInfo fcinfo, const char *function);
extern void request_set_arguments(Request *request, const Digest *digest);
extern void request_lock(Request *request, const char *grid_name, const char *principal);
SG_NODISCARD extern bool request_find(Request *request, int32 grid_id);
SG_NODISCARD extern bool request_find_in_grid(Request *request);
SG_NODISCARD extern bool request_is_remembered(Request *request, const char *grid_name);
SG_NODISCARD extern Datum request_answer(Request *request);
extern void request_remember(Request *request, Datum result, TimestampTz made_at);
extern void request_rename(const Grid *grid, const char *old_name, const char *new_name);

#endif							/* SG_REQUEST_H */
