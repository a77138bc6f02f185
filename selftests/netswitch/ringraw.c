// SPDX-License-Identifier: GPL-2.0-only
/*
 * ringraw [-d FD] bind DEV TYPE [NAME=VALUE]...
 * ringraw [-d FD] twice DEV TYPE [NAME=VALUE]...
 * ringraw many DEV TYPE COUNT [NAME=VALUE]...
 * ringraw unbound
 * ringraw kick DEV TYPE [NAME=VALUE]...
 * ringraw watch DEV TYPE [NAME=VALUE]...
 * ringraw recv DEV TYPE COUNT MILLISECONDS [NAME=VALUE]...
 * ringraw send DEV TYPE DST COUNT LEN [NAME=VALUE]...
 * ringraw flight DEV TYPE DST COUNT LEN [NAME=VALUE]...
 * ringraw pass DEV TYPE COMMAND [ARGS]...
 * ringraw passed FD COUNT MILLISECONDS
 *
 * Rings by plain ioctls, for what ringtool (that is, libutcp) would never do.
 * TYPE is hexadecimal; "-d FD" uses a descriptor of /dev/netswitch that is open.
 * NAME=VALUE sets a member of struct netswitch_ring_bind (its default: 16 slots
 * in both directions, of 2048 bytes), "mac=MAC" the one of this name.
 *
 *   bind	prints "ok", or "ERROR holder=PID MESSAGE" and exits with 3
 *   twice	binds twice by one descriptor and prints the second answer
 *   many	binds so many rings, prints "ok" or "NUMBER ERROR ..." of the first
 *		that was refused; each by a descriptor of its own, and with the next
 *		address, if "mac=" was given. "hold=1": prints "ready" instead, and
 *		waits for a signal
 *   unbound	prints the errors of all requests but BIND by a new descriptor
 *   kick	binds and prints the error of KICK
 *   watch	binds, prints "ready", and when poll() tells of the port's end
 *		prints one line: events, INFO's dead, and the errors of the requests
 *   recv	binds, prints "ready", receives until COUNT frames came or none for
 *		so long, or SIGTERM came and nothing is left to read, and prints
 *		JSON: the frames and what STATS tells. More names: "pile=N": read
 *		nothing until the ring counted N frames, "first=MS": wait so long for
 *		the first frame (30000), "quiet=1": do not print the frames, "lazy=1":
 *		do not poll, but write wake and look now and then; what is there in the
 *		end is told as "wake", "consumer=N": write this index first
 *   send	sends COUNT frames of LEN bytes (Ethernet header counted) and prints
 *		what KICK returned in sum ("kicked") and what STATS tells. More names:
 *		"src=MAC", "type=HEX" of the frames, "offset=N", "desc_flags=N",
 *		"vlan_tci=N", "vlan_proto=N", "index=N" (add N to the producer index
 *		instead of 1), "mss=N" (TCP: a super-frame of LEN bytes; 0: with a
 *		checksum to finish), "gso_type=N", "csum_start=N", "hold=1": do not
 *		end, but print and wait for a signal
 *   flight	sends COUNT frames, no more than slots, with one KICK, prints a line
 *		of JSON that tells what it returned ("kicked"), how many slots are
 *		back ("back") and if poll() says that there is room ("room"); and when
 *		all slots are back, or none for 30 s, another: how many are, how often
 *		the index moved ("steps"), if only ever forward ("forward"), if poll()
 *		waited and then said that there is room ("woken"), and what STATS
 *		tells. The names of send, and: "other=N": every second frame has N
 *		bytes
 *   pass	binds, maps nothing, and runs COMMAND with the ring as descriptor 9
 *   passed	as recv, on a bound descriptor
 */
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdbool.h>
#include <time.h>

#include "ringraw.h"

#define PASSED_FD 9

static struct netswitch_ring_bind binding = {
	.rx_slots = 16,
	.tx_slots = 16,
	.slot_size = 2048,
};

