/*-------------------------------------------------------------------------
 *
 * allocation.c
 *	  Who gets how much of the community's energy in one slot.
 *
 *-------------------------------------------------------------------------
 */
#include "settlement/allocation.h"

#include <string.h>

#include "settlement/largest_remainder.h"

/* What is left of the supply is shared out by need: one class, or all consumers. */
typedef struct Service
{
	size_t		n;
	const int64_t *need;
	int64_t    *share;			/* result: parts of all that is left; NULL: not wanted */
	int64_t    *covered;		/* result */
} Service;

/* Arrays of as many as there are consumers, and what largest_remainder() needs. */
typedef struct Room
{
	int64_t    *need;			/* of a class, and its results */
	int64_t    *share;
	int64_t    *covered;
	int64_t    *unmet;			/* of the second step of cascade, and its result */
	int64_t    *added;
	void	   *remainders;
} Room;

#define ROOM_ARRAYS		5

static sg_uint128
least(sg_uint128 a, sg_uint128 b)
{
	return a < b ? a : b;
}

/* Bytes of the room that a slot of so many consumers and producers needs, aligned as for a pointer. */
size_t
allocation_room(size_t consumers, size_t producers)
{
	return ROOM_ARRAYS * consumers * sizeof(int64_t) + largest_remainder_room(consumers > producers ? consumers : producers);
}

static Room
divide_room(void *room, size_t n)
{
	int64_t    *array = room;

	return (Room) {
		.need = array, .share = array + n, .covered = array + 2 * n, .unmet = array + 3 * n, .added = array + 4 * n,
		.remainders = array + ROOM_ARRAYS * n
	};
}

/* The part of an amount that a factor, of ALLOCATION_WHOLE, lets take part in sharing: rounded down. */
int64_t
allocation_eligible(int64_t amount, int64_t factor)
{
	uint64_t	rest;

	if (factor == ALLOCATION_WHOLE)
		return amount;
	if (amount >> QUICK_TOTAL_BITS == 0)
		return quick_multiply_divide((uint64_t) amount, factor, (uint64_t) ALLOCATION_WHOLE, (double) amount / (double) ALLOCATION_WHOLE, &rest);
	return (int64_t) ((sg_uint128) amount * (sg_uint128) factor / (sg_uint128) ALLOCATION_WHOLE);
}

/* Serves those of a service from what is left, and takes that off.  False if a share does not fit. */
static bool
serve(sg_uint128 *left, const Service *service, void *remainders)
{
	sg_uint128	needed = sum_of_weights(service->need, service->n);
	sg_uint128	given = least(*left, needed);

	if (service->share == NULL)
		(void) largest_remainder(given, service->need, service->n, needed, service->covered, remainders);
	else if (!largest_remainder(*left, service->need, service->n, needed, service->share, remainders))
		return false;
	else
		memcpy(service->covered, given == needed ? service->need : service->share, service->n * sizeof(int64_t));
	*left -= given;
	return true;
}

/* Serves classes of consumers, one after the other.  False if a share does not fit. */
static bool
serve_classes(sg_uint128 *left, const AllocationConsumers *consumers, const Service *all, const Room *room)
{
	Service		class = {.need = room->need, .share = all->share ? room->share : NULL, .covered = room->covered};
	const uint32_t *member = consumers->order;

	if (member == NULL)
		return serve(left, all, room->remainders);
	for (size_t c = 0; c < consumers->classes; c++)
	{
		class.n = (size_t) (consumers->order + consumers->class_end[c] - member);
		for (size_t i = 0; i < class.n; i++)
			room->need[i] = all->need[member[i]];
		if (!serve(left, &class, room->remainders))
			return false;
		for (size_t i = 0; i < class.n; i++)
		{
			all->covered[member[i]] = class.covered[i];
			if (all->share)
				all->share[member[i]] = class.share[i];
		}
		member += class.n;
	}
	return true;
}

static bool
share_out_dynamic(sg_uint128 *left, const AllocationConsumers *consumers, const Room *room)
{
	Service		all = {
		.n = consumers->n, .need = consumers->need, .share = consumers->share, .covered = consumers->covered
	};

	return serve_classes(left, consumers, &all, room);
}

/* What consumers are entitled to by key, and what they need of that. */
static bool
share_out_static(sg_uint128 *left, const AllocationConsumers *consumers, const Room *room)
{
	sg_uint128	whole = (sg_uint128) ALLOCATION_WHOLE;
	sg_uint128	keys = sum_of_weights(consumers->key, consumers->n);
	sg_uint128	rest;
	sg_uint128	entitled = multiply_divide(*left, least(keys, whole), whole, &rest);

	if (!largest_remainder(entitled, consumers->key, consumers->n, keys, consumers->share, room->remainders))
		return false;
	for (size_t i = 0; i < consumers->n; i++)
	{
		consumers->covered[i] = consumers->share[i] < consumers->need[i] ? consumers->share[i] : consumers->need[i];
		*left -= (sg_uint128) consumers->covered[i];
	}
	return true;
}

static bool
share_out_cascade(sg_uint128 *left, const AllocationConsumers *consumers, const Room *room)
{
	Service		second = {.n = consumers->n, .need = room->unmet, .covered = room->added};

	if (!share_out_static(left, consumers, room))
		return false;
	for (size_t i = 0; i < consumers->n; i++)
		room->unmet[i] = consumers->need[i] - consumers->covered[i];
	(void) serve_classes(left, consumers, &second, room);
	for (size_t i = 0; i < consumers->n; i++)
		consumers->covered[i] += room->added[i];
	return true;
}

static void
share_out_nothing(const AllocationConsumers *consumers)
{
	memset(consumers->share, 0, consumers->n * sizeof(int64_t));
	memset(consumers->covered, 0, consumers->n * sizeof(int64_t));
}

/* Shares out a slot.  False if a share does not fit 64 bits with a sign: then results are not defined. */
bool
allocation_share_out(AllocationModel model, const AllocationConsumers *consumers, const AllocationProducers *producers, void *room)
{
	sg_uint128	supply = sum_of_weights(producers->supply, producers->n);
	sg_uint128	left = supply;
	Room		divided = divide_room(room, consumers->n);
	bool		fits = true;

	switch (model)
	{
		case ALLOCATION_DYNAMIC:
			fits = share_out_dynamic(&left, consumers, &divided);
			break;
		case ALLOCATION_STATIC:
			fits = share_out_static(&left, consumers, &divided);
			break;
		case ALLOCATION_CASCADE:
			fits = share_out_cascade(&left, consumers, &divided);
			break;
		case ALLOCATION_NONE:
		case ALLOCATION_MODEL_COUNT:
			share_out_nothing(consumers);
			break;
	}
	if (fits)
		(void) largest_remainder(supply - left, producers->supply, producers->n, supply, producers->covered, divided.remainders);
	return fits;
}
