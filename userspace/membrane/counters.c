// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "counters.h"

struct counters counters;

static const struct {
	const char *name;
	const atomic_uint_fast64_t *value;
} plain[] = {
	{ "no_memory", &counters.no_memory },
	{ "busy", &counters.busy },
	{ "zero_copy", &counters.zero_copy },
	{ "copied_kept", &counters.copied_kept },
	{ "copied_full", &counters.copied_full },
	{ "reclaims", &counters.reclaims },
	{ "kept_max", &counters.kept_max },
	{ "sent", &counters.sent },
	{ "sent_full", &counters.sent_full },
	{ "sent_length", &counters.sent_length },
	{ "sent_type", &counters.sent_type },
	{ "connections", &counters.connections },
	{ "refused", &counters.refused },
	{ "requests", &counters.requests },
	{ "bad_requests", &counters.bad_requests },
	{ "expired", &counters.expired },
};

static uint64_t read_counter(const atomic_uint_fast64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

size_t counters_print(char *text, size_t size)
{
	size_t at;

	/* Each line is shorter than what is left, or the last check tells. */
	at = (size_t)snprintf(text, size,
			      "{\"received\":%" PRIu64 ",\"drops\":{",
			      read_counter(&counters.received));
	for (int v = FILTER_SHORT; v < FILTER_VERDICTS && at < size; v++)
		at += (size_t)snprintf(text + at, size - at,
				       "%s\"%s\":%" PRIu64,
				       v == FILTER_SHORT ? "" : ",",
				       filter_name((enum filter_verdict)v),
				       read_counter(&counters.filtered[v]));
	if (at < size)
		at += (size_t)snprintf(text + at, size - at, "}");
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]) && at < size;
	     i++)
		at += (size_t)snprintf(text + at, size - at, ",\"%s\":%" PRIu64,
				       plain[i].name,
				       read_counter(plain[i].value));
	if (at < size)
		at += (size_t)snprintf(text + at, size - at, "}\n");
	return at < size ? at : 0;
}
