/*-------------------------------------------------------------------------
 *
 * entry_digest.h
 *	  The digests that ledger entries of some kinds carry: SHA-256 of what an
 *	  entry is about.
 *
 * They stand in a table of their own by the entry's id, so that the entries of
 * all the other kinds stay as small as they are.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ENTRY_DIGEST_H
#define SG_ENTRY_DIGEST_H

#include "postgres.h"

#include "base/digest.h"
#include "store/store.h"

/*
 * The digests of a grid, beside its entries, which are gone through in the
 * order of their ids, in the active snapshot.  Not to be copied while it is open.
 */
typedef struct DigestReader
{
	int32		grid_id;
	StoreScan	scan;
	bool		any;			/* whether a row was read, of any grid */
	bool		has_next;		/* else it is at the end */
	int64		next;			/* the entry of the next digest */
	bool		is_digest;		/* whether that has 32 bytes, as a constraint demands */
	Digest		digest;
	bool		is_asked;		/* whether somebody has asked for it */
	bool		has_stray;		/* whether a digest was passed over, since this was false last, that nobody had asked for */
	int64		stray;			/* the entry of the first of those */
} DigestReader;

extern void entry_digest_append(const FormLedger *entry, const Digest *digest);
extern bool entry_digest_find(const FormLedger *entry, Digest *digest);

extern void digest_reader_open(DigestReader *reader, int32 grid_id, int64 from, int64 to);
extern const Digest *digest_reader_at(DigestReader *reader, int64 entry_id);
extern void digest_reader_pass(DigestReader *reader, int64 through);
extern void digest_reader_close(DigestReader *reader);

#endif							/* SG_ENTRY_DIGEST_H */
