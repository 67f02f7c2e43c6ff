/*-------------------------------------------------------------------------
 *
 * component_read.c
 *	  Components of a tariff from JSON (doc/reference/settlement.md#component,
 *	  doc/tariff.schema.json).
 *
 * Whatever is not as it must be is SG108 with its path: an unknown key, one
 * that the component has no use for, a value of another type.  A typing error
 * never is a free month.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "metering/point_rows.h"
#include "settlement/component_parts.h"

#define BIT(of)		(1 << (of))
#define OF_SLOTS	(BIT(OF_ENERGY) | BIT(OF_COVERED) | BIT(OF_REST))
#define OF_PIECES	(BIT(OF_POINT) | BIT(OF_PARTICIPANT))
#define OF_ALL		(BIT(OF_COUNT) - 1)
#define OF_METERED	(OF_ALL & ~BIT(OF_PERCENT))

#define PRICE_MAX_DIGITS	COMPONENT_DECIMALS

/* What a reader of a key gets: the list so far, and the component behind it, which is being read. */
typedef struct Reading
{
	const ComponentList *before;
	Component  *component;
	uint32		given;			/* bit by place in the table of keys */
} Reading;

static const char *const pay_names[] = {"charge", "credit"};
static const char *const per_names[] = {"month", "day", "year", "run"};
static const char *const tier_per_names[] = {"month", "day", "run"};
static const char *const prorate_names[] = {"days", "none"};
static const char *const days_of_names[] = {"month", "period"};
static const char *const over_names[] = {"point", "participant"};
static const char *const round_names[] = {"step"};
static const char *const kind_names[] = {
#define POINT_KIND(symbol, name)	[POINT_##symbol] = (name),
#include "metering/point_kind.def"
#undef POINT_KIND
};

/* A component of this name before the one that is being read; NULL: none. */
static const Component *
find_before(const ComponentList *list, const char *name)
{
	for (int i = 0; i < list->n; i++)
		if (strcmp(list->components[i].name, name) == 0)
			return &list->components[i];
	return NULL;
}

static void
read_name(const JsonAt *at, Reading *reading)
{
	reading->component->name = json_at_text(at, SG_MAX_NAME_BYTES);
	if (find_before(reading->before, reading->component->name) != NULL)
		error_json_at(at, "must be unique, but \"%s\" stands before", reading->component->name);
}

static void
read_of(const JsonAt *at, Reading *reading)
{
	reading->component->of = (ComponentOf) json_at_one_of(at, component_of_names, OF_COUNT);
}

static void
read_kinds(const JsonAt *at, Reading *reading)
{
	int			n = json_at_length(at);

	reading->component->kinds = 0;
	for (int i = 0; i < n; i++)
	{
		JsonAt		element = json_at_element(at, i);

		reading->component->kinds |= BIT(json_at_one_of(&element, kind_names, lengthof(kind_names)));
	}
}

static void
read_classes(const JsonAt *at, Reading *reading)
{
	int			n = json_at_length(at);

	reading->component->nclasses = n;
	reading->component->classes = palloc(n * sizeof(char *));
	for (int i = 0; i < n; i++)
	{
		JsonAt		element = json_at_element(at, i);

		reading->component->classes[i] = json_at_text(&element, POINT_MAX_BYTES);
	}
}

static void
read_pay(const JsonAt *at, Reading *reading)
{
	reading->component->pay = (ComponentPay) json_at_one_of(at, pay_names, lengthof(pay_names));
}

static void
read_price(const JsonAt *at, Reading *reading)
{
	reading->component->price = json_at_number(at, COMPONENT_DECIMALS);
}

static void
read_per(const JsonAt *at, Reading *reading)
{
	reading->component->per = (ComponentPer) json_at_one_of(at, per_names, lengthof(per_names));
}

static void
read_prorate(const JsonAt *at, Reading *reading)
{
	reading->component->prorate = (ComponentProrate) json_at_one_of(at, prorate_names, lengthof(prorate_names));
}

static void
read_days_of(const JsonAt *at, Reading *reading)
{
	reading->component->days_of_period = json_at_one_of(at, days_of_names, lengthof(days_of_names)) == 1;
}

static void
read_index(const JsonAt *at, Reading *reading)
{
	component_read_index(at, &reading->component->index);
}

static void
read_when(const JsonAt *at, Reading *reading)
{
	component_read_when(at, &reading->component->when);
}

static void
read_tiers(const JsonAt *at, Reading *reading)
{
	component_read_tiers(at, reading->component);
}

