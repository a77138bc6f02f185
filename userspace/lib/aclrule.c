// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rules of access lists as text: pairs of a word and a value, the same on the
 * command line, in files and in output.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <utcp/acl.h>
#include <utcp/cellid.h>
#include <utcp/cellnames.h>

#include "names.h"

/* The words, in the order in which a rule is printed. */
enum word {
	WORD_PRIORITY,
	WORD_DEV,
	WORD_ETHERTYPE,
	WORD_VLAN,
	WORD_SMAC,
	WORD_DMAC,
	WORD_SRC,
	WORD_DST,
	WORD_SRC_SET,
	WORD_DST_SET,
	WORD_PROTO,
	WORD_SPORT,
	WORD_DPORT,
	WORD_ICMP,
	WORD_FLAGS,
	WORD_DSCP,
	WORD_CLASS,
	WORD_MARK,
	WORD_EXPIRES,
	WORD_LOG,
	WORD_OWNER,
	WORD_COMMENT,
	WORDS,
};

static const char *const words[WORDS] = {
	[WORD_PRIORITY] = "priority", [WORD_ETHERTYPE] = "ethertype",
	[WORD_VLAN] = "vlan",	      [WORD_SMAC] = "smac",
	[WORD_DMAC] = "dmac",	      [WORD_SRC] = "src",
	[WORD_SRC_SET] = "src-set",   [WORD_DST_SET] = "dst-set",
	[WORD_DST] = "dst",	      [WORD_PROTO] = "proto",
	[WORD_SPORT] = "sport",	      [WORD_DPORT] = "dport",
	[WORD_ICMP] = "icmp",	      [WORD_FLAGS] = "flags",
	[WORD_DSCP] = "dscp",	      [WORD_CLASS] = "class",
	[WORD_MARK] = "mark",	      [WORD_EXPIRES] = "expires",
	[WORD_LOG] = "log",	      [WORD_OWNER] = "owner",
	[WORD_COMMENT] = "comment",   [WORD_DEV] = "dev",
};

/* A number that has a name. */
struct named {
	const char *name;
	uint32_t value;
};

static const struct named ethertypes[] = {
	{ "ipv4", 0x0800 },
	{ "arp", 0x0806 },
	{ "ipv6", 0x86dd },
	{ "utcp", 0x88b5 },
	{ 0 },
};

static const struct named protocols[] = {
	{ "icmp", 1 },	 { "tcp", 6 },	     { "udp", 17 }, { "dccp", 33 },
	{ "gre", 47 },	 { "esp", 50 },	     { "ah", 51 },  { "icmpv6", 58 },
	{ "sctp", 132 }, { "udplite", 136 }, { 0 },
};

static const struct named tcp_flags[] = {
	{ "fin", 0x01 }, { "syn", 0x02 }, { "rst", 0x04 },
	{ "psh", 0x08 }, { "ack", 0x10 }, { "urg", 0x20 },
	{ "ece", 0x40 }, { "cwr", 0x80 }, { 0 },
};

const char *utcp_acl_word(size_t index)
{
	return index < WORDS ? words[index] : NULL;
}

