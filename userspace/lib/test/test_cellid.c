// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of bech32m.c and cellid.c: BIP 350's own vectors, those of UTCP/1, and
 * what a typing error makes of a CellID.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <utcp/cellid.h>

#include "../bech32m.h"
#include "vectors.h"

static void bech32m__valid(void **state)
{
	static const char *const texts[] = {
		"A1LQFN3A",
		"a1lqfn3a",
		"an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
		"abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
		"11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
		"split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
		"?1v759aa",
	};
	char again[BECH32M_TEXT_MAX + 1], want[BECH32M_TEXT_MAX + 1];
	struct bech32m b;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t n = strlen(texts[i]);

		assert_int_equal(bech32m_decode(texts[i], &b), BECH32M_OK);
		bech32m_encode(&b, again);
		for (size_t c = 0; c <= n; c++)
			want[c] = (char)tolower((unsigned char)texts[i][c]);
		assert_string_equal(again, want);
	}
}

static void bech32m__invalid(void **state)
{
	static const struct {
		const char *text;
		enum bech32m_error error;
	} cases[] = {
		{ "\0401xj0phk", BECH32M_CHARACTER },
		{ "\1771g6xzxy", BECH32M_CHARACTER },
		{ "\2001vctc34", BECH32M_CHARACTER },
		{ "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4",
		  BECH32M_LENGTH },
		{ "qyrz8wqd2c9m", BECH32M_SEPARATOR },
		{ "1qyrz8wqd2c9m", BECH32M_SEPARATOR },
		{ "y1b0jsk6g", BECH32M_CHARACTER },
		{ "lt1igcx5c0", BECH32M_CHARACTER },
		{ "in1muywd", BECH32M_LENGTH },
		{ "mm1crxm3i", BECH32M_CHARACTER },
		{ "au1s5cgom", BECH32M_CHARACTER },
		{ "M1VUXWEZ", BECH32M_CHECKSUM },
		{ "16plkw9", BECH32M_SEPARATOR },
		{ "1p2gdwpf", BECH32M_SEPARATOR },
		/* good under Bech32's old constant */
		{ "a12uel5l", BECH32M_CHECKSUM },
		{ "a1lqfn3A", BECH32M_CASE },
		{ "", BECH32M_SEPARATOR },
	};
	struct bech32m b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(bech32m_decode(cases[i].text, &b),
				 cases[i].error);
}

/* The texts and bytes of the specification, both ways. */
static void cellid__vectors(void **state)
{
	uint8_t want[LIBUTCP_CELLID_LEN], id[LIBUTCP_CELLID_LEN];
	char text[LIBUTCP_CELLID_TEXT], expected[256], name[32];

	(void)state;
	for (int i = 1; i <= 3; i++) {
		snprintf(name, sizeof(name), "cell%d_id", i);
		assert_int_equal(vector_get(name, want, sizeof(want)),
				 sizeof(want));
		snprintf(name, sizeof(name), "cell%d_text", i);
		vector_text(name, expected, sizeof(expected));
		utcp_cellid_format(want, text);
		assert_string_equal(text, expected);
		assert_int_equal(utcp_cellid_parse(expected, id),
				 LIBUTCP_TEXT_OK);
		assert_memory_equal(id, want, sizeof(id));
	}
	vector_text("good_text_01", expected, sizeof(expected));
	assert_int_equal(utcp_cellid_parse(expected, id), LIBUTCP_TEXT_OK);
	vector_get("cell1_id", want, sizeof(want));
	assert_memory_equal(id, want, sizeof(id));
}

static void cellid__bad_vectors(void **state)
{
	static const enum utcp_text_error errors[] = {
		LIBUTCP_TEXT_CASE,	LIBUTCP_TEXT_CASE,
		LIBUTCP_TEXT_LENGTH,	LIBUTCP_TEXT_LENGTH,
		LIBUTCP_TEXT_PREFIX,	LIBUTCP_TEXT_CHARACTER,
		LIBUTCP_TEXT_CHARACTER, LIBUTCP_TEXT_CHARACTER,
		LIBUTCP_TEXT_CHECKSUM,	LIBUTCP_TEXT_CHECKSUM,
		LIBUTCP_TEXT_CHECKSUM,	LIBUTCP_TEXT_PADDING,
		LIBUTCP_TEXT_PADDING,	LIBUTCP_TEXT_LENGTH,
		LIBUTCP_TEXT_LENGTH,	LIBUTCP_TEXT_ZERO,
	};
	uint8_t id[LIBUTCP_CELLID_LEN];
	char text[256], name[32];
	unsigned int i = 0;

	(void)state;
	for (;; i++) {
		snprintf(name, sizeof(name), "bad_text_%02u", i + 1);
		if (!vector_text(name, text, sizeof(text)))
			break;
		if (i < sizeof(errors) / sizeof(errors[0]))
			assert_int_equal(utcp_cellid_parse(text, id),
					 errors[i]);
		else
			assert_int_not_equal(utcp_cellid_parse(text, id),
					     LIBUTCP_TEXT_OK);
	}
	assert_true(i >= sizeof(errors) / sizeof(errors[0]));
}

