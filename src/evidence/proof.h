/*-------------------------------------------------------------------------
 *
 * proof.h
 *	  The types of proofs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PROOF_H
#define SG_PROOF_H

#define PROOF_ENTRY		"smartgrid-entry-1"
#define PROOF_BLOCKS	"smartgrid-blocks-1"

#endif							/* SG_PROOF_H */
