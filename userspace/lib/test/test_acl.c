// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rules of access lists as text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../acl.h"

#define CELL "cell1zqg3yyc5z5tpwxqergd3c8g7ru6v6vf2"

static size_t word(const char *name)
{
	size_t i;

	for (i = 0; utcp_acl_word(i); i++)
		if (strcmp(utcp_acl_word(i), name) == 0)
			return i;
	fail_msg("no word %s", name);
	return 0;
}

/* Each value comes back as it was said, or in the one form that it has. */
static void aclrule__values(void **state)
{
	static const struct {
		const char *word, *value, *again;
	} values[] = {
		{ "priority", "0", NULL },
		{ "priority", "65535", NULL },
		{ "ethertype", "0x4c57", NULL },
		{ "ethertype", "0x0800", "ipv4" },
		{ "ethertype", "2054", "arp" },
		{ "dev", "veth42", NULL },
		{ "vlan", "0", NULL },
		{ "vlan", "4094", NULL },
		{ "smac", "02:00:00:00:00:ff", NULL },
		{ "dmac", "FF:FF:FF:FF:FF:FF", "ff:ff:ff:ff:ff:ff" },
		{ "src", "10.0.0.0/8", NULL },
		{ "src", "10.0.0.1/32", "10.0.0.1" },
		{ "src", "0.0.0.0/0", NULL },
		{ "dst", "fd00::/8", NULL },
		{ "dst", "::1/128", "::1" },
		{ "dst", "128.0.0.0/1", NULL },
		{ "proto", "tcp", NULL },
		{ "proto", "17", "udp" },
		{ "proto", "255", NULL },
		{ "sport", "0", NULL },
		{ "dport", "80-90", NULL },
		{ "dport", "80-80", "80" },
		{ "icmp", "8", NULL },
		{ "icmp", "3/4", NULL },
		{ "icmp", "0/0", NULL },
		{ "flags", "syn/syn,ack", NULL },
		{ "flags", "none/fin,syn,rst,psh,ack,urg,ece,cwr", NULL },
		{ "dscp", "63", NULL },
		{ "class", "4294967295", NULL },
		{ "mark", "7", "0x7" },
		{ "mark", "0xffffffff", NULL },
		{ "expires", "1500ms", NULL },
		{ "expires", "60s", "1m" },
		{ "expires", "90s", NULL },
		{ "expires", "48h", "2d" },
		{ "log", "on", NULL },
		{ "owner", "me", NULL },
		{ "comment", "a \"b\" \\ c", NULL },
	};
	char text[LIBUTCP_ACL_VALUE_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct utcp_acl_rule rule = { .priority =
						      LIBUTCP_ACL_PRIORITY };
		size_t w = word(values[i].word);

		assert_false(utcp_acl_rule_get(&rule, w, text));
		assert_null(utcp_acl_rule_set(&rule, w, values[i].value));
		assert_true(utcp_acl_rule_get(&rule, w, text));
		assert_string_equal(text, values[i].again ? values[i].again :
							    values[i].value);
	}
}

