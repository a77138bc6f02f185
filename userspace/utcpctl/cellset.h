/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Settings of a cell on the command line, and which cell is meant.
 */
#ifndef UTCPCTL_CELLSET_H
#define UTCPCTL_CELLSET_H

#include <stdint.h>

#include <utcp/cell.h>

#include "cmd.h"

/**
 * cellset_name() - names of the settings
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cellset_name(size_t index);

/**
 * cellset_name_new() - the same of a cell that is being made: it can be kept, too
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cellset_name_new(size_t index);

/**
 * cellset_mode_name() - names of the bits of enum utcp_cell_mode, lowest first
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cellset_mode_name(size_t index);

/**
 * cellset_read() - read settings
 * @f: filled in on failure
 * @args: the words
 * @first: where the settings begin
 * @s: set to the settings, of which the caller wipes the realm after use
 * @keep: set to whether its key is to be kept; NULL if that cannot be said
 *
 * Return: exit code.
 */
int cellset_read(struct fault *f, const struct cmd_args *args, size_t first,
		 struct utcp_cell_settings *s, bool *keep);

/**
 * cellset_which() - find the cell that a word means
 * @f: filled in on failure
 * @word: a CellID, or a name of the names file
 * @names: the names file
 * @id: set to the CellID
 *
 * Return: exit code.
 */
int cellset_which(struct fault *f, const char *word, const char *names,
		  uint8_t id[LIBUTCP_CELLID_LEN]);

#endif
