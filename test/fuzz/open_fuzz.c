/* What libFuzzer calls (make fuzz-day): its input as packed slots of many points. */
#include "kept.h"
#include "open_holds.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	open_bytes_hold(data, size);
	return 0;
}
