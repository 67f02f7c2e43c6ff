/*-------------------------------------------------------------------------
 *
 * dated.c
 *	  Dated facts: what is so from when to when, and since when that is on record.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/errors.h"
#include "metering/dated.h"

DatedSettledHook dated_settled_hook = NULL;

/* What comes before the attributes: of a row that is found, and of one that is inserted. */
enum
{
	FOUND_VALID_FROM = 1,
	FOUND_VALID_TO,
	FOUND_BEGINS_ANEW,
	FOUND_ATTRIBUTES
};
enum
{
	INSERT_GRID_ID,
	INSERT_KEY,
	INSERT_VALID_FROM,
	INSERT_VALID_TO,
	INSERT_RECORDED_AT,
	INSERT_BEGINS_ANEW,
	INSERT_ATTRIBUTES
};

/* The names of the attributes of a table, each after a comma. */
static char *
attribute_list(const DatedTable *table)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < table->nattributes; i++)
		appendStringInfo(&list, ", %s", table->attributes[i]);
	return list.data;
}

/* Parameters of a statement, each after a comma. */
static char *
parameter_list(int from, int to)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = from; i <= to; i++)
		appendStringInfo(&list, ", $%d", i);
	return list.data;
}

static void
set_plan(ElevatedPlan *plan, char *sql, int nargs, const Oid *argtypes)
{
	plan->sql = MemoryContextStrdup(TopMemoryContext, sql);
	plan->nargs = nargs;
	memcpy(plan->argtypes, argtypes, nargs * sizeof(Oid));
}

/* Writes the statements of a table, unless that was done before. */
static void
require_statements(DatedTable *table)
{
	Oid			types[INSERT_ATTRIBUTES + DATED_MAX_ATTRIBUTES] = {INT4OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, BOOLOID};
	char	   *attributes;
	char	   *key;
	char	   *key_is;

	if (table->insert.sql != NULL)
		return;
	StaticAssertStmt(INSERT_ATTRIBUTES + DATED_MAX_ATTRIBUTES <= ELEVATED_MAX_ARGS, "too many attributes");
	attributes = attribute_list(table);
	key = table->key ? psprintf(", %s", table->key) : "";
	key_is = psprintf("grid_id = $1%s AND superseded_at = 'infinity'", table->key ? psprintf(" AND %s = $2", table->key) : "");
	set_plan(&table->find,
			 psprintf("SELECT valid_from, valid_to, begins_anew%s FROM smartgrid.%s WHERE %s AND valid_to >= $3 ORDER BY valid_from LIMIT 3",
					  attributes, table->name, key_is), 3, types);
	set_plan(&table->supersede,
			 psprintf("UPDATE smartgrid.%s SET superseded_at = $4 WHERE %s AND valid_from = $3", table->name, key_is), 4, types);
	set_plan(&table->supersede_from,
			 psprintf("UPDATE smartgrid.%s SET superseded_at = $4 WHERE %s AND valid_to > $3", table->name, key_is), 4, types);
	memcpy(types + INSERT_ATTRIBUTES, table->types, table->nattributes * sizeof(Oid));
	set_plan(&table->insert,
			 psprintf("INSERT INTO smartgrid.%s (grid_id%s, valid_from, valid_to, recorded_at, begins_anew%s, superseded_at)"
					  " VALUES ($1%s%s, 'infinity')",
					  table->name, key, attributes, table->key ? ", $2" : "",
					  parameter_list(INSERT_VALID_FROM + 1, INSERT_ATTRIBUTES + table->nattributes)),
			 INSERT_ATTRIBUTES + table->nattributes, types);
}

/* A row that was found, its values in the context. */
static DatedFact
fact_of(const DatedTable *table, uint64 row, MemoryContext context)
{
	MemoryContext old;
	DatedFact	fact;

	fact.valid_from = DatumGetTimestampTz(elevated_value(row, FOUND_VALID_FROM, TIMESTAMPTZOID));
	fact.valid_to = DatumGetTimestampTz(elevated_value(row, FOUND_VALID_TO, TIMESTAMPTZOID));
	fact.begins_anew = DatumGetBool(elevated_value(row, FOUND_BEGINS_ANEW, BOOLOID));
	old = MemoryContextSwitchTo(context);
	for (int i = 0; i < table->nattributes; i++)
	{
		int16		len;
		bool		byval;

		get_typlenbyval(table->types[i], &len, &byval);
		fact.values[i] = datumCopy(elevated_value(row, FOUND_ATTRIBUTES + i, table->types[i]), byval, len);
	}
	MemoryContextSwitchTo(old);
	return fact;
}

