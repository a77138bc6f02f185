// SPDX-License-Identifier: GPL-2.0-only
/*
 * matrix [-s] ENDS EXPECTED METADATA SECONDS - who reaches whom, by what
 *
 * One process sends all kinds of frames, packets and connections between all pairs of
 * ends, all at once, and hears for all of them. ENDS has a line for each end:
 *
 *	NAME NETNS CELL DEV MAC IP4 IP6 [DEV MAC IP4 IP6]
 *
 * The last two are "host", with its bridge and its uplink, and "outside", behind the
 * latter. The others are sandboxes: their mode and a number, two of each mode. DEV and MAC
 * are - without a link; the addresses are those of the loopback then. Each mode's first
 * asks each mode's second.
 *
 * EXPECTED says what passes: lines with modes that ask, modes (or other things) that are
 * asked, and kinds; the first line that fits counts, and what it does not name must not
 * pass. Both lists are separated by commas, * is all, and # begins a comment.
 *
 * METADATA4 and METADATA6 are addresses that "outside" has, too. SECONDS is how long what
 * must pass may take. What must not is waited for until nothing has come for a second.
 *
 * Prints the table, and what is not as expected; exits with 0 if all is. With -s the table
 * is a small one, of those that ask and those that are asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>

#include "matrix.h"

static const struct {
	const char *name;
	char letter; /* in the head of the table */
} kinds[KINDS] = {
	[ARP] = { "arp", 'a' },		  [ND] = { "nd", 'n' },
	[UDP4] = { "udp4", 'u' },	  [TCP4] = { "tcp4", 't' },
	[ICMP4] = { "icmp4", 'i' },	  [UDP6] = { "udp6", 'u' },
	[TCP6] = { "tcp6", 't' },	  [ICMP6] = { "icmp6", 'i' },
	[MULTI4] = { "multicast4", 'm' }, [BROAD4] = { "broadcast4", 'b' },
	[MULTI6] = { "multicast6", 'M' }, [UTCP] = { "utcp", 'c' },
	[LWF] = { "lwf", 'l' },		  [OTHER] = { "other", 'o' },
	[VLAN] = { "vlan", 'v' },	  [SERVICE4] = { "service4", 's' },
	[SERVICE6] = { "service6", 'S' }, [LOCAL4] = { "local4", 'f' },
	[LOCAL6] = { "local6", 'F' },	  [AS_MAC] = { "as-mac", 'm' },
	[AS_IP4] = { "as-ip4", '4' },	  [AS_IP6] = { "as-ip6", '6' },
	[AS_VLAN] = { "as-vlan", 'v' },	  [AS_ARP] = { "as-arp", 'a' },
	[AS_ND] = { "as-nd", 'n' },	  [AS_RA] = { "as-ra", 'r' },
};

/*
 * Columns of the table: each has the kinds up to the next one. The letters are those of
 * the small table.
 */
static const struct {
	const char *name;
	unsigned int first;
	char letter;
} columns[] = {
	{ "ARP ND", ARP, 'a' },
	{ "IPv4", UDP4, '4' },
	{ "IPv6", UDP6, '6' },
	{ "groups", MULTI4, 'g' },
	{ "UTCP", UTCP, 'c' },
	{ "types", LWF, 't' },
	{ "loopback", SERVICE4, 's' },
	{ "forged", AS_MAC, '!' },
	{ "", KINDS, 0 },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]) - 1)

#define IPV4 (BIT(UDP4) | BIT(TCP4) | BIT(ICMP4))
#define IPV6 (BIT(UDP6) | BIT(TCP6) | BIT(ICMP6))
#define TYPES (BIT(LWF) | BIT(OTHER) | BIT(VLAN))
#define ALL (BIT(KINDS) - 1)
#define FORGED (ALL & ~(BIT(AS_MAC) - 1))

static const struct {
	const char *name;
	unsigned int kinds;
} words[] = {
	{ "ipv4", IPV4 },   { "ipv6", IPV6 }, { "groups", GROUPS },
	{ "types", TYPES }, { "nothing", 0 },
};

struct end ends[ENDS_MAX];
unsigned int end_count;
struct row rows[ROWS_MAX];
unsigned int row_count;
static unsigned int wrong;

_Noreturn void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(2);
}

void enter(const struct end *end)
{
	static const struct end *now;

	if (end != now && setns(end->netns, CLONE_NEWNET))
		die("setns");
	now = end;
}

static struct end *host(void)
{
	return &ends[end_count - 2];
}

static struct end *outside(void)
{
	return &ends[end_count - 1];
}

