/* Writes files of a corpus, and hands them to what libFuzzer calls. */
#include "kept.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *
open_file(const char *path, const char *mode)
{
	FILE	   *file = fopen(path, mode);

	if (file == NULL)
	{
		perror(path);
		exit(1);
	}
	return file;
}

void
keep_file(const char *directory, const char *name, int number, const void *data, size_t length)
{
	char		path[4096];
	FILE	   *file;

	snprintf(path, sizeof(path), "%s/%s%02d", directory, name, number);
	file = open_file(path, "wb");
	if (fwrite(data, 1, length, file) != length || fclose(file) != 0)
	{
		perror(path);
		exit(1);
	}
}

void
try_file(const char *path)
{
	static uint8_t data[65536];
	FILE	   *file = open_file(path, "rb");
	size_t		length = fread(data, 1, sizeof(data), file);

	fclose(file);
	LLVMFuzzerTestOneInput(data, length);
}
