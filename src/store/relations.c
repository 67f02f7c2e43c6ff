/*-------------------------------------------------------------------------
 *
 * relations.c
 *	  The extension's relations: their OIDs, opening them, and what this
 *	  backend has heard of changes to them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/sinval.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"

#include "store/relations.h"
#include "store/shape.h"

PG_FUNCTION_INFO_V1(sg_note_change);

static const char *const sequence_name[SEQUENCE_COUNT] = {
	[SEQUENCE_GRID] = "grid_id_seq",
	[SEQUENCE_PARTICIPANT] = "participant_id_seq",
	[SEQUENCE_TRADE] = "trade_id_seq",
	[SEQUENCE_LEDGER] = "ledger_entry_id_seq",
	[SEQUENCE_METRICS] = "metrics_id_seq",
	[SEQUENCE_PRICE_EVENT] = "price_event_id_seq",
};

/*
 * Counts the invalidations of each table: what a backend keeps of its rows
 * (a grid, the ids of principals) is good while the count stays.
 */
static uint64 generation[TABLE_COUNT];
static uint64 stripes_generation;

/* OIDs of our relations, looked up on first use and forgotten when any of them changes. */
static struct
{
	bool		callbacks_registered;
	bool		valid;
	uint64		forgotten;		/* how often it was made invalid */
	Oid			table[TABLE_COUNT];
	Oid			primary_key[TABLE_COUNT];
	Oid			index[INDEX_COUNT];
	Oid			sequence[SEQUENCE_COUNT];
}			oid_cache;

/*
 * Relcache invalidation: forgets the OIDs, and what is kept of rows, when one
 * of our tables changed or everything has to be assumed changed, so that DROP
 * EXTENSION and CREATE EXTENSION in one session work.
 */
static void
forget_oids(Datum arg, Oid relid)
{
	for (int i = 0; i < TABLE_COUNT; i++)
		if (relid == InvalidOid || oid_cache.table[i] == relid)
		{
			generation[i]++;
			oid_cache.forgotten++;
			oid_cache.valid = false;
		}
	if (relid == InvalidOid || relid == oid_cache.sequence[SEQUENCE_GRID])
		stripes_generation++;
}

/* Is there a table of this name?  Not with a version of the extension from before it. */
bool
relations_has_table(const char *name)
{
	Oid			schema = get_namespace_oid(STORE_SCHEMA, true);

	return OidIsValid(schema) && OidIsValid(get_relname_relid(name, schema));
}

static Oid
relation_oid(Oid schema, const char *name)
{
	Oid			oid = get_relname_relid(name, schema);

	if (!OidIsValid(oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" of extension smartgrid does not exist", STORE_SCHEMA, name),
				 errhint("Run CREATE EXTENSION smartgrid, or ALTER EXTENSION smartgrid UPDATE after an upgrade of the library.")));
	return oid;
}

static void
look_up_oids(void)
{
	Oid			schema;
	uint64		forgotten;

	if (oid_cache.valid)
		return;
	if (!oid_cache.callbacks_registered)
	{
		CacheRegisterRelcacheCallback(forget_oids, (Datum) 0);
		oid_cache.callbacks_registered = true;
	}
	do							/* each look may hear of a change to what was looked up before it */
	{
		forgotten = oid_cache.forgotten;
		schema = get_namespace_oid(STORE_SCHEMA, true);
		for (int i = 0; i < TABLE_COUNT; i++)
		{
			oid_cache.table[i] = relation_oid(schema, table_info[i].name);
			oid_cache.primary_key[i] = relation_oid(schema, table_info[i].primary_key);
		}
		for (int i = 0; i < INDEX_COUNT; i++)
			oid_cache.index[i] = relation_oid(schema, key_info[i].name);
		for (int i = 0; i < SEQUENCE_COUNT; i++)
			oid_cache.sequence[i] = relation_oid(schema, sequence_name[i]);
	} while (forgotten != oid_cache.forgotten);
	oid_cache.valid = true;
}

/* OID of a table of ours. */
Oid
relations_table_oid(StoreTable table)
{
	look_up_oids();
	return oid_cache.table[table];
}

/* OID of a table's primary key index. */
Oid
relations_primary_key_oid(StoreTable table)
{
	look_up_oids();
	return oid_cache.primary_key[table];
}

