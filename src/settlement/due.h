/*-------------------------------------------------------------------------
 *
 * due.h
 *	  What participants owe the grid for what was settled, and how others book
 *	  on it.
 *
 * Each participant has an account `due`, in money units: above 0 it owes, below
 * 0 it is owed.  Its row is made when something is booked on it first.
 *
 *	due_hold()				once in a call: the accounts of all whom it books for
 *	due_book_bill()			the participant owes more: the gross sum of a document
 *	due_book_credit()		the grid owes it
 *	due_book_run()			a run is final: nothing moves, nobody is named
 *
 * Each books one entry, which carries the digest of what it is about, and there
 * may be any number of them in a call.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DUE_H
#define SG_DUE_H

#include "postgres.h"

#include "base/digest.h"
#include "call/call.h"

/*
 * Makes the accounts of n participants where they are missing, and locks them to
 * the end of the transaction, by participant_id; the ids may come in any order.
 * After the rows of producers, consumers and storage facilities that the call
 * locks, before anything is booked.  Errors: 40001 as store_lock().
 */
extern void due_hold(Call *call, const int64 *participant_ids, int n);

/*
 * Books what a document says that a participant, whose account is held, owes
 * (bill) or is owed (credit): money units, 0 or more; the digest is that of the
 * document.  22003 if its account would be beyond bigint.  Returns the entry's id.
 */
extern int64 due_book_bill(Call *call, int64 participant_id, int64 money, int64 document_id, const Digest *digest);
extern int64 due_book_credit(Call *call, int64 participant_id, int64 money, int64 document_id, const Digest *digest);

/* Books that a run is final, with its digest.  Returns the entry's id. */
extern int64 due_book_run(Call *call, int64 run_id, const Digest *digest);

#endif							/* SG_DUE_H */
