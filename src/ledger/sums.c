/*-------------------------------------------------------------------------
 *
 * sums.c
 *	  What ledger entries of some stretch of time add up to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "ledger/effect.h"
#include "ledger/sums.h"

const char *const sum_names[SUM_COUNT] = {
	[SUM_ENTRIES] = "entries",
	[SUM_PAYMENTS] = "payments",
	[SUM_LOAD_CHANGE] = "load_change",
	[SUM_PRODUCED] = "produced",
	[SUM_CONSUMED] = "consumed",
	[SUM_CHARGED] = "charged",
	[SUM_DISCHARGED] = "discharged",
	[SUM_HELD] = "held",
	[SUM_TRADED] = "traded",
	[SUM_RELEASED] = "released",
	[SUM_WRITTEN_OFF] = "written_off",
	[SUM_CONSUMED_VALUE] = "consumed_value",
	[SUM_REVENUE] = "revenue",
	[SUM_TRADE_MONEY] = "trade_money",
	[SUM_TOPUPS] = "topups",
	[SUM_WITHDRAWALS] = "withdrawals",
	[SUM_PAYOUTS] = "payouts",
	[SUM_REFUNDS] = "refunds",
};

/* The sums over no entry. */
void
sums_init(Sums *sums)
{
	memset(sums, 0, sizeof(*sums));
	sums->price_low = PG_INT64_MAX;
	sums->price_high = PG_INT64_MIN;
	sums->peak_at = DT_NOEND;
}

/* Was there consumption, of some energy, that was not all taken back?  If so there is an average price, and a range. */
bool
sums_have_price(const Sums *sums)
{
	return sums->value[SUM_CONSUMED] > 0 && sums->price_low <= sums->price_high;
}

/* Adds entries of one kind. */
void
sums_add_group(Sums *sums, const EntryGroup *group)
{
	const Effect *effect = effect_of(group->kind);
	sg_int128  *value = sums->value;

	value[SUM_ENTRIES] += group->entries;
	value[SUM_LOAD_CHANGE] += effect->load * group->energy;
	if (effect_moves_energy(effect))
		value[effect->energy_sum] += effect->sign * group->energy;
	else
		value[SUM_PAYMENTS] += group->entries;
	if (effect->releases)
		value[SUM_RELEASED] += group->energy;
	if (effect->money_sum != SUM_NONE)
		value[effect->money_sum] += effect->sign * group->money;
	if (effect_has_value(effect))
	{
		value[effect->value_sum] += effect->sign * group->value;
		sums->price_low = Min(sums->price_low, group->price_low);
		sums->price_high = Max(sums->price_high, group->price_high);
	}
	if (effect_is_production(effect) && group->energy_type >= 0 && group->energy_type < ENERGY_TYPE_COUNT)
		sums->production[group->energy_type] += effect->sign * group->energy;
}

/* Adds an entry; energy_type is that of the producer of a production, ENERGY_TYPE_NONE: not known. */
void
sums_add(Sums *sums, const FormLedger *entry, int energy_type)
{
	EntryGroup	one = {
		.kind = entry->kind, .energy_type = energy_type, .entries = 1, .energy = entry->energy, .money = entry->money,
		.value = (sg_int128) entry->energy * entry->price, .price_low = entry->price, .price_high = entry->price
	};

	sums_add_group(sums, &one);
}

/* Notes a load after an entry; of equal ones the earlier. */
void
sums_add_peak(Sums *sums, sg_int128 load, TimestampTz at)
{
	if (sums->peak_at == DT_NOEND || load > sums->peak_load || (load == sums->peak_load && at < sums->peak_at))
	{
		sums->peak_load = load;
		sums->peak_at = at;
	}
}

/* Adds the sums over other entries. */
void
sums_merge(Sums *sums, const Sums *more)
{
	for (int i = 0; i < SUM_COUNT; i++)
		sums->value[i] += more->value[i];
	for (int i = 0; i < ENERGY_TYPE_COUNT; i++)
		sums->production[i] += more->production[i];
	sums->price_low = Min(sums->price_low, more->price_low);
	sums->price_high = Max(sums->price_high, more->price_high);
	if (more->peak_at != DT_NOEND)
		sums_add_peak(sums, more->peak_load, more->peak_at);
}