bool share_link(const struct end *a, const struct end *b)
{
	return a->links && b->links &&
	       (a == host() || b == host() ||
		(a == outside()) == (b == outside()));
}

struct link *link_to(struct end *from, const struct end *to)
{
	return &from->link[from == host() && to == outside()];
}

static bool same_mode(const struct end *a, const struct end *b)
{
	return a->mode_len == b->mode_len &&
	       !memcmp(a->name, b->name, a->mode_len);
}

static bool is_sandbox(const struct end *end)
{
	return end != host() && end != outside();
}

/* Nothing that is sent here is for anybody but whom it asks. */
static bool is_closed(const struct end *end)
{
	return !strncmp(end->name, "custom", 6) || !end->links;
}

/* --- what has come --------------------------------------------------------------- */

void answered(unsigned int row, enum kind kind)
{
	rows[row].seen |= BIT(kind);
}

void answered_by(unsigned int row, enum kind kind, unsigned int end)
{
	printf("%s > %s: %s: %s has answered\n", ends[rows[row].from].name,
	       rows[row].name, kinds[kind].name,
	       end < end_count ? ends[end].name : "nobody");
	wrong++;
}

/* The row by which @from asks this end; not what leads there by another name. */
static struct row *row_between(unsigned int from, unsigned int to)
{
	for (unsigned int i = 0; i < row_count; i++) {
		if (rows[i].from == from && rows[i].to == to &&
		    rows[i].tried & BIT(ARP))
			return &rows[i];
	}
	return NULL;
}

void has_come(unsigned int end, const struct mark *mark, bool framed)
{
	struct row *row;

	if (mark->kind >= KINDS)
		return;
	if (BIT(mark->kind) & GROUPS) {
		if (mark->row == end)
			return;
		row = row_between(mark->row, end);
	} else {
		row = mark->row < row_count ? &rows[mark->row] : NULL;
	}
	if (row && row->to == end) {
		/* Frames for 127.0.0.1 may come: the kernel drops them. */
		if (!framed)
			row->seen |= BIT(mark->kind);
		else if ((mark->kind != LOCAL4 && mark->kind != LOCAL6) ||
			 is_closed(&ends[end]))
			row->framed |= BIT(mark->kind);
	} else if (is_closed(&ends[end])) {
		printf("%s has seen %s that is not for it\n", ends[end].name,
		       kinds[mark->kind].name);
		wrong++;
	}
}

/* --- what is asked, and what is expected -------------------------------------------- */

/* "cell1" and 26 characters of 5 bits, of which a checksum follows. */
static void read_cell(const char *text, uint8_t *id)
{
	static const char chars[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	unsigned int bits = 0, have = 0, n = 0;

	if (strncmp(text, "cell1", 5) || strlen(text) < 31)
		die(text);
	for (text += 5; n < UTCP_CELL_ID_BYTES; text++) {
		const char *at = strchr(chars, *text);

		if (!at)
			die("cell");
		bits = bits << 5 | (unsigned int)(at - chars);
		have += 5;
		if (have >= 8) {
			have -= 8;
			id[n++] = bits >> have & 0xff;
		}
	}
}

static bool read_link(struct end *end, char **save)
{
	struct link *link = &end->link[end->links];
	const char *dev = strtok_r(NULL, " \t\n", save);
	const char *mac = strtok_r(NULL, " \t\n", save);
	const char *ip4 = strtok_r(NULL, " \t\n", save);
	const char *ip6 = strtok_r(NULL, " \t\n", save);

	if (!ip6)
		return false;
	if (inet_pton(AF_INET, ip4, &link->ip4) != 1 ||
	    inet_pton(AF_INET6, ip6, &link->ip6) != 1)
		die("address");
	if (strcmp(dev, "-")) {
		uint8_t *m = link->mac;

		snprintf(link->dev, sizeof(link->dev), "%s", dev);
		if (sscanf(mac, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &m[0], &m[1],
			   &m[2], &m[3], &m[4], &m[5]) != ETH_ALEN)
			die("MAC address");
		end->links++;
	}
	return true;
}

static void read_ends(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[512], *save;

	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		struct end *end = &ends[end_count];
		const char *name = strtok_r(line, " \t\n", &save);
		const char *netns = strtok_r(NULL, " \t\n", &save);
		const char *cell = strtok_r(NULL, " \t\n", &save);

		if (!cell || end_count++ == ENDS_MAX)
			die("ends");
		snprintf(end->name, sizeof(end->name), "%s", name);
		end->mode_len = strcspn(end->name, "0123456789");
		end->netns = open(netns, O_RDONLY | O_CLOEXEC);
		if (end->netns < 0)
			die(netns);
		read_cell(cell, end->cell);
		if (!read_link(end, &save))
			die("no address");
		if (end->links)
			read_link(end, &save);
	}
	fclose(f);
}

