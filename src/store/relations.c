/*-------------------------------------------------------------------------
 *
 * relations.c
 *	  The extension's relations: their OIDs, and opening them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "storage/lmgr.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"

#include "store/relations.h"
#include "store/shape.h"

/* OIDs of the relations, looked up on first use and forgotten when any of them changes. */
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
 * Relcache invalidation: forgets the OIDs, and what is kept of rows, if one of
 * the tables changed or everything has to be assumed changed, so that DROP
 * EXTENSION and CREATE EXTENSION in one session work.
 */
static void
forget_oids(Datum arg, Oid relid)
{
	for (int i = 0; i < TABLE_COUNT; i++)
		if (relid == InvalidOid || oid_cache.table[i] == relid)
		{
			relations_hear_of_table(i);
			oid_cache.forgotten++;
			oid_cache.valid = false;
		}
	for (int i = SEQUENCE_NONE + 1; i < SEQUENCE_COUNT; i++)
		if (relid == InvalidOid || oid_cache.sequence[i] == relid)
			relations_hear_of_sequence(i);
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

/* The OID of a relation of this table: 0 if a version of the extension from before it has none. */
static Oid
oid_of_part(Oid schema, StoreTable table, const char *name)
{
	return table_info[table].may_be_missing ? get_relname_relid(name, schema) : relation_oid(schema, name);
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
			oid_cache.table[i] = oid_of_part(schema, i, table_info[i].name);
			oid_cache.primary_key[i] = oid_of_part(schema, i, table_info[i].primary_key);
		}
		for (int i = 0; i < INDEX_COUNT; i++)
			oid_cache.index[i] = oid_of_part(schema, key_info[i].table, key_info[i].name);
		for (int i = SEQUENCE_NONE + 1; i < SEQUENCE_COUNT; i++)
			oid_cache.sequence[i] = get_relname_relid(sequence_name[i], schema);	/* 0: versions from before it have none */
	} while (forgotten != oid_cache.forgotten);
	oid_cache.valid = true;
}

/* An OID that was looked up, or, if that is missing, is looked up once more by its name; 42P01. */
static Oid
require_oid(Oid oid, const char *name)
{
	if (likely(OidIsValid(oid)))
		return oid;
	oid_cache.valid = false;	/* it may have been made since */
	return relation_oid(get_namespace_oid(STORE_SCHEMA, true), name);
}

/* OID of a table. */
Oid
relations_table_oid(StoreTable table)
{
	look_up_oids();
	return require_oid(oid_cache.table[table], table_info[table].name);
}

/* OID of a table's primary key index. */
Oid
relations_primary_key_oid(StoreTable table)
{
	look_up_oids();
	return require_oid(oid_cache.primary_key[table], table_info[table].primary_key);
}

/* OID of another index. */
Oid
relations_index_oid(StoreIndex index)
{
	look_up_oids();
	return require_oid(oid_cache.index[index], key_info[index].name);
}

/* OID of a sequence. */
Oid
relations_sequence_oid(StoreSequence sequence)
{
	look_up_oids();
	return require_oid(oid_cache.sequence[sequence], sequence_name[sequence]);
}

/* The next value of a sequence; as everywhere, gaps are normal. */
int64
relations_nextval(StoreSequence sequence)
{
	return nextval_internal(relations_sequence_oid(sequence), false);
}

/*
 * Locks a table, and returns its OID: the new one if it was made anew while this
 * waited.  Raises 42P01 if it has been dropped.
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

/* Opens a table, whose columns and indexes are checked whenever it may have changed. */
Relation
relations_open(StoreTable table, LOCKMODE lockmode)
{
	static uint64 checked[TABLE_COUNT]; /* generation + 1 */
	Relation	rel = table_open(relations_lock_table(table, lockmode), NoLock);

	if (unlikely(checked[table] != relations_generation(table) + 1))
	{
		uint64		current = relations_generation(table);

		shape_require(rel, table);
		checked[table] = current + 1;
	}
	return rel;
}

/* The owner of the extension's tables: they are one owner's, so that of any. */
Oid
relations_owner(void)
{
	Relation	rel = RelationIdGetRelation(relations_table_oid(0));
	Oid			owner;

	if (!RelationIsValid(rel))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("extension smartgrid has just been dropped")));
	owner = rel->rd_rel->relowner;
	RelationClose(rel);
	return owner;
}

/* Closes a table; the lock stays to the end of the transaction, as for any query. */
void
relations_close(Relation rel)
{
	table_close(rel, NoLock);
}
