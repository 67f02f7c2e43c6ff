/* Files of a fuzzer's corpus. */
#ifndef KEPT_H
#define KEPT_H

#include <stddef.h>
#include <stdint.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern void keep_file(const char *directory, const char *name, int number, const void *data, size_t length);
extern void try_file(const char *path);

#endif
