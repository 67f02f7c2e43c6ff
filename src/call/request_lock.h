/*-------------------------------------------------------------------------
 *
 * request_lock.h
 *	  The locks of requests and of who makes them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REQUEST_LOCK_H
#define SG_REQUEST_LOCK_H

#include "postgres.h"

#include "call/request.h"

extern void request_take_locks(Request *request);
extern void request_lock_names(const Grid *grid, const char *one, const char *other);

#endif							/* SG_REQUEST_LOCK_H */
