// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searching the path MTU: RFC 8899 section 5.
 */
#include "pmtu.h"

#include <linux/minmax.h>
#include <linux/string.h>

static void search(struct utcp_pmtu *p)
{
	p->failed = (u32)p->ceiling + 1;
	p->probing = 0;
	p->lost = 0;
	p->lost_long = 0;
	p->again_at = 0;
}

/**
 * utcp_pmtu_init() - begin on a path of which nothing is known
 * @p: the lane's
 * @ceiling: the lesser of the own device's MTU and the peer's; at least
 *	UTCP_PMTU_BASE
 *
 * Also when the device's MTU changes, or the path does.
 */
void utcp_pmtu_init(struct utcp_pmtu *p, u16 ceiling)
{
	memset(p, 0, sizeof(*p));
	p->ceiling = max_t(u16, ceiling, UTCP_PMTU_BASE);
	p->size = min_t(u16, p->ceiling, UTCP_PMTU_FIRST);
	p->confirmed = UTCP_PMTU_BASE;
	search(p);
}

/* What is tried next; 0: nothing. RFC 8899 section 5.3: the ceiling, then by halves.
 * Of a ceiling that is in use, frames of that size say whether it passes.
 */
static u16 candidate(const struct utcp_pmtu *p)
{
	if (p->confirmed >= p->ceiling ||
	    p->failed - p->confirmed < UTCP_PMTU_STEP)
		return 0;
	if (p->failed > p->ceiling)
		return p->ceiling;
	return p->confirmed + (p->failed - p->confirmed) / 2;
}

/**
 * utcp_pmtu_probe() - is a probe to be sent?
 * @p: the lane's
 * @now: the time; asked only while nothing is lost
 *
 * The probe that this asks for counts as sent.
 *
 * Return: the size of a frame of PING and PAD to be sent now; 0: none.
 */
u16 utcp_pmtu_probe(struct utcp_pmtu *p, u64 now)
{
	if (p->probing || p->size >= p->ceiling)
		return 0;
	if (p->again_at) {
		if (now < p->again_at)
			return 0;
		search(p);
	}
	p->probing = candidate(p);
	if (!p->probing)
		p->again_at = now + UTCP_PMTU_AGAIN_NS;
	return p->probing;
}

/**
 * utcp_pmtu_unsent() - the probe that was asked for could not be sent
 * @p: the lane's
 */
void utcp_pmtu_unsent(struct utcp_pmtu *p)
{
	p->probing = 0;
}

/* A size that passes is used, and what failed below it has not. */
static void passed(struct utcp_pmtu *p, u16 size)
{
	p->lost_long = 0;
	if (size <= p->confirmed || size > p->ceiling)
		return;
	p->confirmed = size;
	p->size = max(p->size, size);
	if (p->failed <= size)
		p->failed = (u32)p->ceiling + 1;
}

/**
 * utcp_pmtu_probe_acked() - a probe has arrived
 * @p: the lane's
 * @size: its size
 * @now: the time
 */
void utcp_pmtu_probe_acked(struct utcp_pmtu *p, u16 size, u64 now)
{
	if (size == p->probing) {
		p->probing = 0;
		p->lost = 0;
	}
	passed(p, size);
}

/**
 * utcp_pmtu_probe_lost() - a probe was lost
 * @p: the lane's
 * @size: its size
 * @now: the time
 *
 * RFC 8899 section 5.1.3: three times is a failure. It may have been lost by
 * chance; who knows searches again in ten minutes.
 */
void utcp_pmtu_probe_lost(struct utcp_pmtu *p, u16 size, u64 now)
{
	if (size != p->probing)
		return;
	p->probing = 0;
	if (++p->lost < UTCP_PMTU_PROBES)
		return;
	p->lost = 0;
	p->failed = min_t(u32, p->failed, size);
	/* What is used and not confirmed has failed with it. */
	if (p->size >= p->failed)
		p->size = p->confirmed;
}

/**
 * utcp_pmtu_acked() - a frame that is no probe has arrived
 * @p: the lane's
 * @size: its size
 *
 * One that is longer than the base confirms its size.
 */
void utcp_pmtu_acked(struct utcp_pmtu *p, u16 size)
{
	if (size > UTCP_PMTU_BASE)
		passed(p, size);
}

/* RFC 8899 section 4.3: back to the base, for all that is sent, and search. */
static void black_hole(struct utcp_pmtu *p)
{
	p->size = UTCP_PMTU_BASE;
	p->confirmed = UTCP_PMTU_BASE;
	search(p);
}

/**
 * utcp_pmtu_lost() - a frame that is no probe was lost
 * @p: the lane's
 * @size: its size
 *
 * Return: true: it is a black hole; from now on @p->size is the base.
 */
bool utcp_pmtu_lost(struct utcp_pmtu *p, u16 size)
{
	if (size <= UTCP_PMTU_BASE || p->size == UTCP_PMTU_BASE)
		return false;
	if (++p->lost_long < UTCP_PMTU_LOST)
		return false;
	black_hole(p);
	return true;
}

/**
 * utcp_pmtu_pto() - a probe timeout
 * @p: the lane's
 * @ptos: the how manieth in a row
 *
 * Return: true: it is a black hole; from now on @p->size is the base.
 */
bool utcp_pmtu_pto(struct utcp_pmtu *p, u32 ptos)
{
	if (ptos < UTCP_PMTU_PTOS || p->size == UTCP_PMTU_BASE)
		return false;
	black_hole(p);
	return true;
}