static struct {
	uint32_t pile, first, quiet, lazy, consumer;
	uint32_t type, offset, desc_flags, vlan_tci, vlan_proto, index, mss;
	uint32_t gso_type, csum_start, hold, other;
	bool consumer_set, src_set, mss_set, gso_type_set, csum_start_set;
	unsigned char src[ETH_ALEN];
} opt = { .first = 30000, .vlan_proto = ETH_P_8021Q, .index = 1 };

static const struct {
	const char *name;
	uint32_t *value;
	bool *set;
} names[] = {
	{ "ifindex", &binding.ifindex, NULL },
	{ "ethertype", &binding.ethertype, NULL },
	{ "vid", &binding.vid, NULL },
	{ "flags", &binding.flags, NULL },
	{ "rx_slots", &binding.rx_slots, NULL },
	{ "tx_slots", &binding.tx_slots, NULL },
	{ "slot_size", &binding.slot_size, NULL },
	{ "rx_wake_frames", &binding.rx_wake_frames, NULL },
	{ "rx_wake_usecs", &binding.rx_wake_usecs, NULL },
	{ "fanout", &binding.fanout, NULL },
	{ "holder", &binding.holder, NULL },
	{ "reserved0", &binding.reserved[0], NULL },
	{ "reserved2", &binding.reserved[2], NULL },
	{ "pile", &opt.pile, NULL },
	{ "first", &opt.first, NULL },
	{ "quiet", &opt.quiet, NULL },
	{ "lazy", &opt.lazy, NULL },
	{ "consumer", &opt.consumer, &opt.consumer_set },
	{ "offset", &opt.offset, NULL },
	{ "desc_flags", &opt.desc_flags, NULL },
	{ "vlan_tci", &opt.vlan_tci, NULL },
	{ "vlan_proto", &opt.vlan_proto, NULL },
	{ "index", &opt.index, NULL },
	{ "mss", &opt.mss, &opt.mss_set },
	{ "gso_type", &opt.gso_type, &opt.gso_type_set },
	{ "csum_start", &opt.csum_start, &opt.csum_start_set },
	{ "hold", &opt.hold, NULL },
	{ "other", &opt.other, NULL },
};

#define STAT(NAME)                                                 \
	{                                                          \
#NAME, offsetof(struct netswitch_ring_stats, NAME) \
	}
static const struct {
	const char *name;
	size_t offset;
} stats_names[] = {
	STAT(rx_frames),       STAT(rx_delivered),   STAT(rx_bytes),
	STAT(rx_drop_full),    STAT(rx_drop_length), STAT(rx_drop_nomem),
	STAT(rx_drop_index),   STAT(rx_max_used),    STAT(rx_wakeups),
	STAT(tx_frames),       STAT(tx_sent),	     STAT(tx_bytes),
	STAT(tx_drop_length),  STAT(tx_drop_type),   STAT(tx_drop_source),
	STAT(tx_drop_meta),    STAT(tx_drop_nomem),  STAT(tx_drop_down),
	STAT(tx_drop_refused), STAT(tx_max_used),    STAT(tx_bad_index),
	STAT(tx_zerocopy),     STAT(tx_copied),	     STAT(tx_held),
};

static const char *error_name(int err)
{
	const char *name = err ? strerrorname_np(err) : "ok";

	return name ? name : "unknown";
}

static void one_name(const char *text)
{
	const char *value = strchr(text, '=');
	size_t i, len;

	if (!value)
		goto unknown;
	len = value++ - text;
	if (!strncmp(text, "mac=", 4)) {
		address(value, binding.mac);
		return;
	}
	if (!strncmp(text, "pad=", 4)) {
		binding.pad[1] = number(value, 0, UINT8_MAX);
		return;
	}
	if (!strncmp(text, "src=", 4)) {
		address(value, opt.src);
		opt.src_set = true;
		return;
	}
	if (!strncmp(text, "type=", 5)) {
		opt.type = number(value, 16, 0xffff);
		return;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i].name) != len ||
		    strncmp(text, names[i].name, len))
			continue;
		*names[i].value = number(value, 0, UINT32_MAX);
		if (names[i].set)
			*names[i].set = true;
		return;
	}
