/*-------------------------------------------------------------------------
 *
 * shape.c
 *	  What the extension's tables, indexes and sequences look like, and whether
 *	  tables and indexes do.
 *
 * Rows are read as structs, and by index.  A table with other columns would be
 * silent corruption, and what an index or a part of a table leaves out would
 * be there for everybody but the library.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/transam.h"
#include "access/tupmacs.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "storage/lmgr.h"
#include "utils/inval.h"
#include "utils/syscache.h"

#include "store/relations.h"
#include "store/shape.h"

const TableInfo table_info[TABLE_COUNT] = {
	[TABLE_GRID] = {
		.name = "grid", .primary_key = "grid_pkey", .key_type = INT4OID, .lock_rank = LOCK_RANK_GRID,
		.columns = "grid_id price_rule base_price max_topup created_at stripes energy_scale money_scale emergency_mode"
		" name currency low_watermark high_watermark operator_role registration max_amount exact_after",
		.fixed_columns = 9, .fixed_width = FORM_WIDTH(FormGrid, emergency_mode), .further = {TEXTOID, TEXTOID, NUMERICOID, NUMERICOID, TEXTOID, TEXTOID, INT8OID, INT8OID},
		.updates_are_announced = true
	},
	[TABLE_POOL] = {
		.name = "pool", .primary_key = "pool_pkey",
		.columns = "grid_id stripe load capacity revenue",
		.fixed_columns = 5, .fixed_width = FORM_WIDTH(FormPool, revenue),
		.announced_by = SEQUENCE_GRID
	},
	[TABLE_PARTICIPANT] = {
		.name = "participant", .primary_key = "participant_pkey", .key_type = INT8OID, .lock_rank = LOCK_RANK_PARTICIPANT,
		.columns = "participant_id grid_id principal",
		.fixed_columns = 2, .fixed_width = FORM_WIDTH(FormParticipant, grid_id), .further = {TEXTOID}
	},
	[TABLE_PRODUCER] = {
		.name = "producer", .primary_key = "producer_pkey", .key_type = INT8OID, .lock_rank = LOCK_RANK_ACCOUNT,
		.columns = "participant_id capacity current_production total_produced unsold earnings registered_at grid_id"
		" reputation_score energy_type active deactivated_at",
		.fixed_columns = 12, .fixed_width = FORM_WIDTH(FormProducer, deactivated_at)
	},
	[TABLE_CONSUMER] = {
		.name = "consumer", .primary_key = "consumer_pkey", .key_type = INT8OID, .lock_rank = LOCK_RANK_ACCOUNT,
		.columns = "participant_id consumption_limit total_consumed current_usage balance registered_at grid_id active"
		" cost_carry deactivated_at",
		.fixed_columns = 10, .fixed_width = FORM_WIDTH(FormConsumer, deactivated_at)
	},
	[TABLE_STORAGE] = {
		.name = "storage", .primary_key = "storage_pkey", .key_type = INT8OID, .lock_rank = LOCK_RANK_ACCOUNT,
		.columns = "participant_id capacity stored_amount charge_rate discharge_rate registered_at grid_id",
		.fixed_columns = 7, .fixed_width = FORM_WIDTH(FormStorage, grid_id)
	},
	[TABLE_DUE] = {
		.name = "due", .primary_key = "due_pkey", .key_type = INT8OID, .lock_rank = LOCK_RANK_ACCOUNT,
		.columns = "participant_id due grid_id",
		.fixed_columns = 3, .fixed_width = FORM_WIDTH(FormDue, grid_id),
		.may_be_missing = true
	},
	[TABLE_TRADE] = {
		.name = "trade", .primary_key = "trade_pkey", .key_type = INT8OID, .lock_rank = LOCK_RANK_TRADE,
		.columns = "trade_id seller_id buyer_id amount price cost created_at closed_at grid_id status",
		.fixed_columns = 10, .fixed_width = FORM_WIDTH(FormTrade, status)
	},
	[TABLE_LEDGER] = {
		.name = "ledger", .primary_key = "ledger_pkey", .key_type = INT8OID,
		.columns = "entry_id participant_id counterparty_id energy price money trade_id at grid_id kind"
		" booked_at",
		.fixed_columns = 11, .fixed_width = FORM_WIDTH(FormLedger, booked_at)
	},
	[TABLE_METRICS] = {
		.name = "metrics", .primary_key = "metrics_pkey", .key_type = INT8OID,
		.columns = "metrics_id production consumption peak_load efficiency recorded_at grid_id period",
		.fixed_columns = 7, .fixed_width = FORM_WIDTH(FormMetrics, grid_id), .further = {TSTZRANGEOID}, .may_be_null = true
	},
	[TABLE_PRICE_EVENT] = {
		.name = "price_event", .primary_key = "price_event_pkey", .key_type = INT8OID,
		.columns = "event_id at base_price grid_id emergency_mode price_rule",
		.fixed_columns = 6, .fixed_width = FORM_WIDTH(FormPriceEvent, price_rule)
	},
	[TABLE_REQUEST] = {
		.name = "request", .primary_key = "request_pkey",
		.columns = "hash made_at entry_id grid_id is_role caller reference function arguments result",
		.fixed_columns = 5, .fixed_width = FORM_WIDTH(FormRequest, is_role), .further = {TEXTOID, TEXTOID, TEXTOID, BYTEAOID, TEXTARRAYOID},
		.may_be_missing = true
	},
	[TABLE_INTERVAL_DAY] = {
		.name = "interval_day", .primary_key = "interval_day_pkey",
		.columns = "point_id batch_id recorded_at grid_id day version data",
		.fixed_columns = 6, .fixed_width = FORM_WIDTH(FormIntervalDay, version), .further = {SHAPE_SG_DAY},
		.may_be_missing = true
	},
	[TABLE_OPEN_SLOT] = {
		.name = "open_slot", .primary_key = "open_slot_pkey",
		.columns = "batch_id recorded_at start grid_id day minutes data",
		.fixed_columns = 6, .fixed_width = FORM_WIDTH(FormOpenSlot, minutes), .further = {BYTEAOID},
		.may_be_missing = true
	},
	[TABLE_ENTRY_DIGEST] = {
		.name = "entry_digest", .primary_key = "entry_digest_pkey", .key_type = INT8OID,
		.columns = "entry_id grid_id digest",
		.fixed_columns = 2, .fixed_width = FORM_WIDTH(FormEntryDigest, grid_id), .further = {BYTEAOID},
		.may_be_missing = true
	},
};

const KeyInfo key_info[INDEX_COUNT] = {
	[INDEX_GRID_NAME] = {"grid_name_key", TABLE_GRID, {Anum_grid_name, 0}},
	[INDEX_PARTICIPANT_PRINCIPAL] = {"participant_principal_key", TABLE_PARTICIPANT, {Anum_participant_principal, Anum_participant_grid_id}},
	[INDEX_TRADE_SELLER] = {"trade_seller_idx", TABLE_TRADE, {Anum_trade_seller_id, Anum_trade_buyer_id}},
	[INDEX_TRADE_BUYER] = {"trade_buyer_idx", TABLE_TRADE, {Anum_trade_buyer_id, Anum_trade_trade_id}},
	[INDEX_LEDGER_PARTICIPANT] = {"ledger_participant_idx", TABLE_LEDGER, {Anum_ledger_participant_id, Anum_ledger_entry_id}},
	[INDEX_LEDGER_COUNTERPARTY] = {"ledger_counterparty_idx", TABLE_LEDGER, {Anum_ledger_counterparty_id, Anum_ledger_entry_id}, .partial = true},
	[INDEX_REQUEST] = {"request_pkey", TABLE_REQUEST, {Anum_request_hash, Anum_request_reference, Anum_request_caller, Anum_request_grid_id, Anum_request_is_role}},
	[INDEX_OPEN_SLOT] = {"open_slot_pkey", TABLE_OPEN_SLOT, {Anum_open_slot_grid_id, Anum_open_slot_day, Anum_open_slot_start, Anum_open_slot_batch_id, Anum_open_slot_minutes}},
	[INDEX_INTERVAL_DAY] = {"interval_day_pkey", TABLE_INTERVAL_DAY, {Anum_interval_day_day, Anum_interval_day_point_id, Anum_interval_day_version}},
};

const char *const sequence_name[SEQUENCE_COUNT] = {
	[SEQUENCE_GRID] = "grid_id_seq",
	[SEQUENCE_PARTICIPANT] = "participant_id_seq",
	[SEQUENCE_TRADE] = "trade_id_seq",
	[SEQUENCE_LEDGER] = "ledger_entry_id_seq",
	[SEQUENCE_METRICS] = "metrics_id_seq",
	[SEQUENCE_PRICE_EVENT] = "price_event_id_seq",
	[SEQUENCE_BATCH] = "batch_id_seq",
};

/*
 * Raises 55000 if a table is not a plain one: a view, or one in parts, whose
 * rows lie elsewhere, or one that others inherit from.
 */
