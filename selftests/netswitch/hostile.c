// SPDX-License-Identifier: GPL-2.0-only
/*
 * hostile [-z] words DEV TYPE DST MUTATIONS SEED
 * hostile [-z] heads DEV TYPE DST COUNT OTHER
 * hostile binds DEV COUNT SEED
 * hostile maps DEV TYPE
 *
 * What an owner of a ring can do to hurt the kernel, and must not achieve. TYPE is
 * hexadecimal. Each ends with 0 if the kernel answered as linux/netswitch_ring.h
 * says, and with 1 after a line "wrong: ..." for each answer that was not so.
 *
 *   words	One thread sends to DST, receives, polls and waits; another writes random
 *		values, MUTATIONS of them, over every word of the shared memory:
 *		indexes, descriptors and slots. The counters have to add up at any
 *		time.
 *   heads	One thread sends COUNT frames to DST, another writes type OTHER and
 *		another source address over their headers and back, all the time.
 *   binds	COUNT requests with random members, pointers and numbers.
 *   -z		The ring sends without a copy, frames of 4000 bytes, and "heads" also
 *		writes over their tails all the time.
 *
 *   maps	Mappings that are not as they should be, and all orders in which
 *		descriptors and mappings can go.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include <sys/wait.h>

#include "ringraw.h"

/* Of frames that are sent; long ones are sent without a copy. */
#define SHORT 64
#define LONG 4000

static const char *device;
static unsigned int type;
static int wrongs;
static bool zerocopy;

#define wrong(...)                   \
	do {                         \
		printf("wrong: ");   \
		printf(__VA_ARGS__); \
		printf("\n");        \
		fflush(stdout);      \
		wrongs++;            \
	} while (0)

static uint64_t seed;

/* xorshift64*, by Vigna: good enough, and the same each time */
static uint32_t any(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * 0x2545f4914f6cdd1dULL) >> 32;
}

static uint32_t below(uint32_t n)
{
	return any() % n;
}

static struct netswitch_ring_bind small_binding(void)
{
	struct netswitch_ring_bind b = {
		.ifindex = if_nametoindex(device),
		.ethertype = type,
		.rx_slots = 64,
		.tx_slots = 64,
		.slot_size = 256,
	};

	if (zerocopy) {
		b.flags = NETSWITCH_RING_ZEROCOPY;
		b.slot_size = 4096;
	}
	return b;
}

static int try_bind(int fd)
{
	struct netswitch_ring_bind b = small_binding();

	if (!ioctl(fd, NETSWITCH_RING_BIND, &b))
		return 0;
	if (errno != EBUSY)
		printf("# bind: %s\n", b.message);
	return errno;
}

static void bind_or_die(int fd)
{
	errno = try_bind(fd);
	if (errno)
		die("bind");
}

static struct netswitch_ring_stats stats_of(int fd)
{
	struct netswitch_ring_stats s;

	if (ioctl(fd, NETSWITCH_RING_STATS, &s))
		die("stats");
	return s;
}

/* At any time, whatever goes on meanwhile. */
static void check_sums(int fd)
{
	struct netswitch_ring_stats s = stats_of(fd);

	if (s.rx_frames != s.rx_delivered + s.rx_drop_full + s.rx_drop_length +
				   s.rx_drop_nomem + s.rx_drop_index)
		wrong("rx_frames %llu is not what was delivered and dropped",
		      (unsigned long long)s.rx_frames);
	if (s.tx_frames != s.tx_sent + s.tx_drop_length + s.tx_drop_type +
				   s.tx_drop_source + s.tx_drop_meta +
				   s.tx_drop_nomem + s.tx_drop_down +
				   s.tx_drop_refused)
		wrong("tx_frames %llu is not what was sent and dropped",
		      (unsigned long long)s.tx_frames);
	if (s.tx_copied > s.tx_zerocopy || s.tx_zerocopy > s.tx_frames ||
	    s.tx_held > 64)
		wrong("%llu copied, %llu not, %llu held",
		      (unsigned long long)s.tx_copied,
		      (unsigned long long)s.tx_zerocopy,
		      (unsigned long long)s.tx_held);
	if (s.rx_max_used > 64 || s.tx_max_used > 64)
		wrong("more slots used than there are: %llu, %llu",
		      (unsigned long long)s.rx_max_used,
		      (unsigned long long)s.tx_max_used);
}

