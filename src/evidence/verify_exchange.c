/*-------------------------------------------------------------------------
 *
 * verify_exchange.c
 *	  Verifying a ledger: which entries were exchanged.
 *
 * An entry whose id was changed is there under another one: its line with the
 * old id has the old fingerprint.  So it is looked for among the entries that
 * differ.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "evidence/canonical.h"
#include "evidence/verify.h"

/* Has the line of an entry with the digest that the one of another id carries now, if any, this fingerprint? */
static bool
fits_with_digest_of(Verification *v, const FormLedger *entry, int64 carrier_id, const uint8 *fingerprint)
{
	FormLedger	carrier = {.entry_id = carrier_id, .grid_id = entry->grid_id};
	char		line[CANONICAL_ENTRY_MAX];
	Digest		digest;
	bool		has_digest = entry_digest_find(&carrier, &digest);
	Digest		leaf;

	merkle_leaf(&v->hasher, line, canonical_entry(entry, has_digest ? &digest : NULL, line), &leaf);
	return fingerprint_fits(fingerprint, &leaf);
}

/* Does an entry that is there now, under another id, fit a fingerprint?  Its digest may have moved along, or not. */
static bool
fits_as(Verification *v, const FormLedger *entry, int64 entry_id, const uint8 *fingerprint)
{
	FormLedger	moved = *entry;

	moved.entry_id = entry_id;
	return fits_with_digest_of(v, &moved, entry->entry_id, fingerprint) || fits_with_digest_of(v, &moved, entry_id, fingerprint);
}

static bool
read_entry(int64 entry_id, FormLedger *entry)
{
	StoreRow	row;

	if (!store_find(TABLE_LEDGER, entry_id, &row))
		return false;
	memcpy(entry, STORE_FORM(&row, FormLedger), FORM_WIDTH(FormLedger, booked_at));
	heap_freetuple(row.tuple);
	return true;
}

/*
 * Says so if the first entry of a block that differs has changed places with
 * another one that differs, of this block or another.
 */
static void
find_exchanged(Verification *v, Finding *finding)
{
	const Difference *here = &finding->difference;
	FormLedger	entry;

	if (here->kind == ENTRY_TWICE || (here->kind == ENTRY_CHANGED && !read_entry(here->entry_id, &entry)))
		return;
	for (int i = 0; i < v->ndifferences; i++)
	{
		const Difference *there = &v->differences[i];
		FormLedger	other;
		const char *format;

		CHECK_FOR_INTERRUPTS();
		if (there->entry_id == here->entry_id)
			continue;
		if (here->kind == ENTRY_CHANGED && (there->kind == ENTRY_CHANGED || there->kind == ENTRY_MISSING) &&
			fits_as(v, &entry, there->entry_id, there->fingerprint))
			format = "entry " INT64_FORMAT " has what was sealed as entry " INT64_FORMAT;
		else if (here->kind == ENTRY_MISSING && (there->kind == ENTRY_CHANGED || there->kind == ENTRY_ADDED) && read_entry(there->entry_id, &other) &&
				 fits_as(v, &other, here->entry_id, here->fingerprint))
			format = "what was sealed as entry " INT64_FORMAT " is now entry " INT64_FORMAT;
		else
			continue;
		finding->problem = NULL;
		finding_report(finding, "entries reordered", format, here->entry_id, there->entry_id);
		return;
	}
}

/* Adds what the entry is now to the detail. */
static void
quote_entry(Finding *finding)
{
	FormLedger	entry;
	Digest		digest;
	char		line[CANONICAL_ENTRY_MAX];

	if (finding->difference.kind == ENTRY_MISSING || finding->difference.kind == ENTRY_TWICE || !read_entry(finding->difference.entry_id, &entry))
		return;
	canonical_entry(&entry, entry_digest_find(&entry, &digest) ? &digest : NULL, line);
	finding->detail = psprintf("%s; it is now: %s", finding->detail, line);
}

/* Says of a block's first entry that differs with which it was exchanged, and what it is now. */
void
verify_say_exchanged(Verification *v, Finding *finding)
{
	find_exchanged(v, finding);
	quote_entry(finding);
}
