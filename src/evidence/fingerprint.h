/*-------------------------------------------------------------------------
 *
 * fingerprint.h
 *	  What is kept of an entry to say which one differs: four bytes of its id,
 *	  eight of its leaf hash.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_FINGERPRINT_H
#define SG_FINGERPRINT_H

#include "postgres.h"

#include "base/digest.h"

#define FINGERPRINT_BYTES	12

/* So far apart are the ids of a block's entries at most, that four bytes reach. */
#define FINGERPRINT_MAX_SPAN	PG_UINT32_MAX

extern void fingerprint_write(uint8 *at, int64 first_entry, int64 entry_id, const Digest *leaf);
extern int64 fingerprint_entry(const uint8 *at, int64 first_entry);
extern bool fingerprint_fits(const uint8 *at, const Digest *leaf);

#endif							/* SG_FINGERPRINT_H */
