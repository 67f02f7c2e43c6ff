/*
 * Packed days of every length with amounts of every width, random and extreme,
 * come back; and what becomes of them by damage to a byte, by truncation and by
 * bytes more is refused or another day (day_holds.c).
 *
 *	  day_property [file ...]			what the fuzzer has kept, besides
 *	  day_property --corpus directory	writes some days for the fuzzer instead
 */
#include "day_holds.h"
#include "draw.h"
#include "kept.h"

#include "metering/day_codec.h"
#include "metering/day_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the slots of a day may be like. */
typedef enum Kind
{
	KIND_MEASURED,				/* amounts of a width above a minimum */
	KIND_MIXED,					/* of all qualities, some missing */
	KIND_TENS,					/* multiples of a power of ten */
	KIND_EXTREME,				/* the largest and smallest there are */
	KIND_MISSING,
	KIND_COUNT
} Kind;

static void
make_shape(DayShape *shape, int slots)
{
	const int	zones[] = {0, 3600, -3600, 34200, 20700, -12600, 50400, -57599, 57599, 3599, 2670, -18 * 60};

	shape->offset = zones[below(sizeof(zones) / sizeof(zones[0]))];
	shape->slots = shape->segments = 0;
	while (shape->slots < slots)
	{
		int			left = slots - shape->slots;
		int			count = shape->segments < DAY_MAX_SEGMENTS - 1 && below(4) == 0 ? 1 + (int) below((uint64_t) left) : left;
		int			step = day_steps[below(DAY_STEPS)];

		if (shape->segments > 0 && shape->segment[shape->segments - 1].minutes == step)
			continue;
		if (day_add_segment(shape, count, step) != NULL)
			abort();
	}
}

static int64_t
make_amount(Kind kind, int width, int64_t least)
{
	const int64_t extremes[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX - 1, 0, 1, -1, INT64_C(1000000000000000000), INT64_C(-9000000000000000000)};

	switch (kind)
	{
		case KIND_TENS:
			return ((int64_t) below(2000) - 1000) * day_power_of_ten[width % 16];
		case KIND_EXTREME:
			return extremes[below(sizeof(extremes) / sizeof(extremes[0]))];
		default:
			return (int64_t) ((uint64_t) least + draw_bits(width));
	}
}

static void
make_day(Day *day, Kind kind, int slots, int width)
{
	int64_t		least = width == 64 ? INT64_MIN : width == 63 ? INT64_MIN + (int64_t) below(9) : (int64_t) (draw() >> (width + 1)) - (int64_t) (draw() >> (width + 1)) / 2;
	Quality		quality = kind == KIND_MISSING ? QUALITY_MISSING : QUALITY_MEASURED;

	make_shape(&day->shape, slots);
	for (int i = 0; i < slots; i++)
	{
		if (kind != KIND_MEASURED && kind != KIND_MISSING && below(8) == 0)
			quality = (Quality) below(QUALITY_COUNT);
		day->quality[i] = (uint8_t) quality;
		day->amount[i] = quality == QUALITY_MISSING ? 0 : make_amount(kind, width, least);
	}
}

/* What is read is what was packed, not only another day that is right. */
static void
packs(const Day *day, uint8_t *bytes, size_t *length)
{
	static Day	again;

	if (day_wrong(day) != NULL)
	{
		fprintf(stderr, "a day was made that is wrong: %s\n", day_wrong(day));
		abort();
	}
	*length = day_pack(day, bytes);
	if (day_unpack_strictly(bytes, *length, &again) != NULL || !day_shapes_equal(&day->shape, &again.shape) ||
		memcmp(day->amount, again.amount, (size_t) day->shape.slots * sizeof(int64_t)) != 0 ||
		memcmp(day->quality, again.quality, (size_t) day->shape.slots) != 0)
	{
		fprintf(stderr, "a day of %d slots does not come back\n", day->shape.slots);
		abort();
	}
	day_bytes_hold(bytes, *length);
}

