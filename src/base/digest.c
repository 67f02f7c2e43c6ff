/*-------------------------------------------------------------------------
 *
 * digest.c
 *	  SHA-256 digests, and their hexadecimal form.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/resowner.h"

#include "base/compat.h"
#include "base/digest.h"

SG_NORETURN
static void
error_digest(const Hasher *hasher)
{
	elog(ERROR, "could not compute a SHA-256 digest: %s", pg_cryptohash_error(hasher->context));
}

/* Makes the context; hasher_close() frees it, and so does an error.  53200 if there is no memory. */
void
hasher_open(Hasher *hasher)
{
	hasher->context = pg_cryptohash_create(PG_SHA256);
	if (hasher->context == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
}

/*
 * A hasher that is open for as long as the session lasts, for digests that are
 * finished at once: to make one costs as much as a digest.  It belongs to a
 * resource owner of its own, which no transaction releases.
 */
Hasher *
hasher_of_session(void)
{
	static Hasher kept;
	static ResourceOwner owner = NULL;
	ResourceOwner outer = CurrentResourceOwner;

	if (likely(kept.context != NULL))
		return &kept;
	if (owner == NULL)
		owner = ResourceOwnerCreate(NULL, "smartgrid digests");
	CurrentResourceOwner = owner;
	PG_TRY();
	{
		hasher_open(&kept);
	}
	PG_FINALLY();
	{
		CurrentResourceOwner = outer;
	}
	PG_END_TRY();
	return &kept;
}

void
hasher_close(Hasher *hasher)
{
	pg_cryptohash_free(hasher->context);
	hasher->context = NULL;
}

/* SHA-256 of len bytes.  XX000 if the library for it fails, as in all that follows. */
void
hasher_digest(Hasher *hasher, const void *data, size_t len, Digest *digest)
{
	if (pg_cryptohash_init(hasher->context) < 0 ||
		pg_cryptohash_update(hasher->context, data, len) < 0 ||
		pg_cryptohash_final(hasher->context, digest->bytes, DIGEST_BYTES) < 0)
		error_digest(hasher);
}

/* A text of the server's encoding in UTF-8.  SQL_ASCII says nothing of its bytes: they are taken as they are. */
const char *
utf8_of(const char *text)
{
	return GetDatabaseEncoding() == PG_SQL_ASCII ? text : pg_server_to_any(text, strlen(text), PG_UTF8);
}

/*
 * SHA-256 of a text of the server's encoding in UTF-8, so that it does not
 * depend on that encoding.
 */
void
hasher_digest_text(Hasher *hasher, const char *text, Digest *digest)
{
	const char *utf8 = utf8_of(text);

	hasher_digest(hasher, utf8, strlen(utf8), digest);
	if (utf8 != text)
		pfree(unconstify(char *, utf8));
}

/* Begins a digest of bytes that come in parts. */
void
hasher_begin(Hasher *hasher)
{
	if (pg_cryptohash_init(hasher->context) < 0)
		error_digest(hasher);
}

void
hasher_add(Hasher *hasher, const void *data, size_t len)
{
	if (pg_cryptohash_update(hasher->context, data, len) < 0)
		error_digest(hasher);
}

void
hasher_finish(Hasher *hasher, Digest *digest)
{
	if (pg_cryptohash_final(hasher->context, digest->bytes, DIGEST_BYTES) < 0)
		error_digest(hasher);
}

/* 64 lower-case hexadecimal digits. */
char *
digest_to_hex(const Digest *digest)
{
	char	   *hex = palloc(DIGEST_HEX + 1);

	hex_encode((const char *) digest->bytes, DIGEST_BYTES, hex);
	hex[DIGEST_HEX] = '\0';
	return hex;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Reads a digest from 64 lower-case hexadecimal digits; false if they are anything else. */
bool
digest_from_hex(const char *hex, size_t len, Digest *digest)
{
	if (len != DIGEST_HEX)
		return false;
	for (int i = 0; i < DIGEST_BYTES; i++)
	{
		int			high = hex_value(hex[2 * i]);
		int			low = hex_value(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		digest->bytes[i] = (uint8) (high << 4 | low);
	}
	return true;
}

/* A bytea of these bytes: digests, fingerprints. */
bytea *
bytea_of(const void *data, size_t len)
{
	bytea	   *value = palloc(VARHDRSZ + len);

	SET_VARSIZE(value, VARHDRSZ + len);
	memcpy(VARDATA(value), data, len);
	return value;
}

Datum
digest_to_bytea(const Digest *digest)
{
	return PointerGetDatum(bytea_of(digest->bytes, DIGEST_BYTES));
}

/* Reads a digest from a bytea; false if that has not 32 bytes. */
bool
digest_from_bytea(Datum value, Digest *digest)
{
	bytea	   *bytes = DatumGetByteaPP(value);

	if (VARSIZE_ANY_EXHDR(bytes) != DIGEST_BYTES)
		return false;
	memcpy(digest->bytes, VARDATA_ANY(bytes), DIGEST_BYTES);
	return true;
}