/* Is the one of this length in the list? */
static bool listed(const char *list, const char *name, size_t len)
{
	if (!strcmp(list, "*"))
		return true;
	for (;;) {
		size_t n = strcspn(list, ",");

		if (n == len && !memcmp(list, name, n))
			return true;
		if (!list[n])
			return false;
		list += n + 1;
	}
}

static unsigned int read_word(const char *word)
{
	for (unsigned int i = 0; i < KINDS; i++) {
		if (!strcmp(kinds[i].name, word))
			return BIT(i);
	}
	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(words[i].name, word))
			return words[i].kinds;
	}
	fprintf(stderr, "%s: no such kind\n", word);
	exit(2);
}

static void expect(const char *path, struct row *row)
{
	const struct end *from = &ends[row->from];
	FILE *f = fopen(path, "re");
	char line[256], *save;

	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		const char *asks, *asked, *word;

		line[strcspn(line, "#\n")] = 0;
		asks = strtok_r(line, " \t", &save);
		asked = strtok_r(NULL, " \t", &save);
		if (!asked || !listed(asks, from->name, from->mode_len) ||
		    !listed(asked, row->name, strcspn(row->name, "0123456789")))
			continue;
		while ((word = strtok_r(NULL, " \t", &save)))
			row->expected |= read_word(word);
		fclose(f);
		return;
	}
	fprintf(stderr, "nothing is said of %s and %s\n", from->name,
		row->name);
	exit(2);
}

static struct row *add(const struct end *from, const struct end *to,
		       const char *name, unsigned int tried)
{
	struct row *row = &rows[row_count];

	if (row_count++ == ROWS_MAX)
		die("rows");
	*row = (struct row){ .from = from - ends,
			     .to = to - ends,
			     .name = name,
			     .port = PORT_TCP,
			     .tried = tried };
	return row;
}

/* Each mode's first asks each mode's second, and what else is asked by an address. */
static void make_rows(const char *expected, char *const metadata[2])
{
	struct end *to;
	struct row *row;

	for (unsigned int i = 0; i < end_count; i++) {
		struct end *from = &ends[i];

		if (i && same_mode(from, from - 1))
			continue;
		for (to = ends; to < ends + end_count; to++) {
			if (to == from ||
			    (is_sandbox(to) && same_mode(to, to + 1)))
				continue;
			row = add(from, to, to->name,
				  is_sandbox(from) ? ALL : ALL & ~FORGED);
			row->ip4 = link_to(to, from)->ip4;
			row->ip6 = link_to(to, from)->ip6;
		}
		if (is_sandbox(from)) {
			row = add(from, from, "itself",
				  IPV4 | IPV6 | BIT(UTCP));
			row->ip4.s_addr = htonl(INADDR_LOOPBACK);
			row->ip6 = in6addr_loopback;
		}
		if (from != host()) {
			row = add(from, host(), "uplink", IPV4 | IPV6);
			row->ip4 = host()->link[1].ip4;
			row->ip6 = host()->link[1].ip6;
		}
		if (from != outside()) {
			row = add(from, outside(), "metadata", IPV4 | IPV6);
			inet_pton(AF_INET, metadata[0], &row->ip4);
			inet_pton(AF_INET6, metadata[1], &row->ip6);
		}
		for (to = ends; strcmp(to->name, "custom2"); to++)
			;
		row = add(from, to, "published", BIT(TCP4) | BIT(TCP6));
		row->ip4 = host()->link[1].ip4;
		row->ip6 = host()->link[1].ip6;
		row->port = PORT_OF_HOST;
	}
	for (row = rows; row < rows + row_count; row++)
		expect(expected, row);
}

/* --- the table -------------------------------------------------------------------- */

static unsigned int passed(const struct row *row)
{
	return row->seen | (row->framed & ~BY_PROGRAM);
}

static unsigned int leaked(const struct row *row)
{
	return (row->seen | row->framed) & row->tried & ~row->expected;
}

static unsigned int missed(const struct row *row)
{
	return row->tried & row->expected & ~passed(row);
}

static bool all_passed(void)
{
	for (unsigned int i = 0; i < row_count; i++) {
		if (missed(&rows[i]))
			return false;
	}
	return true;
}

static char character(const struct row *row, unsigned int kind)
{
	if (!row)
		return kinds[kind].letter;
	if (!(row->tried & BIT(kind)))
		return '.';
	if (leaked(row) & BIT(kind))
		return '!';
	if (missed(row) & BIT(kind))
		return '?';
	return passed(row) & BIT(kind) ? '+' : '-';
}

