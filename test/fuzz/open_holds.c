/*
 * What holds for any bytes that are read as packed slots of many points: they are
 * refused with a reason, or they are a list that is right and comes back the same,
 * and that is not larger than its bytes allow.  Ends the program if it does not
 * hold.
 *
 * The bytes are read from memory of just their size, and the list is written to
 * memory of just its own, so that a sanitizer sees whoever goes beyond it.
 */
#include "open_holds.h"

#include "metering/open_codec.h"
#include "require.h"

#include <stdlib.h>
#include <string.h>

static void *
room_for(size_t size)
{
	return malloc(size > 0 ? size : 1);
}

static int
lists_equal(const OpenValue *a, const OpenValue *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].point_id != b[i].point_id || a[i].amount != b[i].amount || a[i].quality != b[i].quality)
			return 0;
	return 1;
}

static void
list_comes_back(const OpenValue *values, size_t n)
{
	uint8_t    *bytes = room_for(open_pack_bound(n));
	OpenValue  *again = room_for(n * sizeof(OpenValue));
	size_t		packed;
	size_t		count;

	REQUIRE(open_wrong(values, n) == NULL);
	packed = open_pack(values, n, bytes);
	REQUIRE(packed <= open_pack_bound(n));
	REQUIRE(open_count(bytes, packed, &count) == NULL && count == n);
	memset(again, 0xa5, n * sizeof(OpenValue));
	REQUIRE(open_unpack(bytes, packed, again, n) == NULL && lists_equal(values, again, n));
	free(bytes);
	free(again);
}

void
open_bytes_hold(const uint8_t *bytes, size_t length)
{
	uint8_t    *copy = room_for(length);
	size_t		n = 0;

	if (length > 0)
		memcpy(copy, bytes, length);
	if (open_count(copy, length, &n) == NULL)
	{
		OpenValue  *values = room_for(n * sizeof(OpenValue));

		REQUIRE(n <= length * 4);
		if (open_unpack(copy, length, values, n) == NULL)
			list_comes_back(values, n);
		free(values);
	}
	else
		REQUIRE(open_unpack(copy, length, NULL, 0) != NULL);
	free(copy);
}
