// SPDX-License-Identifier: GPL-2.0-only
/*
 * ringwait WHAT DEV PEER-NETNS PEER-DEV [COUNT [SECONDS]]
 *
 * NETSWITCH_RING_WAIT, by threads of one process that has a ring at both ends of a
 * link: of DEV, in this namespace, and of PEER-DEV in the one that is named. All
 * frames have the type 0x4c57. Ends with 0 if all was as linux/netswitch_ring.h
 * says, and with 1 after a line "wrong: ..." for each answer that was not so.
 * SIGALRM ends it after a minute, or as many SECONDS: then something was slept
 * through.
 *
 *   refused	what is no valid request
 *   frame	a frame ends a wait; frames that are held do not
 *   timeout	and so does the end of its time, and not before
 *   signal	a handler does, stopping and going on does not
 *   kick	sends, and waits for the answer, COUNT times, from both ends
 *   full	prints "left N" when a kick could not take all: for a slow device
 *   several	COUNT times, some wait and some poll, and one frame wakes all
 *   race	COUNT frames, one by one, to one who waits while another polls
 *   coalesce	wake-ups by number and by time
 *   busy	without sleeping
 *   close	the descriptor is closed meanwhile
 *   dead	prints "ready", and once the port is gone "over"
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "ringraw.h"

#define TYPE 0x4c57
#define SECOND 1000000000LL
#define MSEC 1000000LL
#define FOREVER (-1)
#define LIMIT 60

static struct ring near, far;
static uint32_t seen; /* of near: all frames that were looked at */
static int wrongs;

#define wrong(...)                   \
	do {                         \
		printf("wrong: ");   \
		printf(__VA_ARGS__); \
		printf("\n");        \
		fflush(stdout);      \
		wrongs++;            \
	} while (0)

/* --- rings ---------------------------------------------------------------------- */

static struct netswitch_ring_bind binding(const char *dev)
{
	struct netswitch_ring_bind b = {
		.ifindex = if_nametoindex(dev),
		.ethertype = TYPE,
		.rx_slots = 64,
		.tx_slots = 64,
		.slot_size = 2048,
	};

	return b;
}

static struct ring bound(struct netswitch_ring_bind b)
{
	struct ring r = { .fd = ring_open() };

	if (ioctl(r.fd, NETSWITCH_RING_BIND, &b)) {
		printf("%s\n", b.message);
		die("bind");
	}
	ring_map(&r);
	return r;
}

/* As near is bound. */
static struct netswitch_ring_bind bind_again(void)
{
	struct netswitch_ring_bind b = binding("");

	b.ifindex = near.info.ifindex;
	return b;
}

static struct netswitch_ring_stats stats_of(const struct ring *r)
{
	struct netswitch_ring_stats s;

	if (ioctl(r->fd, NETSWITCH_RING_STATS, &s))
		die("stats");
	return s;
}

/* Return: as the call, or a negative errno */
static int wait_on(const struct ring *r, uint32_t known, uint32_t flags,
		   long long timeout, uint32_t busy)
{
	struct netswitch_ring_wait w = {
		.seen = known,
		.flags = flags,
		.timeout = timeout,
		.busy_usecs = busy,
	};
	int ret = ioctl(r->fd, NETSWITCH_RING_WAIT, &w);

	return ret < 0 ? -errno : ret;
}

static const char *name_of(int ret)
{
	return ret < 0	? strerrorname_np(-ret) :
	       ret == 1 ? "1" :
	       ret == 0 ? "0" :
			  "a number";
}

static void expect(const char *what, int want, int ret)
{
	if (ret != want)
		wrong("%s: %s, not %s", what, name_of(ret), name_of(want));
}

/* Frames to the other end, which are not sent before a kick. */
static void produce(struct ring *r, const struct ring *to, uint32_t n,
		    size_t len)
{
	struct netswitch_ring_ctl *ctl = tx_ctl(r);
	uint32_t at = ctl->producer;

	for (; n; n--, at++) {
		struct netswitch_desc *d = tx_desc(r, at);
		unsigned char *frame = tx_slot(r, at);

		memset(d, 0, sizeof(*d));
		memcpy(frame, to->info.mac, ETH_ALEN);
		memcpy(frame + ETH_ALEN, r->info.mac, ETH_ALEN);
		put16(frame + 12, TYPE);
		d->len = len;
	}
	store_release(&ctl->producer, at);
}

