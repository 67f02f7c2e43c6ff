/* What ends a program of this directory: something that must hold does not. */
#ifndef REQUIRE_H
#define REQUIRE_H

#include <stdio.h>
#include <stdlib.h>

#define REQUIRE(holds)	((holds) ? (void) 0 : require_failed(#holds, __FILE__, __LINE__))

static inline void
require_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: %s does not hold\n", file, line, what);
	abort();
}

#endif
