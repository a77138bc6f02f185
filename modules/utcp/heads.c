// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of frames that are sent. Each CPU cuts it from a few pages, in turns: when it comes
 * back to one, mostly all that was cut of it has been freed, and it is used again as it is.
 * Kernels that clear what they allocate (init_on_alloc=) clear it once, not for each frame:
 * for one of 9000 bytes that would cost as much as two copies of it. What a frame does not
 * write of its memory it does not send either.
 *
 * napi_alloc_frag() has one page for each CPU, of which something is under way whenever it is
 * used up.
 */
#include "heads.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>

/* Of 32 KiB each, where pages are of 4: so much is under way without anything being cleared,
 * and so much a CPU that has sent keeps.
 */
#define PAGES 4
#define PAGES_ORDER get_order(32768)
#define PAGES_LEN (PAGE_SIZE << PAGES_ORDER)
/* References to a page that are taken at once; and of which there must be some for each piece
 * that can be cut of it.
 */
#define REFS 0x8000
#define REFS_LOW (PAGES_LEN / SMP_CACHE_BYTES + 1)

/**
 * struct heads - what a CPU cuts frames from
 * @page: pages, or NULL
 * @refs: the own references to each; what was cut of it has one more each, which whoever frees
 *	it gives back (page_frag_free())
 * @at: of which of them it is cut
 * @left: how much there is left of that
 *
 * Used by its CPU, with bottom halves off; pages are let go of by utcp_heads_exit().
 */
struct heads {
	struct page *page[PAGES];
	unsigned int refs[PAGES];
	unsigned int at;
	unsigned int left;
};

static DEFINE_PER_CPU(struct heads, heads);

static void let_go(struct heads *h, unsigned int i)
{
	if (h->page[i])
		__page_frag_cache_drain(h->page[i], h->refs[i]);
	h->page[i] = NULL;
}

/* What was cut of it is nobody's any more; and nobody else takes a reference then. */
static bool is_back(const struct heads *h, unsigned int i)
{
	return h->page[i] && page_ref_count(h->page[i]) == h->refs[i];
}

/* Goes on to the next page that has come back, or to a new one, in the place of the next, where
 * all are still in use. If there is none to be had, all stay what they are.
 */
static bool turn(struct heads *h)
{
	unsigned int i = (h->at + 1) % PAGES, n;
	struct page *page;

	for (n = 1; n < PAGES && !is_back(h, i); n++)
		i = (i + 1) % PAGES;
	if (unlikely(!is_back(h, i))) {
		i = (h->at + 1) % PAGES;
		/* Not from the reserves, as what drivers receive may be. */
		page = alloc_pages(GFP_ATOMIC | __GFP_COMP | __GFP_NOWARN |
					   __GFP_NOMEMALLOC,
				   PAGES_ORDER);
		if (!page)
			return false;
		let_go(h, i);
		h->page[i] = page;
		h->refs[i] = 1;
	}
	if (h->refs[i] < REFS_LOW) {
		page_ref_add(h->page[i], REFS);
		h->refs[i] += REFS;
	}
	h->at = i;
	h->left = PAGES_LEN;
	return true;
}

/**
 * utcp_heads_skb() - memory for a frame
 * @len: its bytes, with all that is put around it; at most UTCP_HEADS_MAX with
 *	struct skb_shared_info
 *
 * What describes it is what the last frames that came have left.
 *
 * Context: bottom halves off.
 * Return: it, without any bytes; or NULL.
 */
struct sk_buff *utcp_heads_skb(unsigned int len)
{
	unsigned int size = SKB_DATA_ALIGN(len) +
			    SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct heads *h = this_cpu_ptr(&heads);
	struct sk_buff *skb;

	if (size > h->left && !turn(h))
		return NULL;
	skb = napi_build_skb(page_address(h->page[h->at]) + h->left - size,
			     size);
	if (likely(skb)) {
		h->left -= size;
		h->refs[h->at]--;
	}
	return skb;
}

/**
 * utcp_heads_exit() - nothing is sent any more
 *
 * What is under way has its own references.
 */
void utcp_heads_exit(void)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		struct heads *h = per_cpu_ptr(&heads, cpu);

		for (i = 0; i < PAGES; i++)
			let_go(h, i);
		h->left = 0;
	}
}