/* A character for each kind; without a row the letters of the kinds. */
static void print_row(const char *from, size_t from_len, const char *to,
		      size_t to_len, const struct row *row)
{
	printf("%-8.*s %-9.*s", (int)from_len, from, (int)to_len, to);
	for (unsigned int i = 0; i < COLUMNS; i++) {
		char text[KINDS + 1] = "";

		for (unsigned int kind = columns[i].first;
		     kind < columns[i + 1].first; kind++)
			text[kind - columns[i].first] = character(row, kind);
		printf(" %-*s", (int)strlen(columns[i].name), text);
	}
	printf("\n");
}

static void print_table(void)
{
	printf("%-18s", "");
	for (unsigned int i = 0; i < COLUMNS; i++)
		printf(" %-*s", (int)(columns[i + 1].first - columns[i].first),
		       columns[i].name);
	printf("\n");
	print_row("from", 4, "to", 2, NULL);
	for (unsigned int i = 0; i < row_count; i++) {
		const struct end *from = &ends[rows[i].from];

		print_row(from->name, from->mode_len, rows[i].name,
			  strcspn(rows[i].name, "0123456789"), &rows[i]);
	}
	printf("+ passes, - does not, . is not tried; ! must not, ? does not and must\n");
}

/* The letters of the columns of which anything passes; what must not, and does, is told. */
static void print_cell(const struct row *row)
{
	char text[COLUMNS + 1] = "";
	unsigned int n = 0;

	for (unsigned int i = 0; row && i < COLUMNS; i++) {
		unsigned int kinds_of =
			BIT(columns[i + 1].first) - BIT(columns[i].first);

		if (passed(row) & kinds_of)
			text[n++] = columns[i].letter;
	}
	printf(" %-8s", row && !n ? "-" : text);
}

static void print_small_table(void)
{
	printf("%-8s", "from, to");
	for (unsigned int to = 0; to < end_count; to++) {
		if (!to || !same_mode(&ends[to], &ends[to - 1]))
			printf(" %-8.*s", (int)ends[to].mode_len,
			       ends[to].name);
	}
	printf("\n");
	for (unsigned int from = 0; from < end_count; from++) {
		if (from && same_mode(&ends[from], &ends[from - 1]))
			continue;
		printf("%-8.*s", (int)ends[from].mode_len, ends[from].name);
		for (unsigned int to = 0; to < end_count; to++) {
			if (is_sandbox(&ends[to]) &&
			    same_mode(&ends[to], &ends[to + 1]))
				continue;
			print_cell(row_between(from, to));
		}
		printf("\n");
	}
	printf("a: ARP and neighbour discovery, 4: IPv4, 6: IPv6, g: multicast and broadcast,\n"
	       "c: UTCP, t: other EtherTypes, s: named services of the other's loopback,\n"
	       "-: nothing; !: from an address that is not the sender's, which must not pass\n");
}

static void tell(const struct row *row, unsigned int which, const char *what)
{
	for (unsigned int kind = 0; kind < KINDS; kind++) {
		if (!(which & BIT(kind)))
			continue;
		printf("%s > %s: %s %s\n", ends[row->from].name, row->name,
		       kinds[kind].name, what);
		wrong++;
	}
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	long long end;
	unsigned int tried = 0;
	bool small = argc == 7 && !strcmp(argv[1], "-s");

	argv += small;
	if (argc != 6 + small) {
		fprintf(stderr,
			"usage: matrix [-s] ENDS EXPECTED METADATA4 METADATA6 SECONDS\n");
		return 2;
	}
	read_ends(argv[1]);
	make_rows(argv[2], &argv[3]);
	ends_listen();
	for (unsigned int i = 0; i < row_count; i++) {
		row_ask(i);
		/* Nobody's queue becomes too long. */
		while (ends_hear(0))
			;
	}
	end = now_ms() + atoi(argv[5]) * 1000LL;
	while (!all_passed() && now_ms() < end)
		ends_hear(100);
	for (end = now_ms() + 1000; now_ms() < end;) {
		if (ends_hear(100))
			end = now_ms() + 1000;
	}
	if (small)
		print_small_table();
	else
		print_table();
	for (unsigned int i = 0; i < row_count; i++) {
		tell(&rows[i], leaked(&rows[i]), "passes, and must not");
		tell(&rows[i], missed(&rows[i]), "does not pass, and must");
		tried += __builtin_popcount(rows[i].tried);
	}
	printf("%u of %u are as they must be\n", tried - wrong, tried);
	return wrong != 0;
}
