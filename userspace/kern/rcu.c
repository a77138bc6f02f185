// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's RCU for tests in user space: small, and strict. What
 * is freed after a grace period is freed at the next one, so that the sanitizer
 * sees who still uses it.
 */
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include <pthread.h>
#include <sched.h>

#define READERS_MAX 64
#define LATER_MAX 256

/*
 * One a reading thread, its own to write: odd while it reads. A slot is never given
 * back; a thread that has ended does not read.
 */
static unsigned long readers[READERS_MAX];
static unsigned int readers_n;
static __thread unsigned long *reader;
static __thread unsigned int depth;

/* What waits for a grace period. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *later[LATER_MAX];
static unsigned int later_n;

void rcu_read_lock(void)
{
	if (depth++)
		return;
	if (!reader) {
		unsigned int n =
			__atomic_fetch_add(&readers_n, 1, __ATOMIC_SEQ_CST);

		assert(n < READERS_MAX);
		reader = &readers[n];
	}
	__atomic_fetch_add(reader, 1, __ATOMIC_SEQ_CST);
}

void rcu_read_unlock(void)
{
	if (--depth)
		return;
	__atomic_fetch_add(reader, 1, __ATOMIC_SEQ_CST);
}

static void wait_for_readers(void)
{
	for (unsigned int i = 0; i < READERS_MAX; i++) {
		unsigned long seen =
			__atomic_load_n(&readers[i], __ATOMIC_SEQ_CST);

		while (seen % 2 &&
		       seen == __atomic_load_n(&readers[i], __ATOMIC_SEQ_CST))
			sched_yield();
	}
}

static void free_later(void)
{
	for (unsigned int i = 0; i < later_n; i++)
		kfree(later[i]);
	later_n = 0;
}

void synchronize_rcu(void)
{
	pthread_mutex_lock(&lock);
	wait_for_readers();
	free_later();
	pthread_mutex_unlock(&lock);
}

void kern_free_rcu(void *p)
{
	pthread_mutex_lock(&lock);
	if (later_n == LATER_MAX) {
		wait_for_readers();
		free_later();
	}
	later[later_n++] = p;
	pthread_mutex_unlock(&lock);
}
