/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Feeding a fuzzer's target without a fuzzer.
 */
#ifndef LIBUTCP_FEED_H
#define LIBUTCP_FEED_H

#include <stddef.h>
#include <stdint.h>

/**
 * LLVMFuzzerTestOneInput() - run one input; the target's
 * @data: the input
 * @size: its length
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* With this the names of files begin that are fed with all their mutations. */
#define FEED_SEED "seed-"

/**
 * feed_one() - run an input
 * @data: the input
 * @size: its length
 */
void feed_one(const uint8_t *data, size_t size);

/**
 * feed_mutations() - run an input, cut off at every place and with every byte changed
 * @data: the input; as it was, in the end
 * @size: its length
 */
void feed_mutations(uint8_t *data, size_t size);

/**
 * feed_dir() - run all files of a folder, and print how many inputs there were in all
 * @dir: the folder
 *
 * Return: 0, or 1 if something cannot be read.
 */
int feed_dir(const char *dir);

#endif