const char *utcp_acl_unmet(uint32_t attribute)
{
	static const struct named unmet[] = {
		{ "direction", UTCP_ACL_A_RULE_DIRECTION },
		{ "dev", UTCP_ACL_A_RULE_DEV },
		{ "ethertype", UTCP_ACL_A_RULE_ETHERTYPE },
		{ "vlan", UTCP_ACL_A_RULE_VLAN },
		{ "smac", UTCP_ACL_A_RULE_SRC_MAC },
		{ "dmac", UTCP_ACL_A_RULE_DST_MAC },
		{ "src", UTCP_ACL_A_RULE_SRC4 },
		{ "src", UTCP_ACL_A_RULE_SRC6 },
		{ "src", UTCP_ACL_A_RULE_SRC_LEN },
		{ "dst", UTCP_ACL_A_RULE_DST4 },
		{ "dst", UTCP_ACL_A_RULE_DST6 },
		{ "dst", UTCP_ACL_A_RULE_DST_LEN },
		{ "src-set", UTCP_ACL_A_RULE_SRC_SET },
		{ "dst-set", UTCP_ACL_A_RULE_DST_SET },
		{ "proto", UTCP_ACL_A_RULE_PROTO },
		{ "sport", UTCP_ACL_A_RULE_SRC_PORT_MIN },
		{ "dport", UTCP_ACL_A_RULE_DST_PORT_MIN },
		{ "icmp", UTCP_ACL_A_RULE_ICMP_TYPE },
		{ "icmp", UTCP_ACL_A_RULE_ICMP_CODE },
		{ "flags", UTCP_ACL_A_RULE_TCP_FLAGS },
		{ "dscp", UTCP_ACL_A_RULE_DSCP },
		{ "proto", UTCP_ACL_A_RULE_UTCP },
		{ "src", UTCP_ACL_A_RULE_SRC_CELL },
		{ "dst", UTCP_ACL_A_RULE_DST_CELL },
		{ 0 },
	};

	for (const struct named *n = unmet; n->name; n++)
		if (n->value == attribute)
			return n->name;
	return "unknown";
}

const char *utcp_acl_direction(uint32_t direction)
{
	static const char *const names[] = {
		[UTCP_ACL_DIRECTION_IN] = "in",
		[UTCP_ACL_DIRECTION_OUT] = "out",
	};

	_Static_assert(NL_COUNT(names) == UTCP_ACL_DIRECTION_MAX + 1,
		       "a direction without a name");
	return direction < NL_COUNT(names) ? names[direction] : NULL;
}

const char *utcp_acl_verdict(uint32_t verdict)
{
	static const char *const names[] = {
		[UTCP_ACL_VERDICT_ALLOW] = "allow",
		[UTCP_ACL_VERDICT_DENY] = "deny",
		[UTCP_ACL_VERDICT_REJECT] = "reject",
	};

	_Static_assert(NL_COUNT(names) == UTCP_ACL_VERDICT_MAX + 1,
		       "a verdict without a name");
	return verdict < NL_COUNT(names) ? names[verdict] : NULL;
}

const char *utcp_acl_drop_reason(uint32_t reason)
{
	static const char *const names[] = {
		[0] = "unknown",
		[UTCP_ACL_DROP_REASON_RULE] = "rule",
		[UTCP_ACL_DROP_REASON_DEFAULT] = "default",
		[UTCP_ACL_DROP_REASON_MALFORMED] = "malformed",
		[UTCP_ACL_DROP_REASON_NOMEM] = "nomem",
		[UTCP_ACL_DROP_REASON_FRAGMENT] = "fragment",
		[UTCP_ACL_DROP_REASON_SPOOF] = "spoof",
		[UTCP_ACL_DROP_REASON_IDENTITY] = "identity",
	};

	_Static_assert(NL_COUNT(names) == UTCP_ACL_DROP_REASON_MAX + 1,
		       "a reason without a name");
	return names[reason < NL_COUNT(names) ? reason : 0];
}

const char *utcp_acl_proto(uint32_t proto)
{
	for (const struct named *p = protocols; p->name; p++)
		if (p->value == proto)
			return p->name;
	return NULL;
}

/* --- reading ------------------------------------------------------------------- */

/* The length of the number at the start of a text; 0 if there is none. */
static size_t read_number(const char *text, uint32_t max, uint32_t *value)
{
	unsigned long long number;
	char *end;

	/* strtoull() takes blanks and signs as well */
	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	number = strtoull(text, &end,
			  text[0] == '0' && text[1] == 'x' ? 16 : 10);
	if (errno || number > max)
		return 0;
	*value = (uint32_t)number;
	return (size_t)(end - text);
}

static const char *set_number(const char *text, uint32_t min, uint32_t max,
			      uint32_t *value)
{
	static __thread char wrong[64];
	size_t len = read_number(text, max, value);

	if (len && !text[len] && *value >= min)
		return NULL;
	snprintf(wrong, sizeof(wrong), "a number from %u to %u is expected",
		 min, max);
	return wrong;
}