static void
damage(uint8_t *bytes, size_t length, char *text)
{
	static uint8_t more[DAY_MAX_BYTES + 1];
	size_t		characters = strlen(text);

	for (size_t i = 0; i < length; i++)
	{
		uint8_t		was = bytes[i];

		day_bytes_hold(bytes, i);
		for (int value = 0; value < 256; value += length > 100 ? 1 + (int) below(60) : 1)
		{
			bytes[i] = (uint8_t) value;
			day_bytes_hold(bytes, length);
		}
		bytes[i] = was;
	}
	memcpy(more, bytes, length);
	for (int value = 0; value < 256; value++)
	{
		more[length] = (uint8_t) value;
		day_bytes_hold(more, length + 1);
	}
	for (size_t i = 0; i < characters; i++)
	{
		const char	odd[] = "0x-+:, e9m";
		char		was = text[i];

		for (size_t k = 0; k < sizeof(odd); k += characters > 100 ? 1 + below(8) : 1)
		{
			text[i] = odd[k];
			day_text_holds(text);
		}
		text[i] = was;
	}
}

/* Bytes and texts that are no day, one for each reason, and what is said of them. */
static void
refusals(void)
{
#define BYTES(...)	(const uint8_t[]) {__VA_ARGS__}, sizeof((const uint8_t[]) {__VA_ARGS__})
	/* Mostly 32: amounts as they are; 0: UTC; 10: one slot of 15 minutes; 0: measured; 10: 5; 0: no bits. */
	const struct
	{
		const char *what;
		const uint8_t *bytes;
		size_t		length;
		const char *wrong;		/* NULL: none */
		const char *strictly;
	}			cases[] = {
		{"one slot, 5", BYTES(32, 0, 10, 0, 10, 0), NULL, NULL},
		{"nothing", (const uint8_t[]) {0}, 0, "its format is not known", NULL},
		{"format below", BYTES(31, 0, 10, 0, 10, 0), "its format is not known", NULL},
		{"format above", BYTES(51, 0, 10, 0, 10, 0), "its format is not known", NULL},
		{"a lower exponent would do", BYTES(33, 0, 10, 0, 0, 0), NULL, "it is not the shortest form of this day"},
		{"a higher exponent would do", BYTES(32, 0, 10, 0, 20, 0), NULL, "it is not the shortest form of this day"},
		{"16 hours", BYTES(32, 0x80, 0x02, 10, 0, 10, 0), "the offset from UTC is out of range", NULL},
		{"16 hours in seconds", BYTES(32, 0x81, 0x88, 0x0e, 10, 0, 10, 0), "the offset from UTC is out of range", NULL},
		{"a year", BYTES(32, 0xff, 0xff, 0xff, 0xff, 0x7f, 10, 0, 10, 0), "the offset from UTC is out of range", NULL},
		{"an hour in seconds", BYTES(32, 0xc1, 0x70, 10, 0, 10, 0), NULL, "it is not the shortest form of this day"},
		{"no segment", BYTES(32, 0), "it ends within the segments", NULL},
		{"no slot", BYTES(32, 0, 2, 0), "a day has 1 to 300 slots", NULL},
		{"301 slots", BYTES(32, 0, 0xea, 0x12, 0, 0, 0), "a day has 1 to 300 slots", NULL},
		{"301 slots in two segments", BYTES(32, 0, 0xe3, 0x12, 8, 0, 0, 0), "a day has 1 to 300 slots", NULL},
		{"two segments of one length", BYTES(32, 0, 11, 10, 0, 0, 0), "adjacent segments have slots of the same length", NULL},
		{"nine segments", BYTES(32, 0, 11, 9, 11, 9, 11, 9, 11, 9, 10, 0, 0, 0), "a day has at most 8 segments", NULL},
		{"no qualities", BYTES(32, 0, 10), "it ends within the qualities", NULL},
		{"an unknown quality", BYTES(32, 0, 10, 5), "there is no such quality", NULL},
		{"qualities of two slots", BYTES(32, 0, 10, 16, 0), "a run of qualities is too long", NULL},
		{"the last run counted", BYTES(32, 0, 10, 8, 10, 0), "a run of qualities is too long", NULL},
		{"two runs of one quality", BYTES(32, 0, 18, 8, 0, 10, 0), NULL, "it is not the shortest form of this day"},
		{"no block", BYTES(32, 0, 10, 0), "it ends within a block", NULL},
		{"no width", BYTES(32, 0, 10, 0, 10), "it ends within a block", NULL},
		{"65 bits", BYTES(32, 0, 10, 0, 10, 65, 0, 0, 0, 0, 0, 0, 0, 0, 0), "a width is more than 64 bits", NULL},
		{"too few bits", BYTES(32, 0, 10, 0, 10, 9, 1), "it ends within a block", NULL},
		{"more bits than it takes", BYTES(32, 0, 10, 0, 10, 1, 0), NULL, "it is not the shortest form of this day"},
		{"a bit set behind the last", BYTES(32, 0, 18, 0, 10, 1, 6), NULL, "it is not the shortest form of this day"},
		{"a longer varint", BYTES(32, 0, 10, 0, 0x8a, 0, 0), NULL, "it is not the shortest form of this day"},
		{"a varint of 65 bits", BYTES(32, 0, 10, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0), "it ends within a block", NULL},
		{"beyond 64 bits by a block", BYTES(32, 0, 18, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1, 2), "an amount is out of range", NULL},
		{"beyond 64 bits by the exponent", BYTES(50, 0, 10, 0, 20, 0), "an amount is out of range", NULL},
		{"the largest exponent", BYTES(50, 0, 10, 0, 18, 0), NULL, NULL},
		{"more bytes", BYTES(32, 0, 10, 0, 10, 0, 0), "bytes follow its end", NULL},
		{"missing", BYTES(32, 0, 10, 4), NULL, NULL},
	};
#undef BYTES
	static Day	day;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const char *wrong = day_unpack(cases[i].bytes, cases[i].length, &day);
		const char *strictly = day_unpack_strictly(cases[i].bytes, cases[i].length, &day);
		const char *expected = cases[i].wrong != NULL ? cases[i].wrong : cases[i].strictly;

		if (strcmp(wrong ? wrong : "", cases[i].wrong ? cases[i].wrong : "") != 0 || strcmp(strictly ? strictly : "", expected ? expected : "") != 0)
		{
			fprintf(stderr, "%s: \"%s\", strictly \"%s\"\n", cases[i].what, wrong ? wrong : "", strictly ? strictly : "");
			exit(1);
		}
	}
}

