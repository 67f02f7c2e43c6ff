/*-------------------------------------------------------------------------
 *
 * entry_digest.c
 *	  The digests that ledger entries of some kinds carry.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "ledger/entry_digest.h"

/* Appends the digest that an entry, which has its id, carries. */
void
entry_digest_append(const FormLedger *entry, const Digest *digest)
{
	static const bool isnull[Natts_entry_digest];
	Datum		values[Natts_entry_digest];

	values[Anum_entry_digest_entry_id - 1] = Int64GetDatum(entry->entry_id);
	values[Anum_entry_digest_grid_id - 1] = Int32GetDatum(entry->grid_id);
	values[Anum_entry_digest_digest - 1] = digest_to_bytea(digest);
	store_insert_values(TABLE_ENTRY_DIGEST, values, isnull);
}

/* Reads a row; false if it is of another grid than this one, or has no 32 bytes. */
static bool
read_digest(const StoreRow *row, int32 grid_id, Digest *digest)
{
	bool		isnull;
	Datum		bytes = store_attribute(row, Anum_entry_digest_digest, &isnull);

	return STORE_FORM(row, FormEntryDigest)->grid_id == grid_id && !isnull && digest_from_bytea(bytes, digest);
}

/* The digest that an entry carries, in the active snapshot; false if there is none. */
bool
entry_digest_find(const FormLedger *entry, Digest *digest)
{
	StoreRow	row;
	bool		found;

	if (!store_find(TABLE_ENTRY_DIGEST, entry->entry_id, &row))
		return false;
	found = read_digest(&row, entry->grid_id, digest);
	heap_freetuple(row.tuple);
	return found;
}

/*
 * Goes to the next row of the grid.  Raises XX002 if rows do not come in the
 * order of the index (which is not used, as with ignore_system_indexes).
 */
static void
read_next(DigestReader *reader)
{
	while ((reader->has_next = store_scan_next(&reader->scan)))
	{
		const FormEntryDigest *form = STORE_SCAN_FORM(&reader->scan, FormEntryDigest);
		int64		before = reader->next;

		CHECK_FOR_INTERRUPTS();
		reader->next = form->entry_id;
		if (reader->any && reader->next < before)
			ereport(ERROR,
					(errcode(ERRCODE_INDEX_CORRUPTED),
					 errmsg("entry " INT64_FORMAT " follows entry " INT64_FORMAT " in index \"entry_digest_pkey\"", reader->next, before),
					 errhint("Run REINDEX INDEX smartgrid.entry_digest_pkey; ignore_system_indexes must be off.")));
		reader->any = true;
		if (form->grid_id != reader->grid_id)
			continue;
		reader->is_asked = false;
		reader->is_digest = read_digest(&reader->scan.row, reader->grid_id, &reader->digest);
		break;
	}
}

/* Begins to read the digests of a grid, of entries with ids from one to another. */
void
digest_reader_open(DigestReader *reader, int32 grid_id, int64 from, int64 to)
{
	ScanKeyData keys[2];

	memset(reader, 0, sizeof(*reader));
	reader->grid_id = grid_id;
	ScanKeyInit(&keys[0], Anum_entry_digest_entry_id, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(from));
	ScanKeyInit(&keys[1], Anum_entry_digest_entry_id, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(to));
	store_scan_begin(&reader->scan, TABLE_ENTRY_DIGEST, 2, keys);
	read_next(reader);
}

static void
pass_one(DigestReader *reader)
{
	if (!reader->is_asked && !reader->has_stray)
	{
		reader->has_stray = true;
		reader->stray = reader->next;
	}
	read_next(reader);
}

/*
 * The digest of an entry of the grid, whose id is not below that of the entry
 * before, NULL if it has none; valid until another one is asked for.
 */
const Digest *
digest_reader_at(DigestReader *reader, int64 entry_id)
{
	while (reader->has_next && reader->next < entry_id)
		pass_one(reader);
	if (!reader->has_next || reader->next != entry_id)
		return NULL;
	reader->is_asked = true;
	return reader->is_digest ? &reader->digest : NULL;
}

/* Passes over all of entries with ids up to one. */
void
digest_reader_pass(DigestReader *reader, int64 through)
{
	while (reader->has_next && reader->next <= through)
		pass_one(reader);
}

/* Ends reading, before the end or after it. */
void
digest_reader_close(DigestReader *reader)
{
	store_scan_end(&reader->scan);
}
