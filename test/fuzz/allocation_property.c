/*
 * Slots with random consumers, producers, keys and priorities, amounts of every
 * width to 2^62, are shared out as a slow second implementation says, which
 * multiplies and divides bit by bit in 256 bits and looks for the largest
 * remainder again and again; sums are exact and the allocation closes.  So are
 * long slots cut into short ones.
 */
#include "draw.h"
#include "require.h"

#include "metering/coarse.h"
#include "settlement/allocation.h"

#include <stdbool.h>
#include <string.h>

#define MOST	200

/*------------------------------------------------------------------ the second implementation */

/* total * weight / whole in 256 bits: the quotient, which is below 2^128, and the remainder. */
static sg_uint128
slow_divide(sg_uint128 total, sg_uint128 weight, sg_uint128 whole, sg_uint128 *remainder)
{
	uint32_t	product[8] = {0};
	sg_uint128	quotient = 0;
	sg_uint128	rest = 0;

	for (int i = 0; i < 4; i++)
	{
		uint64_t	carry = 0;

		for (int j = 0; j < 4; j++)
		{
			carry += (uint64_t) (uint32_t) (total >> 32 * i) * (uint32_t) (weight >> 32 * j) + product[i + j];
			product[i + j] = (uint32_t) carry;
			carry >>= 32;
		}
		product[i + 4] = (uint32_t) carry;
	}
	for (int bit = 255; bit >= 0; bit--)
	{
		rest = rest << 1 | (product[bit / 32] >> bit % 32 & 1);
		quotient <<= 1;
		if (rest >= whole)
		{
			rest -= whole;
			quotient |= 1;
		}
	}
	*remainder = rest;
	return quotient;
}

static void
slow_parts(sg_uint128 total, const int64_t *weight, size_t n, int64_t *part)
{
	sg_uint128	whole = 0;
	sg_uint128	given = 0;
	sg_uint128	remainder[MOST];
	bool		has[MOST] = {false};

	for (size_t i = 0; i < n; i++)
		whole += (sg_uint128) weight[i];
	for (size_t i = 0; i < n; i++)
	{
		part[i] = whole == 0 ? 0 : (int64_t) slow_divide(total, (sg_uint128) weight[i], whole, &remainder[i]);
		given += (sg_uint128) part[i];
	}
	for (; whole > 0 && given < total; given++)
	{
		size_t		largest = n;

		for (size_t i = 0; i < n; i++)
			if (!has[i] && (largest == n || remainder[i] > remainder[largest]))
				largest = i;
		part[largest]++;
		has[largest] = true;
	}
}

typedef struct Slot
{
	AllocationModel model;
	size_t		consumers;
	size_t		producers;
	int64_t		need[MOST];
	int64_t		key[MOST];
	int			priority[MOST];
	int64_t		supply[MOST];
	int64_t		share[MOST];
	int64_t		covered[MOST];
	int64_t		taken[MOST];
} Slot;

static sg_uint128
sum(const int64_t *value, size_t n)
{
	sg_uint128	total = 0;

	for (size_t i = 0; i < n; i++)
		total += (sg_uint128) value[i];
	return total;
}

static sg_uint128
smaller(sg_uint128 a, sg_uint128 b)
{
	return a < b ? a : b;
}

/* Consumers of one priority after the other; what is left is shared out by what they need yet.  Shares: dynamic only. */
static void
slow_by_need(Slot *slot, sg_uint128 left)
{
	for (int priority = 0; priority < 8; priority++)
	{
		int64_t		weight[MOST];
		int64_t		part[MOST];
		sg_uint128	given;

		for (size_t i = 0; i < slot->consumers; i++)
			weight[i] = slot->priority[i] == priority ? slot->need[i] - slot->covered[i] : 0;
		given = smaller(left, sum(weight, slot->consumers));
		if (slot->model == ALLOCATION_DYNAMIC)
		{
			slow_parts(left, weight, slot->consumers, part);
			for (size_t i = 0; i < slot->consumers; i++)
				slot->share[i] += part[i];
		}
		slow_parts(given, weight, slot->consumers, part);
		for (size_t i = 0; i < slot->consumers; i++)
			slot->covered[i] += part[i];
		left -= given;
	}
}