static void send_to_near(uint32_t n)
{
	produce(&far, &near, n, 100);
	if (ioctl(far.fd, NETSWITCH_RING_KICK) != (int)n)
		die("kick");
}

/* How many there are that were not looked at. */
static uint32_t unseen(void)
{
	return load_acquire(&rx_ctl(&near)->producer) - seen;
}

/* Look at all, and give them back. */
static void consume(void)
{
	seen += unseen();
	store_release(&rx_ctl(&near)->consumer, seen);
}

/* --- time and threads ----------------------------------------------------------- */

static long long now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* One that waits; what is asked, and what came of it. */
struct waiter {
	pthread_t thread;
	pid_t tid;
	bool polls;
	long long timeout;
	uint32_t busy;
	int ret;
};

static void *waits(void *arg)
{
	struct waiter *w = arg;
	struct pollfd p = { .fd = near.fd, .events = POLLIN };

	__atomic_store_n(&w->tid, gettid(), __ATOMIC_RELEASE);
	w->ret = w->polls ? poll(&p, 1, LIMIT * 1000) :
			    wait_on(&near, seen, 0, w->timeout, w->busy);
	return arg;
}

/* Does a thread, or a process with one, sleep? */
static bool sleeps(pid_t tid)
{
	char path[64], line[256] = "";
	const char *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	state = strrchr(line, ')');
	return state && state[2] == 'S';
}

static void start(struct waiter *w)
{
	w->tid = 0;
	w->ret = -EINPROGRESS;
	if (pthread_create(&w->thread, NULL, waits, w))
		die("thread");
}

static void until_asleep(const struct waiter *w)
{
	pid_t tid;

	do {
		sched_yield();
		tid = __atomic_load_n(&w->tid, __ATOMIC_ACQUIRE);
	} while (!tid || !sleeps(tid));
}

static int finish(struct waiter *w)
{
	pthread_join(w->thread, NULL);
	return w->ret;
}

/* --- the modes ------------------------------------------------------------------ */

static void refused(void)
{
	struct netswitch_ring_wait w = { .seen = seen };
	struct netswitch_ring_bind b = bind_again();
	struct ring unbound = { .fd = ring_open() }, one;

	b.ethertype = TYPE + 1;
	expect("nothing is bound", -ENOTCONN, wait_on(&unbound, 0, 0, 0, 0));
	expect("an unknown flag", -EINVAL, wait_on(&near, seen, 2, 0, 0));
	expect("all flags", -EINVAL, wait_on(&near, seen, UINT32_MAX, 0, 0));
	expect("busy for too long", -EINVAL,
	       wait_on(&near, seen, 0, 0, NETSWITCH_RING_BUSY_USECS_MAX + 1));
	w.reserved = 1;
	expect("what is reserved", -EINVAL,
	       ioctl(near.fd, NETSWITCH_RING_WAIT, &w) ? -errno : 0);
	expect("from nowhere", -EFAULT,
	       ioctl(near.fd, NETSWITCH_RING_WAIT, NULL) ? -errno : 0);
	expect("from the kernel", -EFAULT,
	       ioctl(near.fd, NETSWITCH_RING_WAIT, 0xffff888000000000UL) ?
		       -errno :
		       0);
	b.rx_slots = 0;
	one = bound(b);
	expect("no receive ring", -EOPNOTSUPP, wait_on(&one, 0, 0, 0, 0));
	ring_close(&one);
	b.rx_slots = 16;
	b.tx_slots = 0;
	one = bound(b);
	expect("no transmit ring", -EOPNOTSUPP,
	       wait_on(&one, 0, NETSWITCH_RING_WAIT_KICK, 0, 0));
	expect("nor is one needed", 0, wait_on(&one, 0, 0, 0, 0));
	ring_close(&one);
	store_release(&tx_ctl(&near)->producer, tx_ctl(&near)->producer + 65);
	expect("more frames than slots", -EINVAL,
	       wait_on(&near, seen, NETSWITCH_RING_WAIT_KICK, FOREVER, 0));
}

