/*-------------------------------------------------------------------------
 *
 * document.h
 *	  Documents that are worked out (document_draft.sql): numbering, booking and
 *	  keeping them.
 *
 * Numbers have no gaps: a row of a table counts, which is locked to the end of
 * the transaction, and given back by its abort.  So it is taken last, and the
 * prefixes of a call in their byte order.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DOCUMENT_H
#define SG_DOCUMENT_H

#include "postgres.h"

#include "utils/date.h"
#include "utils/jsonb.h"

#include "base/digest.h"
#include "call/call.h"
#include "store/elevated.h"

/* The columns that document_drafts() and document_reversal() have. */
#define DOCUMENT_DRAFT_COLUMNS	"d.participant_id, d.side, d.kind, d.prefix, d.digits, d.first, d.net, d.vat, d.participant, d.refused, d.body"

typedef struct Document
{
	int64		document_id;
	int64		run_id;
	int64		participant_id;
	int64		cancels_id;		/* 0: none */
	int64		entry_id;
	int64		net;			/* money units */
	int64		vat;
	int64		first;			/* of the sequence, if it is the first of the year */
	int64		sequence;
	int			digits;
	int			year;
	DateADT		issue_date;
	int16		side;			/* 0 charge, 1 credit */
	int16		kind;
	char	   *prefix;
	char	   *participant;
	char	   *number;
	Jsonb	   *draft;			/* all that it says but its number */
	char	   *refused;		/* what is missing for its VAT; NULL: nothing */
	char	   *body;
	Digest		digest;
} Document;

/* Raises SG104 unless it is a date of the years 1 to 9999, of which documents can be. */
extern int	document_year(DateADT issue_date);

/* The drafts of the last statement, which selected DOCUMENT_DRAFT_COLUMNS, in the context. */
extern Document *document_drafts_of_result(MemoryContext context, int64 run_id, DateADT issue_date, int *n);

/*
 * Numbers, books and keeps documents, in their order.  Locks the accounts `due`,
 * and then the counters.  22003 if an account would be beyond bigint.
 */
extern void document_issue(Call *call, Document *documents, int n);

#endif							/* SG_DOCUMENT_H */