static bool find_name(const struct named *named, const char *text, size_t len,
		      uint32_t *value)
{
	for (; named->name; named++) {
		if (strlen(named->name) != len ||
		    memcmp(named->name, text, len) != 0)
			continue;
		*value = named->value;
		return true;
	}
	return false;
}

static const char *set_named(const struct named *named, const char *text,
			     uint32_t min, uint32_t max, uint32_t *value)
{
	if (find_name(named, text, strlen(text), value))
		return NULL;
	return set_number(text, min, max, value);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *set_mac(const char *text, uint8_t mac[6])
{
	static const char wrong[] = "a MAC address is expected";

	for (int i = 0; i < 6; i++, text += 3) {
		int high = hex_digit(text[0]);
		int low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0 || text[2] != (i < 5 ? ':' : '\0'))
			return wrong;
		mac[i] = (uint8_t)(high << 4 | low);
	}
	return NULL;
}

/* Are all bits of an address behind the first @len zero? */
static bool rest_is_zero(const uint8_t *addr, size_t bytes, uint32_t len)
{
	for (size_t i = len / 8; i < bytes; i++) {
		uint8_t mask = i == len / 8 ? (uint8_t)(0xff >> len % 8) : 0xff;

		if (addr[i] & mask)
			return false;
	}
	return true;
}

/* A CellID; with it the rule is about identities. */
static const char *set_cell(struct utcp_acl_rule *rule, const char *text,
			    uint8_t addr[16], uint32_t field)
{
	enum utcp_text_error error = utcp_cellid_parse(text, addr);

	if (error != LIBUTCP_TEXT_OK)
		return utcp_text_error_string(error);
	rule->fields |= LIBUTCP_ACL_UTCP | field;
	return NULL;
}

/* Tests have one of their own. */
const char *acl_names_file = LIBUTCP_CELLNAMES_FILE;

/* Could a word be a cell's name? What has no letter is an address, or a mistyped one. */
static bool is_name(const char *text)
{
	const char *letter = text;

	while (*letter && !((*letter | 0x20) >= 'a' && (*letter | 0x20) <= 'z'))
		letter++;
	return *letter && utcp_cellname_ok(text);
}

/* A cell, by its name in the names file; the kernel is told the CellID. */
static const char *set_cell_name(struct utcp_acl_rule *rule, const char *text,
				 uint8_t addr[16], uint32_t field)
{
	/* Until the next one; a message names the word, and the line of a bad file. */
	static _Thread_local char message[512];

	if (utcp_cellnames_resolve(text, acl_names_file, addr, message,
				   sizeof(message)))
		return message;
	rule->fields |= LIBUTCP_ACL_UTCP | field;
	return NULL;
}

static const char *set_proto(struct utcp_acl_rule *rule, const char *text)
{
	if (strcmp(text, "utcp") != 0)
		rule->fields |= LIBUTCP_ACL_PROTO;
	else
		rule->fields |= LIBUTCP_ACL_UTCP;
	return rule->fields & LIBUTCP_ACL_PROTO ?
		       set_named(protocols, text, 0, 255, &rule->proto) :
		       NULL;
}

static const char *set_prefix(struct utcp_acl_rule *rule, const char *text,
			      uint8_t addr[16], uint32_t *len, uint32_t field4,
			      uint32_t field6)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	bool is6 = memchr(text, ':', n);
	uint32_t cell = field4 == LIBUTCP_ACL_SRC4 ? LIBUTCP_ACL_SRC_CELL :
						     LIBUTCP_ACL_DST_CELL;
	char host[INET6_ADDRSTRLEN];

	rule->fields &= ~(field4 | field6);
	if (strncasecmp(text, "cell1", 5) == 0)
		return set_cell(rule, text, addr, cell);
	if (is_name(text))
		return set_cell_name(rule, text, addr, cell);
	if (n >= sizeof(host))
		return "it is no address";
	memcpy(host, text, n);
	host[n] = '\0';
	memset(addr, 0, 16);
	if (inet_pton(is6 ? AF_INET6 : AF_INET, host, addr) != 1)
		return "it is no address";
	*len = is6 ? 128 : 32;
	if (slash && set_number(slash + 1, 0, *len, len))
		return is6 ? "a length from 0 to 128 is expected behind the /" :
			     "a length from 0 to 32 is expected behind the /";
	if (!rest_is_zero(addr, is6 ? 16 : 4, *len))
		return "there are bits behind the prefix's length";
	rule->fields |= is6 ? field6 : field4;
	return NULL;
}

