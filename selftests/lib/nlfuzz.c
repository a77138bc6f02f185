// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlfuzz [-n COUNT] [-s SEED] [-u] [-k] FAMILY FILE...
 *
 * Sends COUNT messages to FAMILY that are mutations of those in the files (the
 * corpus), and looks whether the family still answers as it should, and whether
 * its limits are within their ranges. Bugs beyond that are for the debug
 * kernel's checks to find. The same seed makes the same messages.
 *
 *   -u		from inside a user and network namespace of nobody's: then no
 *		limit may ever rise
 *   -k		the messages of the files once, as they are, instead
 *
 * A file of the corpus has one message as hexadecimal bytes, '#' begins a
 * comment: 2 bytes of netlink flags, then the generic netlink header and the
 * attributes. Message type, length and sequence number are filled in.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nl.h"

#define MAX_FILES 256
#define MAX_BYTES 2048
/* So that a mutation is not for ever hidden behind one that came before. */
#define LOOK_EVERY 64

struct message {
	uint16_t flags;
	size_t len;
	uint8_t byte[MAX_BYTES];
};

static struct message corpus[MAX_FILES];
static unsigned int n_corpus;
static uint64_t state;

/* xorshift64*: the same numbers on every machine. */
static uint32_t number(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1dULL) >> 33) % below;
}

static bool read_message(const char *path, struct message *m)
{
	FILE *file = fopen(path, "r");
	unsigned int value;
	size_t n = 0;
	int c;

	if (!file)
		return false;
	while ((c = getc(file)) != EOF) {
		if (c == '#') {
			while (c != '\n' && c != EOF)
				c = getc(file);
		} else if (!isspace(c)) {
			ungetc(c, file);
			if (fscanf(file, "%2x", &value) != 1 ||
			    n == MAX_BYTES + 2)
				break;
			if (n < 2)
				m->flags |= value << (8 * n);
			else
				m->byte[n - 2] = value;
			n++;
		}
	}
	fclose(file);
	m->len = n - 2;
	return c == EOF && n >= 2;
}

static const uint32_t telling[] = {
	0,	1,	2,	 3,	     4,		 5,	     7,
	8,	16,	127,	 128,	     255,	 256,	     4095,
	4096,	32767,	32768,	 65535,	     65536,	 0x3fff,     0x4000,
	0x8000, 0x8003, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
};

static uint32_t telling_number(void)
{
	return telling[number(sizeof(telling) / sizeof(telling[0]))];
}

static void put_at(struct message *m, size_t at, uint32_t value, size_t size)
{
	if (at + size <= m->len)
		memcpy(m->byte + at, &value,
		       size); /* little end first, or not */
}

static void insert_at(struct message *m, size_t at, const uint8_t *from,
		      size_t len)
{
	uint8_t copy[MAX_BYTES];

	if (at > m->len || m->len + len > MAX_BYTES)
		return;
	memcpy(copy, from, len);
	memmove(m->byte + at + len, m->byte + at, m->len - at);
	memcpy(m->byte + at, copy, len);
	m->len += len;
}

static void cut_at(struct message *m, size_t at, size_t len)
{
	if (at + len > m->len)
		return;
	memmove(m->byte + at, m->byte + at + len, m->len - at - len);
	m->len -= len;
}

static void mutate(struct message *m)
{
	const struct message *other = &corpus[number(n_corpus)];
	/* Attributes stand at multiples of 4, and so does most that matters. */
	size_t at = m->len ? number(m->len) : 0;
	size_t word = at & ~3U;
	size_t from;

	switch (number(12)) {
	case 0:
		if (m->len)
			m->byte[at] ^= 1U << number(8);
		break;
	case 1:
		if (m->len)
			m->byte[at] = number(256);
		break;
	case 2:
		put_at(m, word, telling_number(), 2); /* a length */
		break;
	case 3:
		put_at(m, word + 2, telling_number(), 2); /* a type */
		break;
	case 4:
		put_at(m, word, telling_number(), 4); /* a value */
		break;
	case 5:
		m->len = at;
		break;
	case 6:
		cut_at(m, word, 4 + 4 * number(3));
		break;
	case 7: /* a piece of another message */
		if (other->len < 8)
			break;
		from = number(other->len) & ~3U;
		insert_at(m, word, other->byte + from,
			  1 + number(other->len - from));
		break;
	case 8: /* a piece of this one, again */
		if (m->len)
			insert_at(m, m->len, m->byte + word, m->len - word);
		break;
	case 9: { /* the same nested in an attribute more */
		uint16_t head[2] = { m->len + 4 - 4, 0x8000 | number(8) };

		if (m->len >= 4)
			insert_at(m, 4, (uint8_t *)head, sizeof(head));
		break;
	}
	case 10:
		put_at(m, 0, number(16), 1); /* the command */
		break;
	case 11:
		m->flags ^= 1U << number(16);
		break;
	}
}

static void drain(struct client *c)
{
	char buf[NL_BUFFER];

	while (recv(mnl_socket_get_fd(c->nl), buf, sizeof(buf), MSG_DONTWAIT) >=
	       0)
		;
}