/* What is on record of a key around a time. */
void
dated_find(DatedPlace *place, DatedTable *table, int32 grid_id, int64 key, TimestampTz at)
{
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(key), TimestampTzGetDatum(at)};

	*place = (DatedPlace) {.table = table, .grid_id = grid_id, .key = key, .at = at, .until = DT_NOEND};
	require_statements(table);
	elevated_begin(&elevation);
	elevated_execute(&table->find, values, NULL, IN_NEW_SNAPSHOT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		DatedFact	fact = fact_of(table, i, caller);

		if (fact.valid_from < at)
		{
			place->before = fact;
			place->has_before = true;
		}
		if (fact.valid_from <= at && at < fact.valid_to)
		{
			place->current = fact;
			place->has_current = true;
		}
		if (fact.valid_from > at && !place->has_next)
		{
			place->next = fact;
			place->has_next = true;
		}
	}
	elevated_end(&elevation);
	place->begins_anew = place->has_before && place->before.valid_to == at &&
		(!place->has_current || place->current.begins_anew);
	if (place->begins_anew)
		place->has_before = false;
	if (place->has_current)
		place->until = place->current.valid_to;
	else if (place->has_next)
		place->until = place->next.valid_from;
}

/* SG110 if something of [from, to) in a grid has been settled for good, unless that is to be corrected. */
Refusal *
refuse_settled(int32 grid_id, TimestampTz from, TimestampTz to, bool correct)
{
	char	   *settled = correct || dated_settled_hook == NULL ? NULL : dated_settled_hook(grid_id, from, to);

	if (settled == NULL)
		return NULL;
	return refusal_hint(refuse(ERRCODE_SG_CLOSED, "the change is within a period that is settled: %s", settled),
						"Say correct => true: then it shows in the next correction run.");
}

static bool
values_equal(const DatedTable *table, const Datum *one, const Datum *other)
{
	for (int i = 0; i < table->nattributes; i++)
	{
		TypeCacheEntry *type = lookup_type_cache(table->types[i], TYPECACHE_EQ_OPR_FINFO);

		if (!DatumGetBool(FunctionCall2Coll(&type->eq_opr_finfo, C_COLLATION_OID, one[i], other[i])))
			return false;
	}
	return true;
}

static void
supersede(const DatedPlace *place, ElevatedPlan *plan, TimestampTz from, TimestampTz recorded_at)
{
	Datum		values[] = {
		Int32GetDatum(place->grid_id), Int64GetDatum(place->key), TimestampTzGetDatum(from), TimestampTzGetDatum(recorded_at)
	};

	elevated_execute(plan, values, NULL, IN_NEW_SNAPSHOT);
}

static void
insert(const DatedPlace *place, TimestampTz from, TimestampTz to, TimestampTz recorded_at, bool begins_anew, const Datum *attributes)
{
	Datum		values[INSERT_ATTRIBUTES + DATED_MAX_ATTRIBUTES];

	values[INSERT_GRID_ID] = Int32GetDatum(place->grid_id);
	values[INSERT_KEY] = Int64GetDatum(place->key);
	values[INSERT_VALID_FROM] = TimestampTzGetDatum(from);
	values[INSERT_VALID_TO] = TimestampTzGetDatum(to);
	values[INSERT_RECORDED_AT] = TimestampTzGetDatum(recorded_at);
	values[INSERT_BEGINS_ANEW] = BoolGetDatum(begins_anew);
	memcpy(values + INSERT_ATTRIBUTES, attributes, place->table->nattributes * sizeof(Datum));
	elevated_execute(&place->table->insert, values, NULL, IN_NEW_SNAPSHOT);
}

/* What began before the time ends there now. */
static void
cut(const DatedPlace *place, TimestampTz recorded_at)
{
	if (place->has_current && place->current.valid_from < place->at)
		insert(place, place->current.valid_from, place->at, recorded_at, place->current.begins_anew, place->current.values);
}

/* Does a fact with these attributes begin at the place's time already? */
bool
dated_is_on_record(const DatedPlace *place, const Datum *values)
{
	return place->has_current && place->current.valid_from == place->at && values_equal(place->table, place->current.values, values);
}

/* Records a fact with these attributes from the place's time on; false if it is on record just so. */
bool
dated_set(const DatedPlace *place, const Datum *values, Recording *recording)
{
	Elevation	elevation;
	TimestampTz recorded_at;

	if (dated_is_on_record(place, values))
		return false;
	recorded_at = recording_next(recording);
	elevated_begin(&elevation);
	if (place->has_current)
		supersede(place, &place->table->supersede, place->current.valid_from, recorded_at);
	cut(place, recorded_at);
	insert(place, place->at, place->until, recorded_at, place->begins_anew, values);
	elevated_end(&elevation);
	return true;
}

/* Records that nothing holds from the place's time on; false if nothing does. */
bool
dated_end(const DatedPlace *place, Recording *recording)
{
	Elevation	elevation;
	TimestampTz recorded_at;

	if (!place->has_current && !place->has_next)
		return false;
	recorded_at = recording_next(recording);
	elevated_begin(&elevation);
	supersede(place, &place->table->supersede_from, place->at, recorded_at);
	cut(place, recorded_at);
	elevated_end(&elevation);
	return true;
}
