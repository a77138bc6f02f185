/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rule sets for measuring, in the shapes that ClassBench (Taylor, Turner, ToN 2007)
 * has made customary: access lists of routers (acl), firewalls (fw), IP chains
 * (ipc). Our own generator; the same seed gives the same rules.
 */
#ifndef _UTCP_ACL_TEST_SHAPES_H
#define _UTCP_ACL_TEST_SHAPES_H

#include <linux/types.h>

#include "../key.h"
#include "../match.h"
#include "model.h"

enum shape {
	SHAPE_ACL,
	SHAPE_FW,
	SHAPE_IPC,
	SHAPES,
};

extern const char *const shape_names[SHAPES];

void shape_match(enum shape shape, struct model_random *random,
		 struct acl_match *match);
void shape_packet(const struct acl_match *match, struct model_random *random,
		  struct model_packet *packet);

#endif /* _UTCP_ACL_TEST_SHAPES_H */