/* OID of another index of ours. */
Oid
relations_index_oid(StoreIndex index)
{
	look_up_oids();
	return oid_cache.index[index];
}

/* The next value of a sequence of ours; as everywhere, gaps are normal. */
int64
relations_nextval(StoreSequence sequence)
{
	look_up_oids();
	return nextval_internal(oid_cache.sequence[sequence], false);
}

/*
 * Locks a table of ours, and returns its OID: 42P01 where it has been dropped
 * while this waited, the new one where it was made anew.
 */
Oid
relations_lock_table(StoreTable table, LOCKMODE lockmode)
{
	for (;;)
	{
		Oid			oid = relations_table_oid(table);

		LockRelationOid(oid, lockmode);
		if (likely(relations_table_oid(table) == oid))	/* the lock has told of changes */
			return oid;
		UnlockRelationOid(oid, lockmode);
	}
}

/* Opens a table of ours, whose columns and indexes are checked whenever it may have changed. */
Relation
relations_open(StoreTable table, LOCKMODE lockmode)
{
	static uint64 checked[TABLE_COUNT]; /* generation + 1 */
	Relation	rel = table_open(relations_lock_table(table, lockmode), NoLock);

	if (unlikely(checked[table] != generation[table] + 1))
	{
		uint64		current = generation[table];

		shape_require(rel, table);
		checked[table] = current + 1;
	}
	return rel;
}

/* Closes a table; the lock stays to the end of the transaction, as for any query. */
void
relations_close(Relation rel)
{
	table_close(rel, NoLock);
}

/*
 * The number of invalidations of a table that this backend has heard of.
 * Rows of grid and participant are announced when they change (store_update(),
 * and the trigger note_change for SQL), to arrive with the commit.
 */
uint64
relations_generation(StoreTable table)
{
	return generation[table];
}

/* The number of announcements, by relations_announce_stripes(), that this backend has heard of. */
uint64
relations_stripes_generation(void)
{
	return stripes_generation;
}

/*
 * Announces, at commit, that a stripe has been made or removed: as a change of
 * the sequence of grid ids, which nothing else ever announces (the pool itself
 * is announced by each autovacuum).
 */
void
relations_announce_stripes(void)
{
	look_up_oids();
	CacheInvalidateRelcacheByRelid(oid_cache.sequence[SEQUENCE_GRID]);
}

/* Announces a stripe at once, though its transaction has not committed. */
void
relations_announce_stripes_now(void)
{
	SharedInvalidationMessage message;

	look_up_oids();
	memset(&message, 0, sizeof(message));
	message.rc.id = SHAREDINVALRELCACHE_ID;
	message.rc.dbId = MyDatabaseId;
	message.rc.relId = oid_cache.sequence[SEQUENCE_GRID];
	SendSharedInvalidMessages(&message, 1);
}

/* What had been heard of each table when the snapshot of the present call was taken. */
static uint64 snapshot_generation[TABLE_COUNT];

/*
 * May a call that writes use and fill what is kept of this table's rows?  Not
 * under REPEATABLE READ and SERIALIZABLE, whose snapshot is older than what
 * this backend has heard, and not once it has heard of a change since the
 * call's snapshot was taken: a row read in that could be the old one.
 *
 * For use between store_begin() and store_end() only: the snapshot of a query
 * that merely reads may be of any age.
 */
bool
relations_may_keep(StoreTable table)
{
	return !IsolationUsesXactSnapshot() && snapshot_generation[table] == generation[table];
}

/* Notes that the snapshot of the present call is being taken. */
void
relations_note_snapshot(void)
{
	memcpy(snapshot_generation, generation, sizeof(generation));
}

/* note_change(): trigger that announces a change made by SQL to what backends keep of a table. */
Datum
sg_note_change(PG_FUNCTION_ARGS)
{
	Relation	rel;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"note_change\" was not called by a trigger")));
	rel = ((TriggerData *) fcinfo->context)->tg_relation;
	if (RelationGetRelid(rel) == relations_table_oid(TABLE_POOL))
		relations_announce_stripes();
	else
		CacheInvalidateRelcache(rel);
	return PointerGetDatum(NULL);
}
