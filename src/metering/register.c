/*-------------------------------------------------------------------------
 *
 * register.c
 *	  Readings of registers, point by point, on their way into a load.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/interval_lock.h"
#include "metering/register.h"
#include "metering/register_chain.h"
#include "metering/value_series.h"

#define FIRST_READINGS	64

/* A reading that is good by itself. */
typedef struct GivenReading
{
	LoadPoint  *point;
	TimestampTz at;
	int64		units;
	int64		ord;
	int64		number;			/* in the order in which they came */
	Quality		quality;
} GivenReading;

struct Registers
{
	Load	   *load;
	const char *spread;
	RegisterWriter *writer;
	int			n;
	int			allocated;
	GivenReading *given;
};

/* SG101 if a spread is neither even nor a series of the grid; NULL is none. */
void
registers_require_spread(const Grid *grid, const char *spread)
{
	if (spread == NULL || strcmp(spread, SPREAD_EVEN) == 0 || value_series_read(grid, spread, 0, 0, DT_NOEND) != NULL)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_SG_NOT_FOUND),
			 errmsg("series \"%s\" does not exist in grid \"%s\"", spread, grid->name),
			 errhint("Say spread => 'even', or the name of a series of weights.")));
}

/* Begins with a spread that is there, or NULL. */
Registers *
registers_begin(Load *load, const char *spread)
{
	Registers  *registers = palloc0(sizeof(Registers));

	registers->load = load;
	registers->spread = spread;
	registers->writer = register_writer_begin(load->grid);
	registers->allocated = FIRST_READINGS;
	registers->given = palloc(FIRST_READINGS * sizeof(GivenReading));
	return registers;
}

/* Energy units of exact kWh: SG104 if it is below 0, finer than a unit, unless the load rounds, or too large. */
Refusal *
register_units(const Load *load, sg_int128 kwh, int64 *units)
{
	sg_int128	unit = load_kwh_in_unit(load_grid(load));
	sg_int128	whole;

	if (kwh < 0)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "a register does not show less than 0");
	if (kwh % unit != 0 && !load->options.round)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "a reading is finer than an energy unit, which is 10^-%d kWh", load->grid->form.energy_scale);
	whole = divide_rounded(kwh, unit);
	if (whole > PG_INT64_MAX)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "a reading is too large");
	*units = (int64) whole;
	return NULL;
}

/* SG101, SG108, SG104 if a point has no readings then. */
Refusal *
register_refuse_time(const Load *load, LoadPoint *point, TimestampTz at)
{
	const LoadPeriod *period;

	if (TIMESTAMP_NOT_FINITE(at))
		return refuse(ERRCODE_SG_INVALID_INPUT, "at must be a finite time");
	if (at > load->now + LOAD_AHEAD)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "the reading of metering point \"%s\" at %s is in the future", point->name, timestamptz_to_str(at));
	/* The last reading of a period is at its end. */
	period = load_point_period(point, at);
	if (period == NULL)
		period = load_point_period(point, at - 1);
	if (period == NULL)
		return refuse(ERRCODE_SG_NOT_FOUND, "there is no metering point \"%s\" at %s", point->name, timestamptz_to_str(at));
	if (period->is_loss)
		return refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" takes the grid's loss, and has no readings of its own", point->name);
	return NULL;
}

/* A reading of a point, in exact kWh.  Refused: SG101, SG108, SG104. */
void
registers_add(Registers *registers, int64 ord, const char *point, size_t length, TimestampTz at, sg_int128 kwh, Quality quality)
{
	Load	   *load = registers->load;
	GivenReading given = {.at = at, .ord = ord, .number = registers->n, .quality = quality};
	Refusal    *refusal = NULL;

	given.point = load_find_point(load, point, length, 0);
	if (given.point == NULL)
		refusal = refuse_unknown_point(load, point, length);
	if (refusal == NULL && quality == QUALITY_MISSING)
		refusal = refuse(ERRCODE_SG_INVALID_INPUT, "a reading that is missing is none");
	if (refusal == NULL)
		refusal = register_refuse_time(load, given.point, at);
	if (refusal == NULL)
		refusal = register_units(load, kwh, &given.units);
	if (refusal != NULL)
	{
		load_refuse(load, ord, given.point ? given.point->name : pnstrdup(point, length), refusal);
		return;
	}
	if (registers->n == registers->allocated)
	{
		registers->allocated *= 2;
		registers->given = repalloc_huge(registers->given, registers->allocated * sizeof(GivenReading));
	}
	registers->given[registers->n++] = given;
}

static int
compare_given(const void *a, const void *b)
{
	const GivenReading *one = a;
	const GivenReading *other = b;

	if (one->point->point_id != other->point->point_id)
		return one->point->point_id < other->point->point_id ? -1 : 1;
	if (one->at != other->at)
		return one->at < other->at ? -1 : 1;
	return one->number < other->number ? -1 : 1;
}

/* Is a reading what a node says already? */
static bool
says_the_same(const RegisterNode *node, const GivenReading *given)
{
	return node->is_exchange ? given->units == node->until || given->units == node->since :
		given->units == node->until && given->quality == node->quality;
}

