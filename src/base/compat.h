/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  What differs between PostgreSQL 15 and 18, in one place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_COMPAT_H
#define SG_COMPAT_H

#include "postgres.h"

#include "access/heapam.h"
#include "access/tableam.h"
#include "common/jsonapi.h"
#include "executor/executor.h"
#include "utils/jsonfuncs.h"
#include "storage/proc.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
#if PG_VERSION_NUM >= 170000
#include "storage/procarray.h"
#else
#include "storage/backendid.h"
#include "storage/sinvaladt.h"
#endif

#if PG_VERSION_NUM < 150000
#error "smartgrid needs PostgreSQL 15 or later (security_invoker views)"
#endif

/* 18 spells it pg_noreturn; both go before the declaration. */
#if PG_VERSION_NUM >= 180000
#define SG_NORETURN			pg_noreturn
#else
#define SG_NORETURN			pg_attribute_noreturn()
#endif

/* What a function returns must be looked at (16 has pg_nodiscard). */
#define SG_NODISCARD		__attribute__((warn_unused_result))

/* A small number, from 0, that no other live backend has (17: backend ids became proc numbers). */
#if PG_VERSION_NUM >= 170000
#define SG_BACKEND_SLOT		((int) MyProcNumber)
#else
#define SG_BACKEND_SLOT		((int) MyBackendId - 1)
#endif

/* Who holds a lock: the process of a virtual transaction id, and the local one that it runs (17: proc numbers). */
#if PG_VERSION_NUM >= 170000
#define sg_vxid_proc(vxid)		ProcNumberGetProc((vxid).procNumber)
#define SG_PROC_LXID(proc)		((proc)->vxid.lxid)
#else
#define sg_vxid_proc(vxid)		BackendIdGetProc((vxid).backendId)
#define SG_PROC_LXID(proc)		((proc)->lxid)
#endif

/* The number of the present transaction in this backend, whether it writes or not. */
#define SG_LXID				SG_PROC_LXID(MyProc)

/* table_tuple_update says which indexes need an entry; 16 added "only the summarizing ones". */
#if PG_VERSION_NUM >= 160000
typedef TU_UpdateIndexes SgIndexUpdate;
#define SG_INDEX_UPDATE_NONE			TU_None
#define SG_INDEX_UPDATE_ALL				TU_All
#define SG_ONLY_SUMMARIZING(update)		((update) == TU_Summarizing)
#define sg_ExecInsertIndexTuples(rri, slot, estate, update, only_summarizing) \
	ExecInsertIndexTuples(rri, slot, estate, update, false, NULL, NIL, only_summarizing)
#else
typedef bool SgIndexUpdate;
#define SG_INDEX_UPDATE_NONE			false
#define SG_INDEX_UPDATE_ALL				true
#define SG_ONLY_SUMMARIZING(update)		false
#define sg_ExecInsertIndexTuples(rri, slot, estate, update, only_summarizing) \
	ExecInsertIndexTuples(rri, slot, estate, update, false, NULL, NIL)
#endif

/*
 * Updates the version at tid to tuple, which the caller has built, and says which
 * indexes need an entry: as table_tuple_update does, but without the slot from
 * which that would copy the tuple.
 */
static inline TM_Result
sg_heap_update(Relation rel, ItemPointer tid, HeapTuple tuple, CommandId cid, SgIndexUpdate *index_update)
{
	TM_FailureData tmfd;
	LockTupleMode lockmode;
#if PG_VERSION_NUM >= 160000
	return heap_update(rel, tid, tuple, cid, InvalidSnapshot, true, &tmfd, &lockmode, index_update);
#else
	TM_Result	result = heap_update(rel, tid, tuple, cid, InvalidSnapshot, true, &tmfd, &lockmode);

	*index_update = result == TM_Ok && !HeapTupleIsHeapOnly(tuple);
	return result;
#endif
}

/* 16 made one function of the many that check privileges. */
#if PG_VERSION_NUM >= 160000
#define sg_may_execute(function)	(object_aclcheck(ProcedureRelationId, function, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK)
#define sg_may_create_in(schema)	(object_aclcheck(NamespaceRelationId, schema, GetUserId(), ACL_CREATE) == ACLCHECK_OK)
#else
#define sg_may_execute(function)	(pg_proc_aclcheck(function, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK)
#define sg_may_create_in(schema)	(pg_namespace_aclcheck(schema, GetUserId(), ACL_CREATE) == ACLCHECK_OK)
#endif

/* Where a table's blocks are, for the buffer manager: 16 renamed it. */
#if PG_VERSION_NUM >= 160000
#define SG_REL_LOCATOR(rel)	((rel)->rd_locator)
#else
#define SG_REL_LOCATOR(rel)	((rel)->rd_node)
#endif

/* Is it the same page?  16 made a function of the macro. */
#if PG_VERSION_NUM >= 160000
#define sg_buffer_tags_equal(a, b)	BufferTagsEqual(a, b)
#else
#define sg_buffer_tags_equal(a, b)	BUFFERTAGS_EQUAL(*(a), *(b))
#endif

/* 18 counts what a scan did for EXPLAIN. */
#if PG_VERSION_NUM >= 180000
#define sg_index_beginscan(rel, index, snapshot, nkeys)	index_beginscan(rel, index, snapshot, NULL, nkeys, 0)
#else
#define sg_index_beginscan(rel, index, snapshot, nkeys)	index_beginscan(rel, index, snapshot, nkeys, 0)
#endif

/* 16 lets the caller take the error. */
#if PG_VERSION_NUM >= 160000
#define sg_make_range(type, lower, upper, empty)	make_range(type, lower, upper, empty, NULL)
#else
#define sg_make_range(type, lower, upper, empty)	make_range(type, lower, upper, empty)
#endif

/* 17 lets an index access method keep resources from one insertion to the next. */
#if PG_VERSION_NUM >= 170000
#define sg_index_insert_cleanup(index, info)	index_insert_cleanup(index, info)
#else
#define sg_index_insert_cleanup(index, info)	((void) 0)
#endif

/* 17 lets the caller bring the lexer's memory. */
#if PG_VERSION_NUM >= 170000
#define sg_makeJsonLexContext(json)		makeJsonLexContext(NULL, json, true)
#else
#define sg_makeJsonLexContext(json)		makeJsonLexContext(json, true)
#endif

/* 16 lets whoever calls an input function ask for its error instead of having it raised; what follows runs then. */
#if PG_VERSION_NUM >= 160000
#define sg_errsave(context, ...)	errsave(context, __VA_ARGS__)
#else
#define sg_errsave(context, ...)	ereport(ERROR, __VA_ARGS__)
#endif

/* 16 tells what is wrong with a zone that it does not know. */
#if PG_VERSION_NUM >= 160000
#define sg_decode_date_time(field, ftype, nf, dtype, tm, fsec, tz) \
	DecodeDateTime(field, ftype, nf, dtype, tm, fsec, tz, &(DateTimeErrorExtra) {0})
#else
#define sg_decode_date_time(field, ftype, nf, dtype, tm, fsec, tz) \
	DecodeDateTime(field, ftype, nf, dtype, tm, fsec, tz)
#endif

/* 16 lets the actions of a JSON parser fail. */
#if PG_VERSION_NUM >= 160000
typedef JsonParseErrorType SgJsonActionResult;
#define SG_JSON_GO_ON		return JSON_SUCCESS
#else
typedef void SgJsonActionResult;
#define SG_JSON_GO_ON		return
#endif

#endif							/* SG_COMPAT_H */
