/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers on the command line.
 */
#ifndef UTCPCTL_NUMBER_H
#define UTCPCTL_NUMBER_H

#include <stdbool.h>
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

/**
 * number_ethertype() - read an EtherType
 * @text: 0x and hexadecimal digits, or decimal digits
 * @value: set to it
 *
 * Return: NULL, or what is wrong, to follow the words "is not an EtherType: ".
 */
const char *number_ethertype(const char *text, uint32_t *value);

/**
 * number_rate() - read a rate
 * @text: decimal digits, perhaps with a point among them; a letter k, m or g may
 *        follow, for 10^3, 10^6 or 10^9
 * @value: set to the rate, in bits per second
 *
 * Return: NULL, or what is wrong, to follow the words "is not a rate: ".
 */
const char *number_rate(const char *text, uint64_t *value);

/**
 * number_mac() - read a MAC address
 * @text: six pairs of hexadecimal digits, with colons between them
 * @mac: set to it, if it is one
 *
 * Return: whether it is one.
 */
bool number_mac(const char *text, uint8_t mac[6]);

#endif
