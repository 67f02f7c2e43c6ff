/* Random numbers that are the same in every run. */
#ifndef DRAW_H
#define DRAW_H

#include <stdint.h>

/* splitmix64 */
static inline uint64_t
draw(void)
{
	static uint64_t seed = 20260101;
	uint64_t	z = (seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint64_t
below(uint64_t n)
{
	return draw() % n;
}

/* A number of so many bits at most. */
static inline uint64_t
draw_bits(int width)
{
	return width == 0 ? 0 : draw() >> (64 - width);
}

#endif