static void
require_kind(const TableInfo *info, Relation rel)
{
	bool		plain = rel->rd_rel->relkind == RELKIND_RELATION;

	if (!plain || (rel->rd_rel->relhassubclass && find_inheritance_children(RelationGetRelid(rel), NoLock) != NIL))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s.%s\" is not a table by itself", STORE_SCHEMA, info->name),
				 plain ? errdetail("Other tables inherit from it.") : errdetail("It is a view, or has its rows in other tables."),
				 errhint("Do not alter the extension's tables.")));
}

/* Are there just the columns that there should be, by their names?  Not even dropped ones more: rows are made from arrays of all. */
static bool
names_fit(const TableInfo *info, TupleDesc desc)
{
	const char *name = info->columns;
	int			n = 0;

	for (; *name; n++)
	{
		size_t		len = strcspn(name, " ");

		if (n >= desc->natts || strlen(NameStr(TupleDescAttr(desc, n)->attname)) != len ||
			memcmp(NameStr(TupleDescAttr(desc, n)->attname), name, len) != 0)
			return false;
		name += len + (name[len] == ' ');
	}
	return n == desc->natts;
}

/* Are the columns of the struct as it has them? */
static bool
struct_fits(const TableInfo *info, TupleDesc desc)
{
	Size		width = 0;

	if (desc->natts < info->fixed_columns)
		return false;
	for (int i = 0; i < info->fixed_columns; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attlen <= 0 || !att->attnotnull)
			return false;
		width = att_align_nominal(width, att->attalign) + att->attlen;
	}
	return width == info->fixed_width;
}

