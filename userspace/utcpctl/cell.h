/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells.
 */
#ifndef UTCPCTL_CELL_H
#define UTCPCTL_CELL_H

#include <jansson.h>

#include <utcp/cell.h>

#include "cmd.h"

/**
 * cmd_choice_cell_setting() - choices of an argument: settings of a cell
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_cell_setting(const struct cmd_args *before,
				    size_t index);

/**
 * cmd_choice_cell_new() - choices of an argument: settings of a cell that is being made
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_cell_new(const struct cmd_args *before, size_t index);

/**
 * record_cell() - a cell as a JSON object
 * @cell: the cell
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_cell(const struct utcp_cell *cell);

/**
 * text_cell() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_cell(struct out *o, const json_t *record);

/**
 * cell_show() - "cell show": show one cell or all
 * @c: context
 * @args: the cell, or nothing
 *
 * Return: exit code.
 */
int cell_show(struct cmd_context *c, const struct cmd_args *args);

/**
 * cell_new() - "cell new": make a cell with new keys
 * @c: context
 * @args: settings
 *
 * Return: exit code.
 */
int cell_new(struct cmd_context *c, const struct cmd_args *args);

/**
 * cell_import() - "cell import": make a cell with the private key of a file
 * @c: context
 * @args: the file, and settings
 *
 * Return: exit code.
 */
int cell_import(struct cmd_context *c, const struct cmd_args *args);

/**
 * cell_set() - "cell set": change settings
 * @c: context
 * @args: the cell, and settings
 *
 * Return: exit code.
 */
int cell_set(struct cmd_context *c, const struct cmd_args *args);

/**
 * cell_del() - "cell del": forget a cell
 * @c: context
 * @args: the cell
 *
 * Return: exit code.
 */
int cell_del(struct cmd_context *c, const struct cmd_args *args);

/**
 * cell_genkey() - "cell genkey": make a private key, and a file that holds it
 * @c: context
 * @args: the file
 *
 * Return: exit code.
 */
int cell_genkey(struct cmd_context *c, const struct cmd_args *args);

#endif