/* Is the family still all right? Leaves its limits in @now. Asked on a socket
 * that has no dump half done.
 */
static bool sound(const struct family *family, struct info *now)
{
	struct client c;
	unsigned int i;
	int ret;

	ret = client_open(&c, family);
	if (!ret)
		ret = client_get(&c, now);
	client_close(&c);
	if (ret) {
		printf("# info-get: %s\n", strerror(ret));
		return false;
	}
	for (i = 0; i < family->n; i++) {
		if (now->val[i] > family->limit[i].max) {
			printf("# %s is %u, beyond its range\n",
			       family->limit[i].name, now->val[i]);
			return false;
		}
	}
	return true;
}

static void send_message(struct client *c, const struct message *m, bool as_is)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO))) = { 0 };
	struct nlmsghdr *nlh = (void *)buf;
	size_t len = NLMSG_HDRLEN + m->len;

	memcpy(buf + NLMSG_HDRLEN, m->byte, m->len);
	nlh->nlmsg_type = c->id;
	nlh->nlmsg_flags = m->flags;
	nlh->nlmsg_seq = ++c->seq;
	nlh->nlmsg_len = len;
	/* Mostly the kernel is to get as far as the attributes. */
	if (!as_is && number(32) == 0)
		nlh->nlmsg_len += number(9) - 4;
	/* Refusals are no news. */
	(void)!send(mnl_socket_get_fd(c->nl), buf, len, MSG_DONTWAIT);
}

static int fuzz(const struct family *family, unsigned long count, bool sandbox)
{
	struct info was, now;
	struct client c;
	unsigned long n;
	unsigned int i;
	int ret;

	ret = client_open(&c, family);
	if (ret) {
		fprintf(stderr, "nlfuzz: %s: %s\n", family->name,
			strerror(ret));
		return 1;
	}
	if (!sound(family, &was))
		return 1;
	for (n = 0; n < count; n++) {
		struct message m = corpus[number(n_corpus)];
		int times = number(4);

		while (times--)
			mutate(&m);
		send_message(&c, &m, false);
		drain(&c);
		if (n % LOOK_EVERY && n + 1 < count)
			continue;
		ret = sound(family, &now);
		for (i = 0; ret && sandbox && i < family->n; i++) {
			if (now.val[i] <= was.val[i])
				continue;
			printf("# %s has risen from %u to %u\n",
			       family->limit[i].name, was.val[i], now.val[i]);
			ret = 0;
		}
		if (!ret) {
			printf("# not later than message %lu\n", n);
			return 1;
		}
		was = now;
	}
	client_close(&c);
	return 0;
}

static int keep(const struct family *family)
{
	struct client c;
	struct info now;
	unsigned int i;
	int ret;

	ret = client_open(&c, family);
	if (ret) {
		fprintf(stderr, "nlfuzz: %s: %s\n", family->name,
			strerror(ret));
		return 1;
	}
	for (i = 0; i < n_corpus; i++) {
		send_message(&c, &corpus[i], true);
		drain(&c);
	}
	client_close(&c);
	return !sound(family, &now);
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool enter_sandbox(void)
{
	return !setresgid(65534, 65534, 65534) &&
	       !setresuid(65534, 65534, 65534) && !prctl(PR_SET_DUMPABLE, 1) &&
	       !unshare(CLONE_NEWUSER | CLONE_NEWNET) &&
	       write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", "0 65534 1") &&
	       write_file("/proc/self/gid_map", "0 65534 1");
}

int main(int argc, char **argv)
{
	const struct family *family;
	unsigned long count = 1000;
	bool sandbox = false, as_is = false;
	int opt;

	state = 1;
	while ((opt = getopt(argc, argv, "n:s:uk")) != -1) {
		switch (opt) {
		case 'n':
			count = strtoul(optarg, NULL, 10);
			break;
		case 's':
			/* Never 0, from which this generator does not move. */
			state = strtoull(optarg, NULL, 0) * 2 + 1;
			break;
		case 'u':
			sandbox = true;
			break;
		case 'k':
			as_is = true;
			break;
		default:
			return 1;
		}
	}
	family = optind < argc ? family_find(argv[optind]) : NULL;
	if (!family || optind + 1 == argc) {
		fprintf(stderr,
			"usage: nlfuzz [-n COUNT] [-s SEED] [-u] [-k] FAMILY FILE...\n");
		return 1;
	}
	while (++optind < argc) {
		if (n_corpus == MAX_FILES ||
		    !read_message(argv[optind], &corpus[n_corpus++])) {
			fprintf(stderr,
				"nlfuzz: %s: not a message, or one too many\n",
				argv[optind]);
			return 1;
		}
	}
	if (sandbox && !enter_sandbox()) {
		fprintf(stderr, "nlfuzz: no namespace: %s\n", strerror(errno));
		return 1;
	}
	return as_is ? keep(family) : fuzz(family, count, sandbox);
}
