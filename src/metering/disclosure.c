/*-------------------------------------------------------------------------
 *
 * disclosure.c
 *	  Which totals of the community a participant may be told.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "metering/disclosure.h"
#include "metering/quality.h"

/* Prepares in the current context. */
void
disclosure_init(Disclosure *disclosure)
{
	memset(disclosure, 0, sizeof(*disclosure));
	disclosure->allocated = 64;
	disclosure->owners = palloc(disclosure->allocated * sizeof(DisclosureOwner));
}

void
disclosure_begin_day(Disclosure *disclosure)
{
	disclosure->n = 0;
}

/* Room for what an owner has: an owner may have it more than once. */
static DisclosureOwner *
next_owner(Disclosure *disclosure, int64 owner_id)
{
	DisclosureOwner *owner;

	if (disclosure->n == disclosure->allocated)
	{
		disclosure->allocated *= 2;
		disclosure->owners = repalloc_huge(disclosure->owners, disclosure->allocated * sizeof(DisclosureOwner));
	}
	owner = &disclosure->owners[disclosure->n++];
	memset(owner, 0, sizeof(*owner));
	owner->owner_id = owner_id;
	return owner;
}

/*
 * An owner has what is not missing of slots from .. to - 1, which have these
 * qualities; each of them is so many slots of the day.
 */
void
disclosure_add(Disclosure *disclosure, int64 owner_id, const uint8 *quality, int from, int to, int per)
{
	DisclosureOwner *owner = next_owner(disclosure, owner_id);

	for (int i = from; i < to; i++)
		for (int slot = i * per; quality[i] != QUALITY_MISSING && slot < Min((i + 1) * per, DAY_MAX_SLOTS); slot++)
			owner->slots[slot / 64] |= UINT64CONST(1) << slot % 64;
}

static int
compare_owners(const void *a, const void *b)
{
	int64		left = ((const DisclosureOwner *) a)->owner_id;
	int64		right = ((const DisclosureOwner *) b)->owner_id;

	return (left > right) - (left < right);
}

/* Counts the slots of an owner, which are those of the entries from i on that have the same; returns the first of the next owner. */
static int
count_owner(const Disclosure *disclosure, int i, int nslots, int *owners)
{
	uint64		slots[DISCLOSURE_WORDS] = {0};
	int64		owner_id = disclosure->owners[i].owner_id;

	for (; i < disclosure->n && disclosure->owners[i].owner_id == owner_id; i++)
		for (int word = 0; word < DISCLOSURE_WORDS; word++)
			slots[word] |= disclosure->owners[i].slots[word];
	for (int slot = 0; slot < nslots; slot++)
		owners[slot] += slots[slot / 64] >> slot % 64 & 1;
	return i;
}

/* May the total of slots 0 .. n - 1 be told?  Somebody took part, and five did if anybody did: or a total would tell of one that is not told. */
static bool
is_told(const int *owners, int n)
{
	int			most = 0;

	for (int i = 0; i < n; i++)
		if (owners[i] > 0 && owners[i] < DISCLOSURE_LEAST_OWNERS)
			return false;
		else
			most = Max(most, owners[i]);
	return most > 0;
}

/*
 * told[0 .. nslots / per - 1]: whether the total of so many slots, which begin
 * at a multiple of them, may be told.
 */
void
disclosure_decide(Disclosure *disclosure, int nslots, int per, bool *told)
{
	int			owners[DAY_MAX_SLOTS] = {0};

	qsort(disclosure->owners, disclosure->n, sizeof(DisclosureOwner), compare_owners);
	for (int i = 0; i < disclosure->n;)
		i = count_owner(disclosure, i, nslots, owners);
	for (int slot = 0; slot < nslots / per; slot++)
		told[slot] = is_told(&owners[slot * per], per);
}
