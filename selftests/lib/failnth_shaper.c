// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failing allocations of the shaper. See failnth.c.
 */
#include "failnth.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/utcp_shaper.h>

static const char *shaper_device;

/* The steps of what can be done, each with what undoes it. */
static const struct shaper_step {
	uint8_t cmd;
	uint8_t undo; /* 0: nothing does */
	const char *name;
	const char *parent;
} shaper_steps[] = {
	{ UTCP_SHAPER_CMD_CLASS_ADD, UTCP_SHAPER_CMD_CLASS_DEL, "up", NULL },
	{ UTCP_SHAPER_CMD_CLASS_ADD, UTCP_SHAPER_CMD_CLASS_DEL, "s1", "up" },
	{ UTCP_SHAPER_CMD_CLASS_SET, 0, "s1", NULL },
	{ UTCP_SHAPER_CMD_BINDING_ADD, UTCP_SHAPER_CMD_BINDING_DEL, "s1",
	  NULL },
	{ UTCP_SHAPER_CMD_CLASS_GET, 0, NULL, NULL },
	{ UTCP_SHAPER_CMD_BINDING_GET, 0, NULL, NULL },
};

#define N_SHAPER_STEPS (sizeof(shaper_steps) / sizeof(shaper_steps[0]))

static int ask_shaper(uint8_t cmd, const char *name, const char *parent,
		      unsigned int *replies)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, cmd);
	bool binding = cmd == UTCP_SHAPER_CMD_BINDING_ADD ||
		       cmd == UTCP_SHAPER_CMD_BINDING_DEL;
	uint64_t rate = 1000000;
	struct answer a;
	int err;

	if (!name)
		nlh->nlmsg_flags |= NLM_F_DUMP;
	if (name && !binding)
		mnl_attr_put_strz(nlh, UTCP_SHAPER_A_CLASS_NAME, name);
	if (parent)
		mnl_attr_put_strz(nlh, UTCP_SHAPER_A_CLASS_PARENT, parent);
	if (cmd == UTCP_SHAPER_CMD_CLASS_SET)
		mnl_attr_put(nlh, UTCP_SHAPER_A_CLASS_BW_MAX, sizeof(rate),
			     &rate);
	if (binding) {
		mnl_attr_put_strz(nlh, UTCP_SHAPER_A_BINDING_IFNAME,
				  shaper_device);
		mnl_attr_put_u32(nlh, UTCP_SHAPER_A_BINDING_DIRECTION,
				 UTCP_SHAPER_DIRECTION_IN);
	}
	if (cmd == UTCP_SHAPER_CMD_BINDING_ADD)
		mnl_attr_put_strz(nlh, UTCP_SHAPER_A_BINDING_CLASS, name);
	err = client_ask(&client, nlh, &a);
	if (replies)
		*replies = a.replies;
	return err ? err : a.err;
}

static int use_shaper(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < N_SHAPER_STEPS; i++)
		err = ask_shaper(shaper_steps[i].cmd, shaper_steps[i].name,
				 shaper_steps[i].parent, NULL);
	for (i = N_SHAPER_STEPS; !err && i; i--) {
		const struct shaper_step *step = &shaper_steps[i - 1];

		if (step->undo)
			err = ask_shaper(step->undo, step->name, NULL, NULL);
	}
	return err;
}

/* Undoes what was done, backwards; what was not is not there. Nothing is left. */
static bool shaper_is_whole(int failed)
{
	unsigned int i, replies;
	int err;

	(void)failed;
	for (i = N_SHAPER_STEPS; i-- > 0;) {
		if (!shaper_steps[i].undo)
			continue;
		err = ask_shaper(shaper_steps[i].undo, shaper_steps[i].name,
				 NULL, NULL);
		if (err && err != ENOENT) {
			printf("# undoing step %u: %s\n", i, strerror(err));
			return false;
		}
	}
	err = ask_shaper(UTCP_SHAPER_CMD_CLASS_GET, NULL, NULL, &replies);
	return !err && !replies;
}

int fail_shaper(const char *device)
{
	static const struct attempt a = { "classes and a binding",
					  UTCP_SHAPER_FAMILY_NAME, use_shaper,
					  shaper_is_whole, false };

	shaper_device = device;
	return fail_each(&a);
}
