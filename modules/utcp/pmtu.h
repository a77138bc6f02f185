/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path MTU of a lane, found by probing: RFC 8899, as "Path MTU" in
 * Documentation/networking/utcp.rst has it. A size is the length field of a frame.
 * All times are nanoseconds.
 */
#ifndef _UTCP_PMTU_H
#define _UTCP_PMTU_H

#include <linux/types.h>

/* BASE_PLPMTU: a device with less is not used. */
#define UTCP_PMTU_BASE 1280
/* Used at first, though not confirmed, if the devices have so much. */
#define UTCP_PMTU_FIRST 1500
/* MAX_PROBES: a size has failed when so many probes were lost. */
#define UTCP_PMTU_PROBES 3
/* The search ends when sizes that pass and that fail are closer than this. */
#define UTCP_PMTU_STEP 32
/* PMTU_RAISE_TIMER. */
#define UTCP_PMTU_AGAIN_NS 600000000000ULL
/* Long frames lost in a row, with none acknowledged, that are a black hole; and
 * probe timeouts that are.
 */
#define UTCP_PMTU_LOST 6
#define UTCP_PMTU_PTOS 2

/**
 * struct utcp_pmtu - path MTU of a lane
 * @size: what is used
 * @confirmed: the greatest that has passed, at least UTCP_PMTU_BASE
 * @failed: the least that has failed; @ceiling + 1 if none has
 * @ceiling: what own device and peer allow
 * @probing: size of the probe that is under way; 0: none is
 * @lost: probes of this size that were lost
 * @lost_long: frames longer than the base lost in a row
 * @again_at: when the search begins again; 0: it has not ended
 *
 * utcp_pmtu_init() makes it. Lives in its owner, whose lock serialises all calls;
 * nothing sleeps.
 */
struct utcp_pmtu {
	u16 size;
	u16 confirmed;
	u32 failed;
	u16 ceiling;
	u16 probing;
	u8 lost;
	u8 lost_long;
	u64 again_at;
};

void utcp_pmtu_init(struct utcp_pmtu *p, u16 ceiling);
u16 utcp_pmtu_probe(struct utcp_pmtu *p, u64 now);
void utcp_pmtu_unsent(struct utcp_pmtu *p);
void utcp_pmtu_probe_acked(struct utcp_pmtu *p, u16 size, u64 now);
void utcp_pmtu_probe_lost(struct utcp_pmtu *p, u16 size, u64 now);
void utcp_pmtu_acked(struct utcp_pmtu *p, u16 size);
bool utcp_pmtu_lost(struct utcp_pmtu *p, u16 size);
bool utcp_pmtu_pto(struct utcp_pmtu *p, u32 ptos);

/**
 * utcp_pmtu_probes() - may utcp_pmtu_probe() ask for a probe?
 * @p: the lane's
 * @now: the time
 *
 * Return: true if memory for a frame of @p->ceiling is of use.
 */
static inline bool utcp_pmtu_probes(const struct utcp_pmtu *p, u64 now)
{
	return !p->probing && p->size < p->ceiling &&
	       (!p->again_at || now >= p->again_at);
}

#endif /* _UTCP_PMTU_H */
