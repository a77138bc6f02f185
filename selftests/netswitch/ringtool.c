// SPDX-License-Identifier: GPL-2.0-only
/*
 * ringtool [OPTIONS] sink|verify|echo DEV TYPE [COUNT]
 * ringtool [OPTIONS] source|ping DEV TYPE DST COUNT LEN
 * ringtool [OPTIONS] hold|info DEV TYPE
 *
 * Rings of netswitch, for tests. TYPE is an EtherType in hexadecimal, DST an
 * address, LEN the length of a frame with its Ethernet header.
 *
 *   sink    receive COUNT frames, or until none comes any more
 *   verify  the same, and look if they are what "source" sends
 *   echo    send each frame back to where it came from
 *   source  send COUNT frames: behind the header a number, 8 bytes, big endian,
 *           from 0 on; behind that, byte i is the lowest byte of number + i
 *   ping    send such frames one by one, each when the one before it is back
 *   hold    bind, and do nothing until a signal comes
 *   info    bind, and print struct netswitch_ring_info
 *
 *   -r SLOTS, -t SLOTS  of the receive and the transmit ring (256; 0: none)
 *   -S BYTES            size of a slot (2048)
 *   -v VID              VLAN
 *   -p, -s, -k, -g, -T, -z  promisc, spoof, take, segment, timestamp, zerocopy
 *   -f hash|cpu|rr|mac  fan-out
 *   -m MAC              own address, for fan-out by mac
 *   -w FRAMES:USECS     when to be woken up
 *   -d FD               /dev/netswitch is open there already, maybe bound
 *   -b BATCH            frames at a time (64)
 *   -B USECS            wait so long without sleeping (0)
 *   -q SECONDS          how long to wait for a frame ($QUIET, or 5)
 *   -P                  print a line for each frame that came
 *   -R                  print "ready" when bound
 *   -O                  for "verify": frames may come in any order
 *
 * The result is a line of JSON, the last one: {"received", "bytes", "bad", "gaps",
 * "stats"}, {"sent", "stats"} or {"answers"}. "bad" are frames of another type, cut
 * ones, and for "verify" those whose bytes are wrong or whose number came before;
 * "gaps" are numbers that are missing, for each sender from 0 on. SIGINT and
 * SIGTERM end it as if nothing came any more.
 *
 * Exit status: 0; 1 bad frames, less than COUNT, or a call failed; 2 usage;
 * 3 not bound: "ringtool: bind: ERROR: why[, held by pid N]".
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <utcp/ring.h>

#define HEADER ((uint32_t)sizeof(struct ethhdr))
/* Where the type stands: behind both addresses. */
#define TYPE (HEADER - (uint32_t)sizeof(uint16_t))
#define NUMBER ((uint32_t)sizeof(uint64_t))
#define SENDERS 256
/* Answers in a row that may be missing before "ping" gives up. */
#define PATIENCE 3

enum { EXIT_FAILED = 1, EXIT_USAGE, EXIT_REFUSED };

struct sender {
	uint8_t mac[ETH_ALEN];
	uint64_t next;
};

static struct {
	struct utcp_ring_options ring;
	int fd;
	uint32_t batch;
	uint32_t busy_usecs;
	int quiet_ms;
	bool print;
	bool ready;
	bool any_order;
	/* the arguments */
	uint8_t dst[ETH_ALEN];
	uint64_t count; /* 0: no matter how many */
	uint32_t len;
} opt = {
	.ring = { .rx_slots = 256, .tx_slots = 256, .slot_size = 2048 },
	.fd = -1,
	.batch = 64,
	.quiet_ms = 5000,
};

static struct {
	uint64_t received;
	uint64_t bytes;
	uint64_t bad;
	uint64_t gaps;
} result;

static bool stop;

static void on_signal(int signal)
{
	(void)signal;
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
}

