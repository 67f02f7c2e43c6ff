/*-------------------------------------------------------------------------
 *
 * component_parts.c
 *	  What of a component is an object or array of its own, from JSON: index,
 *	  tiers, demand, VAT.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "settlement/component_parts.h"

#define MONTHS				12
#define RATCHET_MAX_MONTHS	36
#define MEAN_MAX			366

static const char *const index_keys[] = {"series", "factor", "cap", "floor"};
static const char *const tier_keys[] = {"upto", "price"};
static const char *const demand_keys[] = {
	"measure", "n", "distinct_days", "interval", "ratchet_percent", "ratchet_months", "ratchet_calendar_months", "at"
};
static const char *const vat_keys[] = {"category", "rate"};
static const char *const measure_names[] = {"max", "mean"};
static const char *const at_names[] = {"own", "community_peak"};
static const char *const vat_names[VAT_CATEGORY_COUNT] = {"S", "Z", "E", "AE", "O"};

/* Lengths of a window: parts of a day, and multiples of the shortest slot. */
static const char *const interval_names[] = {
	"5 minutes", "10 minutes", "15 minutes", "20 minutes", "30 minutes", "45 minutes", "60 minutes", "90 minutes",
	"1 hour", "2 hours", "3 hours", "4 hours", "6 hours", "8 hours", "12 hours", "24 hours"
};
static const int interval_minutes[] = {5, 10, 15, 20, 30, 45, 60, 90, 60, 120, 180, 240, 360, 480, 720, 1440};