static const char *set_ports(const char *text, uint32_t range[2])
{
	size_t len = read_number(text, 65535, &range[0]);
	size_t more;

	if (len && text[len] == '-') {
		text += len + 1;
		more = read_number(text, 65535, &range[1]);
		if (more && !text[more] && range[0] <= range[1])
			return NULL;
	} else if (len && !text[len]) {
		range[1] = range[0];
		return NULL;
	}
	return "a port or a range such as 80-90 is expected";
}

static const char *set_icmp(struct utcp_acl_rule *rule, const char *text)
{
	size_t len = read_number(text, 255, &rule->icmp_type);

	rule->fields &= ~(uint32_t)LIBUTCP_ACL_ICMP_CODE;
	rule->fields |= LIBUTCP_ACL_ICMP_TYPE;
	if (len && !text[len])
		return NULL;
	if (len && text[len] == '/' &&
	    !set_number(text + len + 1, 0, 255, &rule->icmp_code)) {
		rule->fields |= LIBUTCP_ACL_ICMP_CODE;
		return NULL;
	}
	return "a type, or type/code, is expected";
}

/* Flags with commas between them, up to @end. */
static bool read_flags(const char *text, const char *end, uint32_t *flags)
{
	*flags = 0;
	if (end - text == 4 && memcmp(text, "none", 4) == 0)
		return true;
	for (;;) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		uint32_t one;

		if (!find_name(tcp_flags, text,
			       (size_t)((comma ? comma : end) - text), &one))
			return false;
		*flags |= one;
		if (!comma)
			return true;
		text = comma + 1;
	}
}

static const char *set_flags(struct utcp_acl_rule *rule, const char *text)
{
	const char *slash = strchr(text, '/');

	if (!slash || !read_flags(text, slash, &rule->tcp_flags) ||
	    !read_flags(slash + 1, strchr(slash, '\0'), &rule->tcp_mask) ||
	    !rule->tcp_mask)
		return "flags, a / and those looked at are expected, such as syn/syn,ack";
	if (rule->tcp_flags & ~rule->tcp_mask)
		return "a flag is to be set that is not looked at";
	return NULL;
}

static const char *set_text(const char *text, char *to, size_t size)
{
	if (strlen(text) >= size)
		return "it is too long";
	for (const char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			return "only printable ASCII can be kept";
	snprintf(to, size, "%s", text);
	return NULL;
}

/* Units of time, in milliseconds, the longest first. */
static const struct {
	const char *name;
	uint64_t ms;
} times[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 },
	{ "s", 1000 },	   { "ms", 1 },	     { 0 },
};

const char *utcp_acl_time_set(const char *text, uint64_t *ms)
{
	uint32_t number;
	size_t len = read_number(text, UINT32_MAX, &number);

	for (size_t i = 0; len && times[i].name; i++) {
		if (strcmp(text + len, times[i].name) != 0)
			continue;
		*ms = number * times[i].ms;
		return NULL;
	}
	return "a time such as 90s, 15m, 12h or 7d is expected";
}

static const char *set_log(struct utcp_acl_rule *rule, const char *text)
{
	if (strcmp(text, "on") == 0)
		return NULL;
	rule->fields &= ~(uint32_t)LIBUTCP_ACL_LOG;
	return strcmp(text, "off") == 0 ? NULL : "on or off is expected";
}