static void aclrule__wrong_values(void **state)
{
	static const struct {
		const char *word, *value;
	} values[] = {
		{ "priority", "65536" },
		{ "priority", "-1" },
		{ "priority", " 1" },
		{ "priority", "" },
		{ "priority", "1x" },
		{ "ethertype", "1535" },
		{ "ethertype", "ip" },
		{ "vlan", "4095" },
		{ "dev", "1234567890123456" },
		{ "smac", "02:00:00:00:00" },
		{ "smac", "02:00:00:00:00:0g" },
		{ "smac", "02:00:00:00:00:00:00" },
		{ "src", "10.0.0" },
		{ "src", "10.0.0.1/8" },
		{ "src", "10.0.0.0/33" },
		{ "src", "10.0.0.0/" },
		{ "dst", "fd00::1/64" },
		{ "dst", "fd00::/129" },
		{ "dst", "somewhere" },
		{ "proto", "256" },
		{ "sport", "65536" },
		{ "sport", "90-80" },
		{ "sport", "80-" },
		{ "sport", "-80" },
		{ "sport", "80,90" },
		{ "icmp", "256" },
		{ "icmp", "3/" },
		{ "icmp", "/3" },
		{ "flags", "syn" },
		{ "flags", "syn/" },
		{ "flags", "syn/ack" },
		{ "flags", "syn/none" },
		{ "flags", "syn,/syn" },
		{ "dscp", "64" },
		{ "class", "0" },
		{ "mark", "0x100000000" },
		{ "expires", "60" },
		{ "expires", "s" },
		{ "expires", "-1s" },
		{ "expires", "1.5s" },
		{ "expires", "1s " },
		{ "log", "yes" },
		{ "owner", "12345678901234567890123456789012" },
		{ "comment", "a\nb" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct utcp_acl_rule rule = { 0 };

		if (!utcp_acl_rule_set(&rule, word(values[i].word),
				       values[i].value))
			fail_msg("%s %s", values[i].word, values[i].value);
	}
}

static void aclrule__line(void **state)
{
	struct utcp_acl_rule rule = {
		.priority = 5,
		.direction = UTCP_ACL_DIRECTION_OUT,
		.verdict = UTCP_ACL_VERDICT_ALLOW,
	};
	char text[LIBUTCP_ACL_RULE_TEXT];

	(void)state;
	assert_null(utcp_acl_rule_set(&rule, word("comment"), "a \"b\" \\"));
	assert_null(utcp_acl_rule_set(&rule, word("dport"), "443"));
	assert_null(utcp_acl_rule_set(&rule, word("dst"), "fd00::/8"));
	utcp_acl_rule_format(&rule, text);
	assert_string_equal(
		text,
		"out allow priority 5 dst fd00::/8 dport 443 comment \"a \\\"b\\\" \\\\\"");
	/* The family that was said last counts. */
	assert_null(utcp_acl_rule_set(&rule, word("dst"), "10.0.0.0/8"));
	utcp_acl_rule_format(&rule, text);
	assert_non_null(strstr(text, " dst 10.0.0.0/8 "));
}

/* The longest rule there is has room. */
#define BACKSLASHES_15 "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"
#define BACKSLASHES_16 "\\" BACKSLASHES_15

static void aclrule__longest_line(void **state)
{
	static const char *const said[][2] = {
		{ "priority", "65535" },
		{ "ethertype", "0x4c57" },
		{ "vlan", "4094" },
		{ "smac", "02:00:00:00:00:01" },
		{ "dmac", "02:00:00:00:00:02" },
		{ "src", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127" },
		{ "dst", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127" },
		{ "proto", "udplite" },
		{ "sport", "10000-65535" },
		{ "dport", "10000-65535" },
		{ "icmp", "255/255" },
		{ "flags",
		  "fin,syn,rst,psh,ack,urg,ece,cwr/fin,syn,rst,psh,ack,urg,ece,cwr" },
		{ "dscp", "63" },
		{ "class", "4294967295" },
		{ "mark", "0xffffffff" },
		{ "expires", "4294967295ms" },
		{ "log", "on" },
		{ "dev", "123456789012345" },
		{ "owner",
		  "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"" },
		{ "comment",
		  BACKSLASHES_15 BACKSLASHES_16 BACKSLASHES_16 BACKSLASHES_16 },
	};
	struct utcp_acl_rule rule = { .direction = UTCP_ACL_DIRECTION_OUT,
				      .verdict = UTCP_ACL_VERDICT_ALLOW };
	char text[LIBUTCP_ACL_RULE_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		assert_null(
			utcp_acl_rule_set(&rule, word(said[i][0]), said[i][1]));
	utcp_acl_rule_format(&rule, text);
	assert_true(strlen(text) + 1 < sizeof(text));
	assert_int_equal(text[strlen(text) - 1], '"');
	assert_non_null(strstr(text, said[11][1]));
}

/* What names a cell is about identities, and says so where it is printed. */
static void aclrule__identities(void **state)
{
	static const char want[] = "in allow src " CELL
				   " proto utcp dport 80-90";
	struct utcp_acl_rule rule = { .priority = LIBUTCP_ACL_PRIORITY,
				      .direction = UTCP_ACL_DIRECTION_IN,
				      .verdict = UTCP_ACL_VERDICT_ALLOW };
	char text[LIBUTCP_ACL_RULE_TEXT];

	(void)state;
	assert_null(utcp_acl_rule_set(&rule, word("src"), CELL));
	assert_null(utcp_acl_rule_set(&rule, word("dport"), "80-90"));
	assert_int_equal(rule.fields, LIBUTCP_ACL_UTCP | LIBUTCP_ACL_SRC_CELL |
					      LIBUTCP_ACL_DST_PORT);
	utcp_acl_rule_format(&rule, text);
	assert_string_equal(text, want);
	assert_null(utcp_acl_rule_set(&rule, word("proto"), "utcp"));
	utcp_acl_rule_format(&rule, text);
	assert_string_equal(text, want);
	assert_non_null(utcp_acl_rule_set(&rule, word("dst"), CELL "x"));
}

/* A cell may be said by its name; what is kept and printed is its CellID. */
static void aclrule__names(void **state)
{
	static const char file[] = "build-host " CELL "\n1a " CELL
				   "\n10.0.0.1 " CELL "\n";
	char path[] = "/tmp/acl-names-XXXXXX";
	char text[LIBUTCP_ACL_RULE_TEXT];
	struct utcp_acl_rule rule = { .priority = LIBUTCP_ACL_PRIORITY,
				      .direction = UTCP_ACL_DIRECTION_IN,
				      .verdict = UTCP_ACL_VERDICT_ALLOW };
	struct utcp_acl_elem elem;
	int fd = mkstemp(path);
	const char *bad;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, file, sizeof(file) - 1), sizeof(file) - 1);
	acl_names_file = path;
	assert_null(utcp_acl_rule_set(&rule, word("src"), "build-host"));
	assert_null(utcp_acl_rule_set(&rule, word("dport"), "80"));
	assert_int_equal(rule.fields, LIBUTCP_ACL_UTCP | LIBUTCP_ACL_SRC_CELL |
					      LIBUTCP_ACL_DST_PORT);
	utcp_acl_rule_format(&rule, text);
	assert_string_equal(text, "in allow src " CELL " proto utcp dport 80");
	assert_null(utcp_acl_rule_set(&rule, word("dst"), "1a"));
	assert_true(rule.fields & LIBUTCP_ACL_DST_CELL);
	/* What has no letter is an address, whatever has the name. */
	rule.fields = 0;
	assert_null(utcp_acl_rule_set(&rule, word("src"), "10.0.0.1"));
	assert_int_equal(rule.fields, LIBUTCP_ACL_SRC4);
	assert_string_equal(utcp_acl_rule_set(&rule, word("src"), "10.0.0"),
			    "it is no address");
	/* Who is not in the file is named, and the file too. */
	bad = utcp_acl_rule_set(&rule, word("src"), "Build-host");
	assert_non_null(bad);
	assert_non_null(strstr(bad, "\"Build-host\""));
	assert_non_null(strstr(bad, path));
	/* So are elements of sets. */
	assert_null(utcp_acl_elem_set(&elem, "build-host"));
	utcp_acl_elem_format(&elem, text);
	assert_string_equal(text, CELL);
	assert_non_null(utcp_acl_elem_set(&elem, "build-host:80"));
	/* Of a file with a fault no name is used. */
	assert_int_equal(write(fd, "x\n", 2), 2);
	bad = utcp_acl_rule_set(&rule, word("src"), "build-host");
	assert_non_null(bad);
	assert_non_null(strstr(bad, ":4: "));
	close(fd);
	unlink(path);
	bad = utcp_acl_rule_set(&rule, word("src"), "build-host");
	assert_non_null(bad);
	assert_non_null(strstr(bad, "\"build-host\""));
}

static void aclelem__text(void **state)
{
	static const char *const good[] = { "10.0.0.0/8",  "10.0.0.1",
					    "fd00::/16",   "fd00::1",
					    "10.0.0.1:80", "[fd00::1]:443",
					    "10.0.0.1:0",  "0.0.0.0/0",
					    CELL };
	static const char *const bad[] = { "",
					   "10.0.0.1/8",
					   "10.0.0.1:",
					   "10.0.0.1:65536",
					   "fd00::1]:80",
					   "[fd00::1]",
					   "[fd00::1:80",
					   "10.0.0.0/8:80",
					   ":80",
					   "10.0.0.1:80x",
					   "[]:80",
					   (CELL "q"),
					   (CELL ":80") };
	char text[LIBUTCP_ACL_VALUE_TEXT];
	struct utcp_acl_elem elem;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_null(utcp_acl_elem_set(&elem, good[i]));
		utcp_acl_elem_format(&elem, text);
		assert_string_equal(text, good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!utcp_acl_elem_set(&elem, bad[i]))
			fail_msg("%s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aclrule__values),
		cmocka_unit_test(aclrule__wrong_values),
		cmocka_unit_test(aclrule__line),
		cmocka_unit_test(aclrule__longest_line),
		cmocka_unit_test(aclrule__identities),
		cmocka_unit_test(aclrule__names),
		cmocka_unit_test(aclelem__text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