static bool stopped(void)
{
	return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

__attribute__((noreturn, format(printf, 2, 3))) static void
die(int status, const char *fmt, ...)
{
	va_list args;

	fputs("ringtool: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(status);
}

static void failed(const char *what, int err)
{
	fprintf(stderr, "ringtool: %s: %s: %s\n", what, strerrorname_np(-err),
		strerror(-err));
}

static uint64_t number(const char *text, int base, uint64_t max)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, base);
	if (errno || end == text || *end || *text == '-' || value > max)
		die(EXIT_USAGE, "\"%s\" is not a number up to %" PRIu64, text,
		    max);
	return value;
}

static void address(const char *text, uint8_t *mac)
{
	int used = 0;

	if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0],
		   &mac[1], &mac[2], &mac[3], &mac[4], &mac[5], &used) != 6 ||
	    text[used])
		die(EXIT_USAGE, "\"%s\" is not an address", text);
}

/* --- frames ---------------------------------------------------------------- */

static uint16_t type_of(const uint8_t *data)
{
	return (uint16_t)(data[12] << 8 | data[13]);
}

static uint64_t number_of(const uint8_t *data)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < NUMBER; i++)
		n = n << 8 | data[HEADER + i];
	return n;
}

static void fill(uint8_t *data, uint32_t len, const uint8_t *src, uint64_t n)
{
	memcpy(data, opt.dst, ETH_ALEN);
	memcpy(data + ETH_ALEN, src, ETH_ALEN);
	data[12] = (uint8_t)(opt.ring.ethertype >> 8);
	data[13] = (uint8_t)opt.ring.ethertype;
	for (unsigned int i = 0; i < NUMBER; i++)
		data[HEADER + i] = (uint8_t)(n >> (56 - 8 * i));
	for (uint32_t i = 0; i < len - HEADER - NUMBER; i++)
		data[HEADER + NUMBER + i] = (uint8_t)(n + i);
}

static bool filled(const uint8_t *data, uint32_t len)
{
	uint64_t n;

	if (len < HEADER + NUMBER)
		return false;
	n = number_of(data);
	for (uint32_t i = 0; i < len - HEADER - NUMBER; i++)
		if (data[HEADER + NUMBER + i] != (uint8_t)(n + i))
			return false;
	return true;
}

/* Has the sender's number come before; otherwise, how many are missing? */
static bool in_order(const uint8_t *data)
{
	static struct sender senders[SENDERS];
	static unsigned int n_senders;
	uint64_t n = number_of(data);
	struct sender *s = senders;

	while (s < senders + n_senders &&
	       memcmp(s->mac, data + ETH_ALEN, ETH_ALEN))
		s++;
	if (s == senders + n_senders) {
		if (n_senders == SENDERS)
			die(EXIT_FAILED, "more than %d senders", SENDERS);
		memcpy(s->mac, data + ETH_ALEN, ETH_ALEN);
		n_senders++;
	}
	/* 0: it was started once more */
	if (n && n < s->next)
		return false;
	if (n)
		result.gaps += n - s->next;
	s->next = n + 1;
	return true;
}

