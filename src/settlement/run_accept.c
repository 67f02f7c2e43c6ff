/*-------------------------------------------------------------------------
 *
 * run_accept.c
 *	  What a run does not take for problems, and what participants were called
 *	  in one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/errors.h"
#include "settlement/run_rows.h"

/* Problems that can be accepted by their name; missing is a quality, too. */
static bool
accept_problem(const char *name, RunAccept *accept)
{
	for (int kind = PROBLEM_NO_TARIFF; kind <= PROBLEM_NO_OWNER; kind++)
		if (strcmp(name, run_problem_name((RunProblemKind) kind)) == 0)
		{
			accept->problems[kind] = true;
			return true;
		}
	return false;
}

/* What an array of names accepts.  SG108 if one of them is NULL or none. */
void
run_accept_of(Datum names, RunAccept *accept)
{
	Datum	   *elements;
	bool	   *isnull;
	int			n;

	*accept = (RunAccept) {.names = names};
	deconstruct_array(DatumGetArrayTypeP(names), TEXTOID, -1, false, TYPALIGN_INT, &elements, &isnull, &n);
	for (int i = 0; i < n; i++)
	{
		char	   *name = isnull[i] ? NULL : TextDatumGetCString(elements[i]);
		Quality		quality;

		if (name && quality_of_name(name, strlen(name), &quality))
			accept->qualities |= QUALITY_SET(quality);
		else if (name == NULL || !accept_problem(name, accept))
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 name ? errmsg("\"%s\" in accept is no quality or problem that can be accepted", name)
					 : errmsg("accept has a NULL in it"),
					 errhint("Use measured, substituted, estimated, calculated, missing, no_tariff and no_owner.")));
	}
}

static int
compare_names(const void *a, const void *b)
{
	int64		one = ((const RunName *) a)->participant_id;
	int64		other = ((const RunName *) b)->participant_id;

	return (one > other) - (one < other);
}

/* What participants were called in a run, by their id. */
RunName *
run_names_of(const RunBasis *basis, int n, int *nnames)
{
	RunName    *names = palloc_extended(Max(n, 1) * sizeof(RunName), MCXT_ALLOC_HUGE);

	*nnames = 0;
	for (int i = 0; i < n; i++)
		if (strcmp(basis[i].kind, BASIS_PARTICIPANT) == 0)
			names[(*nnames)++] = (RunName) {.participant_id = strtoll(basis[i].version, NULL, 10), .name = basis[i].key};
	qsort(names, *nnames, sizeof(RunName), compare_names);
	return names;
}