/* Is this the type that a column should have? */
static bool
type_fits(Oid type, Oid expected)
{
	HeapTuple	tuple;
	bool		fits;

	if (expected != SHAPE_SG_DAY)
		return type == expected;
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	if (!HeapTupleIsValid(tuple))
		return false;
	fits = strcmp(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname), "sg_day") == 0;
	ReleaseSysCache(tuple);
	return fits;
}

/* Are the columns that the struct does not cover what the library reads? */
static bool
further_columns_fit(const TableInfo *info, TupleDesc desc)
{
	for (int i = 0; i < FURTHER_MAX && OidIsValid(info->further[i]); i++)
	{
		Form_pg_attribute att;

		if (info->fixed_columns + i >= desc->natts)
			return false;
		att = TupleDescAttr(desc, info->fixed_columns + i);
		if (!type_fits(att->atttypid, info->further[i]) || (!att->attnotnull && !info->may_be_null))
			return false;
	}
	return true;
}

/* Raises 55000 if a table's rows are not what tables.h says. */
static void
require_columns(const TableInfo *info, TupleDesc desc)
{
	if (!struct_fits(info, desc) || !further_columns_fit(info, desc) || !names_fit(info, desc))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s.%s\" does not have the columns that the smartgrid library expects", STORE_SCHEMA, info->name),
				 errhint("Run ALTER EXTENSION smartgrid UPDATE; do not alter the extension's tables.")));
}

