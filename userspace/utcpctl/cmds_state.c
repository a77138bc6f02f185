// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands: what is to be the same after a reboot.
 */
#include "cmd.h"
#include "cmds.h"
#include "state.h"

static const struct cmd_arg none_args[] = { { 0 } };

static const struct cmd_arg which_args[] = {
	{
		.name = "KIND",
		.kind = CMD_ONE,
		.help = "dev: a link. netns: a namespace.",
		.choice = cmd_choice_state_what,
	},
	{
		.name = "NAME",
		.kind = CMD_ONE,
		.help = "Its name.",
	},
	{ 0 },
};

const struct cmd_verb state_verbs[] = {
	{
		.name = "show",
		.summary = "Show what is saved, and what of it waits.",
		.args = none_args,
		.run = state_cmd_show,
	},
	{
		.name = "save",
		.summary = "Save what there is.",
		.detail =
			"What was saved before is replaced, but for what waits. It is left as it is if a module that it is about is not loaded, or if it cannot be read. What is not saved is named.",
		.args = none_args,
		.run = state_cmd_save,
	},
	{
		.name = "restore",
		.summary = "Have what was saved be there.",
		.args = none_args,
		.run = state_cmd_restore,
	},
	{
		.name = "attach",
		.summary =
			"Bind a link or a namespace as it was saved, now that it is there.",
		.detail =
			"A link that was closed because it could not be bound is opened.",
		.args = which_args,
		.run = state_cmd_attach,
	},
	{
		.name = "forget",
		.summary =
			"Have what was saved of a link or a namespace be saved no more.",
		.detail =
			"It is for those that will not come again: they would be waited for. Nothing else is changed; what is bound now is saved next time.",
		.args = which_args,
		.run = state_cmd_forget,
	},
	{
		.name = "drain",
		.summary =
			"Save, and close each link that is bound, so that the modules can be removed.",
		.detail = "restore opens them when they are bound again.",
		.args = none_args,
		.run = state_cmd_drain,
	},
	{ 0 },
};