static void
read_tier_per(const JsonAt *at, Reading *reading)
{
	static const ComponentPer per[] = {PER_MONTH, PER_DAY, PER_RUN};

	reading->component->tier_per = per[json_at_one_of(at, tier_per_names, lengthof(tier_per_names))];
}

static void
read_demand(const JsonAt *at, Reading *reading)
{
	component_read_demand(at, &reading->component->demand);
}

/* One piece for a participant is over nothing but the participant. */
static void
read_over(const JsonAt *at, Reading *reading)
{
	bool		of_participant = reading->component->of == OF_PARTICIPANT;

	reading->component->over = of_participant
		? (ComponentOver) (OVER_PARTICIPANT + json_at_one_of(at, over_names + OVER_PARTICIPANT, 1))
		: (ComponentOver) json_at_one_of(at, over_names, lengthof(over_names));
}

/* Is a place among those that were read? */
static bool
is_on(const Component *component, int place)
{
	for (int i = 0; i < component->non; i++)
		if (component->on[i] == place)
			return true;
	return false;
}

/* Puts a place among those that were read, which stay in ascending order. */
static void
add_on(Component *component, int place)
{
	int			i = component->non++;

	for (; i > 0 && component->on[i - 1] > place; i--)
		component->on[i] = component->on[i - 1];
	component->on[i] = place;
}

static void
read_on(const JsonAt *at, Reading *reading)
{
	int			n = json_at_length(at);

	reading->component->on = palloc(n * sizeof(int));
	for (int i = 0; i < n; i++)
	{
		JsonAt		element = json_at_element(at, i);
		char	   *name = json_at_text(&element, SG_MAX_NAME_BYTES);
		const Component *base = find_before(reading->before, name);

		if (base == NULL)
			error_json_at(&element, "must be the name of a component that stands before, which \"%s\" is not", name);
		if (!is_on(reading->component, base->place))
			add_on(reading->component, base->place);
	}
}

static void
read_vat(const JsonAt *at, Reading *reading)
{
	component_read_vat(at, reading->component);
}

static void
read_round(const JsonAt *at, Reading *reading)
{
	(void) json_at_one_of(at, round_names, lengthof(round_names));
	reading->component->round_step = true;
}

static void
read_price_digits(const JsonAt *at, Reading *reading)
{
	reading->component->price_digits = json_at_int(at, 0, PRICE_MAX_DIGITS);
}

/* A key, what may have it, and how it is read.  of comes first: it says what else there may be. */
typedef struct Key
{
	const char *name;
	int			of;				/* bits by ComponentOf */
	void		(*read) (const JsonAt *at, Reading *reading);
} Key;

enum
{
	KEY_OF, KEY_NAME, KEY_KINDS, KEY_CLASSES, KEY_PAY, KEY_PRICE, KEY_PER, KEY_PRORATE, KEY_DAYS_OF, KEY_INDEX, KEY_WHEN,
	KEY_TIERS, KEY_TIER_PER, KEY_DEMAND, KEY_OVER, KEY_ON, KEY_VAT, KEY_ROUND, KEY_PRICE_DIGITS, KEY_COUNT
};

static const Key keys[KEY_COUNT] = {
	[KEY_OF] = {"of", OF_ALL, read_of},
	[KEY_NAME] = {"name", OF_ALL, read_name},
	[KEY_KINDS] = {"kinds", OF_METERED, read_kinds},
	[KEY_CLASSES] = {"classes", OF_METERED, read_classes},
	[KEY_PAY] = {"pay", OF_ALL, read_pay},
	[KEY_PRICE] = {"price", OF_ALL, read_price},
	[KEY_PER] = {"per", OF_PIECES | BIT(OF_DEMAND), read_per},
	[KEY_PRORATE] = {"prorate", OF_PIECES, read_prorate},
	[KEY_DAYS_OF] = {"days_of", OF_PIECES, read_days_of},
	[KEY_INDEX] = {"index", OF_METERED, read_index},
	[KEY_WHEN] = {"when", OF_SLOTS | BIT(OF_DEMAND), read_when},
	[KEY_TIERS] = {"tiers", OF_SLOTS | BIT(OF_DEMAND), read_tiers},
	[KEY_TIER_PER] = {"tier_per", OF_SLOTS, read_tier_per},
	[KEY_DEMAND] = {"demand", BIT(OF_DEMAND), read_demand},
	[KEY_OVER] = {"over", OF_METERED, read_over},
	[KEY_ON] = {"on", BIT(OF_PERCENT), read_on},
	[KEY_VAT] = {"vat", OF_ALL, read_vat},
	[KEY_ROUND] = {"round", OF_SLOTS | OF_PIECES, read_round},
	[KEY_PRICE_DIGITS] = {"price_digits", OF_SLOTS | OF_PIECES, read_price_digits},
};