/*
 * Puts a reading into the chain, in the place of what is on record of that time
 * if it is no worse.  SG105 if the call, or an exchange of the meter, says
 * something else of that time.
 */
static Refusal *
put_into_chain(RegisterChain *chain, const GivenReading *given)
{
	int			place = register_chain_find(chain, given->at);
	RegisterNode *there = place < chain->nodes.n && chain->nodes.nodes[place].at == given->at ? &chain->nodes.nodes[place] : NULL;
	RegisterNode node = {
		.at = given->at, .until = given->units, .since = given->units, .quality = given->quality,
		.spread = chain->spread, .ord = given->ord, .is_new = true
	};

	if (there == NULL)
	{
		register_nodes_insert(&chain->nodes, place, node);
		return NULL;
	}
	if (!says_the_same(there, given) && (there->is_exchange || there->ord != 0))
		return refuse(ERRCODE_SG_ALREADY_EXISTS, "metering point \"%s\" has another reading at %s, %s", chain->point->name,
					  timestamptz_to_str(given->at), there->is_exchange ? "when its meter was exchanged" : "which came before in this call");
	if (there->ord != 0)
		return NULL;
	if (node.spread == NULL)
		node.spread = there->spread;
	node.on_record = palloc(sizeof(RegisterNode));
	*node.on_record = *there;
	if (says_the_same(there, given))
	{
		/* It stays, but for how what is before it is spread. */
		node.is_new = !there->is_exchange && node.spread && (there->spread == NULL || strcmp(there->spread, node.spread) != 0);
		node.until = there->until;
		node.since = there->since;
		node.is_exchange = there->is_exchange;
		node.digits = there->digits;
		node.quality = there->quality;
	}
	else if (quality_rank(there->quality) < quality_rank(given->quality))
		return NULL;
	*there = node;
	return NULL;
}

/* Takes a node out of the chain that was given and cannot be: what is on record of its time stays. */
static void
take_out(RegisterChain *chain, int place)
{
	RegisterNode *node = &chain->nodes.nodes[place];

	if (node->on_record)
		*node = *node->on_record;
	else
		register_nodes_remove(&chain->nodes, place);
}

/* Refuses readings until all stretches that begin or end with one count. */
static void
refuse_what_cannot_be(RegisterChain *chain)
{
	int			i = 0;

	while (i + 1 < chain->nodes.n)
	{
		const RegisterNode *nodes = chain->nodes.nodes;
		Stretch		stretch;
		Refusal    *refusal = NULL;
		int			place = nodes[i + 1].ord != 0 ? i + 1 : i;

		CHECK_FOR_INTERRUPTS();
		if (nodes[place].ord != 0)
			refusal = register_measure(chain, i, &stretch);
		if (refusal == NULL)
		{
			i++;
			continue;
		}
		load_refuse(chain->load, nodes[place].ord, chain->point->name, refusal);
		take_out(chain, place);
		i = Max(i - 1, 0);
	}
}

/* The readings of one point. */
static void
post_point(Registers *registers, const GivenReading *given, int n)
{
	RegisterChain chain = {.load = registers->load, .point = given[0].point, .spread = registers->spread};

	register_chain_read(&chain, given[0].at, given[n - 1].at);
	for (int i = 0; i < n; i++)
	{
		Refusal    *refusal = put_into_chain(&chain, &given[i]);

		if (refusal != NULL)
			load_refuse(registers->load, given[i].ord, chain.point->name, refusal);
	}
	refuse_what_cannot_be(&chain);
	for (int i = 0; i < chain.nodes.n; i++)
		if (chain.nodes.nodes[i].is_new)
			register_writer_add(registers->writer, chain.point->point_id, &chain.nodes.nodes[i]);
	register_slots(&chain);
}

/* Locks the points of all readings. */
static void
lock_points(const Registers *registers)
{
	Bitmapset  *locks = NULL;

	for (int i = 0; i < registers->n; i++)
		locks = bms_add_member(locks, interval_lock_of(registers->given[i].point->point_id));
	interval_lock(registers->load->grid->form.grid_id, locks);
	bms_free(locks);
}

/*
 * Takes the readings that were added, with what is on record, and hands over to
 * the load the slots that they make.  Refused: SG105 another reading of the same
 * time, SG108 no spread, SG104 a reset, more than the connection lets through.
 * Locks: those of the points (interval_lock.h).
 */
void
registers_post(Registers *registers)
{
	MemoryContext point_context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid register", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(point_context);

	lock_points(registers);
	qsort(registers->given, registers->n, sizeof(GivenReading), compare_given);
	for (int first = 0, next; first < registers->n; first = next)
	{
		for (next = first + 1; next < registers->n &&
			 registers->given[next].point->point_id == registers->given[first].point->point_id;)
			next++;
		post_point(registers, registers->given + first, next - first);
		MemoryContextReset(point_context);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(point_context);
}

/* Puts the readings that are new on record, with the batch of the load that has ended. */
void
registers_end(Registers *registers, const Batch *batch)
{
	register_writer_end(registers->writer, batch);
}
