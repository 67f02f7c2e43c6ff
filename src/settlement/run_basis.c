/*-------------------------------------------------------------------------
 *
 * run_basis.c
 *	  A run: what it is computed from, so that it can be told whether that has
 *	  changed, and computed again.
 *
 * Each part has a digest of its content, which knows nothing of numbers and
 * recorded times: two databases with the same data have the same.  Periods are cut
 * at the ends of the run, and adjacent ones of the same content are one; so what
 * is changed elsewhere changes nothing here (doc/evidence.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "port/pg_bswap.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/csv.h"
#include "grid/zone.h"
#include "metering/point_rows.h"
#include "metering/slot.h"
#include "settlement/allocation_rows.h"
#include "settlement/run_names.h"
#include "settlement/run_state.h"

#define DATE_TEXT_MAX	16

/* Adds a part; nothing of it is copied. */
static void
add(RunState *state, const char *kind, const char *key, const char *version, TimestampTz from, TimestampTz to, const Digest *digest)
{
	Run		   *run = state->run;

	if (run->nbasis == state->basis_room)
	{
		state->basis_room = Max(2 * state->basis_room, 64);
		run->basis = run->basis ? repalloc_huge(run->basis, state->basis_room * sizeof(RunBasis))
			: palloc_extended(state->basis_room * sizeof(RunBasis), MCXT_ALLOC_HUGE);
	}
	run->basis[run->nbasis++] = (RunBasis) {
		.kind = kind, .key = key, .version = version, .digest = *digest,
		.from = Max(from, state->run->basis_from), .to = Min(to, state->request->to)
	};
}

/* Adds a part of which a text says everything. */
static void
add_text(RunState *state, const char *kind, const char *key, const char *text, TimestampTz from, TimestampTz to)
{
	Digest		digest;

	hasher_digest_text(&state->day_hasher, utf8_of(text), &digest);
	add(state, kind, key, text, from, to, &digest);
}

static char *
decimal(sg_int128 value, int digits)
{
	char	   *text = palloc(64);

	(void) run_decimal_text(value, digits, text);
	return text;
}

static char *
field(const char *text)
{
	char	   *result = palloc(CSV_FIELD_MAX(strlen(text)));

	result[csv_field(text, result)] = '\0';
	return result;
}

/* What is read of a point's day: its slots within the run, amounts as 64 bits, the lowest byte first, then letters of qualities. */
static void
hash_span(Hasher *hasher, const MeterDay *day, const ReadSpan *span)
{
	char		head[64];
	char		letters[DAY_MAX_SLOTS];
	int			n = span->to - span->from;

	hasher_add(hasher, head, snprintf(head, sizeof(head), ",%d,%d,%d\n", day->minutes, span->from, n));
#ifdef WORDS_BIGENDIAN
	for (int i = span->from; i < span->to; i++)
	{
		uint64		amount = pg_bswap64((uint64) day->amount[i]);

		hasher_add(hasher, &amount, sizeof(amount));
	}
#else
	hasher_add(hasher, day->amount + span->from, n * sizeof(int64));
#endif
	for (int i = 0; i < n; i++)
		letters[i] = quality_letter((Quality) day->quality[span->from + i]);
	hasher_add(hasher, letters, n);
}

/* What a point got on a day: sums of what was covered. */
static void
hash_shared(Hasher *hasher, const AllocatedPoint *point)
{
	for (int s = 0; s < point->nspans; s++)
	{
		sg_int128	covered = 0;
		char		text[128];

		for (int i = point->spans[s].from; i < point->spans[s].to; i++)
			covered += point->covered[i];
		text[0] = ',';
		hasher_add(hasher, text, 1 + run_decimal_text(covered, 0, text + 1));
	}
}

