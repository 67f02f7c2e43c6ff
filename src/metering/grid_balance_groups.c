/*-------------------------------------------------------------------------
 *
 * grid_balance_groups.c
 *	  Which points are added up together.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "metering/grid_balance.h"

/* What a period is grouped by. */
typedef struct Member
{
	int			period;			/* its place in Balance.group_of */
	bool		is_exchange;
	const char *key;
	const char *class;
} Member;

/* Bytewise, NULL last. */
static int
compare_texts(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a == NULL) - (b == NULL);
	return strcmp(a, b);
}

static int
compare_members(const void *left, const void *right)
{
	const Member *a = left;
	const Member *b = right;
	int			order = (int) a->is_exchange - (int) b->is_exchange;

	if (order == 0)
		order = compare_texts(a->key, b->key);
	return order != 0 ? order : compare_texts(a->class, b->class);
}

/* What a period is grouped by; false: it is not in the balance. */
static bool
member_of(const Balance *balance, const ReadPoint *point, const ReadPeriod *period, Member *member)
{
	bool		is_exchange = point->kind == POINT_EXCHANGE;

	*member = (Member) {.key = period->owner, .class = period->class};
	switch (balance->by)
	{
		case BALANCE_OWNER:
			return !is_exchange;
		case BALANCE_POINT:
			member->key = point->name;
			return true;
		case BALANCE_NEIGHBOUR:
			*member = (Member) {.key = period->neighbour};
			return is_exchange;
		case BALANCE_GRID:
			break;
	}
	if (balance->step == 0)
		*member = (Member) {0};
	else if (is_exchange)
		*member = (Member) {.is_exchange = true, .key = period->neighbour};
	return true;
}

/* All periods that are in the balance, in the order of their groups. */
static Member *
sorted_members(Balance *balance, int nperiods, int *n)
{
	const MeterRead *read = balance->read;
	Member	   *members = MemoryContextAllocHuge(CurrentMemoryContext, Max(nperiods, 1) * sizeof(Member));

	*n = 0;
	for (int p = 0; p < read->npoints; p++)
		for (int i = 0; i < read->points[p].nperiods; i++)
		{
			Member	   *member = &members[*n];

			if (!member_of(balance, &read->points[p], &read->points[p].periods[i], member))
				continue;
			member->period = balance->first_period[p] + i;
			(*n)++;
		}
	qsort(members, *n, sizeof(Member), compare_members);
	return members;
}

/* Fills what a balance has of groups, from the points of its read. */
void
balance_group_points(Balance *balance)
{
	const MeterRead *read = balance->read;
	int			nperiods = 0;
	int			n;
	Member	   *members;

	balance->first_period = palloc(Max(read->npoints, 1) * sizeof(int));
	for (int p = 0; p < read->npoints; p++)
	{
		balance->first_period[p] = nperiods;
		nperiods += read->points[p].nperiods;
	}
	balance->group_of = palloc(Max(nperiods, 1) * sizeof(int));
	memset(balance->group_of, -1, nperiods * sizeof(int));
	members = sorted_members(balance, nperiods, &n);
	balance->groups = palloc_extended(Max(n, 1) * sizeof(BalanceGroup), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int i = 0; i < n; i++)
	{
		if (i == 0 || compare_members(&members[i - 1], &members[i]) != 0)
		{
			balance->groups[balance->ngroups].key = members[i].key;
			balance->groups[balance->ngroups++].class = members[i].class;
		}
		balance->group_of[members[i].period] = balance->ngroups - 1;
	}
	pfree(members);
}
