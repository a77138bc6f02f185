/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the table of commands have of each other.
 */
#ifndef UTCPCTL_CMDS_H
#define UTCPCTL_CMDS_H

#include "cmd.h"

extern const struct cmd_arg port_any_args[];
extern const struct cmd_arg port_dev_args[];

extern const struct cmd_verb acl_verbs[];
extern const struct cmd_verb flow_verbs[];
extern const struct cmd_verb sandbox_verbs[];
extern const struct cmd_verb set_verbs[];
extern const struct cmd_verb shaper_verbs[];
extern const struct cmd_verb state_verbs[];

#endif
