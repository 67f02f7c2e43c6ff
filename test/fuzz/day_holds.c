/*
 * What holds for any bytes, and any text, that are read as a packed day: they are
 * refused with a reason, or they are a day that is right and comes back the same
 * by bytes and by text.  Ends the program if it does not hold.
 *
 * The bytes are read from memory of just their size, so that a sanitizer sees
 * whoever reads beyond it.
 */
#include "day_holds.h"

#include "metering/day_codec.h"
#include "metering/day_text.h"
#include "require.h"

#include <stdlib.h>
#include <string.h>

static int
days_equal(const Day *a, const Day *b)
{
	return day_shapes_equal(&a->shape, &b->shape) &&
		memcmp(a->amount, b->amount, (size_t) a->shape.slots * sizeof(a->amount[0])) == 0 &&
		memcmp(a->quality, b->quality, (size_t) a->shape.slots) == 0;
}

/* A day that was read comes back by its one packed form and its one text. */
static void
day_comes_back(const Day *day)
{
	static uint8_t bytes[DAY_MAX_BYTES];
	static char text[DAY_MAX_TEXT];
	static Day	again;
	size_t		length;
	size_t		place;

	REQUIRE(day_wrong(day) == NULL);
	length = day_pack(day, bytes);
	REQUIRE(length <= sizeof(bytes));
	memset(&again, 0xa5, sizeof(again));
	REQUIRE(day_unpack_strictly(bytes, length, &again) == NULL);
	REQUIRE(days_equal(day, &again));
	REQUIRE(day_to_text(day, text) < sizeof(text));
	memset(&again, 0xa5, sizeof(again));
	REQUIRE(day_of_text(text, &again, &place) == NULL && place == strlen(text));
	REQUIRE(days_equal(day, &again));
}

void
day_bytes_hold(const uint8_t *bytes, size_t length)
{
	uint8_t    *copy = malloc(length > 0 ? length : 1);
	static Day	day;
	static uint8_t again[DAY_MAX_BYTES];

	memcpy(copy, bytes, length);
	if (day_unpack(copy, length, &day) == NULL)
	{
		day_comes_back(&day);
		/* What is taken strictly is the one form that there is. */
		REQUIRE((day_unpack_strictly(copy, length, &day) == NULL) ==
				(day_pack(&day, again) == length && memcmp(again, bytes, length) == 0));
	}
	else
		REQUIRE(day_unpack_strictly(copy, length, &day) != NULL);
	free(copy);
}

void
day_text_holds(const char *text)
{
	size_t		length = strlen(text);
	char	   *copy = malloc(length + 1);
	size_t		place = length + 1;
	static Day	day;

	memcpy(copy, text, length + 1);
	if (day_of_text(copy, &day, &place) == NULL)
		day_comes_back(&day);
	REQUIRE(place <= length);
	free(copy);
}
