/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes buffers of old kernels look like today's.
 */
#ifndef _COMPAT_LINUX_SKBUFF_H
#define _COMPAT_LINUX_SKBUFF_H

#include_next <linux/skbuff.h>

/* Before 6.10 there is one operation, and it stands in struct ubuf_info itself. */
#ifdef HAVE_UBUF_INFO_OPS
static inline void compat_ubuf_set_ops(struct ubuf_info *ubuf,
				       const struct ubuf_info_ops *ops)
{
	ubuf->ops = ops;
}
#else
struct ubuf_info_ops {
	void (*complete)(struct sk_buff *skb, struct ubuf_info *ubuf,
			 bool zerocopy_success);
};

static inline void compat_ubuf_set_ops(struct ubuf_info *ubuf,
				       const struct ubuf_info_ops *ops)
{
	ubuf->callback = ops->complete;
}
#endif

#endif /* _COMPAT_LINUX_SKBUFF_H */
