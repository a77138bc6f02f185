/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys and realms of cells in files, so that the cells can be there again after a reboot.
 */
#ifndef UTCPCTL_CELLKEEP_H
#define UTCPCTL_CELLKEEP_H

#include <stdint.h>

#include <utcp/cell.h>

#include "cmd.h"

/** CELLKEEP_NAME - room for the name of such a file in the folder of the state */
#define CELLKEEP_NAME 64

/**
 * cellkeep_name() - name of a file of a cell
 * @id: the CellID as text
 * @what: "key" or "realm"
 * @name: set to the name
 */
void cellkeep_name(const char *id, const char *what, char name[CELLKEEP_NAME]);

/**
 * cellkeep_check() - can cells be kept here?
 * @c: context; the fault is filled in if not
 *
 * Return: exit code.
 */
int cellkeep_check(struct cmd_context *c);

/**
 * cellkeep_put() - write down what makes a cell
 * @c: context; the fault is filled in on failure
 * @id: CellID
 * @key: its private key
 * @s: its settings, of which the realm counts
 *
 * Return: exit code.
 */
int cellkeep_put(struct cmd_context *c, const uint8_t *id, const uint8_t *key,
		 const struct utcp_cell_settings *s);

/**
 * cellkeep_realm() - write down another realm of a cell, if it is kept
 * @c: context; the fault is filled in on failure
 * @id: CellID
 * @s: settings that it has got
 *
 * Return: exit code.
 */
int cellkeep_realm(struct cmd_context *c, const uint8_t *id,
		   const struct utcp_cell_settings *s);

/**
 * cellkeep_forget() - forget what was written down about a cell, if anything was
 * @c: context; the fault is filled in on failure
 * @id: CellID
 *
 * Return: exit code.
 */
int cellkeep_forget(struct cmd_context *c, const uint8_t *id);

#endif
