// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers on the command line. strtoul() alone would let through blanks, signs
 * and what stands behind the number.
 */
#include <stddef.h>

#include "number.h"

/* Less is the length of a frame. */
#define ETHERTYPE_MIN 0x600
#define ETHERTYPE_MAX 0xffff

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

/* The value of a hexadecimal digit, or -1. */
static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static const char *number_hex(const char *text, uint32_t *value)
{
	uint32_t n = 0;

	if (!*text)
		return "a digit is expected behind 0x";
	for (; *text; text++) {
		if (hex(*text) < 0)
			return "only hexadecimal digits are expected behind 0x";
		if (n > UINT32_MAX >> 4)
			return "too large";
		n = n << 4 | (uint32_t)hex(*text);
	}
	*value = n;
	return NULL;
}

const char *number_ethertype(const char *text, uint32_t *value)
{
	const char *wrong;
	uint32_t n = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		wrong = number_hex(text + 2, &n);
	else
		wrong = number_u32(text, LIBUTCP_UNIT_COUNT, &n);
	if (wrong)
		return wrong;
	if (n < ETHERTYPE_MIN || n > ETHERTYPE_MAX)
		return "it is not in 0x0600 to 0xffff";
	*value = n;
	return NULL;
}

static uint64_t rate_unit(char letter)
{
	switch (letter) {
	case 'k':
	case 'K':
		return 1000;
	case 'm':
	case 'M':
		return 1000000;
	case 'g':
	case 'G':
		return 1000000000;
	default:
		return 0;
	}
}

/* More bits per second than any device sends. */
#define RATE_MAX 1000000000000000ULL

const char *number_rate(const char *text, uint64_t *value)
{
	uint64_t n = 0, unit = 1, parts = 1;
	const char *c = text;
	bool point = false;

	for (; (*c >= '0' && *c <= '9') || (*c == '.' && !point); c++) {
		if (*c == '.') {
			point = true;
			continue;
		}
		n = n * 10 + (uint64_t)(*c - '0');
		parts *= point ? 10 : 1;
		if (n > RATE_MAX || parts > 1000000000)
			return "too large or too exact";
	}
	if (c == text || c[-1] == '.' || *text == '.')
		return "a digit is expected";
	if (*c) {
		unit = rate_unit(*c++);
		if (!unit || *c)
			return "only k, m or g (10^3, 10^6, 10^9) may follow the digits";
	}
	if (n > RATE_MAX / unit * parts)
		return "too large or too exact";
	if (n * unit % parts)
		return "it is not a whole number of bits per second";
	*value = n * unit / parts;
	return NULL;
}

bool number_mac(const char *text, uint8_t mac[6])
{
	uint8_t bytes[6];

	for (size_t i = 0; i < sizeof(bytes); i++, text += 3) {
		char end = i + 1 < sizeof(bytes) ? ':' : '\0';

		if (hex(text[0]) < 0 || hex(text[1]) < 0 || text[2] != end)
			return false;
		bytes[i] = (uint8_t)(hex(text[0]) << 4 | hex(text[1]));
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		mac[i] = bytes[i];
	return true;
}