/* --- words ---------------------------------------------------------------------- */

static struct ring ring;
static unsigned char to[ETH_ALEN];
static unsigned long mutations;
static unsigned long rounds;
static bool done;

static void good_frame(uint32_t at)
{
	struct netswitch_desc *d = tx_desc(&ring, at);
	unsigned char *frame = tx_slot(&ring, at);

	memset(d, 0, sizeof(*d));
	memcpy(frame, to, ETH_ALEN);
	memcpy(frame + ETH_ALEN, ring.info.mac, ETH_ALEN);
	put16(frame + 12, type);
	d->len = zerocopy ? LONG : SHORT;
}

/* A value that is likely to be near some border, for a word that has @old. */
static uint32_t nasty(uint32_t old)
{
	switch (below(10)) {
	case 0:
		return 0;
	case 1:
		return UINT32_MAX;
	case 2:
		return old + 1;
	case 3:
		return old - 1;
	case 4:
		return old + 64;
	case 5:
		return old + 65;
	case 6:
		return old ^ (1U << below(32));
	case 7:
		return below(512);
	case 8:
		return 0x7fffffff + below(3);
	default:
		return any();
	}
}

/* Where some word of so many bytes begins. */
static uint64_t at_word(uint64_t size)
{
	return below(size / 4) * (uint64_t)4;
}

static uint32_t *any_word(void)
{
	uint64_t at;

	switch (below(8)) {
	case 0:
	case 1:
		at = ring.info.rx_ctl +
		     at_word(sizeof(struct netswitch_ring_ctl));
		break;
	case 2:
	case 3:
		at = ring.info.tx_ctl +
		     at_word(sizeof(struct netswitch_ring_ctl));
		break;
	case 4:
		at = ring.info.rx_desc +
		     at_word(64 * sizeof(struct netswitch_desc));
		break;
	case 5:
		at = ring.info.tx_desc +
		     at_word(64 * sizeof(struct netswitch_desc));
		break;
	case 6:
		at = ring.info.tx_slot +
		     at_word((uint64_t)64 * ring.info.slot_size);
		break;
	default:
		at = at_word(ring.info.map_size);
		break;
	}
	return (uint32_t *)(ring.mem + at);
}

/* Until the other thread went round once more; not for ever, it may be stuck. */
static void let_it_go_round(void)
{
	unsigned long was = __atomic_load_n(&rounds, __ATOMIC_RELAXED);
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (__atomic_load_n(&rounds, __ATOMIC_RELAXED) != was)
			return;
		usleep(100);
	}
}

static void *mutate(void *arg)
{
	unsigned long i;

	for (i = 0; i < mutations; i++) {
		uint32_t *word = any_word();
		uint32_t old = __atomic_load_n(word, __ATOMIC_RELAXED);

		__atomic_store_n(word, nasty(old), __ATOMIC_RELAXED);
		if (!(i & 63))
			let_it_go_round();
	}
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
	return arg;
}

static void kick_once(unsigned long *kicks)
{
	int ret = ioctl(ring.fd, NETSWITCH_RING_KICK);

	++*kicks;
	if (ret > 64)
		wrong("a kick took %d descriptors of 64", ret);
	if (ret < 0 && errno != EAGAIN && errno != EINVAL)
		wrong("kick: %s", strerror(errno));
}

/* For a moment, with whatever the other thread left; never for ever. */
static void wait_once(void)
{
	struct netswitch_ring_wait w = {
		.seen = load_acquire(&rx_ctl(&ring)->consumer),
		.flags = rounds % 3 ? 0 : NETSWITCH_RING_WAIT_KICK,
		.timeout = 1000 * (long long)(rounds % 5),
		.busy_usecs = rounds % 7 == 6,
	};
	int ret = ioctl(ring.fd, NETSWITCH_RING_WAIT, &w);

	if (ret > 1)
		wrong("a wait returned %d", ret);
	if (ret < 0 && errno != EAGAIN && errno != EINVAL)
		wrong("wait: %s", strerror(errno));
}

