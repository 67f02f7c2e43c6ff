/*-------------------------------------------------------------------------
 *
 * verify.h
 *	  Verifying a ledger: the state of the pass over its entries and blocks.
 *
 * verify.c			the pass, and the SQL function
 * verify_entries.c	the entries of a block beside their fingerprints
 * verify_block.c	one block: its line, its chain, its entries
 * verify_exchange.c	which entries were exchanged
 * finding.c		what was found
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_VERIFY_H
#define SG_VERIFY_H

#include "postgres.h"

#include "evidence/block.h"
#include "evidence/finding.h"
#include "evidence/replay.h"
#include "ledger/entry_digest.h"
#include "ledger/reader.h"

/* How many entries that differ are kept, of one block and in all, to find out which were exchanged. */
#define KEPT_OF_BLOCK		256
#define KEPT_OF_ALL			4096

/* What entries come to, by themselves or as a block says. */
typedef struct Balance
{
	Totals		totals;
	KindSums	sums;
} Balance;

typedef struct Verification
{
	const Grid *grid;
	Hasher		hasher;
	Replay		replay;
	LedgerReader reader;
	const FormLedger *entry;	/* the next one; NULL at the end */
	DigestReader digests;		/* beside it */
	int64		read;			/* entries so far */
	/* what the next block has to fit; not known after one that is missing */
	int64		height;
	bool		known;
	Digest		previous;
	MerkleTree	history;
	Balance		balance;
	bool		has_other;		/* if the last block's totals may have been changed: what its entries came to */
	Balance		other;
	sg_int128	released;		/* by trades that were cancelled, energy units: counted while blocks do not say it */
	bool		released_known; /* all of it */
	char	   *name;			/* of the grid, by the last block */
	/* what the caller knows from outside */
	bool		is_published;
	int64		published_height;
	Digest		published_hash;
	/* what was found */
	Findings	findings;
	int			ndifferences;
	Difference *differences;
	bool		has_missing;	/* among them: it may have moved to a later id */
	const char *odd;			/* a field of an entry since it was NULL last that no function can have written so */
	int64		odd_entry;
} Verification;

/* The entries of a block beside the fingerprints that they had. */
typedef struct Walk
{
	const LedgerBlock *block;
	bool		usable;			/* there are as many fingerprints as there should be */
	const uint8 *fingerprints;
	int			n;
	int			next;
	int			differing;
	Difference	first;
	MerkleTree	tree;
	KindSums	change;
	int64		first_entry;
	int64		last_entry;
} Walk;

extern void verify_begin_entries(Verification *v, int64 from);
extern void verify_take_entry(Verification *v);
extern void verify_walk(Verification *v, Walk *walk, const LedgerBlock *block, int64 to);
extern void verify_report_difference(Finding *finding, const Walk *walk);
extern void verify_report_odd(Verification *v, Finding *finding);

extern bool verify_own_history(Verification *v, const LedgerBlock *block, MerkleTree *history);
extern void verify_believe(Verification *v, const LedgerBlock *block);
extern void verify_block(Verification *v, const LedgerBlock *block, const LedgerBlock *next);

extern void verify_say_exchanged(Verification *v, Finding *finding);

#endif							/* SG_VERIFY_H */
