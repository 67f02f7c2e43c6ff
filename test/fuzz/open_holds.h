/* What holds for any bytes that are read as packed slots of many points. */
#ifndef OPEN_HOLDS_H
#define OPEN_HOLDS_H

#include <stddef.h>
#include <stdint.h>

extern void open_bytes_hold(const uint8_t *bytes, size_t length);

#endif
