/*-------------------------------------------------------------------------
 *
 * register_stretch.c
 *	  By how much a counter advances between two nodes, and whether that can be.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/day_codec.h"
#include "metering/register.h"
#include "metering/register_chain.h"
#include "metering/value_series.h"

/* A series of weights, which is read once for all of a load; NULL if the grid has none of that name. */
static const ValueSeries *
series_of(Load *load, const char *name)
{
	MemoryContext outer;
	ValueSeries *series;
	ListCell   *cell;

	foreach(cell, load->weights)
		if (strcmp(((const ValueSeries *) lfirst(cell))->name, name) == 0)
			return lfirst(cell);
	outer = MemoryContextSwitchTo(load->context);
	series = value_series_read(load->grid, name, DT_NOBEGIN, DT_NOEND, DT_NOEND);
	if (series)
		load->weights = lappend(load->weights, series);
	MemoryContextSwitchTo(outer);
	return series;
}

/* What [from, to) weighs: its time, or what a series says; without that series, nothing. */
sg_uint128
register_weight(const RegisterChain *chain, const char *spread, TimestampTz from, TimestampTz to)
{
	const ValueSeries *series;

	if (spread == NULL || strcmp(spread, SPREAD_EVEN) == 0)
		return (sg_uint128) (to - from);
	series = series_of(chain->load, spread);
	return series ? value_series_weight(series, from, to) : 0;
}

/*
 * What the connection of a point lets through from one time to another, 10^-18
 * kWh; -1: that is not known.  SG101 if the point is not there all the time,
 * SG108 if it takes the loss.
 */
static Refusal *
most_between(const RegisterChain *chain, TimestampTz from, TimestampTz to, sg_int128 *most)
{
	bool		known = true;

	*most = 0;
	while (from < to)
	{
		const LoadPeriod *period = load_point_period(chain->point, from);
		TimestampTz until;

		if (period == NULL)
			return refuse(ERRCODE_SG_NOT_FOUND, "there is no metering point \"%s\" at %s", chain->point->name, timestamptz_to_str(from));
		if (period->is_loss)
			return refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" takes the grid's loss, and has no readings of its own",
						  chain->point->name);
		until = Min(to, period->to);
		known = known && period->power > 0;
		*most += period->power / USECS_PER_HOUR * (until - from) + period->power % USECS_PER_HOUR * (until - from) / USECS_PER_HOUR;
		from = until;
	}
	if (!known)
		*most = -1;
	return NULL;
}

/* Are the bounds of the slot that a stretch is within both nodes?  No if it goes over more than one. */
static bool
is_in_measured_slot(const RegisterChain *chain, int i)
{
	const RegisterNode *nodes = chain->nodes.nodes;
	RegisterSlot slot;
	int			first;
	int			last;

	if (!register_slot_at(chain, nodes[i].at, &slot) || nodes[i + 1].at > slot.ends)
		return false;
	first = register_chain_find(chain, slot.starts);
	last = register_chain_find(chain, slot.ends);
	return nodes[first].at == slot.starts && last < chain->nodes.n && nodes[last].at == slot.ends;
}

/* The digits, in whole kWh, of the meter after node i; 0: they are not known. */
static int
digits_after(const RegisterChain *chain, int i)
{
	for (; i >= 0; i--)
		if (chain->nodes.nodes[i].is_exchange)
			return chain->nodes.nodes[i].digits;
	return register_digits(chain->point->point_id, chain->nodes.nodes[0].at);
}

/*
 * A counter of so many digits shows less than before: by how much it advanced
 * if it began again at 0; false if it did not.  If the connection is not known,
 * it did if it came by less than half of what it can show.
 */
static bool
rolls_over(const RegisterChain *chain, int digits, sg_int128 most, sg_int128 unit, int64 *advance)
{
	int			exponent = digits + load_grid(chain->load)->form.energy_scale;
	int64		range;
	int64		rolled;

	if (digits == 0 || exponent > DAY_MAX_EXPONENT)
		return false;
	range = day_power_of_ten[exponent];
	if (__builtin_add_overflow(range, *advance, &rolled) || rolled < 0)
		return false;
	*advance = rolled;
	return most < 0 ? rolled < range / 2 : rolled * unit <= most;
}

/* SG104: the counter shows less than before. */
static Refusal *
refuse_reset(const RegisterChain *chain, int i)
{
	const RegisterNode *before = &chain->nodes.nodes[i];
	char	   *at = pstrdup(timestamptz_to_str(before[1].at));

	return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT,
							   "reset: the register of metering point \"%s\" shows less at %s than at %s; if its meter was exchanged, sg_exchange_meter() says so",
							   chain->point->name, at, timestamptz_to_str(before->at)),
						"A counter that begins again at 0 is understood if its digits and the capacity of the point are known.");
}

/* SG108: it is not said how the stretch is spread over its slots. */
static Refusal *
refuse_unspread(const RegisterChain *chain, int i)
{
	const RegisterNode *before = &chain->nodes.nodes[i];
	char	   *at = pstrdup(timestamptz_to_str(before[1].at));

	return refuse(ERRCODE_SG_INVALID_INPUT,
				  "the readings of metering point \"%s\" at %s and %s are not at the bounds of one slot: say how to spread what is between, as spread => 'even'",
				  chain->point->name, timestamptz_to_str(before->at), at);
}

/* How the stretch after node i is spread, as the reading says that it ends with, or the first one after an exchange, or the call; NULL: nobody does. */
static const char *
spread_after(const RegisterChain *chain, int i)
{
	const RegisterNodes *nodes = &chain->nodes;

	for (i++; nodes->nodes[i].is_exchange && i + 1 < nodes->n;)
		i++;
	return nodes->nodes[i].spread ? nodes->nodes[i].spread : chain->spread;
}

/*
 * Measures the stretch from node i to the next: NULL, or why it does not count.
 * SG101, SG108 and SG104.
 */
Refusal *
register_measure(const RegisterChain *chain, int i, Stretch *stretch)
{
	const RegisterNode *from = &chain->nodes.nodes[i];
	const RegisterNode *to = from + 1;
	sg_int128	unit = load_kwh_in_unit(chain->load);
	sg_int128	most;
	Refusal    *refusal = most_between(chain, from->at, to->at, &most);

	*stretch = (Stretch) {.place = from->at, .advance = to->until - from->since};
	if (refusal != NULL)
		return refusal;
	if (stretch->advance < 0 && !rolls_over(chain, digits_after(chain, i), most, unit, &stretch->advance))
		return refuse_reset(chain, i);
	if (most >= 0 && stretch->advance * unit > most)
		return refuse(ERRCODE_SG_INVALID_AMOUNT,
					  "the register of metering point \"%s\" advances by more than its connection lets through until %s",
					  chain->point->name, timestamptz_to_str(to->at));
	if (!is_in_measured_slot(chain, i))
	{
		stretch->spread = spread_after(chain, i);
		stretch->unspread = stretch->spread == NULL;
		if (stretch->unspread)
			return refuse_unspread(chain, i);
	}
	stretch->whole = register_weight(chain, stretch->spread, from->at, to->at);
	if (stretch->whole == 0)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "series \"%s\" has no weights until %s", stretch->spread, timestamptz_to_str(to->at));
	stretch->counts = true;
	return NULL;
}