static void frame(void)
{
	struct waiter w = { .timeout = FOREVER };
	uint32_t before = seen;

	start(&w);
	until_asleep(&w);
	send_to_near(1);
	expect("asleep", 1, finish(&w));
	if (unseen() != 1)
		wrong("%u frames are told of, and not 1", unseen());
	expect("there already", 1, wait_on(&near, seen, 0, FOREVER, 0));
	seen++; /* it is held */
	expect("one that is held", 0, wait_on(&near, seen, 0, MSEC, 0));
	w.timeout = LIMIT * SECOND;
	start(&w);
	until_asleep(&w);
	send_to_near(1);
	expect("behind one that is held", 1, finish(&w));
	expect("an index that is none", 1,
	       wait_on(&near, before - 1000, 0, FOREVER, 0));
	if (stats_of(&near).rx_wakeups != 2)
		wrong("%llu wake-ups, and not 2",
		      (unsigned long long)stats_of(&near).rx_wakeups);
}

static void timeout(void)
{
	long long took = now(CLOCK_MONOTONIC);

	expect("only a look", 0, wait_on(&near, seen, 0, 0, 0));
	expect("100 ms", 0, wait_on(&near, seen, 0, 100 * MSEC, 0));
	took = now(CLOCK_MONOTONIC) - took;
	if (took < 100 * MSEC)
		wrong("100 ms took %lld ns", took);
	send_to_near(1);
	expect("a frame, and a look", 1, wait_on(&near, seen, 0, 0, 0));
	expect("the longest time", 1, wait_on(&near, seen, 0, INT64_MAX, 0));
}

static void nothing(int sig)
{
	(void)sig;
}

static void handle(int sig)
{
	struct sigaction action = { .sa_handler = nothing,
				    .sa_flags = SA_RESTART };

	sigaction(sig, &action, NULL);
}

static void stopped_and_continued(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		_exit(wait_on(&near, seen, 0, FOREVER, 0) == 1 ? 0 : 1);
	while (!sleeps(pid))
		sched_yield();
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, WCONTINUED);
	send_to_near(1);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		wrong("stopped and continued: status 0x%x", status);
}

static void interrupted(void)
{
	struct waiter w = { .timeout = FOREVER };

	handle(SIGUSR1);
	start(&w);
	until_asleep(&w);
	pthread_kill(w.thread, SIGUSR1);
	expect("a handler that asks to go on", -EINTR, finish(&w));
	w.timeout = LIMIT * SECOND;
	w.busy = NETSWITCH_RING_BUSY_USECS_MAX;
	start(&w);
	until_asleep(&w);
	pthread_kill(w.thread, SIGUSR1);
	expect("after being busy", -EINTR, finish(&w));
	stopped_and_continued();
}

/* The far end sends back as many as came. */
static void *answers(void *arg)
{
	unsigned long left = *(unsigned long *)arg;
	struct netswitch_ring_ctl *ctl = rx_ctl(&far);
	uint32_t known = ctl->consumer, flags = 0;
	int ret = 0;

	while (left) {
		uint32_t n;

		ret = wait_on(&far, known, flags, LIMIT * SECOND, 0);
		if (ret != 1)
			break;
		n = load_acquire(&ctl->producer) - known;
		known += n;
		store_release(&ctl->consumer, known);
		produce(&far, &near, n, 100);
		flags = NETSWITCH_RING_WAIT_KICK;
		left -= n < left ? n : left;
	}
	/* the last one waits for nothing */
	ret = wait_on(&far, known, flags, 0, 0);
	if (ret)
		wrong("the far end: %s", name_of(ret));
	return arg;
}

static void kick(unsigned long count)
{
	pthread_t thread;
	unsigned long i;

	if (pthread_create(&thread, NULL, answers, &count))
		die("thread");
	for (i = 0; i < count; i++) {
		int ret;

		produce(&near, &far, 1, 100);
		ret = wait_on(&near, seen, NETSWITCH_RING_WAIT_KICK,
			      LIMIT * SECOND, 0);
		if (ret != 1 || unseen() != 1)
			wrong("round %lu: %s, %u frames", i, name_of(ret),
			      unseen());
		consume();
	}
	pthread_join(thread, NULL);
	if (stats_of(&near).tx_sent != count)
		wrong("%llu were sent, and not %lu",
		      (unsigned long long)stats_of(&near).tx_sent, count);
	expect("a kick of nothing", 0,
	       wait_on(&near, seen, NETSWITCH_RING_WAIT_KICK, MSEC, 0));
	send_to_near(1);
	produce(&near, &far, 1, 100);
	expect("what is there does not keep it from sending", 1,
	       wait_on(&near, seen, NETSWITCH_RING_WAIT_KICK, FOREVER, 0));
	if (stats_of(&near).tx_sent != count + 1)
		wrong("it was not sent");
}

