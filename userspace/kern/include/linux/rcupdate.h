/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RCU by a counter for each reading thread: see rcu.c.
 */
#ifndef KERN_LINUX_RCUPDATE_H
#define KERN_LINUX_RCUPDATE_H

#include <linux/compiler.h>

#define __rcu
#define rcu_dereference(p) __atomic_load_n(&(p), __ATOMIC_CONSUME)
#define rcu_dereference_protected(p, cond) (p)
#define rcu_assign_pointer(p, v) __atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, v) ((p) = (v))
#define kvfree_rcu_mightsleep(p) kern_free_rcu(p)

void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);
void kern_free_rcu(void *p);

#endif /* KERN_LINUX_RCUPDATE_H */