static int words(unsigned long count)
{
	struct pollfd p = { .events = POLLIN | POLLOUT };
	unsigned long kicks = 0;
	struct netswitch_ring_stats s;
	pthread_t thread;

	ring.fd = ring_open();
	p.fd = ring.fd;
	bind_or_die(ring.fd);
	ring_map(&ring);
	printf("ready\n");
	fflush(stdout);
	mutations = count;
	if (pthread_create(&thread, NULL, mutate, NULL))
		die("thread");
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		struct netswitch_ring_ctl *tx = tx_ctl(&ring);
		struct netswitch_ring_ctl *rx = rx_ctl(&ring);
		uint32_t at, i;

		/* Its own words are no guide any more; the counters are. */
		s = stats_of(ring.fd);
		at = s.tx_frames;
		for (i = 0; i < 16; i++)
			good_frame(at + i);
		/* One time in four the kernel gets what the other thread left. */
		if (rounds % 4) {
			store_release(&rx->consumer, s.rx_delivered);
			store_release(&tx->producer, at + 16);
		}
		kick_once(&kicks);
		poll(&p, 1, 0);
		wait_once();
		__atomic_fetch_add(&rounds, 1, __ATOMIC_RELAXED);
	}
	pthread_join(thread, NULL);
	check_sums(ring.fd);
	s = stats_of(ring.fd);
	if (zerocopy && !s.tx_zerocopy)
		wrong("all frames were copied");
	printf("{\"mutations\":%lu,\"kicks\":%lu,\"rounds\":%lu,", count, kicks,
	       rounds);
	printf("\"rx\":%llu,\"delivered\":%llu,\"rx_index\":%llu,",
	       (unsigned long long)s.rx_frames,
	       (unsigned long long)s.rx_delivered,
	       (unsigned long long)s.rx_drop_index);
	printf("\"tx\":%llu,\"sent\":%llu,\"bad_index\":%llu}\n",
	       (unsigned long long)s.tx_frames, (unsigned long long)s.tx_sent,
	       (unsigned long long)s.tx_bad_index);
	return wrongs ? 1 : 0;
}

/* --- heads ---------------------------------------------------------------------- */

static unsigned int other_type;

static void *rewrite(void *arg)
{
	uint32_t i = 0;

	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		unsigned char *frame = tx_slot(&ring, i++ & 63);

		put16(frame + 12, other_type);
		frame[ETH_ALEN + 5] ^= 1;
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		put16(frame + 12, type);
		frame[ETH_ALEN + 5] ^= 1;
		if (zerocopy)
			memset(frame + LONG - 2048, i, 2048);
	}
	return arg;
}

static int heads(unsigned long count)
{
	struct pollfd p = { .events = POLLOUT };
	struct netswitch_ring_ctl *tx;
	struct netswitch_ring_stats s;
	unsigned long kicked = 0, tries;
	pthread_t thread;
	uint32_t at;

	ring.fd = ring_open();
	p.fd = ring.fd;
	bind_or_die(ring.fd);
	ring_map(&ring);
	tx = tx_ctl(&ring);
	for (at = 0; at < 64; at++)
		good_frame(at);
	if (pthread_create(&thread, NULL, rewrite, NULL))
		die("thread");
	at = tx->producer;
	for (tries = 0; kicked < count && tries < count * 10; tries++) {
		int ret;

		while (at - load_acquire(&tx->consumer) < 64)
			at++;
		store_release(&tx->producer, at);
		ret = ioctl(ring.fd, NETSWITCH_RING_KICK);
		if (ret > 0)
			kicked += ret;
		else if (ret < 0 && errno != EAGAIN)
			die("kick");
		else if (poll(&p, 1, 10000) <= 0)
			break;
	}
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	s = stats_of(ring.fd);
	if (kicked < count)
		wrong("only %lu of %lu were taken", kicked, count);
	check_sums(ring.fd);
	if (zerocopy && !s.tx_zerocopy)
		wrong("all frames were copied");
	printf("{\"sent\":%llu,\"type\":%llu,\"source\":%llu}\n",
	       (unsigned long long)s.tx_sent,
	       (unsigned long long)s.tx_drop_type,
	       (unsigned long long)s.tx_drop_source);
	return wrongs ? 1 : 0;
}