/* Hashes what was read of the day that the allocation is at, and what points got. */
void
run_hash_day(RunState *state)
{
	const MeterRead *read = state->allocation->read;
	char	   *key = palloc(DATE_TEXT_MAX);
	Digest		digest;
	int			year;
	int			month;
	int			mday;

	j2date(read->date + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	snprintf(key, DATE_TEXT_MAX, "%04d-%02d-%02d", year, month, mday);
	hasher_begin(&state->day_hasher);
	for (int d = 0; d < read->n; d++)
	{
		const char *name = utf8_of(read->days[d].point->name);

		hasher_add(&state->day_hasher, name, strlen(name));
		for (int s = 0; s < read->days[d].nspans; s++)
			hash_span(&state->day_hasher, &read->days[d], &read->days[d].spans[s]);
	}
	hasher_finish(&state->day_hasher, &digest);
	add(state, "day", key, "", read->day_starts, read->day_ends, &digest);
	for (int p = 0; p < state->allocation->n; p++)
	{
		hash_shared(&state->hasher, &state->allocation->points[p]);
		hasher_add(&state->hasher, "\n", 1);
	}
}

static void
add_points(RunState *state)
{
	for (int p = 0; p < state->npoints; p++)
		for (int d = 0; d < state->points[p].point->nperiods; d++)
		{
			const ReadPoint *point = state->points[p].point;
			const ReadPeriod *period = &point->periods[d];
			const char *owner = period->owner_id ? run_name_of(state->request, period->owner_id, period->owner) : "";

			add_text(state, "point", point->name,
					 psprintf("%s,%s,%d,%s,%s", point_kind_name(point->kind), field(owner), period->minutes,
							  field(period->class ? period->class : ""), period->is_loss ? "loss" : ""),
					 period->from, period->to);
		}
}

static void
add_shares(RunState *state)
{
	const RunRequest *request = state->request;
	int			n;
	RunNames points = run_point_names(state);
	ShareFact  *facts = share_load(request->grid->form.grid_id, state->run->basis_from, request->to, request->as_of, &n);

	for (int i = 0; i < n; i++)
	{
		const char *point = run_name_in(&points, facts[i].point_id);
		const Share *share = &facts[i].share;

		if (point)
			add_text(state, "share", point,
					 psprintf("%s,%s,%d", decimal(share->factor, 16),
							  share->key == SHARE_WITHOUT_KEY ? "" : decimal(share->key, 16), share->priority),
					 facts[i].from, facts[i].to);
	}
}

static void
add_models(RunState *state)
{
	const RunRequest *request = state->request;
	int			n;
	AllocationFact *facts = allocation_load(request->grid->form.grid_id, state->run->basis_from, request->to, request->as_of, &n);

	for (int i = 0; i < n; i++)
		add_text(state, "allocation", "", allocation_model_name(facts[i].model), facts[i].from, facts[i].to);
}

static void
add_tariffs(RunState *state)
{
	for (int v = 0; v < state->nversions; v++)
	{
		const TariffVersion *tariff = state->versions[v].tariff;

		add(state, "tariff", tariff->tariff, psprintf("%d", tariff->version), tariff->valid_from, tariff->valid_to, &tariff->digest);
	}
}

static const char *
tariff_name(const RunState *state, int64 tariff_id)
{
	for (int v = 0; v < state->nversions; v++)
		if (state->versions[v].tariff->tariff_id == tariff_id)
			return state->versions[v].tariff->tariff;
	return "";
}

static void
add_assignments(RunState *state)
{
	RunNames points = run_point_names(state);
	RunNames participants = run_participant_names(state);

	for (int a = 0; a < state->book->nassignments; a++)
	{
		const TariffAssignment *assignment = &state->book->assignments[a];
		const char *point = assignment->point_id ? run_name_in(&points, assignment->point_id) : "";
		const char *participant = assignment->participant_id ? run_name_in(&participants, assignment->participant_id) : "";

		if (point && participant)
			add_text(state, "assignment", tariff_name(state, assignment->tariff_id),
					 psprintf("%s,%s,%s", field(point), field(participant),
							  assignment->exempt ? "exempt" : decimal(assignment->quantity, COMPONENT_DECIMALS)),
					 assignment->valid_from, assignment->valid_to);
	}
}

static void
add_holidays(RunState *state)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < state->holidays.n; i++)
	{
		int			year;
		int			month;
		int			mday;

		j2date(state->holidays.days[i] + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
		appendStringInfo(&text, "%s%04d-%02d-%02d", i ? "," : "", year, month, mday);
	}
	if (state->holidays.n > 0)
		add_text(state, "holidays", "", text.data, state->run->basis_from, state->request->to);
}