static void
slow_allocation(Slot *slot)
{
	sg_uint128	supply = sum(slot->supply, slot->producers);
	sg_uint128	rest;

	memset(slot->share, 0, sizeof(slot->share));
	memset(slot->covered, 0, sizeof(slot->covered));
	if (slot->model == ALLOCATION_STATIC || slot->model == ALLOCATION_CASCADE)
	{
		slow_parts(slow_divide(supply, sum(slot->key, slot->consumers), (sg_uint128) ALLOCATION_WHOLE, &rest), slot->key, slot->consumers,
				   slot->share);
		for (size_t i = 0; i < slot->consumers; i++)
			slot->covered[i] = slot->share[i] < slot->need[i] ? slot->share[i] : slot->need[i];
	}
	if (slot->model == ALLOCATION_DYNAMIC || slot->model == ALLOCATION_CASCADE)
		slow_by_need(slot, supply - sum(slot->covered, slot->consumers));
	slow_parts(sum(slot->covered, slot->consumers), slot->supply, slot->producers, slot->taken);
}

/*------------------------------------------------------------------ the first one */

/* Indices by priority, and where each priority that there is ends; returns how many. */
static size_t
make_order(const Slot *slot, uint32_t *order, uint32_t *end)
{
	uint32_t	n = 0;
	size_t		classes = 0;

	for (int priority = 0; priority < 8; priority++)
	{
		uint32_t	begin = n;

		for (uint32_t i = 0; i < slot->consumers; i++)
			if (slot->priority[i] == priority)
				order[n++] = i;
		if (n > begin)
			end[classes++] = n;
	}
	return classes;
}

static bool
allocate(Slot *slot)
{
	uint32_t	order[MOST];
	uint32_t	end[MOST];
	size_t		classes = make_order(slot, order, end);
	void	   *room = malloc(allocation_room(slot->consumers, slot->producers) + 1);
	AllocationConsumers consumers = {
		.n = slot->consumers, .need = slot->need, .key = slot->key, .order = classes > 1 || below(2) == 0 ? order : NULL,
		.class_end = end, .classes = classes, .share = slot->share, .covered = slot->covered
	};
	AllocationProducers producers = {.n = slot->producers, .supply = slot->supply, .covered = slot->taken};
	bool		fits = allocation_share_out(slot->model, &consumers, &producers, room);

	free(room);
	return fits;
}

/*------------------------------------------------------------------ what holds */

static void
check_slot(Slot *slot)
{
	Slot		slow = *slot;
	sg_uint128	supply = sum(slot->supply, slot->producers);
	sg_uint128	need = sum(slot->need, slot->consumers);
	sg_uint128	covered;

	if (!allocate(slot))
	{
		REQUIRE(supply > INT64_MAX);
		return;
	}
	slow_allocation(&slow);
	REQUIRE(memcmp(slot->share, slow.share, slot->consumers * sizeof(int64_t)) == 0);
	REQUIRE(memcmp(slot->covered, slow.covered, slot->consumers * sizeof(int64_t)) == 0);
	REQUIRE(memcmp(slot->taken, slow.taken, slot->producers * sizeof(int64_t)) == 0);
	covered = sum(slot->covered, slot->consumers);
	REQUIRE(covered == sum(slot->taken, slot->producers));
	REQUIRE(covered <= smaller(supply, need));
	REQUIRE(slot->model != ALLOCATION_DYNAMIC || covered == smaller(supply, need));
	for (size_t i = 0; i < slot->consumers; i++)
		REQUIRE(slot->covered[i] >= 0 && slot->covered[i] <= slot->need[i] && slot->share[i] >= 0);
	for (size_t i = 0; i < slot->producers; i++)
		REQUIRE(slot->taken[i] >= 0 && slot->taken[i] <= slot->supply[i]);
}