/* Has an index all rows by these columns, but for one that may be partial?  If not, changed_by is the transaction that changed it last. */
static bool
index_fits(Oid index_oid, const KeyInfo *key, TransactionId *changed_by)
{
	Relation	index = index_open(index_oid, AccessShareLock);
	Form_pg_index form = index->rd_index;
	int			n = 0;
	bool		fits = index->rd_rel->relam == BTREE_AM_OID && form->indisvalid && form->indisready &&
		form->indrelid == relations_table_oid(key->table) &&
		(key->partial || RelationGetIndexPredicate(index) == NIL);

	for (; n < KEY_COLUMNS_MAX && key->columns[n] && fits; n++)
		fits = n < form->indnkeyatts && form->indkey.values[n] == key->columns[n];
	fits = fits && form->indnkeyatts == n;
	*changed_by = HeapTupleHeaderGetXmin(index->rd_indextuple->t_data);
	index_close(index, AccessShareLock);
	return fits;
}

/*
 * The same for an index that is found by its name.  REINDEX CONCURRENTLY may
 * have put another in its place since its name was looked up.  Whoever has done
 * so is seen to have before it says so, which it has once it has given up its
 * locks.
 */
static bool
key_fits(Oid (*look_up) (int which), int which, const KeyInfo *key)
{
	TransactionId changed_by;
	Oid			index_oid;

	do
	{
		index_oid = look_up(which);
		if (index_fits(index_oid, key, &changed_by))
			return true;
		if (TransactionIdIsNormal(changed_by) && !TransactionIdIsCurrentTransactionId(changed_by))
			XactLockTableWait(changed_by, NULL, NULL, XLTW_None);
		AcceptInvalidationMessages();
	} while (look_up(which) != index_oid);
	return false;
}

static Oid
primary_key_of(int table)
{
	return relations_primary_key_oid((StoreTable) table);
}

static Oid
key_of(int index)
{
	return relations_index_oid((StoreIndex) index);
}

/* Is an index one of key_info? */
static bool
is_of_key_info(const char *name)
{
	for (int i = 0; i < INDEX_COUNT; i++)
		if (strcmp(key_info[i].name, name) == 0)
			return true;
	return false;
}

/* Raises 55000 if an index that a table is read by is not what it should be. */
static void
require_indexes(StoreTable table)
{
	const TableInfo *info = &table_info[table];
	const KeyInfo primary_key = {info->primary_key, table, {1, OidIsValid(info->key_type) ? 0 : 2}};

	if (!is_of_key_info(info->primary_key) && !key_fits(primary_key_of, table, &primary_key))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s.%s\" is not the primary key of table \"%s.%s\"",
						STORE_SCHEMA, info->primary_key, STORE_SCHEMA, info->name),
				 errhint("Drop it and make the primary key again; do not alter the extension's tables.")));
	for (int i = 0; i < INDEX_COUNT; i++)
		if (key_info[i].table == table && !key_fits(key_of, i, &key_info[i]))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("index \"%s.%s\" of table \"%s.%s\" is not the one that the library reads by",
							STORE_SCHEMA, key_info[i].name, STORE_SCHEMA, info->name),
					 errhint("Drop it and make it again as CREATE EXTENSION does; do not alter the extension's tables.")));
}

/* Raises 55000 if a table, which the caller has open and locked, or an index of it is not what the library expects. */
void
shape_require(Relation rel, StoreTable table)
{
	require_kind(&table_info[table], rel);
	require_columns(&table_info[table], RelationGetDescr(rel));
	require_indexes(table);
}