int
main(int argc, char **argv)
{
	static Day	day;
	static uint8_t bytes[DAY_MAX_BYTES];
	static char text[DAY_MAX_TEXT];
	size_t		length;
	long		days = 0;
	long		damaged = 0;

	if (argc == 3 && strcmp(argv[1], "--corpus") == 0)
	{
		const int	slots[] = {1, 3, 24, 96, 92, 100, 48, 33};

		for (int i = 0; i < 24; i++)
		{
			make_day(&day, (Kind) (i % KIND_COUNT), slots[i % 8], (int) below(65));
			length = day_pack(&day, bytes);
			keep_file(argv[2], "bytes", i, bytes, length);
			if (i % 3 == 0)
				keep_file(argv[2], "text", i, text, day_to_text(&day, text));
		}
		return 0;
	}
	for (int i = 1; i < argc; i++)
		try_file(argv[i]);
	refusals();
	for (int slots = 1; slots <= DAY_MAX_SLOTS; slots++)
		for (int width = 0; width <= 64; width++)
		{
			make_day(&day, KIND_MEASURED, slots, width);
			packs(&day, bytes, &length);
			days++;
			if ((slots + width) % 8 != 0)
				continue;
			make_day(&day, (Kind) (1 + (slots + width / 8) % (KIND_COUNT - 1)), slots, width);
			packs(&day, bytes, &length);
			days++;
			if ((slots * 65 + width) % 301 == 0)
			{
				day_to_text(&day, text);
				damage(bytes, length, text);
				damaged++;
			}
		}
	printf("%ld days come back, %ld of them were damaged in every byte\n", days, damaged);
	return 0;
}
