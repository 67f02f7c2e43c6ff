/*-------------------------------------------------------------------------
 *
 * run_compute.h
 *	  What a period comes to by the tariffs: lines, problems and basis, from what
 *	  was on record at a moment.
 *
 * It reads in the active snapshot, takes no locks, writes nothing and asks for no
 * rights.  It goes from day to day, and what it keeps is by line, not by slot.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_COMPUTE_H
#define SG_RUN_COMPUTE_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/digest.h"
#include "grid/grid.h"
#include "settlement/run_line.h"

/* What may keep a run from being final; also in what order problems are told. */
typedef enum RunProblemKind
{
	PROBLEM_MISSING,
	PROBLEM_QUALITY,
	PROBLEM_UNPRICED,
	PROBLEM_NO_TARIFF,
	PROBLEM_NO_OWNER,
	PROBLEM_COUNT
} RunProblemKind;

typedef struct RunProblem
{
	RunProblemKind kind;
	const char *point;			/* empty: none */
	const char *participant;	/* empty: nobody */
	const char *component;		/* empty: none */
	int64		slots;
	TimestampTz first;
	struct RunProblem *next;	/* of the same point, while it is computed */
} RunProblem;

/* What a run does not take for problems. */
typedef struct RunAccept
{
	QualitySet	qualities;
	bool		problems[PROBLEM_COUNT];
	Datum		names;			/* text[], as the caller has them */
} RunAccept;

/* Something that a run was computed from. */
typedef struct RunBasis
{
	const char *kind;
	const char *key;
	const char *version;		/* what it says in words, or its number; no part of the digest */
	TimestampTz from;
	TimestampTz to;
	Digest		digest;
} RunBasis;

/* What a participant was called. */
typedef struct RunName
{
	int64		participant_id;
	const char *name;
} RunName;

/* Who wants the steps of lines, each when it is complete; money NULL: unpriced. */
typedef void (*RunStepTaker) (void *argument, const RunLine *line, const RunStep *step, const int64 *money);

typedef struct RunRequest
{
	const Grid *grid;
	TimestampTz from;
	TimestampTz to;
	TimestampTz as_of;
	RunAccept	accept;
	int			nnames;			/* how participants are to be called, by their id; others as they are called now */
	const struct RunName *names;
	RunStepTaker take_step;		/* NULL: nobody */
	void	   *argument;
	const char *component;		/* whose steps are wanted; NULL: of all */
} RunRequest;

typedef struct Run
{
	RunLines	lines;			/* in their order */
	int			nproblems;
	RunProblem *problems;
	int			nbasis;
	RunBasis   *basis;
	TimestampTz basis_from;		/* the earliest time that it looked at */
	int			energy_scale;
	int			money_scale;
	struct Allocation *allocation;	/* to which names belong */
} Run;

/* Basis of what points got of the community's energy: a result, in truth. */
#define BASIS_SHARING		"sharing"
#define BASIS_PARTICIPANT	"participant"

extern Run *run_compute(const RunRequest *request);
extern void run_release(Run *run);
extern const char *run_name_of(const RunRequest *request, int64 participant_id, const char *name);
extern const char *run_problem_name(RunProblemKind kind);

#endif							/* SG_RUN_COMPUTE_H */
