/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers on the command line.
 */
#ifndef UTCPCTL_NUMBER_H
#define UTCPCTL_NUMBER_H

#include <stdint.h>

#include <utcp/family.h>

/**
 * number_u32() - read a number
 * @text: decimal digits; for memory a letter k, m or g may follow, for KiB, MiB
 *        or GiB, and no letter means KiB
 * @unit: what it counts
 * @value: set to the number, in @unit
 *
 * Return: NULL, or what is wrong, to follow the words "is not a number: ".
 */
const char *number_u32(const char *text, enum utcp_unit unit, uint32_t *value);

#endif
