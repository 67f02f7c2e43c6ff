/*-------------------------------------------------------------------------
 *
 * substitute_profile.c
 *	  Substituting by a profile: a series of weights, scaled to what the point
 *	  measured lately.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "grid/zone.h"
#include "metering/coarse.h"
#include "metering/substitute.h"

/* Adds up what the point measured on the days before a local day, and what the same slots weigh. */
static void
measure(const Substitution *substitution, const SubstitutePoint *point, int day, ProfileScale *scale)
{
	TimestampTz from = zone_midnight(day - SUBSTITUTE_DAYS_BACK, substitution->zone);
	TimestampTz to = zone_midnight(day, substitution->zone);

	*scale = (ProfileScale) {.is_known = true, .day = day};
	for (int i = substitute_slot_from(point, from); i < point->n && point->slots[i].start < to; i++)
	{
		const SubstituteSlot *slot = &point->slots[i];
		TimestampTz end = substitute_slot_end(slot);

		if (!substitute_is_source(slot) || !value_series_covers(substitution->profile, slot->start, end))
			continue;
		scale->energy += slot->amount;
		scale->weight += value_series_weight(substitution->profile, slot->start, end);
	}
}

/*
 * *amount: the energy of the point's measured and substituted slots of the 28
 * local days before, times what the slot weighs, divided by what those weigh,
 * rounded half away from zero.  False if they weigh nothing, or the series says
 * nothing of the slot.
 */
bool
substitute_by_profile(const Substitution *substitution, const SubstitutePoint *point, int slot, ProfileScale *scale, int64 *amount)
{
	const SubstituteSlot *missing = &point->slots[slot];
	TimestampTz end = substitute_slot_end(missing);
	int			day = zone_day(missing->start, substitution->zone);
	sg_uint128	weight;

	if (!value_series_covers(substitution->profile, missing->start, end))
		return false;
	if (!scale->is_known || scale->day != day)
		measure(substitution, point, day, scale);
	weight = value_series_weight(substitution->profile, missing->start, end);
	if (scale->weight == 0 || scale->weight >> 120 != 0 || scale->energy > PG_INT64_MAX || scale->energy < -PG_INT64_MAX)
		return false;
	if (scale->energy != 0 && weight / scale->weight >= (sg_uint128) (PG_INT64_MAX / (scale->energy < 0 ? -scale->energy : scale->energy)))
		return false;
	*amount = coarse_share((int64) scale->energy, weight, scale->weight);
	return true;
}