/* Hashes values of a series as lines: start and end in microseconds since 2000, value. */
static void
add_series(RunState *state, const ValueSeries *series)
{
	Digest		digest;

	hasher_begin(&state->day_hasher);
	for (int i = 0; i < series->n; i++)
	{
		char		text[192];
		int			length = snprintf(text, sizeof(text), INT64_FORMAT "," INT64_FORMAT ",",
									  Max(series->stretches[i].from, state->run->basis_from), Min(series->stretches[i].to, state->request->to));

		length += run_decimal_text(series->stretches[i].value, VALUE_SERIES_DECIMALS, text + length);
		text[length++] = '\n';
		hasher_add(&state->day_hasher, text, length);
	}
	hasher_finish(&state->day_hasher, &digest);
	add(state, "series", series->name, "", state->run->basis_from, state->request->to, &digest);
}

static void
add_all_series(RunState *state)
{
	for (int v = 0; v < state->nversions; v++)
		for (int c = 0; c < state->versions[v].n; c++)
		{
			const PricedComponent *priced = &state->versions[v].components[c].priced;

			if (priced->index)
				add_series(state, priced->index);
			if (priced->marked)
				add_series(state, priced->marked);
		}
}

/* Who has points: what they are called, with the number that it stands for. */
static void
add_participants(RunState *state)
{
	for (int p = 0; p < state->npoints; p++)
		for (int d = 0; d < state->points[p].point->nperiods; d++)
		{
			const ReadPeriod *period = &state->points[p].point->periods[d];
			Digest		digest;
			const char *name;

			if (period->owner_id == 0)
				continue;
			name = run_name_of(state->request, period->owner_id, period->owner);
			hasher_digest_text(&state->day_hasher, utf8_of(name), &digest);
			add(state, BASIS_PARTICIPANT, name, psprintf(INT64_FORMAT, period->owner_id), state->run->basis_from, state->request->to, &digest);
		}
}

static int
compare_basis(const void *a, const void *b)
{
	const RunBasis *one = a;
	const RunBasis *other = b;
	int			order = strcmp(one->kind, other->kind);

	order = order ? order : strcmp(one->key, other->key);
	order = order ? order : (one->from > other->from) - (one->from < other->from);
	order = order ? order : (one->to > other->to) - (one->to < other->to);
	return order ? order : memcmp(&one->digest, &other->digest, sizeof(Digest));
}

/* Does a part only say what the one before it says, of the same time or the one that follows? */
static bool
continues(const RunBasis *before, const RunBasis *next)
{
	return strcmp(before->kind, next->kind) == 0 && strcmp(before->key, next->key) == 0 &&
		digest_equal(&before->digest, &next->digest) && (before->to == next->from || before->from == next->from);
}

static void
sort_and_join(Run *run)
{
	int			n = 0;

	qsort(run->basis, run->nbasis, sizeof(RunBasis), compare_basis);
	for (int i = 0; i < run->nbasis; i++)
		if (n > 0 && strcmp(run->basis[i].kind, "day") != 0 && continues(&run->basis[n - 1], &run->basis[i]))
			run->basis[n - 1].to = Max(run->basis[n - 1].to, run->basis[i].to);
		else
			run->basis[n++] = run->basis[i];
	run->nbasis = n;
}

/* Adds all but the days, which are there already, and puts it in order. */
void
run_add_basis(RunState *state)
{
	Digest		shared;

	hasher_finish(&state->hasher, &shared);
	add(state, BASIS_SHARING, "", "", state->request->from, state->request->to, &shared);
	add_models(state);
	add_points(state);
	add_participants(state);
	add_shares(state);
	add_tariffs(state);
	add_assignments(state);
	add_holidays(state);
	add_all_series(state);
	sort_and_join(state->run);
}
