/* What holds for any bytes, and any text, that are read as a packed day. */
#ifndef DAY_HOLDS_H
#define DAY_HOLDS_H

#include <stddef.h>
#include <stdint.h>

extern void day_bytes_hold(const uint8_t *bytes, size_t length);
extern void day_text_holds(const char *text);

#endif