/* The field that a word sets, where there is just one. */
static const uint32_t word_field[WORDS] = {
	[WORD_DEV] = LIBUTCP_ACL_DEV,
	[WORD_ETHERTYPE] = LIBUTCP_ACL_ETHERTYPE,
	[WORD_VLAN] = LIBUTCP_ACL_VLAN,
	[WORD_SMAC] = LIBUTCP_ACL_SRC_MAC,
	[WORD_DMAC] = LIBUTCP_ACL_DST_MAC,
	[WORD_SRC_SET] = LIBUTCP_ACL_SRC_SET,
	[WORD_DST_SET] = LIBUTCP_ACL_DST_SET,
	[WORD_SPORT] = LIBUTCP_ACL_SRC_PORT,
	[WORD_DPORT] = LIBUTCP_ACL_DST_PORT,
	[WORD_FLAGS] = LIBUTCP_ACL_TCP_FLAGS,
	[WORD_DSCP] = LIBUTCP_ACL_DSCP,
	[WORD_CLASS] = LIBUTCP_ACL_CLASS,
	[WORD_MARK] = LIBUTCP_ACL_MARK,
	[WORD_EXPIRES] = LIBUTCP_ACL_EXPIRES,
	[WORD_LOG] = LIBUTCP_ACL_LOG,
	[WORD_OWNER] = LIBUTCP_ACL_OWNER,
	[WORD_COMMENT] = LIBUTCP_ACL_COMMENT,
};

const char *utcp_acl_rule_set(struct utcp_acl_rule *rule, size_t word,
			      const char *value)
{
	if (word < WORDS)
		rule->fields |= word_field[word];
	switch (word) {
	case WORD_PRIORITY:
		return set_number(value, 0, 65535, &rule->priority);
	case WORD_DEV:
		return set_text(value, rule->dev, sizeof(rule->dev));
	case WORD_ETHERTYPE:
		return set_named(ethertypes, value, 1536, 65535,
				 &rule->ethertype);
	case WORD_VLAN:
		return set_number(value, 0, 4094, &rule->vlan);
	case WORD_SMAC:
		return set_mac(value, rule->src_mac);
	case WORD_DMAC:
		return set_mac(value, rule->dst_mac);
	case WORD_SRC:
		return set_prefix(rule, value, rule->src, &rule->src_len,
				  LIBUTCP_ACL_SRC4, LIBUTCP_ACL_SRC6);
	case WORD_DST:
		return set_prefix(rule, value, rule->dst, &rule->dst_len,
				  LIBUTCP_ACL_DST4, LIBUTCP_ACL_DST6);
	case WORD_SRC_SET:
		return set_text(value, rule->src_set, sizeof(rule->src_set));
	case WORD_DST_SET:
		return set_text(value, rule->dst_set, sizeof(rule->dst_set));
	case WORD_PROTO:
		return set_proto(rule, value);
	case WORD_SPORT:
		return set_ports(value, rule->src_port);
	case WORD_DPORT:
		return set_ports(value, rule->dst_port);
	case WORD_ICMP:
		return set_icmp(rule, value);
	case WORD_FLAGS:
		return set_flags(rule, value);
	case WORD_DSCP:
		return set_number(value, 0, 63, &rule->dscp);
	case WORD_CLASS:
		return set_number(value, 1, UINT32_MAX, &rule->class);
	case WORD_MARK:
		return set_number(value, 0, UINT32_MAX, &rule->mark);
	case WORD_EXPIRES:
		return utcp_acl_time_set(value, &rule->expires);
	case WORD_LOG:
		return set_log(rule, value);
	case WORD_OWNER:
		return set_text(value, rule->owner, sizeof(rule->owner));
	case WORD_COMMENT:
		return set_text(value, rule->comment, sizeof(rule->comment));
	default:
		return "there is no such word";
	}
}

/* --- writing ------------------------------------------------------------------- */

static void get_named(const struct named *named, uint32_t value, bool hex,
		      char text[LIBUTCP_ACL_VALUE_TEXT])
{
	for (; named->name; named++) {
		if (named->value == value) {
			snprintf(text, LIBUTCP_ACL_VALUE_TEXT, "%s",
				 named->name);
			return;
		}
	}
	snprintf(text, LIBUTCP_ACL_VALUE_TEXT, hex ? "0x%04x" : "%u", value);
}

