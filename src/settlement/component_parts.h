/*-------------------------------------------------------------------------
 *
 * component_parts.h
 *	  What of a component is an object or array of its own in JSON.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_COMPONENT_PARTS_H
#define SG_COMPONENT_PARTS_H

#include "postgres.h"

#include "base/json_at.h"
#include "settlement/component.h"

/* What holds of a demand unless it is said. */
#define COMPONENT_DEMAND_DEFAULT \
	((ComponentDemand) {.measure = MEASURE_MAX, .n = 1, .minutes = 15, .ratchet_months = 12, \
		.ratchet_calendar_months = COMPONENT_ALL_MONTHS, .at = AT_OWN})

/* All of SG108, with the path of what is wrong. */

/* component_parts.c */
extern void component_require_keys(const JsonAt *at, const char *const *names, int n);
extern uint16 component_read_months(const JsonAt *at);
extern void component_read_index(const JsonAt *at, ComponentIndex *index);
extern void component_read_tiers(const JsonAt *at, Component *component);
extern void component_read_demand(const JsonAt *at, ComponentDemand *demand);
extern void component_read_vat(const JsonAt *at, Component *component);

/* component_when.c */
extern void component_read_when(const JsonAt *at, ComponentWhen *when);

#endif							/* SG_COMPONENT_PARTS_H */