static int64_t
draw_amount(int width)
{
	return (int64_t) draw_bits((int) below((uint64_t) width + 1));
}

/* Keys that sum to 100 percent at most: of round numbers or of any. */
static void
draw_keys(Slot *slot)
{
	int64_t		left = ALLOCATION_WHOLE;
	int64_t		unit = below(2) == 0 ? 1 : ALLOCATION_WHOLE / 100;

	memset(slot->key, 0, sizeof(slot->key));
	for (size_t i = 0; i < slot->consumers; i++)
	{
		if (below(4) > 0)
			slot->key[i] = (int64_t) below((uint64_t) (left / unit) / 2 + 1) * unit;
		left -= slot->key[i];
	}
	if (slot->consumers > 0 && below(2) == 0)
		slot->key[below(slot->consumers)] += left;
}

static void
draw_slot(Slot *slot)
{
	const int	widths[] = {0, 1, 3, 10, 20, 40, 48, 49, 50, 60, 62};
	const size_t sizes[] = {0, 1, 2, 3, 5, 20, 63, 64, 65, MOST};
	int			width = widths[below(sizeof(widths) / sizeof(widths[0]))];
	int			other = widths[below(sizeof(widths) / sizeof(widths[0]))];
	int			equal = (int) below(5);
	int			priorities = below(2) == 0 ? 1 : 8;

	slot->model = (AllocationModel) below(ALLOCATION_MODEL_COUNT);
	slot->consumers = sizes[below(sizeof(sizes) / sizeof(sizes[0]))];
	slot->producers = sizes[below(sizeof(sizes) / sizeof(sizes[0]))];
	for (size_t i = 0; i < slot->consumers; i++)
	{
		slot->need[i] = equal == 0 && i > 0 ? slot->need[0] : draw_amount(width);
		slot->priority[i] = (int) below((uint64_t) priorities);
	}
	for (size_t i = 0; i < slot->producers; i++)
		slot->supply[i] = equal == 1 && i > 0 ? slot->supply[0] : draw_amount(other);
	draw_keys(slot);
}

static void
check_coarse(int64_t amount, int n)
{
	sg_int128	total = 0;

	for (int i = 1; i <= n; i++)
	{
		sg_int128	part = coarse_part(amount, n, i);
		sg_int128	away = part * n - amount;

		total += part;
		REQUIRE(away < n && away > -n);
		REQUIRE(2 * (total * n - (sg_int128) amount * i) <= n && 2 * (total * n - (sg_int128) amount * i) >= -n);
	}
	REQUIRE(total == amount);
}

/* As hubs do it: each part is rounded, with the error of those before carried on; checked where that is exact. */
static void
check_carried(int amount, int n)
{
	int64_t		given = 0;

	for (int i = 1; i <= n; i++)
	{
		int64_t		due = (int64_t) amount * i * 2 - given * n * 2;	/* 2n times */
		int64_t		part = due >= 0 ? (due + n) / (2 * n) : -((-due + n) / (2 * n));

		REQUIRE(coarse_part(amount, n, i) == part);
		given += part;
	}
}

/* A share of an amount, by the second implementation. */
static void
check_share(int64_t amount, sg_uint128 part, sg_uint128 whole)
{
	sg_uint128	magnitude = amount < 0 ? -(sg_uint128) amount : (sg_uint128) amount;
	sg_uint128	rest;
	sg_uint128	share = slow_divide(magnitude, part, whole, &rest);

	share += 2 * rest >= whole;
	REQUIRE(coarse_share(amount, part, whole) == (int64_t) (amount < 0 ? -share : share));
}

