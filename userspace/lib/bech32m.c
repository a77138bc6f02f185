// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Bech32m (BIP 350).
 */
#include <stdbool.h>
#include <string.h>

#include "bech32m.h"

#define CHECKSUM_LEN 6
#define CHECKSUM_CONST 0x2bc830a3U

static const char charset[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* One step of the BCH code over GF(32). */
static uint32_t step(uint32_t sum, uint8_t value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
					      0x1ea119fa, 0x3d4233dd,
					      0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (unsigned int i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= generator[i];
	return sum;
}

static uint32_t sum_of(const struct bech32m *b)
{
	const char *prefix = b->prefix;
	uint32_t sum = 1;

	for (size_t i = 0; prefix[i]; i++)
		sum = step(sum, (uint8_t)prefix[i] >> 5);
	sum = step(sum, 0);
	for (size_t i = 0; prefix[i]; i++)
		sum = step(sum, (uint8_t)prefix[i] & 31);
	for (size_t i = 0; i < b->n; i++)
		sum = step(sum, b->data[i]);
	return sum;
}

void bech32m_encode(const struct bech32m *b, char *text)
{
	size_t used = strlen(b->prefix);
	uint32_t sum = sum_of(b);

	for (size_t i = 0; i < CHECKSUM_LEN; i++)
		sum = step(sum, 0);
	sum ^= CHECKSUM_CONST;
	memcpy(text, b->prefix, used);
	text[used++] = '1';
	for (size_t i = 0; i < b->n; i++)
		text[used++] = charset[b->data[i]];
	for (size_t i = 0; i < CHECKSUM_LEN; i++)
		text[used++] = charset[sum >> 5 * (5 - i) & 31];
	text[used] = '\0';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Copies a text in small letters. */
static enum bech32m_error lower(const char *text, size_t len, char *to)
{
	bool small = false, capital = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c < 33 || c > 126)
			return BECH32M_CHARACTER;
		small |= c >= 'a' && c <= 'z';
		capital |= is_upper(c);
		to[i] = is_upper(c) ? (char)(c + 32) : c;
	}
	to[len] = '\0';
	return small && capital ? BECH32M_CASE : BECH32M_OK;
}

enum bech32m_error bech32m_decode(const char *text, struct bech32m *b)
{
	size_t len = strnlen(text, BECH32M_TEXT_MAX + 1), prefix;
	char small[BECH32M_TEXT_MAX + 1], *separator;
	enum bech32m_error wrong;

	memset(b, 0, sizeof(*b));
	if (len > BECH32M_TEXT_MAX)
		return BECH32M_LENGTH;
	wrong = lower(text, len, small);
	if (wrong)
		return wrong;
	separator = strrchr(small, '1');
	if (!separator || separator == small)
		return BECH32M_SEPARATOR;
	prefix = (size_t)(separator - small);
	memcpy(b->prefix, small, prefix);
	/* no more than BECH32M_DATA_MAX, since prefix and separator took two */
	for (const char *c = separator + 1; *c; c++) {
		const char *at = strchr(charset, *c);

		if (!at)
			return BECH32M_CHARACTER;
		b->data[b->n++] = (uint8_t)(at - charset);
	}
	if (len - prefix - 1 < CHECKSUM_LEN)
		return BECH32M_LENGTH;
	if (sum_of(b) != CHECKSUM_CONST)
		return BECH32M_CHECKSUM;
	b->n -= CHECKSUM_LEN;
	return BECH32M_OK;
}
