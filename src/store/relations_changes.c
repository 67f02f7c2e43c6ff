/*-------------------------------------------------------------------------
 *
 * relations_changes.c
 *	  What this backend has heard of changes to the extension's tables, and
 *	  announcing changes to what backends keep of their rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "storage/sinval.h"
#include "utils/inval.h"

#include "store/relations.h"
#include "store/shape.h"

PG_FUNCTION_INFO_V1(sg_note_change);

/*
 * Counts the invalidations of each table: what a backend keeps of its rows
 * (a grid, the ids of principals) is good while the count stays.
 */
static uint64 generation[TABLE_COUNT];

/* The same of the sequences, by which some changes are announced. */
static uint64 sequence_generation[SEQUENCE_COUNT];

/* What had been heard of each table when the snapshot of the present call was taken. */
static uint64 snapshot_generation[TABLE_COUNT];

/* A relcache invalidation of a table has arrived. */
void
relations_hear_of_table(StoreTable table)
{
	generation[table]++;
}

/* The same of a sequence. */
void
relations_hear_of_sequence(StoreSequence sequence)
{
	sequence_generation[sequence]++;
}

/*
 * The number of invalidations of a table that this backend has heard of.  Rows
 * that backends keep are announced when they change (store_update(), and the
 * trigger note_change for SQL), to arrive with the commit.
 */
uint64
relations_generation(StoreTable table)
{
	return generation[table];
}

/* The number of announcements of a table, by relations_announce(), that this backend has heard of. */
uint64
relations_announcements(StoreTable table)
{
	StoreSequence sequence = table_info[table].announced_by;

	return sequence == SEQUENCE_NONE ? generation[table] : sequence_generation[sequence];
}

/* The relation whose change announces one of what is kept of a table. */
static Oid
announcing_relation(StoreTable table)
{
	StoreSequence sequence = table_info[table].announced_by;

	return sequence == SEQUENCE_NONE ? relations_table_oid(table) : relations_sequence_oid(sequence);
}

/* Announces, at commit, that what backends keep of a table has changed. */
void
relations_announce(StoreTable table)
{
	CacheInvalidateRelcacheByRelid(announcing_relation(table));
}

/* Announces it at once, though this transaction has not committed. */
void
relations_announce_now(StoreTable table)
{
	SharedInvalidationMessage message;

	memset(&message, 0, sizeof(message));
	message.rc.id = SHAREDINVALRELCACHE_ID;
	message.rc.dbId = MyDatabaseId;
	message.rc.relId = announcing_relation(table);
	SendSharedInvalidMessages(&message, 1);
}

/*
 * May a call that writes use and fill what is kept of this table's rows?  Not
 * under REPEATABLE READ and SERIALIZABLE, whose snapshot is older than what
 * this backend has heard, and not once it has heard of a change since the
 * call's snapshot was taken: a row read in that could be the old one.
 *
 * For use between store_push_snapshot() and store_end() only: the snapshot of a
 * query that merely reads may be of any age.
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
	for (int table = 0; table < TABLE_COUNT; table++)
		if (!table_info[table].may_be_missing && relations_table_oid(table) == RelationGetRelid(rel))
			relations_announce(table);
	return PointerGetDatum(NULL);
}
