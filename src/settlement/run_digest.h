/*-------------------------------------------------------------------------
 *
 * run_digest.h
 *	  The digest of a run, and those of its parts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_DIGEST_H
#define SG_RUN_DIGEST_H

#include "postgres.h"

#include "base/digest.h"
#include "settlement/run_rows.h"

typedef enum RunBasisPart
{
	BASIS_PART_READ,			/* what was read */
	BASIS_PART_NAMES,			/* what participants were called */
	BASIS_PART_SHARING			/* what points got of the community's energy */
} RunBasisPart;

typedef struct RunDigests
{
	Digest		basis;
	Digest		names;
	Digest		allocation;
	Digest		lines;
} RunDigests;

extern void run_digest_lines(const RunLines *lines, Digest *digest);
extern void run_digest_basis(const RunBasis *basis, int n, RunBasisPart part, Digest *digest);
extern void run_digest_parts(const Run *run, RunDigests *parts);
extern void run_digest_total(const Grid *grid, const RunHead *head, const RunDigests *parts, Digest *digest);

#endif							/* SG_RUN_DIGEST_H */
