// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes, live.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "shaper.h"

#define BAR 20
#define EACH_MS 1000

/* Most at first; those alike in the order in which the kernel lists them. */
static int by_rate(const void *a, const void *b)
{
	const struct utcp_shaper_class *x = a, *y = b;

	if (x->stats.rate_1s != y->stats.rate_1s)
		return x->stats.rate_1s < y->stats.rate_1s ? 1 : -1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static uint64_t all_drops(const struct utcp_shaper_class *cls)
{
	uint64_t sum = 0;

	for (size_t i = 0; i <= UTCP_SHAPER_DROP_REASON_MAX; i++)
		sum += cls->stats.drops[i];
	return sum;
}

/* How much of its rate a class uses, of the most that anybody does if it has none. */
static void print_line(struct out *o, const struct utcp_shaper_class *cls,
		       uint64_t most)
{
	uint64_t whole = cls->bw_max ? cls->bw_max : most;
	uint64_t part = whole ? (cls->stats.rate_1s * BAR + whole / 2) / whole :
				0;
	char rate[32], max[32], bar[BAR + 1];

	memset(bar, ' ', BAR);
	memset(bar, '#', part < BAR ? (size_t)part : BAR);
	bar[BAR] = '\0';
	shaper_rate_text(cls->stats.rate_1s, rate, sizeof(rate));
	shaper_rate_text(cls->bw_max, max, sizeof(max));
	out_colored(o, OUT_NAME, "%-16s", cls->name);
	fputs(" [", o->file);
	out_colored(o, cls->waiting ? OUT_NOTE : OUT_GOOD, "%s", bar);
	fprintf(o->file, "] %8s of %-8s %8llu waiting %8u us p99 %8llu drops\n",
		rate, cls->bw_max ? max : "-",
		(unsigned long long)cls->stats.backlog_packets,
		cls->stats.sojourn_p99, (unsigned long long)all_drops(cls));
}

static int print_json(struct out *o, const struct utcp_shaper_class *classes,
		      size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, record_class(&classes[i], true));
	return out_line(o, list);
}

static int print_all(struct cmd_context *c, struct utcp_shaper_class *classes,
		     size_t n)
{
	int err = 0;

	if (n)
		qsort(classes, n, sizeof(*classes), by_rate);
	if (c->out.format != OUT_TEXT) {
		err = print_json(&c->out, classes, n);
	} else {
		if (isatty(fileno(c->out.file)))
			fputs("\033[H\033[J", c->out.file);
		for (size_t i = 0; i < n; i++)
			print_line(&c->out, &classes[i],
				   classes[0].stats.rate_1s);
	}
	return err ? err : out_flush(&c->out);
}

static int once(struct cmd_context *c, struct utcp_handle *h, bool *gone)
{
	struct utcp_shaper_class *classes;
	size_t n;
	int err;

	if (utcp_shaper_class_list(h, NULL, &classes, &n))
		return cmd_failed(c);
	err = print_all(c, classes, n);
	free(classes);
	*gone = err == -EPIPE;
	if (err && !*gone)
		return fault_system(&c->fault, -err, "cannot print");
	return EXIT_DONE;
}

int shaper_top(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct pollfd p[2] = { { .events = POLLIN } };
	int code = EXIT_DONE;
	bool gone = false;
	sigset_t ends;

	(void)args;
	if (!h)
		return c->fault.exit;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	p[0].fd = signalfd(-1, &ends, SFD_CLOEXEC);
	p[1].fd = fileno(c->out.file);
	if (p[0].fd < 0 || sigprocmask(SIG_BLOCK, &ends, NULL))
		return fault_system(&c->fault, errno,
				    "cannot wait for signals");
	while (!code && !gone) {
		code = once(c, h, &gone);
		if (code || gone || poll(p, 2, EACH_MS) != 0)
			break;
	}
	close(p[0].fd);
	return code;
}
