/*-------------------------------------------------------------------------
 *
 * request_lock.c
 *	  The locks of requests and of who makes them.
 *
 * Both are those of objects of smartgrid.request, which no function of SQL
 * locks.  Their numbers are made with a secret, so that nobody takes that of
 * another by trying.
 *
 * A request has its own.  That of the caller's name is shared by all calls under
 * the name that have a reference: renaming, which takes along what is
 * remembered, waits for these, and they for it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xlog.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"

#include "call/request_lock.h"
#include "store/patience.h"
#include "store/relations.h"

static uint64
hash_text(const char *text, uint64 seed)
{
	return hash_bytes_extended((const unsigned char *) text, strlen(text), seed);
}

/*
 * Numbers of callers, and with them of requests, which nobody can foresee: that
 * of somebody else's request may not be found by trying.
 */
static uint64
secret_hash(const char *grid_name, const char *caller)
{
	uint64		secret;			/* of the cluster, made for a like purpose */

	memcpy(&secret, GetMockAuthenticationNonce(), sizeof(secret));
	return hash_text(caller, hash_text(grid_name, secret));
}

/* The lock of an object of the table; part 0: that calls of a principal share, and renaming has for itself. */
static LOCKTAG
object_tag(uint64 number, uint16 part)
{
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, relations_table_oid(TABLE_REQUEST), (Oid) (number >> 32), part);
	return tag;
}

/* Locks a request to the end of the transaction, and sets its key; its caller is known. */
void
request_take_locks(Request *request)
{
	uint64		number = secret_hash(request->grid_name, request->caller);
	LOCKTAG		tag;

	if (!request->is_role)
	{
		tag = object_tag(number, 0);
		(void) LockAcquire(&tag, ShareLock, false, false);
	}
	request->key = hash_text(request->reference, number + request->is_role);
	tag = object_tag(request->key, (uint16) (1 + request->key % PG_UINT16_MAX));
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}

static void
acquire(void *tag)
{
	(void) LockAcquire(tag, ExclusiveLock, false, false);
}

/* Locks a principal's name against calls under it that have a reference; 55P03 if some did not end in time. */
static void
lock_caller(const Grid *grid, const char *caller, Patience *patience)
{
	LOCKTAG		tag = object_tag(secret_hash(grid->name, caller), 0);

	if (LockAcquire(&tag, ExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL &&
		!patience_acquire(patience, acquire, &tag))
		require_accepted(refuse_impatient(psprintf("a reference of \"%s\"", caller)));
}

/* Locks both names of a participant that is to be renamed, before all rows. */
void
request_lock_names(const Grid *grid, const char *one, const char *other)
{
	Patience	patience = {0};
	bool		in_order = strcmp(one, other) < 0;

	lock_caller(grid, in_order ? one : other, &patience);
	lock_caller(grid, in_order ? other : one, &patience);
}
