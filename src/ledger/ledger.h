/*-------------------------------------------------------------------------
 *
 * ledger.h
 *	  The ledger: one append-only entry for each effect.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LEDGER_H
#define SG_LEDGER_H

#include "postgres.h"

#include "base/digest.h"
#include "grid/grid.h"

/* The codes that tables hold. */
typedef enum LedgerKind
{
#define ENTRY_KIND(symbol, name, ...)	LEDGER_##symbol,
#define ENTRY_REVERSAL(symbol, name)	LEDGER_REVERSAL_##symbol,
#include "ledger/entry_kind.def"
#undef ENTRY_KIND
#undef ENTRY_REVERSAL
	LEDGER_KIND_COUNT
} LedgerKind;

extern void ledger_enter(void);
extern FormLedger ledger_energy(const Grid *grid, LedgerKind kind, int64 participant_id, int64 energy, int64 price, int64 money);
extern FormLedger ledger_money(const Grid *grid, LedgerKind kind, int64 participant_id, int64 money);
extern const char *ledger_kind_name(int kind);
extern const char *ledger_shown_kind(int kind);
extern bool ledger_is_first_half(const FormLedger *entry);
extern bool ledger_may_see(const FormLedger *entry);
extern void ledger_append(FormLedger *entry, const Digest *digest, TimestampTz booked_at);
extern void ledger_append_pair(FormLedger *first, FormLedger *second);
extern int64 ledger_last_entry(void);
extern void ledger_recall_entry(int64 entry_id);
extern void ledger_append_many(FormLedger *entries, int n);

#endif							/* SG_LEDGER_H */
