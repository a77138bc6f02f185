// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paces: how fast a class lets frames go, for senders who would rather not send faster
 * than have theirs wait and be dropped. See "Paces" in
 * Documentation/networking/utcp-shaper.rst.
 */
#include <linux/minmax.h>

#include "engine.h"

/* One frame that waits is no queue: it is how a class is kept busy. */
#define FRAME_LEN 1514

/* The stage's pace(). Under RCU.
 *
 * Nothing is locked. What waits and what a rate is may change while they are read, each
 * of them being one word: then the answer is a moment old, as any answer is when it is
 * heard.
 */
void shaper_pace(struct netswitch_port *nport, void *priv,
		 enum netswitch_dir dir, u32 id, struct netswitch_pace *pace)
{
	const struct shaper_port *port = priv;
	const struct shaper_node *node;
	struct shaper_class *class;
	u64 least = 0;
	u32 backlog;

	class = rcu_dereference(port->class[dir]);
	if (!class)
		return;
	class = shaper_class_chosen(port, class, id);
	for (node = &class->node; node; node = node->parent) {
		u64 rate = shaper_rate_per_second(&node->ceiling.rate);

		if (rate && (!least || rate < least))
			least = rate;
	}
	if (!least)
		return;
	backlog = READ_ONCE(class->queue.bytes);
	backlog -= min_t(u32, backlog, FRAME_LEN);
	pace->rate = shaper_rate_drains(least, backlog,
					READ_ONCE(class->params.codel.target));
	pace->overhead = READ_ONCE(class->overhead);
}
