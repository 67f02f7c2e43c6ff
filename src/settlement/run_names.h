/*-------------------------------------------------------------------------
 *
 * run_names.h
 *	  A run: what points and participants are called, by their numbers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_NAMES_H
#define SG_RUN_NAMES_H

#include "postgres.h"

#include "settlement/run_state.h"

/* What numbers are called: points or participants, by number. */
typedef struct NumberName
{
	int64		number;
	const char *name;
} NumberName;

typedef struct RunNames
{
	int			n;
	NumberName *names;
} RunNames;

extern RunNames run_point_names(const RunState *state);
extern RunNames run_participant_names(const RunState *state);
extern const char *run_name_in(const RunNames *names, int64 number);

#endif							/* SG_RUN_NAMES_H */
