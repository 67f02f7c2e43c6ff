/*-------------------------------------------------------------------------
 *
 * finding.h
 *	  What verification finds: a row of its result for each block.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_FINDING_H
#define SG_FINDING_H

#include "postgres.h"

#include "base/result.h"
#include "evidence/fingerprint.h"

typedef enum DifferenceKind
{
	ENTRY_CHANGED,
	ENTRY_MISSING,
	ENTRY_ADDED,
	ENTRY_TWICE
} DifferenceKind;

/* An entry that is not what was sealed. */
typedef struct Difference
{
	DifferenceKind kind;
	int64		entry_id;
	uint8		fingerprint[FINGERPRINT_BYTES]; /* as it was sealed; not of one that was added */
} Difference;

/* A row of the result. */
typedef struct Finding
{
	bool		is_block;		/* otherwise what comes after the last block */
	int64		height;
	int64		entries;
	const char *problem;		/* NULL: good */
	const char *detail;
	bool		has_difference; /* of the block's entries: the first */
	Difference	difference;
} Finding;

typedef struct Findings
{
	int			n;
	int			allocated;
	Finding    *all;
} Findings;

extern void findings_open(Findings *findings);
extern Finding *finding_add(Findings *findings, int64 height);
extern void finding_report(Finding *finding, const char *problem, const char *format,...) pg_attribute_printf(3, 4);
extern void finding_return(const Finding *finding, ResultRow *result);

#endif							/* SG_FINDING_H */
