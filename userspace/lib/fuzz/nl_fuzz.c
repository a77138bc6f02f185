// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Fuzzing what takes bytes from outside: answers and events of the kernel, the
 * signature of a module's file, what people write: CellIDs, keys, names, and the files
 * of sandboxes.
 *
 * Input: one byte says what is tested; then follow datagrams, each with its
 * length before it, as 16 bits, little endian. For libFuzzer (make fuzz), and
 * for replay.c, which runs the kept corpus in every test run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <utcp/utcp.h>

#include "feed.h"
#include "fuzz.h"
#include "../cellnames.h"
#include "../handle.h"
#include "../modsig.h"
#include "../sandboxnetwork.h"
#include "../sandboxprocess.h"
#include "../sandboxstate.h"

struct fuzz_transport {
	struct utcp_transport t;
	struct fuzz_opener *opener;
};

/* All sockets read from the same input. */
struct fuzz_opener {
	struct utcp_opener o;
	const uint8_t *data;
	size_t len;
};

static int fuzz_send(struct utcp_transport *t, const void *data, size_t len)
{
	(void)t;
	(void)data;
	(void)len;
	return 0;
}

static ssize_t fuzz_recv(struct utcp_transport *t, void *data, size_t size,
			 int timeout_ms)
{
	struct fuzz_opener *o = ((struct fuzz_transport *)t)->opener;
	size_t len;

	(void)timeout_ms;
	if (o->len < 2)
		return -EAGAIN;
	len = o->data[0] | (size_t)o->data[1] << 8;
	o->data += 2;
	o->len -= 2;
	/* lengths that cannot be are errors of the socket */
	if (len == 0xffff)
		return -ENOBUFS;
	if (len == 0xfffe)
		return -EMSGSIZE;
	if (len > o->len)
		len = o->len;
	if (len > size)
		len = size;
	memcpy(data, o->data, len);
	o->data += len;
	o->len -= len;
	return (ssize_t)len;
}

static int fuzz_join(struct utcp_transport *t, uint32_t group)
{
	(void)t;
	return group ? 0 : -EINVAL;
}

static int fuzz_fd(const struct utcp_transport *t)
{
	(void)t;
	return -1;
}

static void fuzz_close(struct utcp_transport *t)
{
	free(t);
}

static const struct utcp_transport_ops fuzz_ops = {
	.send = fuzz_send,
	.recv = fuzz_recv,
	.join = fuzz_join,
	.fd = fuzz_fd,
	.close = fuzz_close,
};

static int fuzz_open(struct utcp_opener *o, struct utcp_transport **t)
{
	struct fuzz_transport *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->t.ops = &fuzz_ops;
	f->t.portid = FUZZ_PORTID;
	f->opener = (struct fuzz_opener *)o;
	*t = &f->t;
	return 0;
}

static void fuzz_free(struct utcp_opener *o)
{
	(void)o;
}

/* What every caller may rely on, whatever the kernel answered. */
static void check(struct utcp_handle *h, int result)
{
	const struct utcp_error *e = utcp_handle_error(h);
	bool failed = result < 0, told = e->code != LIBUTCP_OK;

	if (failed != told)
		abort();
	if (failed && (e->err != -result || !e->message[0]))
		abort();
	for (const char *c = e->message; *c; c++)
		if (*c < ' ' || *c > '~')
			abort();
}

static void fuzz_monitor(struct utcp_handle *h, unsigned int mask)
{
	const struct utcp_event *e;
	struct utcp_monitor *m;
	int result;

	result = utcp_monitor_open(h, mask, &m);
	check(h, result);
	if (result)
		return;
	while ((result = utcp_monitor_next(m, 0, &e)) != 0)
		check(h, result < 0 ? result : 0);
	utcp_monitor_close(m);
}

