/* What libFuzzer calls (make fuzz-day): its input as bytes, and as text. */
#include "day_holds.h"
#include "kept.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = malloc(size + 1);

	day_bytes_hold(data, size);
	memcpy(text, data, size);
	text[size] = '\0';
	day_text_holds(text);
	free(text);
	return 0;
}