unknown:
	fprintf(stderr, "ringraw: \"%s\" is nothing known\n", text);
	exit(1);
}

static void target(const char *dev, const char *type)
{
	binding.ifindex = if_nametoindex(dev);
	binding.ethertype = number(type, 16, UINT32_MAX);
	opt.type = binding.ethertype & 0xffff;
}

static void more_names(char **argv)
{
	for (; *argv; argv++)
		one_name(*argv);
}

static int do_bind(int fd)
{
	return ioctl(fd, NETSWITCH_RING_BIND, &binding) ? errno : 0;
}

static void tell_refusal(int err)
{
	if (!memchr(binding.message, 0, sizeof(binding.message)))
		printf("message without end: ");
	printf("%s holder=%u %.*s\n", error_name(err), binding.holder,
	       NETSWITCH_RING_MESSAGE_LEN, binding.message);
}

static int tell_bind(int err)
{
	if (err) {
		tell_refusal(err);
		return 3;
	}
	printf("ok\n");
	return 0;
}

/* Bound and mapped, or the end. */
static struct ring ready_ring(int fd)
{
	struct ring r = { .fd = fd };
	int err = do_bind(fd);

	if (err) {
		tell_refusal(err);
		exit(3);
	}
	ring_map(&r);
	if (opt.lazy)
		store_release(&rx_ctl(&r)->wake, 1);
	if (opt.consumer_set)
		store_release(&rx_ctl(&r)->consumer, opt.consumer);
	printf("ready\n");
	fflush(stdout);
	return r;
}

static struct netswitch_ring_stats get_stats(int fd)
{
	struct netswitch_ring_stats s;

	if (ioctl(fd, NETSWITCH_RING_STATS, &s))
		die("stats");
	return s;
}

static void print_stats(const struct netswitch_ring_stats *s)
{
	size_t i;

	printf("\"stats\":{");
	for (i = 0; i < sizeof(stats_names) / sizeof(stats_names[0]); i++)
		printf("%s\"%s\":%llu", i ? "," : "", stats_names[i].name,
		       *(const unsigned long long *)((const char *)s +
						     stats_names[i].offset));
	printf("}");
}

static int cmd_many(unsigned long count)
{
	struct netswitch_ring_bind wanted = binding;
	unsigned long i;
	int err;

	for (i = 0; i < count; i++) {
		binding = wanted;
		err = do_bind(ring_open());
		if (err) {
			printf("%lu ", i);
			tell_refusal(err);
			return 3;
		}
		if (wanted.mac[0])
			wanted.mac[5]++;
	}
	printf("%s\n", opt.hold ? "ready" : "ok");
	fflush(stdout);
	if (opt.hold)
		pause();
	return 0;
}

static int cmd_unbound(void)
{
	struct netswitch_ring_info info;
	struct netswitch_ring_stats stats;
	struct pollfd p = { .fd = ring_open(), .events = POLLIN };
	void *mem;
	int ret;

	ret = ioctl(p.fd, NETSWITCH_RING_INFO, &info);
	printf("info=%s ", error_name(ret ? errno : 0));
	ret = ioctl(p.fd, NETSWITCH_RING_STATS, &stats);
	printf("stats=%s ", error_name(ret ? errno : 0));
	ret = ioctl(p.fd, NETSWITCH_RING_KICK);
	printf("kick=%s ", error_name(ret < 0 ? errno : 0));
	mem = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, p.fd, 0);
	printf("mmap=%s ", mem == MAP_FAILED ? "refused" : "ok");
	if (mem != MAP_FAILED)
		munmap(mem, 4096);
	poll(&p, 1, 0);
	printf("readable=%d\n", !!(p.revents & POLLIN));
	return 0;
}

