/*-------------------------------------------------------------------------
 *
 * series.c
 *	  Reading what happened in a period, as the caller may see it.
 *
 * Whoever reads the whole grid gets all of its entries, anybody else those
 * that its own participant is a party of: what row-level security shows of the
 * ledger.  Read in the active snapshot, without locks.
 *
 * Of a whole grid, quarter-hours are read from its rollups where no border of
 * the buckets cuts them, and what is in no rollup yet from the ledger.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "base/number.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "ledger/effect.h"
#include "ledger/ledger.h"
#include "ledger/reader.h"
#include "series/producer_types.h"
#include "series/quarters.h"
#include "series/rollup.h"
#include "series/series.h"
#include "store/elevated.h"

/* With more quarter-hours than this that are cut by a border, the whole period is read from the ledger. */
#define CUT_MAX		8

/* Quarter-hours of a period that its buckets cut. */
typedef struct Cuts
{
	int			n;				/* CUT_MAX + 1: too many */
	TimestampTz start[CUT_MAX + 1];
} Cuts;

/* Narrows a series down to one participant; SG102 unless the caller is that or reads the whole grid, SG101 participant. */
static void
narrow_down(Series *series, const char *principal)
{
	const char *caller = identity_principal_or_null();
	int64		id = participant_id_of(series->grid, principal);

	if (!series->whole && (caller == NULL || strcmp(caller, principal) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("the series of \"%s\" is not yours to read", principal),
				 errhint("Members read their own, operators of the grid and auditors those of all.")));
	if (id == PARTICIPANT_NONE)
		error_participant_not_found("participant", principal, series->grid);
	series->whole = false;
	series->own = id;
	series->viewer = (Viewer) {.nown = 1, .own = palloc(sizeof(int64))};
	series->viewer.own[0] = id;
}

/*
 * Looks who calls, and for which grid; principal: whose series is wanted, NULL:
 * all that the caller may see.  SG101 grid; of a principal that is given: SG102
 * unless it is the caller or the caller reads the grid, then SG101.
 */
void
series_open(Series *series, const char *grid_name, const char *principal)
{
	Grid	   *grid = grid_find(grid_name);

	if (grid == NULL)
		error_grid_not_found(grid_name);
	series->grid = grid;
	viewer_of_caller_in(&series->viewer, grid->form.grid_id);
	series->whole = viewer_reads_grid(&series->viewer, grid->form.grid_id);
	series->own = series->viewer.nown > 0 ? series->viewer.own[0] : PARTICIPANT_NONE;
	if (principal)
		narrow_down(series, principal);
}

/* Puts an entry where it belongs. */
static Sums *
take_entry(SeriesSink *sink, ProducerTypes *types, const FormLedger *entry)
{
	const Buckets *buckets = sink->buckets;
	Sums	   *sums;

	if (entry->at < buckets->border[0])
		return NULL;
	if (entry->at >= buckets->border[buckets->n])
	{
		sink->change_after += effect_load_change(entry);
		return NULL;
	}
	sums = sink->sums_at(sink, entry->at);
	sums_add(sums, entry, producer_types_of(types, entry));
	return sums;
}

/* Takes the entries of the grid from one id on; load is that before them. */
static void
read_tail(const Series *series, SeriesSink *sink, ProducerTypes *types, int64 from, sg_int128 load)
{
	LedgerReader reader;
	const FormLedger *entry;

	ledger_reader_open_grid(&reader, series->grid->form.grid_id, from, ENTRY_LAST);
	while ((entry = ledger_reader_next(&reader)) != NULL)
	{
		Sums	   *sums = take_entry(sink, types, entry);

		load += effect_load_change(entry);
		if (sums && sink->with_peaks && !ledger_is_first_half(entry))
			sums_add_peak(sums, load, entry->at);
	}
	ledger_reader_close(&reader);
}

/* Takes the entries that the caller's participant is a party of. */
static void
read_own(const Series *series, SeriesSink *sink, ProducerTypes *types)
{
	LedgerReader reader;
	const FormLedger *entry;

	ledger_reader_open(&reader, &series->viewer, ENTRY_FIRST, ENTRY_LAST);
	while ((entry = ledger_reader_next(&reader)) != NULL)
		if (entry->grid_id == series->grid->form.grid_id)
			(void) take_entry(sink, types, entry);
	ledger_reader_close(&reader);
}

