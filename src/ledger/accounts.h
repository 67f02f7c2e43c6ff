/*-------------------------------------------------------------------------
 *
 * accounts.h
 *	  What the ledger says that each participant holds.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ACCOUNTS_H
#define SG_ACCOUNTS_H

#include "postgres.h"

#include "base/checked.h"
#include "ledger/effect.h"
#include "store/tables.h"

/* As what a participant is registered. */
typedef enum Role
{
	ROLE_PRODUCER = 0x01,
	ROLE_CONSUMER = 0x02,
	ROLE_STORAGE = 0x04,
	ROLE_DEBTOR = 0x08			/* it has an account of what it owes, or is owed */
} Role;

typedef struct LedgerAccount
{
	int64		participant_id; /* key */
	sg_int128	holding[HOLDING_COUNT]; /* exact: 2^63 entries of 2^63 units fit */
	int16		roles;			/* as what it has entries */
	int16		energy_type;	/* of a producer, plus 1; 0: not noted */
	/* grids where its rows are, for who reads those: 0 until one is noted */
	int32		grid_id;
	int32		producer_grid_id;
	int32		consumer_grid_id;
} LedgerAccount;

/* Of an entry; counterparty is NULL if its account stays as it is. */
typedef struct Parties
{
	LedgerAccount *participant; /* NULL: the entry has none */
	LedgerAccount *counterparty;
} Parties;

typedef struct Accounts Accounts;

extern Role holding_role(Holding holding);

extern Accounts *accounts_create(void);
extern LedgerAccount *accounts_find(Accounts *accounts, int64 participant_id);
extern LedgerAccount *accounts_enter(Accounts *accounts, int64 participant_id);
extern Parties accounts_add(Accounts *accounts, const FormLedger *entry);
extern void accounts_add_cost(LedgerAccount *account, const FormLedger *entry, int64 exact_after, sg_int128 unit);
extern void accounts_begin_list(Accounts *accounts);
extern LedgerAccount *accounts_next(Accounts *accounts);

#endif							/* SG_ACCOUNTS_H */