static void full(void)
{
	struct netswitch_ring_ctl *ctl = tx_ctl(&near);
	int ret = 0, tries;

	for (tries = 0; tries < 1000 && !ret; tries++) {
		produce(&near, &far,
			64 - (ctl->producer - load_acquire(&ctl->consumer)),
			1514);
		/* it would not end if it waited though some are left */
		ret = wait_on(&near, seen, NETSWITCH_RING_WAIT_KICK, MSEC, 0);
		if (ret == -EAGAIN)
			ret = wait_on(&near, seen, NETSWITCH_RING_WAIT_KICK,
				      FOREVER, 0);
	}
	expect("more than the device's queue may hold", -EAGAIN, ret);
	printf("left %u\n", ctl->producer - load_acquire(&ctl->consumer));
}

static void several(unsigned long count)
{
	struct waiter w[6] = { 0 };
	unsigned long round;
	size_t i;

	for (round = 0; round < count; round++) {
		for (i = 0; i < 6; i++) {
			w[i].timeout = LIMIT * SECOND;
			w[i].polls = (i + round) % 3 == 1;
			start(&w[i]);
			/* sometimes the frame comes before they sleep */
			if (round % 4)
				until_asleep(&w[i]);
		}
		send_to_near(1);
		for (i = 0; i < 6; i++)
			if (finish(&w[i]) != 1)
				wrong("round %lu, number %zu: %s", round, i,
				      name_of(w[i].ret));
		consume();
	}
}

static bool over;

static void *polls_on(void *arg)
{
	struct pollfd p = { .fd = near.fd, .events = POLLIN };

	while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE))
		poll(&p, 1, 1);
	return arg;
}

static void *sends_on(void *arg)
{
	unsigned long i, count = *(unsigned long *)arg;
	struct netswitch_ring_ctl *ctl = rx_ctl(&near);
	uint32_t sent = load_acquire(&ctl->consumer);

	for (i = 0; i < count; i++) {
		while (load_acquire(&ctl->consumer) != sent)
			sched_yield();
		send_to_near(1);
		sent++;
	}
	return arg;
}

/* The next frame comes when the last one was given back, which is when the next
 * wait begins: if one is ever slept through, nothing more comes.
 */
static void race(unsigned long count)
{
	pthread_t sender, poller;
	unsigned long i;

	if (pthread_create(&sender, NULL, sends_on, &count) ||
	    pthread_create(&poller, NULL, polls_on, NULL))
		die("thread");
	for (i = 0; i < count; i++) {
		int ret = wait_on(&near, seen, 0, FOREVER, i % 3 ? 0 : 20);

		if (ret != 1 || unseen() != 1)
			wrong("frame %lu: %s, %u are there", i, name_of(ret),
			      unseen());
		consume();
	}
	__atomic_store_n(&over, true, __ATOMIC_RELEASE);
	pthread_join(sender, NULL);
	pthread_join(poller, NULL);
}

static void coalesce(void)
{
	struct waiter w = { .timeout = LIMIT * SECOND };
	long long took;

	/* bound with rx_wake_frames 16 and rx_wake_usecs of a second */
	start(&w);
	until_asleep(&w);
	send_to_near(16);
	expect("as many as were asked for", 1, finish(&w));
	if (unseen() != 16 || stats_of(&near).rx_wakeups != 1)
		wrong("%u frames, %llu wake-ups", unseen(),
		      (unsigned long long)stats_of(&near).rx_wakeups);
	consume();
	start(&w);
	until_asleep(&w);
	took = now(CLOCK_MONOTONIC);
	send_to_near(3);
	expect("fewer, in their time", 1, finish(&w));
	took = now(CLOCK_MONOTONIC) - took;
	if (took < SECOND / 2)
		wrong("three frames woke after %lld ns", took);
	expect("what is there waits for no more", 1,
	       wait_on(&near, seen, 0, FOREVER, 0));
}

/* The least time on a processor that it took, of some, and the most. */
static void cpu_time(uint32_t busy, long long *least, long long *most)
{
	int i;

	*least = INT64_MAX;
	*most = 0;
	for (i = 0; i < 20; i++) {
		long long took = now(CLOCK_THREAD_CPUTIME_ID);

		expect("5 ms", 0, wait_on(&near, seen, 0, 5 * MSEC, busy));
		took = now(CLOCK_THREAD_CPUTIME_ID) - took;
		*least = took < *least ? took : *least;
		*most = took > *most ? took : *most;
	}
}

