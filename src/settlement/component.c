/*-------------------------------------------------------------------------
 *
 * component.c
 *	  What a component is about.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "settlement/component.h"

const char *const component_of_names[OF_COUNT] = {"energy", "covered", "rest", "demand", "point", "participant", "percent"};

/* Is a component about points of a kind and class (NULL: it has none)? */
bool
component_is_about(const Component *component, int kind, const char *class)
{
	if ((component->kinds & 1 << kind) == 0)
		return false;
	if (component->nclasses == 0)
		return true;
	for (int i = 0; class && i < component->nclasses; i++)
		if (strcmp(component->classes[i], class) == 0)
			return true;
	return false;
}

/* The tier, from 0, of what begins at a count of counted, 10^-12 kWh or kW. */
int
component_tier_at(const Component *component, sg_int128 counted)
{
	int			tier = 0;

	while (tier < component->ntiers - 1 && component->tiers[tier].upto <= counted)
		tier++;
	return tier;
}
