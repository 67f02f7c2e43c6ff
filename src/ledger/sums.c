/*-------------------------------------------------------------------------
 *
 * sums.c
 *	  What ledger entries of some stretch of time add up to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "ledger/ledger.h"
#include "ledger/sums.h"

/* The sums over no entry. */
void
sums_init(Sums *sums)
{
	memset(sums, 0, sizeof(*sums));
	sums->price_low = PG_INT64_MAX;
	sums->price_high = PG_INT64_MIN;
	sums->peak_at = DT_NOEND;
}

/*
 * Adds entries of one kind, and of one energy type where they are production
 * (-1: not known): their energy, money, sum of energy * price, and least and
 * greatest price.
 */
void
sums_add_many(Sums *sums, int kind, int energy_type, int64 entries, sg_int128 energy, sg_int128 money,
			  sg_int128 energy_value, int64 price_low, int64 price_high)
{
	sg_int128  *value = sums->value;

	value[SUM_ENTRIES] += entries;
	switch (kind)
	{
		case LEDGER_PRODUCTION:
			value[SUM_PRODUCED] += energy;
			if (energy_type >= 0)
				value[SUM_PRODUCED_BY_TYPE + energy_type] += energy;
			break;
		case LEDGER_CONSUMPTION:
			value[SUM_CONSUMED] += energy;
			value[SUM_CONSUMED_VALUE] += energy_value;
			value[SUM_REVENUE] += money;
			sums->price_low = Min(sums->price_low, price_low);
			sums->price_high = Max(sums->price_high, price_high);
			break;
		case LEDGER_CHARGE:
			value[SUM_CHARGED] += energy;
			break;
		case LEDGER_DISCHARGE:
			value[SUM_DISCHARGED] += energy;
			break;
		case LEDGER_HOLD:
			value[SUM_HELD] += energy;
			break;
		case LEDGER_TRADE:
			value[SUM_TRADED] += energy;
			value[SUM_TRADE_MONEY] += money;
			break;
		case LEDGER_RELEASE:
			value[SUM_RELEASED] += energy;
			break;
		case LEDGER_TOPUP:
			value[SUM_PAYMENTS] += entries;
			value[SUM_TOPUPS] += money;
			break;
		case LEDGER_WITHDRAWAL:
			value[SUM_PAYMENTS] += entries;
			value[SUM_WITHDRAWALS] += money;
			break;
	}
}

/* Adds an entry; energy_type is that of the producer of a production, -1: not known. */
void
sums_add(Sums *sums, const FormLedger *entry, int energy_type)
{
	sums_add_many(sums, entry->kind, energy_type, 1, entry->energy, entry->money,
				  (sg_int128) entry->energy * entry->price, entry->price, entry->price);
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
	sums->price_low = Min(sums->price_low, more->price_low);
	sums->price_high = Max(sums->price_high, more->price_high);
	if (more->peak_at != DT_NOEND)
		sums_add_peak(sums, more->peak_load, more->peak_at);
}

/* What the entries change in the grid load, energy units. */
sg_int128
sums_load_change(const Sums *sums)
{
	const sg_int128 *value = sums->value;

	return value[SUM_PRODUCED] + value[SUM_DISCHARGED] + value[SUM_RELEASED]
		- value[SUM_CONSUMED] - value[SUM_CHARGED] - value[SUM_HELD];
}