static void fuzz_handle(struct utcp_handle *h, enum fuzz_target target)
{
	const struct utcp_limit limits[] = { { "ports", 5 }, { "rings", 7 } };
	struct utcp_module_info *info = NULL;
	struct utcp_cell *cells = NULL;
	unsigned int mask;
	int result = 0;
	size_t n;

	switch (target) {
	case FUZZ_LIST:
		result = utcp_families_loaded(h, &mask);
		break;
	case FUZZ_INFO:
		h->ids[LIBUTCP_NETSWITCH] = FUZZ_ID;
		result = utcp_info_get(h, LIBUTCP_NETSWITCH, &info);
		break;
	case FUZZ_SET:
		h->ids[LIBUTCP_NETSWITCH] = FUZZ_ID;
		result =
			utcp_limits_set(h, LIBUTCP_NETSWITCH, limits, 2, &info);
		break;
	case FUZZ_MONITOR:
		fuzz_monitor(h, 0);
		return;
	case FUZZ_CELLS:
		h->ids[LIBUTCP_UTCP] = FUZZ_ID;
		result = utcp_cell_list(h, &cells, &n);
		break;
	case FUZZ_MODSIG:
	case FUZZ_TEXT:
	case FUZZ_RUNDIR:
		return;
	}
	check(h, result);
	free(cells);
	utcp_module_info_free(info);
}

/* A text that is good is the only one for what it says, but for its case. */
static void fuzz_text(const char *text)
{
	uint8_t id[LIBUTCP_CELLID_LEN], key[LIBUTCP_KEY_LEN];
	char again[LIBUTCP_KEY_TEXT];

	if (!utcp_cellid_parse(text, id)) {
		utcp_cellid_format(id, again);
		if (strcasecmp(text, again) != 0)
			abort();
	}
	if (!utcp_key_parse(text, key)) {
		utcp_key_format(key, again);
		if (strcmp(text, again) != 0)
			abort();
	}
	if (utcp_cellname_ok(text) && strncasecmp(text, "cell1", 5) == 0)
		abort();
}

static void fuzz_names(const char *text, size_t len)
{
	char message[64] = "";
	struct utcp_cellnames *names;
	int err;

	err = cellnames_parse(text, len, "f", &names, message, sizeof(message));
	if (!err != !!names || !err != !message[0])
		abort();
	for (const char *c = message; *c; c++)
		if (*c < ' ' || *c > '~')
			abort();
	utcp_cellnames_free(names);
}

/* What is good is still the same when it has been written and read again. */
static void fuzz_state(const char *data, size_t len)
{
	struct utcp_sandbox sb, again;
	char *text, *same;

	if (state_parse(data, len, &sb))
		return;
	text = state_format(&sb);
	if (!text || state_parse(text, strlen(text), &again))
		abort();
	same = state_format(&again);
	if (!same || strcmp(text, same) != 0)
		abort();
	free(same);
	free(text);
}

static void fuzz_network(const char *data, size_t len)
{
	struct network net, again;
	char *text, *same;

	if (network_parse(data, len, &net))
		return;
	text = network_format(&net);
	if (!text || network_parse(text, strlen(text), &again) ||
	    net.assigned != again.assigned)
		abort();
	same = network_format(&again);
	if (!same || strcmp(text, same) != 0)
		abort();
	free(same);
	free(text);
}

static void fuzz_rundir(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	uint64_t ticks;

	if (!text)
		return;
	memcpy(text, data, size);
	text[size] = '\0';
	fuzz_state(text, size);
	fuzz_network(text, size);
	process_parse(text, &ticks);
	free(text);
}

static void fuzz_texts(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return;
	memcpy(text, data, size);
	text[size] = '\0';
	fuzz_text(text);
	free(text);
	/* without a NUL behind it, so that a byte too many is seen */
	fuzz_names((const char *)data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_opener o = {
		.o = { .open = fuzz_open, .free = fuzz_free },
	};
	struct utcp_handle *h;
	char signer[32];

	if (!size)
		return 0;
	if (data[0] == FUZZ_MODSIG) {
		modsig_parse(data + 1, size - 1, signer, sizeof(signer));
		return 0;
	}
	if (data[0] == FUZZ_TEXT) {
		fuzz_texts(data + 1, size - 1);
		return 0;
	}
	if (data[0] == FUZZ_RUNDIR) {
		fuzz_rundir(data + 1, size - 1);
		return 0;
	}
	h = utcp_handle_new();
	if (!h)
		return 0;
	o.data = data + 1;
	o.len = size - 1;
	if (handle_open_with(h, &o.o))
		abort();
	fuzz_handle(h, data[0] == FUZZ_CELLS ?
			       FUZZ_CELLS :
			       (enum fuzz_target)(data[0] % FUZZ_MODSIG));
	utcp_handle_free(h);
	return 0;
}