/* Which quarter-hours the borders of buckets cut. */
static void
find_cuts(const Buckets *buckets, Cuts *cuts)
{
	cuts->n = 0;
	for (int i = 0; i <= buckets->n && cuts->n <= CUT_MAX; i++)
	{
		TimestampTz start = quarter_start(buckets->border[i]);

		if (start != buckets->border[i] && (cuts->n == 0 || cuts->start[cuts->n - 1] != start))
			cuts->start[cuts->n++] = start;
	}
}

/* Where sums over rolled up entries of a time and later ones belong; NULL outside of the period. */
static Sums *
find_sums(SeriesSink *sink, TimestampTz at, const Sums *sums)
{
	const Buckets *buckets = sink->buckets;

	if (at >= buckets->border[buckets->n])
		sink->change_after += sums->value[SUM_LOAD_CHANGE];
	else if (at >= buckets->border[0])
		return sink->sums_at(sink, at);
	return NULL;
}

static void
take_rollup(void *sink, TimestampTz start, const Sums *sums)
{
	((SeriesSink *) sink)->take(sink, start, sums);
}

static void
take_production(void *sink, TimestampTz start, int energy_type, sg_int128 energy)
{
	((SeriesSink *) sink)->take_production(sink, start, energy_type, energy);
}

/*
 * Takes the entries of a time that are in rollups from the ledger, added up by
 * bucket, kind and energy type.
 */
static void
read_sealed(const Series *series, SeriesSink *sink, TimestampTz from, TimestampTz to, int64 next_entry)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT width_bucket(l.at, $2), l.kind, p.energy_type, count(*), sum(l.energy), sum(l.money),"
		" sum(CASE WHEN l.kind = ANY ($6) THEN l.energy::numeric * l.price ELSE 0 END), min(l.price), max(l.price)"
		" FROM smartgrid.ledger AS l"
		" LEFT JOIN smartgrid.producer AS p ON l.kind = ANY ($7) AND p.participant_id = l.participant_id"
		" WHERE l.grid_id = $1 AND l.at >= $3 AND l.at < $4 AND l.entry_id < $5"
		" GROUP BY 1, 2, 3",
		.nargs = 7,
		.argtypes = {INT4OID, TIMESTAMPTZARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT2ARRAYOID, INT2ARRAYOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	const Buckets *buckets = sink->buckets;
	Datum		values[] = {
		Int32GetDatum(series->grid->form.grid_id), buckets_borders(buckets),
		TimestampTzGetDatum(from), TimestampTzGetDatum(to), Int64GetDatum(next_entry),
		effect_kinds(effect_has_value), effect_kinds(effect_is_production)
	};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		untyped;
		Datum		type = elevated_column(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 3, INT2OID, &untyped);
		int32		n = DatumGetInt32(elevated_value(i, 1, INT4OID));	/* how many borders are not after it */
		EntryGroup	group = {
			.kind = DatumGetInt16(elevated_value(i, 2, INT2OID)),
			.energy_type = untyped ? ENERGY_TYPE_NONE : DatumGetInt16(type),
			.entries = DatumGetInt64(elevated_value(i, 4, INT8OID)),
			.energy = number_int128(elevated_value(i, 5, NUMERICOID)),
			.money = number_int128(elevated_value(i, 6, NUMERICOID)),
			.value = number_int128(elevated_value(i, 7, NUMERICOID)),
			.price_low = DatumGetInt64(elevated_value(i, 8, INT8OID)),
			.price_high = DatumGetInt64(elevated_value(i, 9, INT8OID))
		};
		Sums		sums;
		Sums	   *place;

		sums_init(&sums);
		sums_add_group(&sums, &group);
		place = n > 0 ? find_sums(sink, Max(buckets->border[n - 1], from), &sums) : NULL;
		if (place)
			sums_merge(place, &sums);
	}
	elevated_end(&elevation);
}

