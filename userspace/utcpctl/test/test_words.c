// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of words.c and number.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../number.h"
#include "../words.h"

#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))

static void words_split__words(void **state)
{
	static const struct {
		const char *line;
		const char *words[5];
	} cases[] = {
		{ "", { NULL } },
		{ "  \t ", { NULL } },
		{ "# a remark", { NULL } },
		{ "one", { "one" } },
		{ " one\ttwo  three ", { "one", "two", "three" } },
		{ "one # two", { "one" } },
		{ "one#two", { "one#two" } },
		{ "'one two' three", { "one two", "three" } },
		{ "\"one two\"three", { "one twothree" } },
		{ "''", { "" } },
		{ "a '' b", { "a", "", "b" } },
		{ "'a\"b' \"a'b\"", { "a\"b", "a'b" } },
		{ "a\\ b", { "a b" } },
		{ "\\# a", { "#", "a" } },
		{ "'#' a", { "#", "a" } },
		{ "'a\\b'", { "a\\b" } },
		{ "\"a\\\"b\"", { "a\"b" } },
		{ "\\'a", { "'a" } },
		{ "a\r", { "a" } },
		{ "\xc3\xa9t\xc3\xa9", { "\xc3\xa9t\xc3\xa9" } },
	};
	struct words w = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		char *line = strdup(cases[i].line);
		int n = 0;

		assert_null(words_split(line, strlen(line), &w));
		for (; cases[i].words[n]; n++) {
			assert_true(n < w.argc);
			assert_string_equal(w.argv[n], cases[i].words[n]);
		}
		assert_int_equal(w.argc, n);
		free(line);
	}
	words_free(&w);
}

static void words_split__wrong(void **state)
{
	static const struct {
		const char *line;
		size_t len;
	} cases[] = {
		{ "'one", 4 },	  { "\"one", 4 }, { "one\\", 4 },
		{ "\"one\\", 5 }, { "a '", 3 },	  { "one\0two", 7 },
	};
	struct words w = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		char line[16] = { 0 };

		memcpy(line, cases[i].line, cases[i].len);
		assert_non_null(words_split(line, cases[i].len, &w));
	}
	words_free(&w);
}

static void words_split__many(void **state)
{
	char line[2001];
	struct words w = { 0 };

	(void)state;
	for (int i = 0; i < 2000; i += 2)
		memcpy(line + i, "a ", 3);
	assert_null(words_split(line, strlen(line), &w));
	assert_int_equal(w.argc, 1000);
	words_free(&w);
}

static void number__values(void **state)
{
	static const struct {
		const char *text;
		enum utcp_unit unit;
		uint32_t value;
	} cases[] = {
		{ "0", LIBUTCP_UNIT_COUNT, 0 },
		{ "1", LIBUTCP_UNIT_COUNT, 1 },
		{ "007", LIBUTCP_UNIT_COUNT, 7 },
		{ "4294967295", LIBUTCP_UNIT_COUNT, 4294967295 },
		{ "12", LIBUTCP_UNIT_KIB, 12 },
		{ "12k", LIBUTCP_UNIT_KIB, 12 },
		{ "12K", LIBUTCP_UNIT_KIB, 12 },
		{ "12m", LIBUTCP_UNIT_KIB, 12 << 10 },
		{ "3G", LIBUTCP_UNIT_KIB, 3 << 20 },
		{ "4095g", LIBUTCP_UNIT_KIB, 4095U << 20 },
	};
	uint32_t value;

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		assert_null(number_u32(cases[i].text, cases[i].unit, &value));
		assert_int_equal(value, cases[i].value);
	}
}

static void number__wrong(void **state)
{
	static const char *const cases[] = {
		"",   " 1",   "1 ",  "+1",    "-1",
		"x",  "0x10", "1x",  "1.5",   "4294967296",
		"k",  "1kk",  "1k ", "1e3",   "99999999999999999999",
		"1t", "m1",   "1\n", "4096g", "4194304m",
	};
	uint32_t value;

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		assert_non_null(number_u32(cases[i], LIBUTCP_UNIT_KIB, &value));
		assert_non_null(
			number_u32(cases[i], LIBUTCP_UNIT_COUNT, &value));
	}
	assert_non_null(number_u32("1k", LIBUTCP_UNIT_COUNT, &value));
}

static void number__ethertype(void **state)
{
	static const struct {
		const char *text;
		uint32_t value;
	} good[] = {
		{ "0x600", 0x600 },   { "0XfFfF", 0xffff },
		{ "0x4c57", 0x4c57 }, { "0x000000004C57", 0x4c57 },
		{ "1536", 0x600 },    { "65535", 0xffff },
	};
	static const char *const bad[] = {
		"",	"0x",	  "0x5ff", "1535",    "0x10000", "65536",
		"4c57", "0x4c5g", "-1",	   " 0x4c57", "0x4c57 ", "0x100004c57",
	};
	uint32_t value;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_null(number_ethertype(good[i].text, &value));
		assert_int_equal(value, good[i].value);
	}
	value = 7;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(number_ethertype(bad[i], &value));
	assert_int_equal(value, 7);
}

static void number__mac(void **state)
{
	static const uint8_t want[6] = { 2, 0, 0, 0xab, 0xcd, 0xff };
	static const char *const bad[] = {
		"",
		"02:00:00:ab:cd",
		"02:00:00:ab:cd:f",
		"02:00:00:ab:cd:ff:",
		"02:00:00:ab:cd:fg",
		"2:0:0:ab:cd:ff",
		"02-00-00-ab-cd-ff",
		"0x:00:00:ab:cd:ff",
	};
	uint8_t mac[6] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(number_mac(bad[i], mac));
	assert_int_equal(mac[0], 0);
	assert_true(number_mac("02:00:00:ab:CD:fF", mac));
	assert_memory_equal(mac, want, sizeof(want));
}

static void rate__read(void **state)
{
	static const struct {
		const char *text;
		uint64_t rate;
	} good[] = {
		{ "0", 0 },
		{ "8000", 8000 },
		{ "64k", 64000 },
		{ "12.5m", 12500000 },
		{ "1G", 1000000000 },
		{ "0.000000001g", 1 },
		{ "1000000g", 1000000000000000 },
	};
	static const char *const bad[] = {
		"",
		"k",
		"1.",
		".5m",
		"1.5",
		"1kk",
		"1 k",
		"-1",
		"1.2.3m",
		"1e6",
		"1t",
		"0.0001k",
		"1000001g",
		"99999999999999999999",
		"1.0000000000m",
	};
	uint64_t rate;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_null(number_rate(good[i].text, &rate));
		assert_true(rate == good[i].rate);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(number_rate(bad[i], &rate));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_split__words),
		cmocka_unit_test(words_split__wrong),
		cmocka_unit_test(words_split__many),
		cmocka_unit_test(number__values),
		cmocka_unit_test(number__wrong),
		cmocka_unit_test(number__ethertype),
		cmocka_unit_test(number__mac),
		cmocka_unit_test(rate__read),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