static void get_mac(const uint8_t mac[6], char text[LIBUTCP_ACL_VALUE_TEXT])
{
	snprintf(text, LIBUTCP_ACL_VALUE_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x",
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void get_prefix(const uint8_t addr[16], uint32_t len, bool is6,
		       char text[LIBUTCP_ACL_VALUE_TEXT])
{
	size_t used;

	if (!inet_ntop(is6 ? AF_INET6 : AF_INET, addr, text,
		       LIBUTCP_ACL_VALUE_TEXT))
		text[0] = '\0';
	used = strlen(text);
	if (len != (is6 ? 128 : 32))
		snprintf(text + used, LIBUTCP_ACL_VALUE_TEXT - used, "/%u",
			 len);
}

static void get_ports(const uint32_t range[2],
		      char text[LIBUTCP_ACL_VALUE_TEXT])
{
	if (range[0] == range[1])
		snprintf(text, LIBUTCP_ACL_VALUE_TEXT, "%u", range[0]);
	else
		snprintf(text, LIBUTCP_ACL_VALUE_TEXT, "%u-%u", range[0],
			 range[1]);
}

static void add_flags(uint32_t flags, char text[LIBUTCP_ACL_VALUE_TEXT])
{
	const char *comma = "";
	size_t used;

	for (const struct named *f = tcp_flags; f->name; f++) {
		if (!(flags & f->value))
			continue;
		used = strlen(text);
		snprintf(text + used, LIBUTCP_ACL_VALUE_TEXT - used, "%s%s",
			 comma, f->name);
		comma = ",";
	}
	used = strlen(text);
	if (!flags)
		snprintf(text + used, LIBUTCP_ACL_VALUE_TEXT - used, "none");
}

static void get_flags(const struct utcp_acl_rule *rule,
		      char text[LIBUTCP_ACL_VALUE_TEXT])
{
	size_t used;

	text[0] = '\0';
	add_flags(rule->tcp_flags, text);
	used = strlen(text);
	snprintf(text + used, LIBUTCP_ACL_VALUE_TEXT - used, "/");
	add_flags(rule->tcp_mask, text);
}

/* In the longest unit that says it exactly. */
void utcp_acl_time_get(uint64_t ms, char text[LIBUTCP_ACL_VALUE_TEXT])
{
	size_t i = 0;

	while (times[i + 1].name && (!ms || ms % times[i].ms))
		i++;
	snprintf(text, LIBUTCP_ACL_VALUE_TEXT, "%" PRIu64 "%s",
		 ms / times[i].ms, times[i].name);
}

static bool get_cell(const uint8_t id[16], char text[LIBUTCP_ACL_VALUE_TEXT])
{
	utcp_cellid_format(id, text);
	return true;
}

/* Words that set one of two fields, or none. */
static bool get_other(const struct utcp_acl_rule *rule, size_t word,
		      char value[LIBUTCP_ACL_VALUE_TEXT])
{
	uint32_t fields = rule->fields;

	switch (word) {
	case WORD_PRIORITY:
		snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%u", rule->priority);
		return rule->priority != LIBUTCP_ACL_PRIORITY;
	case WORD_SRC:
		if (fields & LIBUTCP_ACL_SRC_CELL)
			return get_cell(rule->src, value);
		get_prefix(rule->src, rule->src_len, fields & LIBUTCP_ACL_SRC6,
			   value);
		return fields & (LIBUTCP_ACL_SRC4 | LIBUTCP_ACL_SRC6);
	case WORD_DST:
		if (fields & LIBUTCP_ACL_DST_CELL)
			return get_cell(rule->dst, value);
		get_prefix(rule->dst, rule->dst_len, fields & LIBUTCP_ACL_DST6,
			   value);
		return fields & (LIBUTCP_ACL_DST4 | LIBUTCP_ACL_DST6);
	case WORD_PROTO:
		if (fields & LIBUTCP_ACL_UTCP)
			snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "utcp");
		else
			get_named(protocols, rule->proto, false, value);
		return fields & (LIBUTCP_ACL_UTCP | LIBUTCP_ACL_PROTO);
	default:
		if (fields & LIBUTCP_ACL_ICMP_CODE)
			snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%u/%u",
				 rule->icmp_type, rule->icmp_code);
		else
			snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%u",
				 rule->icmp_type);
		return fields & LIBUTCP_ACL_ICMP_TYPE;
	}
}

