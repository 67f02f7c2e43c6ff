#include "postgres.h"
#include "settlement/run_tier.h"
void
run_tier_add(RunState *state, RunPoint *point, RunStretch *stretch, RunComponent *component,
			 const RunSlots *slots, int from, int to)
{
}