static void print_mac(const char *name, const uint8_t *mac)
{
	printf("\"%s\":\"%02x:%02x:%02x:%02x:%02x:%02x\",", name, mac[0],
	       mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void print_frame(const struct utcp_frame *f)
{
	const struct netswitch_desc *d = f->desc;

	putchar('{');
	if (f->len >= HEADER) {
		print_mac("dst", f->data);
		print_mac("src", f->data + ETH_ALEN);
		printf("\"type\":\"%04x\",", type_of(f->data));
	}
	printf("\"len\":%u,\"slot\":%u,\"ifindex\":%u", f->len, f->slot,
	       d->ifindex);
	printf(",\"group\":%s,\"other\":%s",
	       d->flags & NETSWITCH_DESC_GROUP ? "true" : "false",
	       d->flags & NETSWITCH_DESC_OTHER ? "true" : "false");
	if (d->flags & NETSWITCH_DESC_VLAN)
		printf(",\"vlan_proto\":\"%04x\",\"vid\":%u,\"priority\":%u",
		       d->vlan_proto, d->vlan_tci & 0xfff, d->vlan_tci >> 13);
	if (d->flags & NETSWITCH_DESC_VNET)
		printf(",\"vnet\":{\"flags\":%u,\"gso_type\":%u,\"hdr_len\":%u,\"gso_size\":%u,\"csum_start\":%u,\"csum_offset\":%u}",
		       d->vnet.flags, d->vnet.gso_type, d->vnet.hdr_len,
		       d->vnet.gso_size, d->vnet.csum_start,
		       d->vnet.csum_offset);
	if (d->flags & NETSWITCH_DESC_TSTAMP)
		printf(",\"tstamp\":%llu", (unsigned long long)d->tstamp);
	if (d->flags & NETSWITCH_DESC_HWTSTAMP)
		printf(",\"hwtstamp\":%llu", (unsigned long long)d->hwtstamp);
	puts("}");
	fflush(stdout);
}

/* --- the ring -------------------------------------------------------------- */

static struct utcp_ring *open_ring(void)
{
	struct utcp_ring_error error = { 0 };
	struct utcp_ring *ring = NULL;
	int err;

	if (opt.fd < 0) {
		err = utcp_ring_open(&opt.ring, &ring, &error);
	} else {
		err = utcp_ring_attach(opt.fd, &ring, &error);
		if (err == -ENOTCONN)
			err = utcp_ring_bind(opt.fd, &opt.ring, &error) ?:
				      utcp_ring_attach(opt.fd, &ring, &error);
	}
	if (err) {
		fprintf(stderr, "ringtool: bind: %s: %s", strerrorname_np(-err),
			error.message);
		if (error.holder)
			fprintf(stderr, ", held by pid %u", error.holder);
		fputc('\n', stderr);
		exit(EXIT_REFUSED);
	}
	err = utcp_ring_set_busy(ring, opt.busy_usecs);
	if (err) {
		failed("-B", err);
		exit(EXIT_FAILED);
	}
	if (opt.ready) {
		puts("ready");
		fflush(stdout);
	}
	return ring;
}

static void get_info(struct utcp_ring *ring, struct netswitch_ring_info *info)
{
	int err = utcp_ring_info(ring, info);

	if (err) {
		failed("info", err);
		exit(EXIT_FAILED);
	}
}

static void print_stats(struct utcp_ring *ring)
{
	struct netswitch_ring_stats s;
	int err = utcp_ring_stats(ring, &s);
	const struct {
		const char *name;
		uint64_t value;
	} members[] = {
		{ "rx_frames", s.rx_frames },
		{ "rx_delivered", s.rx_delivered },
		{ "rx_bytes", s.rx_bytes },
		{ "rx_drop_full", s.rx_drop_full },
		{ "rx_drop_length", s.rx_drop_length },
		{ "rx_drop_nomem", s.rx_drop_nomem },
		{ "rx_drop_index", s.rx_drop_index },
		{ "rx_max_used", s.rx_max_used },
		{ "rx_wakeups", s.rx_wakeups },
		{ "tx_frames", s.tx_frames },
		{ "tx_sent", s.tx_sent },
		{ "tx_bytes", s.tx_bytes },
		{ "tx_drop_length", s.tx_drop_length },
		{ "tx_drop_type", s.tx_drop_type },
		{ "tx_drop_source", s.tx_drop_source },
		{ "tx_drop_meta", s.tx_drop_meta },
		{ "tx_drop_nomem", s.tx_drop_nomem },
		{ "tx_drop_down", s.tx_drop_down },
		{ "tx_drop_refused", s.tx_drop_refused },
		{ "tx_max_used", s.tx_max_used },
		{ "tx_bad_index", s.tx_bad_index },
		{ "tx_zerocopy", s.tx_zerocopy },
		{ "tx_copied", s.tx_copied },
		{ "tx_held", s.tx_held },
	};

	_Static_assert(sizeof(members) / sizeof(members[0]) ==
			       sizeof(s) / sizeof(uint64_t),
		       "a counter is missing");
	if (err) {
		failed("stats", err);
		exit(EXIT_FAILED);
	}
	fputs("\"stats\":{", stdout);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		printf("%s\"%s\":%" PRIu64, i ? "," : "", members[i].name,
		       members[i].value);
	fputs("}", stdout);
}

/* Wait for room or a queue. Return: 0 or a negative errno. */
static int wait_tx(struct utcp_ring *ring)
{
	int got = stopped() ? -EINTR : utcp_ring_tx_wait(ring, opt.quiet_ms);

	return got < 0 ? got : got ? 0 : -ETIMEDOUT;
}

/* Send what was committed, and wait for a frame. Return: 1, or 0 if this is the
 * end.
 */
static int wait_rx(struct utcp_ring *ring)
{
	int got = 0;

	while (!stopped()) {
		if (ring->tx.slot && utcp_ring_tx_pending(ring))
			got = utcp_ring_kick_wait(ring, opt.quiet_ms);
		else
			got = utcp_ring_rx_wait(ring, opt.quiet_ms);
		if (got != -EAGAIN)
			break;
		got = wait_tx(ring);
		if (got)
			break;
	}
	if (got >= 0)
		return got;
	if (got == -ENODEV)
		fputs("ringtool: the port is gone\n", stderr);
	else if (got != -EINTR)
		failed("wait", got);
	return 0;
}

/* Have frames sent until no more than @left remain. */
static int flush(struct utcp_ring *ring, uint32_t left)
{
	while (utcp_ring_tx_pending(ring) > left) {
		int taken = utcp_ring_tx_kick(ring);

		if (taken > 0)
			continue;
		if (taken < 0 && taken != -EAGAIN)
			return taken;
		taken = wait_tx(ring);
		if (taken)
			return taken;
	}
	return 0;
}

/* A slot to send from; NULL with an error told. */
static struct netswitch_desc *reserve(struct utcp_ring *ring,
				      unsigned char **data)
{
	struct netswitch_desc *d;
	int err = 0;

	while (!err) {
		d = utcp_ring_tx_reserve(ring, data);
		if (d)
			return d;
		if (!ring->tx.slot)
			err = -EOPNOTSUPP;
		else if (utcp_ring_tx_pending(ring))
			err = flush(ring, utcp_ring_tx_pending(ring) - 1);
		else /* all are with the device */
			err = wait_tx(ring);
	}
	failed("send", err);
	return NULL;
}

/* --- modes ----------------------------------------------------------------- */

static bool echo(struct utcp_ring *ring, const struct utcp_frame *f,
		 const uint8_t *own)
{
	const uint8_t *from = f->data[0] & 1 ? own : f->data;
	struct netswitch_desc *d;
	unsigned char *data;

	if (f->len > ring->tx.slot_size) {
		result.bad++;
		return true;
	}
	d = reserve(ring, &data);
	if (!d)
		return false;
	memcpy(data, f->data + ETH_ALEN, ETH_ALEN);
	memcpy(data + ETH_ALEN, from, ETH_ALEN);
	memcpy(data + TYPE, f->data + TYPE, f->len - TYPE);
	d->len = f->len;
	if (f->desc->flags & NETSWITCH_DESC_VLAN) {
		d->flags |= NETSWITCH_DESC_VLAN;
		d->vlan_proto = f->desc->vlan_proto;
		d->vlan_tci = f->desc->vlan_tci;
	}
	/* that its checksum is right is of no interest on the way out */
	if ((f->desc->flags & NETSWITCH_DESC_VNET) &&
	    ((f->desc->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) ||
	     f->desc->vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE)) {
		d->flags |= NETSWITCH_DESC_VNET;
		d->vnet = f->desc->vnet;
	}
	utcp_ring_tx_commit(ring, 1);
	return true;
}

enum { SINK, VERIFY, ECHO };

static int receive(struct utcp_ring *ring, int what)
{
	struct utcp_frame *frames = calloc(opt.batch, sizeof(*frames));
	struct netswitch_ring_info info;
	bool ok = true;

	get_info(ring, &info);
	if (!frames)
		die(EXIT_FAILED, "out of memory");
	while (ok && !stopped() &&
	       (!opt.count || result.received < opt.count)) {
		uint64_t left = opt.count ? opt.count - result.received :
					    UINT64_MAX;
		uint32_t n = utcp_ring_rx_peek(
			ring, frames, left < opt.batch ? left : opt.batch);

		for (uint32_t i = 0; ok && i < n; i++) {
			const struct utcp_frame *f = &frames[i];

			if (opt.print)
				print_frame(f);
			result.received++;
			result.bytes += f->len;
			if (f->len < HEADER ||
			    type_of(f->data) != opt.ring.ethertype ||
			    (what == VERIFY &&
			     !(filled(f->data, f->len) &&
			       (opt.any_order || in_order(f->data)))))
				result.bad++;
			else if (what == ECHO)
				ok = echo(ring, f, info.mac);
		}
		utcp_ring_rx_release(ring, n);
		/* fewer than a batch go with the next wait */
		if (what == ECHO && n == opt.batch) {
			int err = utcp_ring_tx_kick(ring);

			/* what was left behind goes with the next ones */
			if (err < 0 && err != -EAGAIN) {
				failed("send", err);
				ok = false;
			}
		}
		if (!n && !wait_rx(ring))
			break;
	}
	if (what == ECHO && ok) {
		int err = flush(ring, 0);

		if (err && err != -EINTR) {
			failed("send", err);
			ok = false;
		}
	}
	free(frames);
	printf("{\"received\":%" PRIu64 ",\"bytes\":%" PRIu64
	       ",\"bad\":%" PRIu64 ",\"gaps\":%" PRIu64 ",",
	       result.received, result.bytes, result.bad, result.gaps);
	print_stats(ring);
	puts("}");
	return ok && !result.bad && result.received >= opt.count ? 0 :
								   EXIT_FAILED;
}

static int send_frames(struct utcp_ring *ring)
{
	struct netswitch_ring_info info;
	uint64_t made = 0;
	int err = 0;

	get_info(ring, &info);
	while (made < opt.count && !stopped()) {
		struct netswitch_desc *d;
		unsigned char *data;

		d = reserve(ring, &data);
		if (!d)
			break;
		fill(data, opt.len, info.mac, made);
		d->len = opt.len;
		utcp_ring_tx_commit(ring, 1);
		if (++made % opt.batch == 0) {
			err = utcp_ring_tx_kick(ring);
			if (err < 0 && err != -EAGAIN)
				break;
			err = 0;
		}
	}
	if (!err)
		err = flush(ring, 0);
	if (err)
		failed("send", err);
	made -= utcp_ring_tx_pending(ring);
	printf("{\"sent\":%" PRIu64 ",", made);
	print_stats(ring);
	puts("}");
	return made == opt.count ? 0 : EXIT_FAILED;
}

/* The frame with this number is back. */
static bool answered(struct utcp_ring *ring, uint64_t n)
{
	struct utcp_frame f;
	bool found = false;

	while (!found) {
		if (!utcp_ring_rx_next(ring, &f)) {
			if (!wait_rx(ring))
				return false;
			continue;
		}
		if (opt.print)
			print_frame(&f);
		found = f.len == opt.len && filled(f.data, f.len) &&
			number_of(f.data) == n;
		utcp_ring_rx_release(ring, 1);
	}
	return true;
}

static int ping(struct utcp_ring *ring)
{
	struct netswitch_ring_info info;
	uint64_t answers = 0;
	int missing = 0;

	get_info(ring, &info);
	for (uint64_t i = 0; i < opt.count && missing < PATIENCE && !stopped();
	     i++) {
		struct netswitch_desc *d;
		unsigned char *data;

		d = reserve(ring, &data);
		if (!d)
			break;
		fill(data, opt.len, info.mac, i);
		d->len = opt.len;
		utcp_ring_tx_commit(ring, 1);
		if (answered(ring, i)) {
			answers++;
			missing = 0;
		} else {
			missing++;
		}
	}
	printf("{\"answers\":%" PRIu64 "}\n", answers);
	return answers == opt.count ? 0 : EXIT_FAILED;
}

static int hold(void)
{
	while (!stopped())
		sleep(1);
	return 0;
}

static int print_info(struct utcp_ring *ring)
{
	struct netswitch_ring_info i;

	get_info(ring, &i);
	printf("{\"map_size\":%llu,\"rx_ctl\":%llu,\"tx_ctl\":%llu,\"rx_desc\":%llu,\"tx_desc\":%llu,\"rx_slot\":%llu,\"tx_slot\":%llu,",
	       (unsigned long long)i.map_size, (unsigned long long)i.rx_ctl,
	       (unsigned long long)i.tx_ctl, (unsigned long long)i.rx_desc,
	       (unsigned long long)i.tx_desc, (unsigned long long)i.rx_slot,
	       (unsigned long long)i.tx_slot);
	printf("\"rx_slots\":%u,\"tx_slots\":%u,\"slot_size\":%u,\"rx_mode\":%u,\"tx_mode\":%u,\"ifindex\":%u,\"ethertype\":%u,\"vid\":%u,\"flags\":%u,\"fanout\":%u,",
	       i.rx_slots, i.tx_slots, i.slot_size, i.rx_mode, i.tx_mode,
	       i.ifindex, i.ethertype, i.vid, i.flags, i.fanout);
	print_mac("mac", i.mac);
	printf("\"dead\":%u}\n", i.dead);
	return 0;
}

/* --- the command line ------------------------------------------------------ */

static void usage(void)
{
	fputs("usage: ringtool [OPTIONS] sink|verify|echo DEV TYPE [COUNT]\n"
	      "       ringtool [OPTIONS] source|ping DEV TYPE DST COUNT LEN\n"
	      "       ringtool [OPTIONS] hold|info DEV TYPE\n"
	      "options: -r SLOTS -t SLOTS -S BYTES -v VID -pskgT -f hash|cpu|rr\n"
	      "         -w FRAMES:USECS -d FD -b BATCH -B USECS -q SECONDS -P -R\n",
	      stderr);
	exit(EXIT_USAGE);
}

static uint32_t fanout(const char *text)
{
	static const char *const names[] = {
		[NETSWITCH_RING_FANOUT_HASH] = "hash",
		[NETSWITCH_RING_FANOUT_CPU] = "cpu",
		[NETSWITCH_RING_FANOUT_RR] = "rr",
		[NETSWITCH_RING_FANOUT_MAC] = "mac",
	};

	for (uint32_t i = 1; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(text, names[i]))
			return i;
	die(EXIT_USAGE, "\"%s\" is no fan-out: there are hash, cpu, rr", text);
}

static void coalescing(char *text)
{
	char *colon = strchr(text, ':');

	if (!colon)
		die(EXIT_USAGE, "\"%s\" is not FRAMES:USECS", text);
	*colon = '\0';
	opt.ring.rx_wake_frames = (uint32_t)number(text, 10, UINT32_MAX);
	opt.ring.rx_wake_usecs = (uint32_t)number(colon + 1, 10, UINT32_MAX);
}

static void option(int letter)
{
	switch (letter) {
	case 'r':
		opt.ring.rx_slots = (uint32_t)number(optarg, 10, UINT32_MAX);
		break;
	case 't':
		opt.ring.tx_slots = (uint32_t)number(optarg, 10, UINT32_MAX);
		break;
	case 'S':
		opt.ring.slot_size = (uint32_t)number(optarg, 10, UINT32_MAX);
		break;
	case 'v':
		opt.ring.vid = (uint32_t)number(optarg, 10, UINT32_MAX);
		break;
	case 'p':
		opt.ring.flags |= NETSWITCH_RING_PROMISC;
		break;
	case 's':
		opt.ring.flags |= NETSWITCH_RING_SPOOF;
		break;
	case 'k':
		opt.ring.flags |= NETSWITCH_RING_TAKE;
		break;
	case 'g':
		opt.ring.flags |= NETSWITCH_RING_SEGMENT;
		break;
	case 'T':
		opt.ring.flags |= NETSWITCH_RING_TIMESTAMP;
		break;
	case 'z':
		opt.ring.flags |= NETSWITCH_RING_ZEROCOPY;
		break;
	case 'f':
		opt.ring.fanout = fanout(optarg);
		break;
	case 'm':
		address(optarg, opt.ring.mac);
		break;
	case 'w':
		coalescing(optarg);
		break;
	case 'd':
		opt.fd = (int)number(optarg, 10, INT32_MAX);
		break;
	case 'b':
		opt.batch =
			(uint32_t)number(optarg, 10, NETSWITCH_RING_SLOTS_MAX);
		if (!opt.batch)
			die(EXIT_USAGE, "no frames at a time are none");
		break;
	case 'B':
		opt.busy_usecs = (uint32_t)number(optarg, 10, UINT32_MAX);
		break;
	case 'q':
		opt.quiet_ms = 1000 * (int)number(optarg, 10, 1000000);
		break;
	case 'P':
		opt.print = true;
		break;
	case 'R':
		opt.ready = true;
		break;
	case 'O':
		opt.any_order = true;
		break;
	default:
		usage();
	}
}

/* DST COUNT LEN */
static void sending(char **args)
{
	address(args[0], opt.dst);
	opt.count = number(args[1], 10, UINT64_MAX);
	opt.len = (uint32_t)number(args[2], 10, opt.ring.slot_size);
	if (opt.len < HEADER + NUMBER)
		die(EXIT_USAGE, "a frame has at least %u bytes",
		    HEADER + NUMBER);
}

static int run(const char *mode, int n, char **args)
{
	static const char *const receivers[] = {
		[SINK] = "sink",
		[VERIFY] = "verify",
		[ECHO] = "echo",
	};

	for (int i = SINK; i <= ECHO; i++) {
		if (strcmp(mode, receivers[i]))
			continue;
		if (n > 1)
			usage();
		if (n == 1)
			opt.count = number(args[0], 10, UINT64_MAX);
		return receive(open_ring(), i);
	}
	if (!strcmp(mode, "source") && n == 3) {
		sending(args);
		return send_frames(open_ring());
	}
	if (!strcmp(mode, "ping") && n == 3) {
		sending(args);
		return ping(open_ring());
	}
	if (!strcmp(mode, "hold") && !n) {
		open_ring();
		return hold();
	}
	if (!strcmp(mode, "info") && !n)
		return print_info(open_ring());
	usage();
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	const char *quiet = getenv("QUIET");
	int letter;

	if (quiet)
		opt.quiet_ms = 1000 * (int)number(quiet, 10, 1000000);
	while ((letter = getopt(argc, argv,
				"+r:t:S:v:pskgTzf:m:w:d:b:B:q:PRO")) != -1)
		option(letter);
	argc -= optind;
	argv += optind;
	if (argc < 3)
		usage();
	/* without SA_RESTART: what waits is to end */
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	opt.ring.device = argv[1];
	opt.ring.ethertype = (uint32_t)number(argv[2], 16, UINT32_MAX);
	return run(argv[0], argc - 3, argv + 3);
}
