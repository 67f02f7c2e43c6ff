/*-------------------------------------------------------------------------
 *
 * relations.c
 *	  The extension's relations: their OIDs, opening them, and what this
 *	  backend has heard of changes to them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"

#include "relations.h"

PG_FUNCTION_INFO_V1(sg_note_change);

#define SCHEMA	"smartgrid"

const TableInfo relations_info[TABLE_COUNT] = {
	[TABLE_GRID] = {"grid", "grid_pkey", 9, FORM_WIDTH(FormGrid, emergency_mode), INT4OID, false},
	[TABLE_POOL] = {"pool", "pool_pkey", 5, FORM_WIDTH(FormPool, revenue), InvalidOid, true},
	[TABLE_PARTICIPANT] = {"participant", "participant_pkey", 2, FORM_WIDTH(FormParticipant, grid_id), INT8OID, false},
	[TABLE_PRODUCER] = {"producer", "producer_pkey", 11, FORM_WIDTH(FormProducer, active), INT8OID, true},
	[TABLE_CONSUMER] = {"consumer", "consumer_pkey", 8, FORM_WIDTH(FormConsumer, active), INT8OID, true},
	[TABLE_STORAGE] = {"storage", "storage_pkey", 7, FORM_WIDTH(FormStorage, grid_id), INT8OID, true},
	[TABLE_TRADE] = {"trade", "trade_pkey", 10, FORM_WIDTH(FormTrade, status), INT8OID, true},
	[TABLE_LEDGER] = {"ledger", "ledger_pkey", 10, FORM_WIDTH(FormLedger, kind), INT8OID, true},
	[TABLE_METRICS] = {"metrics", "metrics_pkey", 7, FORM_WIDTH(FormMetrics, grid_id), INT8OID, false},
	[TABLE_PRICE_EVENT] = {"price_event", "price_event_pkey", 5, FORM_WIDTH(FormPriceEvent, emergency_mode), INT8OID, true},
};

static const char *const index_name[INDEX_COUNT] = {
	[INDEX_GRID_NAME] = "grid_name_key",
	[INDEX_PARTICIPANT_PRINCIPAL] = "participant_principal_key",
	[INDEX_TRADE_SELLER] = "trade_seller_idx",
	[INDEX_TRADE_BUYER] = "trade_buyer_idx",
	[INDEX_LEDGER_PARTICIPANT] = "ledger_participant_idx",
	[INDEX_LEDGER_COUNTERPARTY] = "ledger_counterparty_idx",
};

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
			oid_cache.valid = false;
		}
	if (relid == InvalidOid || relid == oid_cache.sequence[SEQUENCE_GRID])
		stripes_generation++;
}

/* Is there a table of this name?  Not with a version of the extension from before it. */
bool
relations_has_table(const char *name)
{
	Oid			schema = get_namespace_oid(SCHEMA, true);

	return OidIsValid(schema) && OidIsValid(get_relname_relid(name, schema));
}

static Oid
relation_oid(Oid schema, const char *name)
{
	Oid			oid = get_relname_relid(name, schema);

	if (!OidIsValid(oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" of extension smartgrid does not exist", SCHEMA, name),
				 errhint("Run CREATE EXTENSION smartgrid, or ALTER EXTENSION smartgrid UPDATE after an upgrade of the library.")));
	return oid;
}

static void
look_up_oids(void)
{
	Oid			schema;

	if (oid_cache.valid)
		return;
	if (!oid_cache.callbacks_registered)
	{
		CacheRegisterRelcacheCallback(forget_oids, (Datum) 0);
		oid_cache.callbacks_registered = true;
	}
	schema = get_namespace_oid(SCHEMA, true);
	for (int i = 0; i < TABLE_COUNT; i++)
	{
		oid_cache.table[i] = relation_oid(schema, relations_info[i].name);
		oid_cache.primary_key[i] = relation_oid(schema, relations_info[i].primary_key);
	}
	for (int i = 0; i < INDEX_COUNT; i++)
		oid_cache.index[i] = relation_oid(schema, index_name[i]);
	for (int i = 0; i < SEQUENCE_COUNT; i++)
		oid_cache.sequence[i] = relation_oid(schema, sequence_name[i]);
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

/* Raises 55000 where a table's rows are not what tables.h says: a wrong struct over a row would be silent corruption. */
static void
check_columns(const TableInfo *info, TupleDesc desc)
{
	Size		width = 0;

	if (desc->natts >= info->fixed_columns)
	{
		for (int i = 0; i < info->fixed_columns; i++)
		{
			Form_pg_attribute att = TupleDescAttr(desc, i);

			if (att->attlen <= 0 || !att->attnotnull)
			{
				width = 0;
				break;
			}
			width = att_align_nominal(width, att->attalign) + att->attlen;
		}
	}
	/* A table that is all struct must have no more columns, not even dropped ones. */
	if (info->all_fixed && desc->natts != info->fixed_columns)
		width = 0;
	if (width != info->fixed_width)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s.%s\" does not have the columns that the smartgrid library expects", SCHEMA, info->name),
				 errhint("Run ALTER EXTENSION smartgrid UPDATE; do not alter the extension's tables.")));
}

/*
 * Raises 55000 where the index that a table is read by does not have all of
 * its rows by their key: what it leaves out would be there for everybody but
 * the library.
 */
static void
check_primary_key(StoreTable table)
{
	const TableInfo *info = &relations_info[table];
	Relation	index = index_open(relations_primary_key_oid(table), AccessShareLock);
	Form_pg_index form = index->rd_index;
	int			columns = OidIsValid(info->key_type) ? 1 : 2;
	bool		fits = index->rd_rel->relam == BTREE_AM_OID && form->indisvalid && form->indisready &&
		form->indrelid == relations_table_oid(table) && form->indnkeyatts == columns && RelationGetIndexPredicate(index) == NIL;

	for (int i = 0; i < columns && fits; i++)
		fits = form->indkey.values[i] == i + 1;
	index_close(index, AccessShareLock);
	if (!fits)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s.%s\" is not the primary key of table \"%s.%s\"",
						SCHEMA, info->primary_key, SCHEMA, info->name),
				 errhint("Drop it and make the primary key again; do not alter the extension's tables.")));
}

/* Opens a table of ours, whose columns and primary key are checked whenever it may have changed. */
Relation
relations_open(StoreTable table, LOCKMODE lockmode)
{
	static uint64 checked[TABLE_COUNT]; /* generation + 1 */
	Relation	rel = table_open(relations_table_oid(table), lockmode);

	if (unlikely(checked[table] != generation[table] + 1))
	{
		uint64		current = generation[table];

		check_columns(&relations_info[table], RelationGetDescr(rel));
		check_primary_key(table);
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
 * Announces, at commit, that a stripe has been made: as a change of the
 * sequence of grid ids, which nothing else ever announces (the pool itself is
 * announced by each autovacuum).
 */
void
relations_announce_stripes(void)
{
	look_up_oids();
	CacheInvalidateRelcacheByRelid(oid_cache.sequence[SEQUENCE_GRID]);
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