/* Notes the loads after the entries of a time that are in rollups: each block with one of them is walked through. */
static void
read_sealed_peaks(const Series *series, SeriesSink *sink, TimestampTz from, TimestampTz to, int64 next_entry)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT DISTINCT b.height, b.first_entry, b.last_entry,"
		" COALESCE((SELECT o.load FROM smartgrid.block AS o WHERE o.grid_id = $1 AND o.height = b.height - 1), 0)"
		" FROM smartgrid.ledger AS l"
		" CROSS JOIN LATERAL (SELECT k.height, k.first_entry, k.last_entry"
		" FROM smartgrid.block AS k"
		" WHERE k.grid_id = $1 AND k.last_entry >= l.entry_id"
		" ORDER BY k.last_entry"
		" LIMIT 1) AS b"
		" WHERE l.grid_id = $1 AND l.at >= $2 AND l.at < $3 AND l.entry_id < $4",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	typedef struct Walk
	{
		int64		first_entry;
		int64		last_entry;
		sg_int128	load;			/* before the first */
	} Walk;
	Datum		values[] = {
		Int32GetDatum(series->grid->form.grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), Int64GetDatum(next_entry)
	};
	MemoryContext caller = CurrentMemoryContext;
	Walk	   *walks;
	uint64		n;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	n = SPI_processed;
	walks = MemoryContextAlloc(caller, Max(n, 1) * sizeof(Walk));
	for (uint64 i = 0; i < n; i++)
	{
		walks[i] = (Walk) {
			.first_entry = DatumGetInt64(elevated_value(i, 2, INT8OID)),
			.last_entry = DatumGetInt64(elevated_value(i, 3, INT8OID)),
			.load = number_int128(elevated_value(i, 4, NUMERICOID))
		};
	}
	elevated_end(&elevation);

	for (uint64 i = 0; i < n; i++)
	{
		LedgerReader reader;
		const FormLedger *entry;

		ledger_reader_open_grid(&reader, series->grid->form.grid_id, walks[i].first_entry, walks[i].last_entry);
		while ((entry = ledger_reader_next(&reader)) != NULL)
		{
			walks[i].load += effect_load_change(entry);
			if (entry->at >= from && entry->at < to && !ledger_is_first_half(entry))
				sums_add_peak(sink->sums_at(sink, entry->at), walks[i].load, entry->at);
		}
		ledger_reader_close(&reader);
	}
	pfree(walks);
}

/* Takes what is rolled up from a time on: by rollups, but cut quarter-hours by the ledger. */
static void
read_rollups(const Series *series, SeriesSink *sink, int64 next_entry)
{
	int32		grid_id = series->grid->form.grid_id;
	const Buckets *buckets = sink->buckets;
	TimestampTz first = quarter_start(buckets->border[0]);
	TimestampTz period_end = buckets->border[buckets->n];
	TimestampTz end = quarter_start(period_end - 1) + QUARTER_HOUR;
	RollupReader reader = {.take = take_rollup, .take_production = take_production, .arg = sink};
	Cuts		cuts;

	find_cuts(buckets, &cuts);
	if (cuts.n > CUT_MAX)
		read_sealed(series, sink, first, end, next_entry);
	else
		for (int i = 0; i < cuts.n; i++)
			read_sealed(series, sink, cuts.start[i], cuts.start[i] + QUARTER_HOUR, next_entry);
	if (sink->with_peaks)
		for (int i = 0; i < cuts.n; i++)
			read_sealed_peaks(series, sink, Max(cuts.start[i], buckets->border[0]),
							  Min(cuts.start[i] + QUARTER_HOUR, period_end), next_entry);
	if (cuts.n <= CUT_MAX)
		rollup_read(grid_id, first, end, cuts.start, cuts.n, &reader);
	sink->change_after += rollup_change_from(grid_id, end);
}

/* Takes all entries of the grid. */
static void
read_whole(const Series *series, SeriesSink *sink, ProducerTypes *types)
{
	RollupEnd	end = rollup_end(series->grid->form.grid_id);

	read_tail(series, sink, types, end.next_entry, end.load);
	if (end.next_entry > PG_INT64_MIN)
		read_rollups(series, sink, end.next_entry);
}

/* Reads what the caller may see of a period into a sink. */
void
series_read(const Series *series, SeriesSink *sink)
{
	ProducerTypes types;

	sink->change_after = 0;
	producer_types_open(&types);
	if (series->whole)
		read_whole(series, sink, &types);
	else
		read_own(series, sink, &types);
	producer_types_close(&types);
}
