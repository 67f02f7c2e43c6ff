/*-------------------------------------------------------------------------
 *
 * digest.h
 *	  SHA-256 digests, and their hexadecimal form.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DIGEST_H
#define SG_DIGEST_H

#include "postgres.h"

#include "common/cryptohash.h"

#define DIGEST_BYTES	32
#define DIGEST_HEX		(2 * DIGEST_BYTES)

typedef struct Digest
{
	uint8		bytes[DIGEST_BYTES];
} Digest;

/* One context for any number of digests, one after the other. */
typedef struct Hasher
{
	pg_cryptohash_ctx *context;
} Hasher;

extern void hasher_open(Hasher *hasher);
extern void hasher_close(Hasher *hasher);
extern Hasher *hasher_of_session(void);
extern void hasher_begin(Hasher *hasher);
extern void hasher_add(Hasher *hasher, const void *data, size_t len);
extern void hasher_finish(Hasher *hasher, Digest *digest);
extern void hasher_digest(Hasher *hasher, const void *data, size_t len, Digest *digest);
extern void hasher_digest_text(Hasher *hasher, const char *text, Digest *digest);

static inline bool
digest_equal(const Digest *a, const Digest *b)
{
	return memcmp(a, b, DIGEST_BYTES) == 0;
}

extern const char *utf8_of(const char *text);
extern char *digest_to_hex(const Digest *digest);
extern bool digest_from_hex(const char *hex, size_t len, Digest *digest);
extern bytea *bytea_of(const void *data, size_t len);
extern Datum digest_to_bytea(const Digest *digest);
extern bool digest_from_bytea(Datum value, Digest *digest);

#endif							/* SG_DIGEST_H */