static void busy(void)
{
	struct waiter w = { .timeout = LIMIT * SECOND,
			    .busy = NETSWITCH_RING_BUSY_USECS_MAX };
	long long least, most;
	int i, unwoken = 0;

	cpu_time(NETSWITCH_RING_BUSY_USECS_MAX, &least, &most);
	if (most < 2 * MSEC)
		wrong("busy, 5 ms took %lld ns of processor time", most);
	cpu_time(0, &least, &most);
	if (least > MSEC)
		wrong("asleep, 5 ms took %lld ns of processor time", least);
	for (i = 0; i < 100 && unwoken < 3; i++) {
		unsigned long long before = stats_of(&near).rx_wakeups;

		start(&w);
		while (!__atomic_load_n(&w.tid, __ATOMIC_ACQUIRE))
			;
		send_to_near(1);
		expect("a frame while it is busy", 1, finish(&w));
		unwoken += stats_of(&near).rx_wakeups == before;
		consume();
		start(&w);
		until_asleep(&w);
		send_to_near(1);
		expect("a frame when it sleeps", 1, finish(&w));
		consume();
	}
	if (unwoken < 3)
		wrong("of %d frames, %d needed no wake-up", i, unwoken);
}

static void closed(void)
{
	struct waiter w = { .timeout = FOREVER };
	struct netswitch_ring_bind b = bind_again();

	start(&w);
	until_asleep(&w);
	munmap(near.mem, near.info.map_size);
	close(near.fd);
	send_to_near(1);
	expect("closed while it waits", 1, finish(&w));
	near.fd = ring_open();
	if (ioctl(near.fd, NETSWITCH_RING_BIND, &b))
		wrong("afterwards the type is not free: %s", b.message);
}

static void dead(void)
{
	struct waiter w[2] = { { .timeout = FOREVER }, { .timeout = FOREVER } };

	start(&w[0]);
	until_asleep(&w[0]);
	start(&w[1]);
	until_asleep(&w[1]);
	printf("ready\n");
	fflush(stdout);
	expect("one that waits", -ENODEV, finish(&w[0]));
	expect("and another", -ENODEV, finish(&w[1]));
	expect("later", -ENODEV, wait_on(&near, seen, 0, FOREVER, 0));
	expect("only a look", -ENODEV, wait_on(&near, seen, 0, 0, 0));
	expect("busy", -ENODEV, wait_on(&near, seen, 0, FOREVER, 1000));
	expect("a kick", -ENODEV,
	       wait_on(&near, seen, NETSWITCH_RING_WAIT_KICK, FOREVER, 0));
	expect("what came before is still there", 1,
	       wait_on(&near, seen - 1, 0, FOREVER, 0));
	printf("over\n");
}

/* --- the command line ----------------------------------------------------------- */

static void enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

static void open_rings(char **argv)
{
	struct netswitch_ring_bind b = binding(argv[2]);
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	char own[64], other[256];

	if (!strcmp(argv[1], "coalesce")) {
		b.rx_wake_frames = 16;
		b.rx_wake_usecs = 1000000;
	}
	near = bound(b);
	seen = rx_ctl(&near)->consumer;
	snprintf(own, sizeof(own), "/proc/self/fd/%d", fd);
	snprintf(other, sizeof(other), "/run/netns/%s", argv[3]);
	enter(other);
	far = bound(binding(argv[4]));
	enter(own);
	close(fd);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
		void (*counted)(unsigned long count);
	} modes[] = {
		{ "refused", refused, NULL },	{ "frame", frame, NULL },
		{ "timeout", timeout, NULL },	{ "signal", interrupted, NULL },
		{ "kick", NULL, kick },		{ "full", full, NULL },
		{ "several", NULL, several },	{ "race", NULL, race },
		{ "coalesce", coalesce, NULL }, { "busy", busy, NULL },
		{ "close", closed, NULL },	{ "dead", dead, NULL },
	};
	unsigned long count = 1;
	size_t i;

	if (argc > 5)
		count = number(argv[5], 10, 100000000);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (argc < 5 || strcmp(argv[1], modes[i].name))
			continue;
		alarm(argc > 6 ? number(argv[6], 10, 100000) : LIMIT);
		open_rings(argv);
		if (modes[i].run)
			modes[i].run();
		else
			modes[i].counted(count);
		return wrongs ? 1 : 0;
	}
	fprintf(stderr, "usage: see the head of ringwait.c\n");
	return 1;
}
