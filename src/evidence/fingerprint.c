/*-------------------------------------------------------------------------
 *
 * fingerprint.c
 *	  What is kept of an entry to say which one differs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "port/pg_bswap.h"

#include "evidence/fingerprint.h"

/* Writes the fingerprint of an entry of a block that begins with first_entry. */
void
fingerprint_write(uint8 *at, int64 first_entry, int64 entry_id, const Digest *leaf)
{
	uint32		offset = pg_hton32((uint32) (entry_id - first_entry));

	memcpy(at, &offset, sizeof(offset));
	memcpy(at + sizeof(offset), leaf, FINGERPRINT_BYTES - sizeof(offset));
}

/* The id in a fingerprint. */
int64
fingerprint_entry(const uint8 *at, int64 first_entry)
{
	uint32		offset;

	memcpy(&offset, at, sizeof(offset));
	return (int64) ((uint64) first_entry + pg_ntoh32(offset));
}

/* Could this be the fingerprint of an entry with this leaf hash? */
bool
fingerprint_fits(const uint8 *at, const Digest *leaf)
{
	return memcmp(at + sizeof(uint32), leaf, FINGERPRINT_BYTES - sizeof(uint32)) == 0;
}
