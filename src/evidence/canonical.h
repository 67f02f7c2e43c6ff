/*-------------------------------------------------------------------------
 *
 * canonical.h
 *	  The bytes that are hashed: the line of a ledger entry and of a block.
 *
 * They are specified in doc/evidence.md, and must never change: a new form
 * gets a new name.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_CANONICAL_H
#define SG_CANONICAL_H

#include "postgres.h"

#include "evidence/block.h"
#include "store/tables.h"

/* Room for the longest line of an entry, with a terminating zero. */
#define CANONICAL_ENTRY_MAX		384

#define CANONICAL_BLOCK_FORM_1	"smartgrid-block-1"
#define CANONICAL_BLOCK_FORM_2	"smartgrid-block-2"

#define CANONICAL_FORMS			2

/* What is in a block's line of a form between the root of its entries and the name. */
typedef struct BlockForm
{
	const char *name;
	int			ntotals;
	const Total *totals;
	bool		has_sums;		/* then the sums by kind of entry; then previous and history */
} BlockForm;

/* Follows the ten fields of an entry's line, after a comma, if it was not booked when it happened. */
#define CANONICAL_BOOKED_AT		"booked_at="

/* Follows that, after a comma, if the entry carries a digest: 64 hexadecimal digits. */
#define CANONICAL_DIGEST		"digest="

/* What proofs need of a block's line. */
typedef struct BlockLine
{
	int64		grid_id;
	int64		height;
	int64		first_entry;
	int64		last_entry;
	int64		entries;
	Digest		root;
	Digest		history;
} BlockLine;

extern const BlockForm canonical_forms[CANONICAL_FORMS];

extern int	canonical_entry(const FormLedger *entry, const Digest *digest, char *line);
extern const char *canonical_odd_field(const FormLedger *entry, const Digest *digest);
extern char *canonical_sums(const KindSums *sums);
extern char *canonical_block(const LedgerBlock *block);

/* canonical_parse.c */
extern bool canonical_parse_sums(const char *text, KindSums *sums);
extern bool canonical_parse_block(const char *line, BlockLine *fields);
extern bool canonical_parse_entry(const char *line, int64 *entry_id, int64 *grid_id);

#endif							/* SG_CANONICAL_H */
