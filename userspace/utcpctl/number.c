// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers on the command line. strtoul() alone would let through blanks, signs
 * and what stands behind the number.
 */
#include <stdbool.h>
#include <stddef.h>

#include "number.h"

static bool shift_of(char letter, unsigned int *shift)
{
	switch (letter) {
	case 'k':
	case 'K':
		*shift = 0;
		return true;
	case 'm':
	case 'M':
		*shift = 10;
		return true;
	case 'g':
	case 'G':
		*shift = 20;
		return true;
	default:
		return false;
	}
}

const char *number_u32(const char *text, enum utcp_unit unit, uint32_t *value)
{
	unsigned int shift = 0;
	const char *c = text;
	uint64_t n = 0;

	for (; *c >= '0' && *c <= '9'; c++) {
		n = n * 10 + (uint64_t)(*c - '0');
		if (n > UINT32_MAX)
			return "too large";
	}
	if (c == text)
		return "a digit is expected";
	if (*c && unit == LIBUTCP_UNIT_KIB && shift_of(*c, &shift))
		c++;
	if (*c)
		return unit == LIBUTCP_UNIT_KIB ?
			       "only k, m or g (KiB, MiB, GiB) may follow the digits" :
			       "only digits are expected";
	n <<= shift;
	if (n > UINT32_MAX)
		return "too large";
	*value = (uint32_t)n;
	return NULL;
}
