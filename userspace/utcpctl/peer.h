/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Peers.
 */
#ifndef UTCPCTL_PEER_H
#define UTCPCTL_PEER_H

#include <jansson.h>

#include <utcp/peer.h>

#include "cmd.h"

/**
 * cmd_choice_peer_word() - words behind a peer
 * @before: the words before
 * @index: from 0
 *
 * Return: a word, or NULL at the end.
 */
const char *cmd_choice_peer_word(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_peer_cell() - words behind the public key of a peer
 * @before: the words before
 * @index: from 0
 *
 * Return: a word, or NULL at the end.
 */
const char *cmd_choice_peer_cell(const struct cmd_args *before, size_t index);

/**
 * record_peer() - a peer as JSON
 * @peer: the peer
 * @statistics: with its counters
 *
 * Return: the record, or NULL.
 */
json_t *record_peer(const struct utcp_peer *peer, bool statistics);

/**
 * peer_event_name() - the name of an event of a peer that changed
 * @change: what happened
 *
 * Return: the name.
 */
const char *peer_event_name(uint32_t change);

/**
 * text_peer() - print a peer for people
 * @o: where
 * @record: the peer
 */
void text_peer(struct out *o, const json_t *record);

/**
 * peer_show() - show peers
 * @c: the context
 * @args: a peer, or nothing
 *
 * Return: exit code.
 */
int peer_show(struct cmd_context *c, const struct cmd_args *args);

/**
 * peer_add() - add a peer whose public key is known
 * @c: the context
 * @args: the public key, and words
 *
 * Return: exit code.
 */
int peer_add(struct cmd_context *c, const struct cmd_args *args);

/**
 * peer_del() - forget a peer
 * @c: the context
 * @args: the peer, and words
 *
 * Return: exit code.
 */
int peer_del(struct cmd_context *c, const struct cmd_args *args);

/**
 * peer_probe() - see to it that there are keys with a peer
 * @c: the context
 * @args: the peer, and words
 *
 * Return: exit code.
 */
int peer_probe(struct cmd_context *c, const struct cmd_args *args);

/**
 * record_frames() - what became of the frames of UTCP
 * @s: their numbers
 *
 * Return: the record, to be released.
 */
json_t *record_frames(const struct utcp_frame_stats *s);

/**
 * peer_stats() - show what became of frames
 * @c: the context
 * @args: nothing
 *
 * Return: exit code.
 */
int peer_stats(struct cmd_context *c, const struct cmd_args *args);

#endif