/* The place of a key in the table; KEY_COUNT: there is none. */
static int
key_of_name(const char *name)
{
	int			key = 0;

	while (key < KEY_COUNT && strcmp(keys[key].name, name) != 0)
		key++;
	return key;
}

/* SG108 if a component has a key that there is not, or that is of no use with what it is of. */
static void
require_known_keys(const JsonAt *at, ComponentOf of)
{
	int			n;
	char	  **names = json_at_keys(at, &n);

	for (int i = 0; i < n; i++)
	{
		JsonAt		member = {.within = at, .name = names[i]};
		int			key = key_of_name(names[i]);

		if (key == KEY_COUNT)
			error_json_at(&member, "is not a key of a component");
		if ((keys[key].of & BIT(of)) == 0)
			error_json_at(&member, "is of no use with \"of\": \"%s\"", component_of_names[of]);
	}
}

static bool
has(const Reading *reading, int key)
{
	return (reading->given & BIT(key)) != 0;
}

/* SG108 unless there is what makes up a price. */
static void
require_price(const JsonAt *at, const Reading *reading)
{
	if (has(reading, KEY_TIERS) && has(reading, KEY_PRICE))
		error_json_at(at, "has both price and tiers");
	if (!has(reading, KEY_TIERS) && !has(reading, KEY_PRICE) && !has(reading, KEY_INDEX))
		error_json_at(at, "has no price");
	if (has(reading, KEY_TIER_PER) && !has(reading, KEY_TIERS))
		error_json_at(at, "has tier_per, but no tiers");
}

/* SG108 if what was read does not belong together. */
static void
require_consistent(const JsonAt *at, const Reading *reading)
{
	const Component *component = reading->component;

	if (!has(reading, KEY_NAME))
		error_json_at(at, "has no name");
	require_price(at, reading);
	if (component->of == OF_PERCENT && !has(reading, KEY_ON))
		error_json_at(at, "has no on, which a percent is of");
	if (component->demand.has_ratchet && component->per != PER_MONTH)
		error_json_at(at, "has a ratchet, which needs \"per\": \"month\"");
}

/* What holds of what it is of, unless it is said. */
static Component
component_default(ComponentOf of, int place)
{
	int			all_but_exchange = (BIT(POINT_KIND_COUNT) - 1) & ~BIT(POINT_EXCHANGE);

	return (Component) {
		.place = place,
		.of = of,
		.kinds = of == OF_PERCENT ? 0 : (BIT(of) & OF_PIECES) ? all_but_exchange : BIT(POINT_CONSUMPTION),
		.pay = of == OF_PERCENT ? PAY_AS_BASE : PAY_CHARGE,
		.demand = COMPONENT_DEMAND_DEFAULT,
		.over = of == OF_PARTICIPANT ? OVER_PARTICIPANT : OVER_POINT,
		.price_digits = -1
	};
}

/* Reads a component behind those before. */
static void
read_component(const JsonAt *at, const ComponentList *before, Component *component)
{
	Reading		reading = {.before = before, .component = component};
	JsonAt		member;

	json_at_require_object(at);
	*component = component_default(OF_ENERGY, before->n);
	if (json_at_member(at, keys[KEY_OF].name, &member))
		read_of(&member, &reading);
	*component = component_default(component->of, before->n);
	require_known_keys(at, component->of);
	for (int key = KEY_NAME; key < KEY_COUNT; key++)
		if (json_at_member(at, keys[key].name, &member))
		{
			keys[key].read(&member, &reading);
			reading.given |= BIT(key);
		}
	require_consistent(at, &reading);
	if (!has(&reading, KEY_PAY) && (BIT(component->of) & OF_SLOTS) && component->kinds == BIT(POINT_PRODUCTION))
		component->pay = PAY_CREDIT;
}

/* Reads a list of components into the current memory context; SG108 with the path of what is wrong. */
void
component_read_list(const Jsonb *json, ComponentList *list)
{
	JsonAt		document = json_at_document("components", json);
	int			n = json_at_length(&document);

	*list = (ComponentList) {.components = palloc(n * sizeof(Component))};
	for (int i = 0; i < n; i++)
	{
		JsonAt		element = json_at_element(&document, i);

		read_component(&element, list, &list->components[i]);
		list->n++;
	}
}