/* Is a name among others? */
static bool
is_listed(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* SG108 if an object has a key beside these. */
void
component_require_keys(const JsonAt *at, const char *const *names, int n)
{
	int			nkeys;
	char	  **keys = json_at_keys(at, &nkeys);

	for (int i = 0; i < nkeys; i++)
	{
		JsonAt		member = {.within = at, .name = keys[i]};

		if (!is_listed(names, n, keys[i]))
			error_json_at(&member, "is not a key of %s", at->name ? at->name : at->within->name);
	}
}

/* An array of months as bits. */
uint16
component_read_months(const JsonAt *at)
{
	int			n = json_at_length(at);
	uint16		months = 0;

	for (int i = 0; i < n; i++)
	{
		JsonAt		element = json_at_element(at, i);

		months |= (uint16) (1 << json_at_int(&element, 1, MONTHS));
	}
	return months;
}

/* *value: the number of a key; false if there is none. */
static bool
read_number(const JsonAt *at, const char *key, sg_int128 *value)
{
	JsonAt		member;

	if (!json_at_member(at, key, &member))
		return false;
	*value = json_at_number(&member, COMPONENT_DECIMALS);
	return true;
}

void
component_read_index(const JsonAt *at, ComponentIndex *index)
{
	JsonAt		member;

	json_at_require_object(at);
	component_require_keys(at, index_keys, lengthof(index_keys));
	if (!json_at_member(at, "series", &member))
		error_json_at(at, "has no series");
	*index = (ComponentIndex) {.series = json_at_text(&member, COMPONENT_SERIES_BYTES), .factor = COMPONENT_ONE};
	(void) read_number(at, "factor", &index->factor);
	index->has_cap = read_number(at, "cap", &index->cap);
	index->has_floor = read_number(at, "floor", &index->floor);
	if (index->has_cap && index->has_floor && index->cap < index->floor)
		error_json_at(at, "has a cap below its floor");
}

/* Reads a tier that comes after another, NULL: is the first, and before another or not. */
static void
read_tier(const JsonAt *at, const ComponentTier *before, bool is_last, ComponentTier *tier)
{
	json_at_require_object(at);
	component_require_keys(at, tier_keys, lengthof(tier_keys));
	*tier = (ComponentTier) {0};
	tier->has_upto = read_number(at, "upto", &tier->upto);
	if (!read_number(at, "price", &tier->price))
		error_json_at(at, "has no price");
	if (tier->has_upto == is_last)
		error_json_at(at, is_last ? "is the last tier, and must have no upto" : "has no upto, which all but the last tier have");
	if (tier->has_upto && tier->upto <= (before ? before->upto : 0))
		error_json_at(at, "has an upto that is not above %s", before ? "that of the tier before" : "0");
}

void
component_read_tiers(const JsonAt *at, Component *component)
{
	int			n = json_at_length(at);

	component->ntiers = n;
	component->tiers = palloc(n * sizeof(ComponentTier));
	for (int i = 0; i < n; i++)
	{
		JsonAt		element = json_at_element(at, i);

		read_tier(&element, i == 0 ? NULL : &component->tiers[i - 1], i == n - 1, &component->tiers[i]);
	}
}

/* SG108 with a maximum, which is of one window. */
static void
require_mean(const JsonAt *at, const ComponentDemand *demand)
{
	if (demand->measure != MEASURE_MEAN)
		error_json_at(at, "is of no use without \"measure\": \"mean\"");
}

/* Of how many of the highest windows the measure is. */
static void
read_mean(const JsonAt *at, ComponentDemand *demand)
{
	JsonAt		member;

	if (json_at_member(at, "n", &member) && (demand->n = json_at_int(&member, 1, MEAN_MAX)) > 1)
		require_mean(&member, demand);
	if (json_at_member(at, "distinct_days", &member) && (demand->distinct_days = json_at_bool(&member)))
		require_mean(&member, demand);
}

static void
read_ratchet(const JsonAt *at, ComponentDemand *demand)
{
	JsonAt		member;

	if (json_at_member(at, "ratchet_percent", &member))
	{
		demand->has_ratchet = true;
		demand->ratchet_percent = json_at_number(&member, COMPONENT_DECIMALS);
		if (demand->ratchet_percent < 0 || demand->ratchet_percent > 100 * (sg_int128) COMPONENT_ONE)
			error_json_at(&member, "must be from 0 to 100");
	}
	if (json_at_member(at, "ratchet_months", &member))
	{
		demand->ratchet_months = json_at_int(&member, 1, RATCHET_MAX_MONTHS);
		if (!demand->has_ratchet)
			error_json_at(&member, "is of no use without ratchet_percent");
	}
	if (json_at_member(at, "ratchet_calendar_months", &member))
	{
		demand->ratchet_calendar_months = component_read_months(&member);
		if (!demand->has_ratchet)
			error_json_at(&member, "is of no use without ratchet_percent");
	}
}

void
component_read_demand(const JsonAt *at, ComponentDemand *demand)
{
	JsonAt		member;

	json_at_require_object(at);
	component_require_keys(at, demand_keys, lengthof(demand_keys));
	if (json_at_member(at, "measure", &member))
		demand->measure = (DemandMeasure) json_at_one_of(&member, measure_names, lengthof(measure_names));
	read_mean(at, demand);
	if (json_at_member(at, "interval", &member))
		demand->minutes = interval_minutes[json_at_one_of(&member, interval_names, lengthof(interval_names))];
	read_ratchet(at, demand);
	if (json_at_member(at, "at", &member))
		demand->at = (DemandAt) json_at_one_of(&member, at_names, lengthof(at_names));
	if (demand->at == AT_COMMUNITY_PEAK && demand->measure != MEASURE_MAX)
		error_json_at(&member, "\"community_peak\" is of no use with \"measure\": \"mean\"");
}

/* SG108 unless the rate is one of the category: above 0 for the standard one, 0 or none for others. */
static void
read_rate(const JsonAt *at, Component *component)
{
	JsonAt		member;
	bool		is_standard = component->vat_category == VAT_STANDARD;

	if (!json_at_member(at, "rate", &member))
	{
		if (is_standard)
			error_json_at(at, "has no rate");
		return;
	}
	component->vat_rate = json_at_number(&member, COMPONENT_DECIMALS);
	if (is_standard ? component->vat_rate <= 0 || component->vat_rate > 100 * (sg_int128) COMPONENT_ONE : component->vat_rate != 0)
		error_json_at(&member, is_standard ? "must be above 0, and at most 100" : "must be 0 with category \"%s\"", vat_names[component->vat_category]);
}

void
component_read_vat(const JsonAt *at, Component *component)
{
	JsonAt		member;

	json_at_require_object(at);
	component_require_keys(at, vat_keys, lengthof(vat_keys));
	if (!json_at_member(at, "category", &member))
		error_json_at(at, "has no category");
	component->has_vat = true;
	component->vat_category = (VatCategory) json_at_one_of(&member, vat_names, lengthof(vat_names));
	read_rate(at, component);
}

const char *
component_vat_name(VatCategory category)
{
	return vat_names[category];
}