/* --- binds ---------------------------------------------------------------------- */

static bool known_error(int err)
{
	static const int known[] = {
		EINVAL, EPERM,	ENODEV, ENOENT, EBUSY,
		ENOSPC, EDQUOT, ENOMEM, EFAULT, EOPNOTSUPP
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (err == known[i])
			return true;
	return false;
}

/* A page with nothing behind it. Return: @len bytes before its end */
static void *edge(size_t len)
{
	static unsigned char *page;
	long size = sysconf(_SC_PAGESIZE);

	if (!page) {
		page = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED ||
		    mprotect(page + size, size, PROT_NONE))
			die("page");
	}
	memset(page, 0, size);
	return page + size - len;
}

static void random_binding(struct netswitch_ring_bind *b)
{
	static const uint32_t slots[] = { 0,   1,   2,	   3,	  16,
					  100, 256, 65536, 131072 };
	static const uint32_t sizes[] = { 0,	64,    127,   128,	 192,
					  2048, 66560, 66624, UINT32_MAX };
	uint32_t *words = (uint32_t *)b;
	unsigned int i;

	*b = small_binding();
	b->ethertype = below(4) ? 0x600 + below(0xfa00) : any();
	b->vid = below(3) ? below(4096) : 0;
	b->flags = below(3) ? any() & NETSWITCH_RING_FLAGS_ALL : any();
	b->rx_slots = slots[below(below(4) ? 5 : 9)];
	b->tx_slots = slots[below(below(4) ? 5 : 9)];
	b->slot_size = sizes[below(9)];
	b->rx_wake_frames = below(2) ? below(64) : any();
	b->rx_wake_usecs = below(2) ? below(1000000) : any();
	b->fanout = below(6);
	if (b->fanout == NETSWITCH_RING_FANOUT_MAC && below(2))
		b->mac[5] = 1 + below(3);
	if (!below(4)) {
		i = below(sizeof(*b) / 4);
		words[i] = nasty(words[i]);
	}
}

static void fuzz_once(void)
{
	static const unsigned long requests[] = {
		NETSWITCH_RING_BIND, NETSWITCH_RING_INFO, NETSWITCH_RING_STATS,
		NETSWITCH_RING_KICK, NETSWITCH_RING_WAIT,
	};
	struct netswitch_ring_bind b;
	int fd = ring_open(), ret;

	random_binding(&b);
	ret = ioctl(fd, NETSWITCH_RING_BIND, &b);
	if (ret && !known_error(errno))
		wrong("bind: %s", strerrorname_np(errno));
	if (ret && !memchr(b.message, 0, sizeof(b.message)))
		wrong("a message without an end");
	if (ret && errno == EINVAL && !b.message[0])
		wrong("EINVAL without a message");
	/* Anything else, bound or not, must not hurt. */
	ioctl(fd, requests[below(5)] ^ (1UL << below(32)), edge(below(300)));
	ioctl(fd, any(), edge(below(300)));
	ioctl(fd, requests[below(5)], (unsigned long)any());
	close(fd);
}

static void expect_errno(const char *what, int want, long ret)
{
	if (ret >= 0)
		wrong("%s: succeeded", what);
	else if (errno != want)
		wrong("%s: %s, not %s", what, strerrorname_np(errno),
		      strerrorname_np(want));
}

