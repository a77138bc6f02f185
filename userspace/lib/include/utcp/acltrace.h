/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Traces: following live frames and what access lists decide about them.
 */
#ifndef LIBUTCP_ACLTRACE_H
#define LIBUTCP_ACLTRACE_H

#include <stdint.h>

#include <utcp/acl.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/**
 * utcp_acl_decider() - names of what decides about frames
 * @decider: enum utcp_acl_decider
 *
 * Return: the name; "unknown" if there is none.
 */
const char *utcp_acl_decider(uint32_t decider);

/**
 * utcp_acl_trace_begin() - follow live frames
 * @handle: an open handle, which is for this alone from now on: the trace ends with it
 * @port: name of the port's device; NULL: all that are bound
 * @filter: which frames, as a rule would say it, with direction and verdict only if
 *	they are not 0; or NULL for all
 * @rate: how many a second at most, up to 4000; 0: 100
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_trace_begin(struct utcp_handle *handle, const char *port,
			 const struct utcp_acl_rule *filter, uint32_t rate);

/**
 * utcp_acl_trace_fd() - descriptor of a trace
 * @handle: its handle
 *
 * Return: the descriptor, which is readable when frames are there; -1: there is none.
 */
int utcp_acl_trace_fd(const struct utcp_handle *handle);

/**
 * utcp_acl_trace_next() - the next frame
 * @handle: the trace's handle
 * @timeout_ms: how long to wait; 0: not at all; negative: for ever
 * @log: set to it
 *
 * Return: 1; 0 if there is none; or a negative errno with the reason in
 * utcp_handle_error().
 */
int utcp_acl_trace_next(struct utcp_handle *handle, int timeout_ms,
			struct utcp_acl_log *log);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