static int cmd_watch(struct ring r)
{
	int fd = r.fd;
	struct pollfd p = { .fd = fd };
	struct netswitch_ring_stats stats;
	int ret;

	if (poll(&p, 1, 60000) < 0)
		die("poll");
	printf("hup=%d ", !!(p.revents & POLLHUP));
	ret = ioctl(fd, NETSWITCH_RING_INFO, &r.info);
	printf("info=%s dead=%u ", error_name(ret ? errno : 0), r.info.dead);
	ret = ioctl(fd, NETSWITCH_RING_STATS, &stats);
	printf("stats=%s ", error_name(ret ? errno : 0));
	store_release(&tx_ctl(&r)->producer, tx_ctl(&r)->producer + 1);
	ret = ioctl(fd, NETSWITCH_RING_KICK);
	printf("kick=%s ", error_name(ret < 0 ? errno : 0));
	printf("bind=%s\n", error_name(do_bind(fd)));
	return 0;
}

static unsigned long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void print_mac(const char *name, const unsigned char *mac)
{
	printf("\"%s\":\"%02x:%02x:%02x:%02x:%02x:%02x\",", name, mac[0],
	       mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void print_frame(const struct netswitch_desc *d,
			const unsigned char *frame)
{
	unsigned long long age = now_ns() - d->tstamp;
	unsigned int i, zero = d->reserved0 || d->reserved1 || d->reserved2;

	print_mac("dst", frame);
	print_mac("src", frame + ETH_ALEN);
	printf("\"type\":\"%04x\",\"len\":%u,\"flags\":%u,", get16(frame + 12),
	       d->len, d->flags);
	printf("\"vlan_proto\":\"%04x\",\"vlan_tci\":%u,", d->vlan_proto,
	       d->vlan_tci);
	printf("\"vnet\":{\"flags\":%u,\"gso_type\":%u,\"hdr_len\":%u,",
	       d->vnet.flags, d->vnet.gso_type, d->vnet.hdr_len);
	printf("\"gso_size\":%u,\"csum_start\":%u,\"csum_offset\":%u},",
	       d->vnet.gso_size, d->vnet.csum_start, d->vnet.csum_offset);
	printf("\"ifindex\":%u,\"fresh\":%s,\"reserved\":%u,", d->ifindex,
	       age < 600000000000ULL ? "true" : "false", zero);
	for (i = 14; i + 1 < d->len && frame[i] == frame[i + 1];)
		i++;
	printf("\"even\":%s,\"tcp\":%s}", i + 1 >= d->len ? "true" : "false",
	       tcp_sums_right(frame, d->len) ? "true" : "false");
}

static int stop_signal;

static void stop(int sig)
{
	__atomic_store_n(&stop_signal, sig, __ATOMIC_RELAXED);
}

static bool stopping(void)
{
	return __atomic_load_n(&stop_signal, __ATOMIC_RELAXED);
}

/* SIGTERM comes while this waits, and at no other time, so that none is missed. */
static void catch_term(void)
{
	struct sigaction action = { .sa_handler = stop };
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int wait_in(struct pollfd *p, unsigned long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
	sigset_t none;

	sigemptyset(&none);
	p->revents = 0;
	if (opt.lazy) {
		t = (struct timespec){ 0, 10000000 };
		ppoll(NULL, 0, &t, &none);
		return 1;
	}
	return ppoll(p, 1, &t, &none);
}

static int receive(struct ring *r, unsigned long count, unsigned long idle)
{
	struct netswitch_ring_ctl *ctl = rx_ctl(r);
	struct pollfd p = { .fd = r->fd, .events = POLLIN };
	uint32_t at = ctl->consumer;
	unsigned long n = 0, bad = 0, waited;
	struct netswitch_ring_stats s;

	for (waited = 0; opt.pile && waited < opt.first; waited += 10) {
		s = get_stats(r->fd);
		if (s.rx_frames >= opt.pile)
			break;
		usleep(10000);
	}
	printf("{\"frames\":[");
	while (n < count) {
		uint32_t end = load_acquire(&ctl->producer);
		const struct netswitch_desc *d = rx_desc(r, at);

		if (at == end) {
			if (stopping())
				break;
			if (wait_in(&p, n ? idle : opt.first) <= 0 &&
			    !stopping())
				break;
			if (p.revents & (POLLHUP | POLLERR))
				break;
			continue;
		}
		if ((uint64_t)d->offset + d->len > r->info.slot_size ||
		    d->len < ETH_HLEN) {
			bad++;
		} else if (!opt.quiet) {
			printf("%s{", n ? "," : "");
			print_frame(d, rx_slot(r, at) + d->offset);
		}
		n++;
		store_release(&ctl->consumer, ++at);
	}
	s = get_stats(r->fd);
	printf("],\"received\":%lu,\"bad\":%lu,\"wake\":%u,", n, bad,
	       load_acquire(&ctl->wake));
	print_stats(&s);
	ring_close(r);
	printf("}\n");
	return bad ? 1 : 0;
}

static void make_frame(struct ring *r, uint32_t at, const unsigned char *dst,
		       size_t len)
{
	struct netswitch_desc *d = tx_desc(r, at);
	unsigned char *slot = tx_slot(r, at);
	unsigned char *frame = slot;

	memset(d, 0, sizeof(*d));
	memset(slot, 0x5a, r->info.slot_size);
	if ((size_t)opt.offset + ETH_HLEN <= r->info.slot_size)
		frame += opt.offset;
	if (opt.mss_set && len >= TCP_HEADERS && len <= r->info.slot_size) {
		tcp_make(frame, len - TCP_HEADERS, opt.mss, &d->vnet);
		d->flags = NETSWITCH_DESC_VNET;
	} else {
		put16(frame + 12, opt.type);
	}
	memcpy(frame, dst, ETH_ALEN);
	memcpy(frame + ETH_ALEN, opt.src_set ? opt.src : r->info.mac, ETH_ALEN);
	if (opt.gso_type_set)
		d->vnet.gso_type = opt.gso_type;
	if (opt.csum_start_set)
		d->vnet.csum_start = opt.csum_start;
	d->offset = opt.offset;
	d->len = len;
	d->flags |= opt.desc_flags;
	if (d->flags & NETSWITCH_DESC_VLAN) {
		d->vlan_proto = opt.vlan_proto;
		d->vlan_tci = opt.vlan_tci;
	}
}

static int cmd_send(int fd, const unsigned char *dst, unsigned long count,
		    size_t len)
{
	struct ring r = ready_ring(fd);
	struct netswitch_ring_ctl *ctl = tx_ctl(&r);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	unsigned long made = 0, kicked = 0;
	struct netswitch_ring_stats s;
	uint32_t at = ctl->producer;
	int ret = 0;

	while (kicked < count) {
		while (made < count &&
		       at - load_acquire(&ctl->consumer) < r.info.tx_slots) {
			make_frame(&r, at, dst, len);
			at += opt.index;
			made++;
		}
		store_release(&ctl->producer, at);
		ret = ioctl(fd, NETSWITCH_RING_KICK);
		if (ret > 0) {
			kicked += ret;
		} else if (ret == 0 || errno == EAGAIN) {
			if (poll(&p, 1, 30000) <= 0)
				break;
		} else {
			break;
		}
	}
	s = get_stats(fd);
	printf("{\"kicked\":%lu,\"error\":\"%s\",\"wake\":%u,", kicked,
	       error_name(ret < 0 ? errno : 0), load_acquire(&ctl->wake));
	print_stats(&s);
	if (!opt.hold)
		ring_close(&r);
	printf("}\n");
	fflush(stdout);
	if (opt.hold)
		pause();
	return 0;
}

static bool has_room(struct pollfd *p, int ms)
{
	return poll(p, 1, ms) > 0 && p->revents & POLLOUT;
}

static int cmd_flight(int fd, const unsigned char *dst, uint32_t count,
		      size_t len)
{
	struct ring r = ready_ring(fd);
	struct netswitch_ring_ctl *ctl = tx_ctl(&r);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	uint32_t start = ctl->producer, at, last, steps = 0, idle = 0;
	bool forward = true, room, woken = false;
	struct netswitch_ring_stats s;
	int kicked;

	for (at = 0; at < count; at++)
		make_frame(&r, start + at, dst,
			   opt.other && at % 2 ? opt.other : len);
	store_release(&ctl->producer, start + count);
	kicked = ioctl(fd, NETSWITCH_RING_KICK);
	last = load_acquire(&ctl->consumer);
	room = has_room(&p, 0);
	printf("{\"kicked\":%d,\"back\":%u,\"room\":%s}\n", kicked,
	       last - start, room ? "true" : "false");
	fflush(stdout);
	if (!room)
		woken = has_room(&p, 30000);
	while (last - start < count && idle < 30000) {
		at = load_acquire(&ctl->consumer);
		if (at == last) {
			usleep(1000);
			idle++;
			continue;
		}
		if (at - last > count)
			forward = false;
		last = at;
		idle = 0;
		steps++;
	}
	s = get_stats(fd);
	printf("{\"back\":%u,\"steps\":%u,\"forward\":%s,\"woken\":%s,",
	       last - start, steps, forward ? "true" : "false",
	       woken ? "true" : "false");
	print_stats(&s);
	printf("}\n");
	fflush(stdout);
	if (opt.hold)
		pause();
	return 0;
}

static int cmd_pass(int fd, char **command)
{
	int err = do_bind(fd);

	if (err)
		return tell_bind(err);
	if (dup2(fd, PASSED_FD) < 0)
		die("dup2");
	execvp(command[0], command);
	die(command[0]);
	return 2;
}

static int usage(void)
{
	fprintf(stderr, "usage: see the head of ringraw.c\n");
	return 1;
}

int main(int argc, char **argv)
{
	unsigned char dst[ETH_ALEN];
	const char *mode;
	struct ring r;
	int fd = -1;

	if (argc > 2 && !strcmp(argv[1], "-d")) {
		fd = number(argv[2], 10, 1023);
		argc -= 2;
		argv += 2;
	}
	if (argc < 2)
		return usage();
	mode = argv[1];
	if (!strcmp(mode, "unbound"))
		return cmd_unbound();
	if (!strcmp(mode, "passed") && argc == 5) {
		catch_term();
		r.fd = number(argv[2], 10, 1023);
		ring_map(&r);
		return receive(&r, number(argv[3], 10, 1000000),
			       number(argv[4], 10, 60000));
	}
	if (argc < 4)
		return usage();
	target(argv[2], argv[3]);
	if (!strcmp(mode, "many") && argc > 4) {
		more_names(argv + 5);
		return cmd_many(number(argv[4], 10, 100000));
	}
	if (fd < 0)
		fd = ring_open();
	if (!strcmp(mode, "bind")) {
		more_names(argv + 4);
		return tell_bind(do_bind(fd));
	}
	if (!strcmp(mode, "twice")) {
		more_names(argv + 4);
		if (do_bind(fd))
			die("the first time");
		return tell_bind(do_bind(fd));
	}
	if (!strcmp(mode, "kick")) {
		more_names(argv + 4);
		if (do_bind(fd))
			die("bind");
		printf("%s\n",
		       error_name(ioctl(fd, NETSWITCH_RING_KICK) < 0 ? errno :
								       0));
		return 0;
	}
	if (!strcmp(mode, "watch")) {
		more_names(argv + 4);
		return cmd_watch(ready_ring(fd));
	}
	if (!strcmp(mode, "pass") && argc > 4)
		return cmd_pass(fd, argv + 4);
	if (!strcmp(mode, "recv") && argc > 5) {
		more_names(argv + 6);
		catch_term();
		r = ready_ring(fd);
		return receive(&r, number(argv[4], 10, 1000000),
			       number(argv[5], 10, 60000));
	}
	if (!strcmp(mode, "flight") && argc > 6) {
		address(argv[4], dst);
		more_names(argv + 7);
		return cmd_flight(fd, dst, number(argv[5], 10, 65536),
				  number(argv[6], 10, 70000));
	}
	if (!strcmp(mode, "send") && argc > 6) {
		address(argv[4], dst);
		more_names(argv + 7);
		return cmd_send(fd, dst, number(argv[5], 10, 1000000),
				number(argv[6], 10, 70000));
	}
	return usage();
}
