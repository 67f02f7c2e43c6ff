/*
 * Lists of up to 5000 points, their numbers dense and sparse, with amounts of every
 * width, come back; and what becomes of them by damage to a byte, by truncation
 * and by bytes more is refused or another list (open_holds.c).
 *
 *	  open_property [file ...]			what the fuzzer has kept, besides
 *	  open_property --corpus directory	writes some lists for the fuzzer instead
 */
#include "draw.h"
#include "kept.h"
#include "open_holds.h"

#include "metering/open_codec.h"
#include "require.h"

#include <string.h>

#define MAX_POINTS	5000

/* How far apart numbers of points are. */
typedef enum Gaps
{
	GAPS_NONE,
	GAPS_SMALL,
	GAPS_WIDE,
	GAPS_MIXED,					/* dense, but for some */
	GAPS_LARGEST,				/* up to the largest number there is */
	GAPS_COUNT
} Gaps;

static uint64_t
make_gap(Gaps gaps)
{
	switch (gaps)
	{
		case GAPS_SMALL:
			return below(10);
		case GAPS_WIDE:
			return draw_bits(40);
		case GAPS_MIXED:
			return below(20) == 0 ? draw_bits((int) below(50)) : 0;
		default:
			return 0;
	}
}

static int64_t
make_amount(int width, uint64_t least)
{
	return (int64_t) (least + draw_bits(width));
}

static void
make_list(OpenValue *values, size_t n, Gaps gaps, int width)
{
	/* Amounts of 64 bits begin at the least that there is; others do not go beyond the largest. */
	uint64_t	least = width == 64 ? (uint64_t) INT64_MIN : (uint64_t) INT64_MIN + draw_bits(63 - (width == 63)) / 2;
	int64_t		point = gaps == GAPS_LARGEST ? INT64_MAX - (int64_t) n : (int64_t) below(1000);
	uint8_t		quality = QUALITY_MEASURED;

	for (size_t i = 0; i < n; i++)
	{
		point += 1 + (int64_t) make_gap(gaps);
		if (below(30) == 0)
			quality = (uint8_t) below(QUALITY_COUNT);
		memset(&values[i], 0, sizeof(OpenValue));
		values[i].point_id = point;
		values[i].quality = quality;
		values[i].amount = quality == QUALITY_MISSING ? 0 : make_amount(width, least);
	}
}

/* What is read is what was packed, not only another list that is right. */
static size_t
packs(const OpenValue *values, size_t n, uint8_t *bytes)
{
	static OpenValue again[MAX_POINTS];
	size_t		length;
	size_t		count;

	REQUIRE(open_wrong(values, n) == NULL);
	length = open_pack(values, n, bytes);
	REQUIRE(length <= open_pack_bound(n));
	REQUIRE(open_count(bytes, length, &count) == NULL && count == n);
	memset(again, 0, n * sizeof(OpenValue));
	REQUIRE(open_unpack(bytes, length, again, n) == NULL);
	REQUIRE(memcmp(values, again, n * sizeof(OpenValue)) == 0);
	open_bytes_hold(bytes, length);
	return length;
}

static void
damage(uint8_t *bytes, size_t length)
{
	size_t		step = length > 300 ? length / 100 : 1;

	for (size_t i = 0; i < length; i += 1 + below(step))
	{
		uint8_t		was = bytes[i];

		open_bytes_hold(bytes, i);
		for (int value = 0; value < 256; value += length > 100 ? 1 + (int) below(60) : 1)
		{
			bytes[i] = (uint8_t) value;
			open_bytes_hold(bytes, length);
		}
		bytes[i] = was;
	}
	for (int value = 0; value < 256; value++)
	{
		bytes[length] = (uint8_t) value;
		open_bytes_hold(bytes, length + 1);
	}
}

