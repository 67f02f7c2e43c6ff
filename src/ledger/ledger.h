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

#include "grid/grid.h"

/* The codes are stored: append only, and widen the CHECK of smartgrid.ledger. */
typedef enum LedgerKind
{
	LEDGER_PRODUCTION,			/* energy: producer -> pool */
	LEDGER_CONSUMPTION,			/* energy: pool -> consumer, money: consumer -> grid */
	LEDGER_CHARGE,				/* energy: pool -> storage */
	LEDGER_DISCHARGE,			/* energy: storage -> pool */
	LEDGER_HOLD,				/* energy: pool -> held by a trade */
	LEDGER_TRADE,				/* energy: held -> buyer, money: buyer -> seller */
	LEDGER_RELEASE,				/* energy: held -> pool */
	LEDGER_TOPUP,				/* money: outside -> consumer */
	LEDGER_WITHDRAWAL			/* money: producer -> outside */
} LedgerKind;

extern void ledger_enter(void);
extern FormLedger ledger_energy(const Grid *grid, LedgerKind kind, int64 participant_id, int64 energy, int64 price, int64 money);
extern FormLedger ledger_money(const Grid *grid, LedgerKind kind, int64 participant_id, int64 money);
extern const char *ledger_kind_name(int kind);
extern bool ledger_may_see(const FormLedger *entry);
extern void ledger_append(FormLedger *entry);
extern void ledger_append_at(FormLedger *entry, TimestampTz at);
extern void ledger_append_many(FormLedger *entries, int n);

#endif							/* SG_LEDGER_H */
