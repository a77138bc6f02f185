// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * CellIDs and keys as text.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <utcp/cellid.h>

#include "bech32m.h"

#define PREFIX "cell"

/* 128 bits take 26 characters of five; two bits are left over. */
#define DATA_LEN 26

_Static_assert(sizeof(PREFIX "1") - 1 + DATA_LEN + 6 + 1 == LIBUTCP_CELLID_TEXT,
	       "length of a CellID's text");

const char *utcp_text_error_string(enum utcp_text_error error)
{
	static const char *const texts[] = {
		[LIBUTCP_TEXT_OK] = "nothing is wrong",
		[LIBUTCP_TEXT_PREFIX] = "it does not begin with cell1",
		[LIBUTCP_TEXT_LENGTH] = "it is too short or too long",
		[LIBUTCP_TEXT_CASE] = "small and capital letters are mixed",
		[LIBUTCP_TEXT_CHARACTER] = "a character may not stand there",
		[LIBUTCP_TEXT_CHECKSUM] = "the checksum is wrong",
		[LIBUTCP_TEXT_PADDING] =
			"the bits behind its last byte are not zero",
		[LIBUTCP_TEXT_ZERO] = "the CellID of zeros is nobody's",
	};

	if ((size_t)error >= sizeof(texts) / sizeof(texts[0]))
		return "unknown";
	return texts[error];
}

void utcp_cellid_format(const uint8_t id[LIBUTCP_CELLID_LEN],
			char text[LIBUTCP_CELLID_TEXT])
{
	struct bech32m b = { .prefix = PREFIX, .n = DATA_LEN };
	char longest[BECH32M_TEXT_MAX + 1];

	for (unsigned int bit = 0; bit < 8 * LIBUTCP_CELLID_LEN; bit++)
		if (id[bit / 8] >> (7 - bit % 8) & 1)
			b.data[bit / 5] |= (uint8_t)(16 >> bit % 5);
	bech32m_encode(&b, longest);
	memcpy(text, longest, LIBUTCP_CELLID_TEXT);
}

static enum utcp_text_error error_of(enum bech32m_error error)
{
	switch (error) {
	case BECH32M_OK:
		return LIBUTCP_TEXT_OK;
	case BECH32M_LENGTH:
		return LIBUTCP_TEXT_LENGTH;
	case BECH32M_SEPARATOR:
		return LIBUTCP_TEXT_PREFIX;
	case BECH32M_CHARACTER:
		return LIBUTCP_TEXT_CHARACTER;
	case BECH32M_CASE:
		return LIBUTCP_TEXT_CASE;
	case BECH32M_CHECKSUM:
		break;
	}
	return LIBUTCP_TEXT_CHECKSUM;
}

enum utcp_text_error utcp_cellid_parse(const char *text,
				       uint8_t id[LIBUTCP_CELLID_LEN])
{
	static const uint8_t zero[LIBUTCP_CELLID_LEN];
	enum utcp_text_error error;
	struct bech32m b;

	/* First what is plain to see. */
	if (strncasecmp(text, PREFIX "1", sizeof(PREFIX "1") - 1) != 0)
		return LIBUTCP_TEXT_PREFIX;
	if (strnlen(text, LIBUTCP_CELLID_TEXT) != LIBUTCP_CELLID_TEXT - 1)
		return LIBUTCP_TEXT_LENGTH;
	/* It would be taken for the end of the prefix. */
	if (strchr(text + sizeof(PREFIX), '1'))
		return LIBUTCP_TEXT_CHARACTER;
	error = error_of(bech32m_decode(text, &b));
	if (error)
		return error;
	if (b.data[DATA_LEN - 1] & 3)
		return LIBUTCP_TEXT_PADDING;
	memset(id, 0, LIBUTCP_CELLID_LEN);
	for (unsigned int bit = 0; bit < 8 * LIBUTCP_CELLID_LEN; bit++)
		if (b.data[bit / 5] >> (4 - bit % 5) & 1)
			id[bit / 8] |= (uint8_t)(128 >> bit % 8);
	return memcmp(id, zero, LIBUTCP_CELLID_LEN) ? LIBUTCP_TEXT_OK :
						      LIBUTCP_TEXT_ZERO;
}

/* Keys may be secrets: nothing here branches on them, or looks them up. */

/* All ones if first <= c <= last, else zero. */
static unsigned int between(unsigned int c, unsigned int first,
			    unsigned int last)
{
	return 0U - (((first - 1 - c) & (c - last - 1)) >> 31);
}

static char base64_char(unsigned int value)
{
	unsigned int c = 0;

	c |= between(value, 0, 25) & (value + 'A');
	c |= between(value, 26, 51) & (value - 26 + 'a');
	c |= between(value, 52, 61) & (value - 52 + '0');
	c |= between(value, 62, 62) & '+';
	c |= between(value, 63, 63) & '/';
	return (char)c;
}

/* The value of a character, or a number above 63. */
static unsigned int base64_value(unsigned char c)
{
	unsigned int value = 0, known = 0;

	known |= between(c, 'A', 'Z') | between(c, 'a', 'z') |
		 between(c, '0', '9') | between(c, '+', '+') |
		 between(c, '/', '/');
	value |= between(c, 'A', 'Z') & (c - 'A');
	value |= between(c, 'a', 'z') & (c - 'a' + 26U);
	value |= between(c, '0', '9') & (c - '0' + 52U);
	value |= between(c, '+', '+') & 62;
	value |= between(c, '/', '/') & 63;
	return value | (~known & 64);
}

void utcp_key_format(const uint8_t key[LIBUTCP_KEY_LEN],
		     char text[LIBUTCP_KEY_TEXT])
{
	unsigned int bits = 0, have = 0, n = 0;

	for (unsigned int i = 0; i < LIBUTCP_KEY_LEN; i++) {
		bits = bits << 8 | key[i];
		for (have += 8; have >= 6; have -= 6)
			text[n++] = base64_char(bits >> (have - 6) & 63);
	}
	text[n++] = base64_char(bits << (6 - have) & 63);
	text[n++] = '=';
	text[n] = '\0';
}

enum utcp_text_error utcp_key_parse(const char *text,
				    uint8_t key[LIBUTCP_KEY_LEN])
{
	unsigned int bits = 0, have = 0, n = 0, wrong = 0;

	memset(key, 0, LIBUTCP_KEY_LEN);
	if (strnlen(text, LIBUTCP_KEY_TEXT) != LIBUTCP_KEY_TEXT - 1)
		return LIBUTCP_TEXT_LENGTH;
	if (text[LIBUTCP_KEY_TEXT - 2] != '=')
		return LIBUTCP_TEXT_CHARACTER;
	for (unsigned int i = 0; i < LIBUTCP_KEY_TEXT - 2; i++) {
		unsigned int value = base64_value((unsigned char)text[i]);

		wrong |= value & 64;
		bits = bits << 6 | (value & 63);
		have += 6;
		if (have >= 8) {
			have -= 8;
			key[n++] = (uint8_t)(bits >> have);
		}
	}
	if (!wrong && !(bits & ((1U << have) - 1)))
		return LIBUTCP_TEXT_OK;
	explicit_bzero(key, LIBUTCP_KEY_LEN);
	return wrong ? LIBUTCP_TEXT_CHARACTER : LIBUTCP_TEXT_PADDING;
}