/* Any other character in any one place is seen. */
static void cellid__each_substitution(void **state)
{
	uint8_t id[LIBUTCP_CELLID_LEN];
	char good[256], text[256];
	unsigned int tried = 0;

	(void)state;
	vector_text("cell1_text", good, sizeof(good));
	for (size_t i = 0; good[i]; i++) {
		for (int c = 1; c < 256; c++) {
			if ((char)c == good[i])
				continue;
			memcpy(text, good, sizeof(text));
			text[i] = (char)c;
			assert_int_not_equal(utcp_cellid_parse(text, id),
					     LIBUTCP_TEXT_OK);
			tried++;
		}
		/* nor is one missing or twice */
		memcpy(text, good, sizeof(text));
		memmove(text + i, text + i + 1, strlen(text + i));
		assert_int_not_equal(utcp_cellid_parse(text, id),
				     LIBUTCP_TEXT_OK);
		memcpy(text + i + 1, good + i, strlen(good + i) + 1);
		assert_int_not_equal(utcp_cellid_parse(text, id),
				     LIBUTCP_TEXT_OK);
		text[0] = good[0];
	}
	assert_int_equal(tried, 37 * 254);
}

/* Every bit of a CellID counts. */
static void cellid__each_bit(void **state)
{
	uint8_t id[LIBUTCP_CELLID_LEN], back[LIBUTCP_CELLID_LEN];
	char text[LIBUTCP_CELLID_TEXT];

	(void)state;
	for (unsigned int bit = 0; bit < 128; bit++) {
		memset(id, 0, sizeof(id));
		id[bit / 8] = (uint8_t)(1 << bit % 8);
		utcp_cellid_format(id, text);
		assert_int_equal(strlen(text), LIBUTCP_CELLID_TEXT - 1);
		assert_int_equal(utcp_cellid_parse(text, back),
				 LIBUTCP_TEXT_OK);
		assert_memory_equal(id, back, sizeof(id));
	}
}

static void key__vectors(void **state)
{
	uint8_t want[LIBUTCP_KEY_LEN], key[LIBUTCP_KEY_LEN];
	char text[LIBUTCP_KEY_TEXT], expected[256], name[32];

	(void)state;
	for (int i = 1; i <= 3; i++) {
		snprintf(name, sizeof(name), "cell%d_public", i);
		assert_int_equal(vector_get(name, want, sizeof(want)),
				 sizeof(want));
		snprintf(name, sizeof(name), "cell%d_public_text", i);
		vector_text(name, expected, sizeof(expected));
		utcp_key_format(want, text);
		assert_string_equal(text, expected);
		assert_int_equal(utcp_key_parse(expected, key),
				 LIBUTCP_TEXT_OK);
		assert_memory_equal(key, want, sizeof(key));
	}
}

/* Every value of a byte in every place of a group of three. */
static void key__each_byte(void **state)
{
	uint8_t key[LIBUTCP_KEY_LEN] = { 0 }, back[LIBUTCP_KEY_LEN];
	char text[LIBUTCP_KEY_TEXT];

	(void)state;
	for (unsigned int i = 0; i < LIBUTCP_KEY_LEN; i++) {
		for (unsigned int value = 0; value < 256; value++) {
			key[i] = (uint8_t)value;
			utcp_key_format(key, text);
			assert_int_equal(utcp_key_parse(text, back),
					 LIBUTCP_TEXT_OK);
			assert_memory_equal(key, back, sizeof(key));
		}
	}
}

static void key__bad(void **state)
{
	static const struct {
		const char *text;
		enum utcp_text_error error;
	} cases[] = {
		{ "", LIBUTCP_TEXT_LENGTH },
		{ "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/Gk",
		  LIBUTCP_TEXT_LENGTH },
		{ "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/Gk==",
		  LIBUTCP_TEXT_LENGTH },
		{ "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/GkA",
		  LIBUTCP_TEXT_CHARACTER },
		{ "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR_Gk=",
		  LIBUTCP_TEXT_CHARACTER },
		{ " NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/Gk=",
		  LIBUTCP_TEXT_CHARACTER },
		{ "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/G==",
		  LIBUTCP_TEXT_CHARACTER },
		{ "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/Gl=",
		  LIBUTCP_TEXT_PADDING },
		{ "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/G\x80=",
		  LIBUTCP_TEXT_CHARACTER },
	};
	static const uint8_t zero[LIBUTCP_KEY_LEN];
	uint8_t key[LIBUTCP_KEY_LEN];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(key, 1, sizeof(key));
		assert_int_equal(utcp_key_parse(cases[i].text, key),
				 cases[i].error);
		assert_memory_equal(key, zero, sizeof(key));
	}
}

static void text_error__each_has_words(void **state)
{
	(void)state;
	for (int e = LIBUTCP_TEXT_OK; e <= LIBUTCP_TEXT_ZERO; e++)
		for (int f = LIBUTCP_TEXT_OK; f < e; f++)
			assert_string_not_equal(
				utcp_text_error_string((enum utcp_text_error)e),
				utcp_text_error_string(
					(enum utcp_text_error)f));
	assert_string_equal(utcp_text_error_string((enum utcp_text_error)99),
			    "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bech32m__valid),
		cmocka_unit_test(bech32m__invalid),
		cmocka_unit_test(cellid__vectors),
		cmocka_unit_test(cellid__bad_vectors),
		cmocka_unit_test(cellid__each_substitution),
		cmocka_unit_test(cellid__each_bit),
		cmocka_unit_test(key__vectors),
		cmocka_unit_test(key__each_byte),
		cmocka_unit_test(key__bad),
		cmocka_unit_test(text_error__each_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