/* Random ones: of all magnitudes, up to a whole just below 2^120. */
static void
check_shares(void)
{
	for (int i = 0; i < 200000; i++)
	{
		sg_uint128	whole = (((sg_uint128) draw() << 64) | draw()) >> (8 + draw() % 120);
		sg_uint128	part = ((sg_uint128) draw() << 64) | draw();
		int64_t		amount = (int64_t) (draw() >> (1 + draw() % 63));

		whole = whole == 0 ? 1 : whole;
		part = i % 7 == 0 ? whole : part % (whole + 1);
		check_share(i % 3 == 0 ? -amount : amount, part, whole);
	}
	check_share(INT64_MAX, ((sg_uint128) 1 << 120) - 1, ((sg_uint128) 1 << 120) - 1);
	check_share(INT64_MIN + 1, ((sg_uint128) 1 << 119), ((sg_uint128) 1 << 120) - 1);
	check_share(3, 1, 2);
	check_share(-3, 1, 2);
}

static void
check_cases(void)
{
	/* Two who consume the same share an odd unit: the first in order gets it. */
	Slot		slot = {.model = ALLOCATION_DYNAMIC, .consumers = 2, .producers = 1, .need = {5, 5}, .supply = {3}};

	REQUIRE(allocate(&slot) && slot.covered[0] == 2 && slot.covered[1] == 1 && slot.taken[0] == 3);
	/* Keys of 50 and 30 percent of 101: entitled to 80 in all, 50 and 30; what is not used is surplus. */
	slot = (Slot) {
		.model = ALLOCATION_STATIC, .consumers = 2, .producers = 2, .need = {60, 10}, .supply = {100, 1},
		.key = {ALLOCATION_WHOLE / 2, ALLOCATION_WHOLE / 10 * 3}
	};
	REQUIRE(allocate(&slot) && slot.share[0] == 50 && slot.share[1] == 30 && slot.covered[0] == 50 && slot.covered[1] == 10 &&
			slot.taken[0] == 59 && slot.taken[1] == 1);
	/* Then what is left by what is unmet. */
	slot.model = ALLOCATION_CASCADE;
	REQUIRE(allocate(&slot) && slot.share[0] == 50 && slot.covered[0] == 60 && slot.covered[1] == 10 && slot.taken[0] == 69 &&
			slot.taken[1] == 1);
	slot.model = ALLOCATION_NONE;
	REQUIRE(allocate(&slot) && slot.share[0] == 0 && slot.covered[1] == 0 && slot.taken[0] == 0);
	/* The first class is served whole, the second from what is left. */
	slot = (Slot) {
		.model = ALLOCATION_DYNAMIC, .consumers = 3, .producers = 1, .need = {4, 4, 4}, .priority = {2, 1, 2}, .supply = {9}
	};
	REQUIRE(allocate(&slot) && slot.share[1] == 9 && slot.covered[1] == 4 && slot.share[0] == 3 && slot.covered[2] == 2);
	REQUIRE(allocation_eligible(999, ALLOCATION_WHOLE / 2) == 499);
	REQUIRE(allocation_eligible(INT64_MAX, ALLOCATION_WHOLE) == INT64_MAX && allocation_eligible(INT64_MAX, 0) == 0 &&
			allocation_eligible(INT64_MAX, ALLOCATION_WHOLE - 1) == INT64_C(9223372036854775797));
}

int
main(void)
{
	const int	parts[] = {2, 3, 4, 6, 12};
	Slot		slot;

	check_cases();
	check_shares();
	for (int round = 0; round < 20000; round++)
	{
		draw_slot(&slot);
		check_slot(&slot);
	}
	for (int p = 0; p < (int) (sizeof(parts) / sizeof(parts[0])); p++)
	{
		for (int amount = -3000; amount <= 3000; amount++)
		{
			check_coarse(amount, parts[p]);
			check_carried(amount, parts[p]);
		}
		for (int round = 0; round < 10000; round++)
			check_coarse((int64_t) draw() >> below(64), parts[p]);
		check_coarse(INT64_MAX, parts[p]);
		check_coarse(INT64_MIN, parts[p]);
	}
	return 0;
}