/* Bytes that are no list, one for each reason, and what is said of them. */
static void
refusals(void)
{
#define BYTES(...)	(const uint8_t[]) {__VA_ARGS__}, sizeof((const uint8_t[]) {__VA_ARGS__})
	/* 64, count; for each block of points the first and the width; of amounts the least and the width; qualities. */
	const struct
	{
		const char *what;
		const uint8_t *bytes;
		size_t		length;
		const char *wrong;		/* NULL: none */
	}			cases[] = {
		{"one point, 5", BYTES(64, 1, 7, 0, 10, 0, 0), NULL},
		{"two points, 5 and 6", BYTES(64, 2, 7, 0, 10, 1, 2, 0), NULL},
		{"no points", BYTES(64, 0), NULL},
		{"one missing", BYTES(64, 1, 7, 0, 0, 0, 4), NULL},
		{"nothing", (const uint8_t[]) {0}, 0, "its format is not known"},
		{"a day", BYTES(32, 0, 10, 0, 10, 0), "its format is not known"},
		{"no count", BYTES(64), "it ends before its points"},
		{"a count of 65 bits", BYTES(64, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2), "it ends before its points"},
		{"a count that cannot be", BYTES(64, 17, 7, 0, 10, 0, 0), "it has fewer bytes than its points take"},
		{"a huge count", BYTES(64, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 7, 0, 10, 0, 0), "it has fewer bytes than its points take"},
		{"a point that is not above 0", BYTES(64, 1, 0, 0, 10, 0, 0), "its points are not in their order"},
		{"the largest number of a point", BYTES(64, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 10, 0, 0), NULL},
		{"a larger one", BYTES(64, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0, 10, 0, 0), "the number of a point is out of range"},
		{"the one behind the largest", BYTES(64, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 10, 0, 0), "the number of a point is out of range"},
		{"points of 65 bits", BYTES(64, 2, 7, 65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0), "a width is more than 64 bits"},
		{"it ends within the points", BYTES(64, 2, 7, 64, 10, 0, 0), "it ends within a block"},
		{"no amount", BYTES(64, 1, 0x87, 0x80, 0, 0), "it ends within a block"},
		{"beyond 64 bits by a block", BYTES(64, 2, 7, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1, 2, 0), "an amount is out of range"},
		{"no qualities", BYTES(64, 1, 7, 0, 0x8a, 0, 0), "it ends within the qualities"},
		{"an unknown quality", BYTES(64, 1, 7, 0, 10, 0, 5), "there is no such quality"},
		{"the last run counted", BYTES(64, 1, 7, 0, 10, 0, 8), "a run of qualities is too long"},
		{"missing with an amount", BYTES(64, 1, 7, 0, 10, 0, 4), "a missing slot has an amount"},
		{"more bytes", BYTES(64, 1, 7, 0, 10, 0, 0, 0), "bytes follow its end"},
		{"no points, and bytes", BYTES(64, 0, 0), "bytes follow its end"},
	};
#undef BYTES
	OpenValue	values[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		size_t		n;
		const char *wrong = open_count(cases[i].bytes, cases[i].length, &n);

		if (wrong == NULL)
			wrong = open_unpack(cases[i].bytes, cases[i].length, values, n);
		if (strcmp(wrong ? wrong : "", cases[i].wrong ? cases[i].wrong : "") != 0)
		{
			fprintf(stderr, "%s: \"%s\"\n", cases[i].what, wrong ? wrong : "");
			exit(1);
		}
	}
	REQUIRE(open_unpack(cases[0].bytes, cases[0].length, values, 2) != NULL);
}

/* Lists that cannot be packed. */
static void
wrong_lists(void)
{
	const OpenValue same[] = {{.point_id = 3}, {.point_id = 3}};
	const OpenValue none[] = {{.point_id = 0}};
	const OpenValue unknown[] = {{.point_id = 3, .quality = QUALITY_COUNT}};
	const OpenValue missing[] = {{.point_id = 3, .quality = QUALITY_MISSING, .amount = 1}};

	REQUIRE(open_wrong(same, 2) != NULL && open_wrong(same, 1) == NULL);
	REQUIRE(open_wrong(none, 1) != NULL);
	REQUIRE(open_wrong(unknown, 1) != NULL);
	REQUIRE(open_wrong(missing, 1) != NULL);
}

static void
write_corpus(const char *directory, OpenValue *values, uint8_t *bytes)
{
	const size_t points[] = {0, 1, 2, 15, 16, 17, 33, 100};

	for (int i = 0; i < 40; i++)
	{
		size_t		n = points[i % 8];

		make_list(values, n, (Gaps) (i % GAPS_COUNT), (int) below(65));
		keep_file(directory, "open", i, bytes, open_pack(values, n, bytes));
	}
}

int
main(int argc, char **argv)
{
	static OpenValue values[MAX_POINTS];
	uint8_t    *bytes = malloc(open_pack_bound(MAX_POINTS) + 1);
	long		lists = 0;
	long		damaged = 0;

	if (argc == 3 && strcmp(argv[1], "--corpus") == 0)
	{
		write_corpus(argv[2], values, bytes);
		free(bytes);
		return 0;
	}
	for (int i = 1; i < argc; i++)
		try_file(argv[i]);
	refusals();
	wrong_lists();
	for (int width = 0; width <= 64; width++)
		for (int gaps = 0; gaps < GAPS_COUNT; gaps++)
			for (size_t n = 0; n <= MAX_POINTS; n += n < 35 ? 1 : 1 + below(2500))
			{
				size_t		length;

				make_list(values, n, (Gaps) gaps, width);
				length = packs(values, n, bytes);
				lists++;
				if (below(100) == 0)
				{
					damage(bytes, length);
					damaged++;
				}
			}
	printf("%ld lists of points come back, %ld of them were damaged in many bytes\n", lists, damaged);
	free(bytes);
	return 0;
}
