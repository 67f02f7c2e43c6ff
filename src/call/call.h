/*-------------------------------------------------------------------------
 *
 * call.h
 *	  One call that writes: its beginning, who acts, the rows that it locks,
 *	  what it changes in the pool, what it books, its end.
 *
 * In this order, which is that of the checks (doc/reference, errors):
 *
 *	call_begin()	may this session write at all; SG108 reference
 *	arguments		SG108 (arguments.h)
 *	call_act() and its kin		who acts, in which grid: SG100, SG102, SG101;
 *					false if that was done already (request.h): then
 *					call_answer() returns what came of it
 *	call_lock_...()	the rows, in the order of store.h: SG101
 *	rules			on these rows and the pool: SG106, SG104, SG103, SG107, 22003
 *	call_book()		the entry; call_book_digest(): with the digest of what it is about
 *	call_end()		writes rows, pool and entry, and returns the result
 *
 * An error anywhere leaves nothing behind.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_CALL_H
#define SG_CALL_H

#include "postgres.h"

#include "fmgr.h"

#include "base/digest.h"
#include "base/refusal.h"
#include "grid/grid.h"
#include "grid/pool.h"
#include "store/store.h"

#define CALL_MAX_ROWS		3

/* What a rule works on beside rows of accounts: shared by single calls and batches. */
typedef struct Booking
{
	struct Call *call;
	const Grid *grid;
	Pool	   *pool;
	FormLedger *entry;			/* what is to be booked */
	int64		least;			/* energy units of a consumption, charge or discharge: 1; 0 in a batch, for meters report that, too */
} Booking;

/* The place of a lock in the order: rank, then id, then table. */
typedef struct LockPlace
{
	int			rank;
	int64		id;
	int			table;
} LockPlace;

typedef struct Call
{
	struct Request *request;	/* under which it is remembered; NULL: it has no reference */
	Grid	   *grid;
	char	   *principal;		/* who acts; NULL: a call that acts for nobody */
	TimestampTz now;			/* call_now(); 0 until then */
	Pool		pool;
	FormLedger	entry;			/* grid_id 0: there is none; booked_at 0: now, and at as well */
	Digest		digest;			/* that entry carries, if its kind does */
	FormLedger	entry_before;	/* that only counts together with entry; grid_id 0: there is none */
	bool		written;		/* call_write() is done */
	Booking		booking;		/* of these three */
	LockPlace	last_lock;		/* of this call, for the Assert of the lock order */
	int			nrows;
	StoreRow	rows[CALL_MAX_ROWS];	/* that call_end() writes */
} Call;

/* A row that call_lock_pair() locks. */
typedef struct CallRow
{
	StoreTable	table;
	int64		id;
	StoreRow   *row;			/* out */
} CallRow;

extern void call_begin(Call *call, FunctionCallInfo fcinfo, const char *function);
extern void call_begin_beside_calls(Call *call, FunctionCallInfo fcinfo, const char *function);
SG_NODISCARD extern bool call_act(Call *call);
SG_NODISCARD extern bool call_act_as(Call *call, char *principal);
SG_NODISCARD extern bool call_act_for_nobody(Call *call);
SG_NODISCARD extern bool call_operate(Call *call, const char *action);
SG_NODISCARD extern bool call_act_as_gateway(Call *call, const char *action, const char *hint);
SG_NODISCARD extern bool call_is_remembered(Call *call, const char *grid_name, const char *principal);
extern void call_act_in(Call *call, Grid *grid, char *principal);
SG_NODISCARD extern Datum call_answer(Call *call);

extern FormProducer *call_lock_producer(Call *call, const char *principal);
extern FormConsumer *call_lock_consumer(Call *call, const char *principal);
extern FormStorage *call_lock_storage(Call *call, const char *principal);
extern FormDue *call_lock_due(Call *call, int64 participant_id);
extern void call_make_dues(Call *call, const int64 *participant_ids, int n);
extern FormGrid *call_lock_grid(Call *call);
extern void call_hold_grid_of(Call *call, int32 grid_id, const char *name, StoreRow *row);
extern void call_hold_grid(Call *call, StoreRow *row);
extern StoreRow *call_lock_row(Call *call, StoreTable table, int64 id);
extern StoreRow *call_lock_party(Call *call, StoreTable table, int64 id);
extern void call_lock_pair(Call *call, CallRow *one, CallRow *other);
extern bool call_hold_row(Call *call, StoreTable table, int64 id, StoreRow *row);
extern RowLock call_hold_row_patiently(Call *call, StoreTable table, int64 id, StoreRow *row);

extern TimestampTz call_now(Call *call);
extern void call_book(Call *call, FormLedger entry);
extern void call_book_digest(Call *call, FormLedger entry, const Digest *digest);
extern void call_write(Call *call);
extern Datum call_end(Call *call, Datum result);
extern Datum call_end_unchanged(Call *call, Datum result);

#endif							/* SG_CALL_H */
