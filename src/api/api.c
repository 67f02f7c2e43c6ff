/*-------------------------------------------------------------------------
 *
 * api.c
 *	  The lock by which one sg_create_api() after the other works in a schema.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_namespace.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(sg_api_lock);

/*
 * api_lock(namespace) -> boolean: locks a schema against another
 * sg_create_api() and its being dropped, to the end of the transaction; false
 * if it has been dropped.
 *
 * It is the schema's own lock, not an advisory one, which anybody could take:
 * in this mode commands of the schema's owner take it and nobody else's.  25006,
 * and 42501 unless the current user may create objects there.
 */
Datum
sg_api_lock(PG_FUNCTION_ARGS)
{
	Oid			namespace = PG_GETARG_OID(0);
	char	   *name = get_namespace_name(namespace);

	PreventCommandIfReadOnly("api_lock()");
	if (name == NULL)
		PG_RETURN_BOOL(false);
	if (!sg_may_create_in(namespace))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, name);
	LockDatabaseObject(NamespaceRelationId, namespace, 0, ShareUpdateExclusiveLock);
	PG_RETURN_BOOL(get_namespace_name(namespace) != NULL);
}
