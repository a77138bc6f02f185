/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random packets over random rules that change meanwhile: classifier against model.
 */
#ifndef _UTCP_ACL_TEST_STORM_H
#define _UTCP_ACL_TEST_STORM_H

#include <linux/types.h>

/**
 * struct storm - how long and how hard
 * @seed: the same seed, the same storm
 * @rules: how many rules there are at most
 * @packets: how many packets are asked about
 * @change: one rule is taken out or put in every so many packets
 * @plain: only rules about IPv4
 * @said: what was not as it should be, if something was not
 * @met: packets that met a rule
 * @sets: no set is named if it is false
 * @plainly: packets of which acl_classifier_lookup_plain() has said something
 * @unsaid: packets of which it could not
 */
struct storm {
	u64 seed;
	u32 rules;
	u64 packets;
	u32 change;
	bool plain;
	bool sets;
	const char *said;
	u64 met;
	u64 plainly;
	u64 unsaid;
};

int storm_run(struct storm *storm);

#endif /* _UTCP_ACL_TEST_STORM_H */