bool utcp_acl_rule_get(const struct utcp_acl_rule *rule, size_t word,
		       char value[LIBUTCP_ACL_VALUE_TEXT])
{
	uint32_t number = 0;

	value[0] = '\0';
	if (word >= WORDS)
		return false;
	if (!word_field[word])
		return get_other(rule, word, value);
	if (!(rule->fields & word_field[word]))
		return false;
	switch (word) {
	case WORD_DEV:
		snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%s", rule->dev);
		return true;
	case WORD_ETHERTYPE:
		get_named(ethertypes, rule->ethertype, true, value);
		return true;
	case WORD_SMAC:
		get_mac(rule->src_mac, value);
		return true;
	case WORD_DMAC:
		get_mac(rule->dst_mac, value);
		return true;
	case WORD_SRC_SET:
		snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%s", rule->src_set);
		return true;
	case WORD_DST_SET:
		snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%s", rule->dst_set);
		return true;
	case WORD_SPORT:
		get_ports(rule->src_port, value);
		return true;
	case WORD_DPORT:
		get_ports(rule->dst_port, value);
		return true;
	case WORD_FLAGS:
		get_flags(rule, value);
		return true;
	case WORD_EXPIRES:
		utcp_acl_time_get(rule->expires, value);
		return true;
	case WORD_LOG:
		snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "on");
		return true;
	case WORD_OWNER:
		snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%s", rule->owner);
		return true;
	case WORD_COMMENT:
		snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%s", rule->comment);
		return true;
	case WORD_VLAN:
		number = rule->vlan;
		break;
	case WORD_DSCP:
		number = rule->dscp;
		break;
	case WORD_CLASS:
		number = rule->class;
		break;
	case WORD_MARK:
		snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "0x%x", rule->mark);
		return true;
	}
	snprintf(value, LIBUTCP_ACL_VALUE_TEXT, "%u", number);
	return true;
}

/* Texts stand in double quotes; a backslash takes a character as it is. */
static size_t add_quoted(const char *value, char *text, size_t size)
{
	size_t used = 0;

	if (used + 1 < size)
		text[used++] = '"';
	for (; *value && used + 3 < size; value++) {
		if (*value == '"' || *value == '\\')
			text[used++] = '\\';
		text[used++] = *value;
	}
	if (used + 1 < size)
		text[used++] = '"';
	text[used] = '\0';
	return used;
}

void utcp_acl_rule_format(const struct utcp_acl_rule *rule,
			  char text[LIBUTCP_ACL_RULE_TEXT])
{
	const char *direction = utcp_acl_direction(rule->direction);
	const char *verdict = utcp_acl_verdict(rule->verdict);
	char value[LIBUTCP_ACL_VALUE_TEXT];
	size_t used;

	snprintf(text, LIBUTCP_ACL_RULE_TEXT, "%s %s",
		 direction ? direction : "unknown",
		 verdict ? verdict : "unknown");
	for (size_t word = 0; word < WORDS; word++) {
		if (!utcp_acl_rule_get(rule, word, value))
			continue;
		used = strlen(text);
		snprintf(text + used, LIBUTCP_ACL_RULE_TEXT - used, " %s ",
			 words[word]);
		used = strlen(text);
		if (word == WORD_OWNER || word == WORD_COMMENT)
			add_quoted(value, text + used,
				   LIBUTCP_ACL_RULE_TEXT - used);
		else
			snprintf(text + used, LIBUTCP_ACL_RULE_TEXT - used,
				 "%s", value);
	}
}
