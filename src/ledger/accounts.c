/*-------------------------------------------------------------------------
 *
 * accounts.c
 *	  What the ledger says that each participant holds.
 *
 * Memory grows with the participants, not with the ledger: some 130 bytes for
 * each, and 512 for each PAGE of ids.  Ids come from a sequence, so most pages
 * are full, and what is looked up again and again stays in the processor's
 * cache.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "ledger/accounts.h"

/* So many accounts are allocated at once: they stay where they are. */
#define CHUNK	512

#define PAGE_BITS	6
#define PAGE		(1 << PAGE_BITS)

/* The accounts of PAGE ids in a row. */
typedef struct AccountPage
{
	int64		number;
	LedgerAccount **accounts;		/* NULL: none */
	char		status;
} AccountPage;

#define SH_PREFIX account_pages
#define SH_ELEMENT_TYPE AccountPage
#define SH_KEY_TYPE int64
#define SH_KEY number
#define SH_HASH_KEY(table, key) murmurhash32((uint32) (key) ^ (uint32) ((key) >> 32))
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DEFINE
#define SH_DECLARE
#include "lib/simplehash.h"

struct Accounts
{
	account_pages_hash *pages;
	MemoryContext context;
	LedgerAccount *chunk;			/* the latest */
	int			left;			/* in it */
	/* listing them */
	account_pages_iterator list;
	const AccountPage *page;
	int			next;
};

/* Accounts, in the current memory context. */
Accounts *
accounts_create(void)
{
	Accounts   *accounts = palloc0(sizeof(Accounts));

	accounts->context = CurrentMemoryContext;
	accounts->pages = account_pages_create(CurrentMemoryContext, 64, NULL);
	return accounts;
}

/* The account of a participant, NULL if it has none. */
LedgerAccount *
accounts_find(Accounts *accounts, int64 participant_id)
{
	const AccountPage *page = account_pages_lookup(accounts->pages, participant_id >> PAGE_BITS);

	return page ? page->accounts[participant_id & (PAGE - 1)] : NULL;
}

/* The account of a participant, made if it has none. */
LedgerAccount *
accounts_enter(Accounts *accounts, int64 participant_id)
{
	bool		found;
	AccountPage *page = account_pages_insert(accounts->pages, participant_id >> PAGE_BITS, &found);
	LedgerAccount **account;

	if (!found)
		page->accounts = MemoryContextAllocZero(accounts->context, PAGE * sizeof(LedgerAccount *));
	account = &page->accounts[participant_id & (PAGE - 1)];
	if (*account == NULL)
	{
		if (accounts->left == 0)
		{
			accounts->chunk = MemoryContextAllocZero(accounts->context, CHUNK * sizeof(LedgerAccount));
			accounts->left = CHUNK;
		}
		*account = &accounts->chunk[CHUNK - accounts->left--];
		(*account)->participant_id = participant_id;
	}
	return *account;
}

/* Begins to list all accounts, in no order; none may be made meanwhile. */
void
accounts_begin_list(Accounts *accounts)
{
	account_pages_start_iterate(accounts->pages, &accounts->list);
	accounts->page = account_pages_iterate(accounts->pages, &accounts->list);
	accounts->next = 0;
}

/* The next one; NULL at the end. */
LedgerAccount *
accounts_next(Accounts *accounts)
{
	for (; accounts->page; accounts->page = account_pages_iterate(accounts->pages, &accounts->list))
	{
		while (accounts->next < PAGE)
		{
			LedgerAccount *account = accounts->page->accounts[accounts->next++];

			if (account)
				return account;
		}
		accounts->next = 0;
	}
	return NULL;
}

/* As what a participant has a holding. */
Role
holding_role(Holding holding)
{
	switch (holding)
	{
		case HOLDING_CONSUMED:
		case HOLDING_BALANCE:
		case HOLDING_CARRY:
			return ROLE_CONSUMER;
		case HOLDING_STORED:
			return ROLE_STORAGE;
		case HOLDING_DUE:
			return ROLE_DEBTOR;
		default:
			return ROLE_PRODUCER;
	}
}

static void
apply(LedgerAccount *account, const int8 *effect, const FormLedger *entry)
{
	for (int holding = 0; holding < HOLDING_COUNT; holding++)
		if (effect[holding] != 0)
		{
			account->holding[holding] += effect[holding] * (sg_int128) (HOLDING_IS_MONEY(holding) ? entry->money : entry->energy);
			account->roles |= holding_role(holding);
		}
}

/* Adds an entry to the accounts of its parties. */
Parties
accounts_add(Accounts *accounts, const FormLedger *entry)
{
	const Effect *effect = effect_of(entry->kind);
	Parties		parties = {0};

	if (!effect->impersonal)
	{
		parties.participant = accounts_enter(accounts, entry->participant_id);
		apply(parties.participant, effect->participant, entry);
	}
	if (effect->transfer)
	{
		parties.counterparty = accounts_enter(accounts, entry->counterparty_id);
		apply(parties.counterparty, effect->counterparty, entry);
	}
	return parties;
}

/*
 * Adds what an entry leaves of a consumer's costs below one money unit, which
 * the consumer carries: of entries after exact_after, and of reversals of such
 * ones.  A money unit is unit times what is carried.
 */
void
accounts_add_cost(LedgerAccount *account, const FormLedger *entry, int64 exact_after, sg_int128 unit)
{
	const Effect *effect = effect_of(entry->kind);
	int64		cause = effect_is_reversal(effect) ? entry->trade_id : entry->entry_id;

	if (!effect_has_value(effect) || cause <= exact_after)
		return;
	account->holding[HOLDING_CARRY] += effect->sign * ((sg_int128) entry->energy * entry->price - entry->money * unit);
	account->roles |= ROLE_CONSUMER;
}