static int binds(unsigned long count)
{
	struct netswitch_ring_bind b = small_binding();
	size_t len, size = sizeof(b);
	unsigned long i;
	int fd = ring_open();
	char byte = 0;

	for (len = 0; len < size; len += 4) {
		void *at = edge(len);

		memcpy(at, &b, len);
		expect_errno("a truncated bind", EFAULT,
			     ioctl(fd, NETSWITCH_RING_BIND, at));
	}
	expect_errno("bind without a structure", EFAULT,
		     ioctl(fd, NETSWITCH_RING_BIND, NULL));
	expect_errno("a kernel address", EFAULT,
		     ioctl(fd, NETSWITCH_RING_BIND,
			   (void *)0xffff888000000000UL));
	expect_errno("another size", ENOTTY,
		     ioctl(fd, _IOWR(NETSWITCH_RING_IOC, 1, char[20]), &b));
	expect_errno("another number", ENOTTY,
		     ioctl(fd, _IO(NETSWITCH_RING_IOC, 99)));
	expect_errno("read", EINVAL, read(fd, &byte, 1));
	expect_errno("write", EINVAL, write(fd, &byte, 1));
	bind_or_die(fd);
	expect_errno("INFO to nowhere", EFAULT,
		     ioctl(fd, NETSWITCH_RING_INFO, NULL));
	expect_errno("STATS to nowhere", EFAULT,
		     ioctl(fd, NETSWITCH_RING_STATS, edge(100)));
	close(fd);
	for (i = 0; i < count; i++)
		fuzz_once();
	fd = ring_open();
	errno = try_bind(fd);
	if (errno)
		wrong("afterwards nothing can be bound: %s", strerror(errno));
	return wrongs ? 1 : 0;
}

/* --- maps ----------------------------------------------------------------------- */

/* Is the type free? Asked by a descriptor that is closed at once. */
static bool is_free(void)
{
	int fd = ring_open();
	int err = try_bind(fd);

	close(fd);
	if (err && err != EBUSY)
		wrong("a second bind: %s", strerror(err));
	return !err;
}

static void expect_free(const char *when, bool want)
{
	if (is_free() != want)
		wrong("%s the type is %s", when, want ? "taken" : "free");
}

static void refused_map(const char *what, int fd, size_t size, int flags,
			off_t offset)
{
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, offset);

	if (mem == MAP_FAILED)
		return;
	wrong("%s: mapped", what);
	munmap(mem, size);
}

static struct ring new_ring(void)
{
	struct ring r = { .fd = ring_open() };

	bind_or_die(r.fd);
	ring_map(&r);
	return r;
}

/* Run in a child. Return: its status as wait() has it. */
static int in_child(void (*fn)(struct ring *r), struct ring *r)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		wrongs = 0;
		fn(r);
		fflush(stdout);
		_exit(wrongs ? 1 : 0);
	}
	waitpid(pid, &status, 0);
	return status;
}

/* What lies behind the memory cannot be reached by making the mapping longer. */
static void grow(struct ring *r)
{
	size_t more = r->info.map_size + sysconf(_SC_PAGESIZE);
	unsigned char *mem =
		mremap(r->mem, r->info.map_size, more, MREMAP_MAYMOVE);

	if (mem != MAP_FAILED)
		mem[r->info.map_size] = 1;
}

static void go_on(struct ring *r)
{
	struct netswitch_ring_info info;

	if (ioctl(r->fd, NETSWITCH_RING_INFO, &info))
		wrong("info: %s", strerror(errno));
}

/* Refused, or the same memory again. */
static void second_map(struct ring *r)
{
	size_t at = tx_slot(r, 3) + 77 - r->mem;
	unsigned char *again = mmap(NULL, r->info.map_size,
				    PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
				    0);

	if (again != MAP_FAILED) {
		r->mem[at] = 0x77;
		if (again[at] != 0x77)
			wrong("mapped twice, there are two memories");
		munmap(again, r->info.map_size);
	}
	go_on(r);
}

static void bad_maps(void)
{
	struct ring r = { .fd = ring_open() };
	long page = sysconf(_SC_PAGESIZE);

	refused_map("before the bind", r.fd, page, MAP_SHARED, 0);
	bind_or_die(r.fd);
	if (ioctl(r.fd, NETSWITCH_RING_INFO, &r.info))
		die("info");
	if (r.info.map_size % page)
		wrong("map_size %llu is not whole pages",
		      (unsigned long long)r.info.map_size);
	refused_map("too small", r.fd, r.info.map_size - page, MAP_SHARED, 0);
	refused_map("too large", r.fd, r.info.map_size + page, MAP_SHARED, 0);
	refused_map("at another offset", r.fd, r.info.map_size, MAP_SHARED,
		    page);
	refused_map("a part, at its offset", r.fd, r.info.map_size - page,
		    MAP_SHARED, page);
	refused_map("private", r.fd, r.info.map_size, MAP_PRIVATE, 0);
	/* None of these used up the only one. */
	ring_map(&r);
	second_map(&r);
	ring_close(&r);
	expect_free("after all that", true);
}

static void changed_maps(void)
{
	struct ring r = new_ring();
	int status;

	if (mprotect(r.mem, r.info.map_size, PROT_READ))
		wrong("mprotect to read only: %s", strerror(errno));
	go_on(&r);
	mprotect(r.mem, r.info.map_size, PROT_READ | PROT_WRITE);
	status = in_child(grow, &r);
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGBUS &&
	    WTERMSIG(status) != SIGSEGV)
		wrong("a mapping that grew: signal %d", WTERMSIG(status));
	else if (WIFEXITED(status) && WEXITSTATUS(status))
		wrong("a mapping that grew: status %d", WEXITSTATUS(status));
	go_on(&r);
	if (r.info.map_size > 8192)
		munmap(r.mem + 4096, 4096);
	ioctl(r.fd, NETSWITCH_RING_KICK);
	ring_close(&r);
	expect_free("with a hole in the mapping, after the end", true);
}

static void orders(void)
{
	struct ring first = new_ring(), second;
	int copy;

	expect_free("bound and mapped,", false);
	close(first.fd);
	expect_free("closed but mapped,", false);
	rx_ctl(&first)->consumer = 0;
	munmap(first.mem, first.info.map_size);
	expect_free("closed and unmapped,", true);

	second = new_ring();
	munmap(second.mem, second.info.map_size);
	expect_free("unmapped but open,", false);
	copy = dup(second.fd);
	close(second.fd);
	expect_free("with a copy of the descriptor open,", false);
	close(copy);
	expect_free("with the copy closed,", true);
}

static void forks(void)
{
	struct ring r = new_ring();
	int pipes[2];
	char byte;
	pid_t pid;

	/* The child goes first. */
	if (in_child(go_on, &r))
		wrong("the child failed");
	expect_free("after the child's end", false);
	if (in_child(ring_close, &r))
		wrong("the child failed");
	expect_free("after the child closed everything", false);
	ring_close(&r);
	expect_free("after the parent did, too,", true);

	/* The parent goes first. */
	r = new_ring();
	if (pipe(pipes))
		die("pipe");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		close(pipes[1]);
		_exit(read(pipes[0], &byte, 1) == 1 ? 0 : 1);
	}
	ring_close(&r);
	expect_free("while the child lives,", false);
	if (write(pipes[1], "x", 1) != 1)
		die("write");
	waitpid(pid, NULL, 0);
	expect_free("when it ended,", true);
}

static int maps(void)
{
	bad_maps();
	changed_maps();
	orders();
	forks();
	return wrongs ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *mode;

	if (argc > 1 && !strcmp(argv[1], "-z")) {
		zerocopy = true;
		argc--;
		argv++;
	}
	mode = argc > 2 ? argv[1] : "";
	device = argc > 2 ? argv[2] : NULL;
	type = 0x4c57;
	if (!strcmp(mode, "binds") && argc == 5) {
		seed = number(argv[4], 10, UINT32_MAX) * 2 + 1;
		return binds(number(argv[3], 10, 100000000));
	}
	if (argc > 3)
		type = number(argv[3], 16, 0xffff);
	if (!strcmp(mode, "maps") && argc == 4)
		return maps();
	if (argc == 7)
		address(argv[4], to);
	if (!strcmp(mode, "words") && argc == 7) {
		seed = number(argv[6], 10, UINT32_MAX) * 2 + 1;
		return words(number(argv[5], 10, 1000000000));
	}
	if (!strcmp(mode, "heads") && argc == 7) {
		other_type = number(argv[6], 16, 0xffff);
		return heads(number(argv[5], 10, 1000000));
	}
	fprintf(stderr, "usage: see the head of hostile.c\n");
	return 1;
}
