// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the commands on a fake kernel: what they print, as text and as
 * JSON that jansson reads back, and their exit codes.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/netswitch.h>
#include <linux/netswitch_ring.h>

#include "../acl.h"
#include "../cmd.h"
#include "../../lib/test/fake.h"
#include "../../lib/family.h"
#include "../status.h"
#include "../words.h"

struct fixture {
	struct fake_kernel k;
	struct cmd_context c;
	char *text;
	size_t len;
	char *error;
	size_t error_len;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fake_init(&f->k);
	f->c.handle = fake_handle(&f->k);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	cmd_close(&f->c);
	free(f->text);
	free(f->error);
	free(f);
	return 0;
}

/* Run a command; its output is in text, what it says of a failure in error. */
static int run(struct fixture *f, enum out_format format, const char *command)
{
	struct words w = { 0 };
	char *line = strdup(command);
	FILE *error;
	int code;

	free(f->text);
	free(f->error);
	memset(&f->c.fault, 0, sizeof(f->c.fault));
	f->c.out.format = format;
	f->c.out.file = open_memstream(&f->text, &f->len);
	error = open_memstream(&f->error, &f->error_len);
	assert_null(words_split(line, strlen(line), &w));
	code = cmd_run(&f->c, w.argc, w.argv);
	if (code)
		fault_print(&f->c.fault, error, format, NULL, 0);
	fclose(f->c.out.file);
	fclose(error);
	words_free(&w);
	free(line);
	return code;
}

/* The one JSON value that a text is; it has a newline at its end. */
static json_t *read_json(const char *text, size_t len)
{
	json_error_t e;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &e);

	if (!value)
		fail_msg("not JSON: %s: %s", e.text, text);
	assert_true(len && text[len - 1] == '\n');
	return value;
}

static json_t *json(struct fixture *f)
{
	return read_json(f->text, f->len);
}

static const char *get(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void limit_show__all(void **state)
{
	struct fixture *f = *state;
	json_t *list, *limits;

	for (int format = OUT_JSON; format <= OUT_PRETTY; format++) {
		assert_int_equal(run(f, (enum out_format)format, "limit"), 0);
		list = json(f);
		assert_int_equal(json_array_size(list), LIBUTCP_FAMILIES);
		assert_string_equal(get(json_array_get(list, 2), "family"),
				    "utcp-acl");
		limits = json_object_get(json_array_get(list, 0), "limits");
		assert_int_equal(json_integer_value(json_object_get(
					 limits, "ring-memory")),
				 102);
		json_decref(list);
	}
	assert_int_equal(run(f, OUT_TEXT, "limit"), 0);
	assert_non_null(strstr(
		f->text,
		"netswitch ports 100 rings 101 ring-memory 102 grants 103\n"
		"utcp cells 100 peers 101 sockets 102 user-ports 103 buffer-memory 104\n"));
}

static void limit_show__one(void **state)
{
	struct fixture *f = *state;
	json_t *list;

	assert_int_equal(run(f, OUT_JSON, "limit show utcp"), 0);
	list = json(f);
	assert_int_equal(json_array_size(list), 1);
	json_decref(list);
}

static void limit_show__no_module(void **state)
{
	struct fixture *f = *state;
	json_t *e;

	f->k.loaded = 1U << LIBUTCP_NETSWITCH;
	assert_int_equal(run(f, OUT_JSON, "limit show utcp"), EXIT_NOT_FOUND);
	assert_int_equal(f->len, 0);
	e = read_json(f->error, f->error_len);
	assert_string_equal(get(json_object_get(e, "error"), "code"),
			    "no-module");
	json_decref(e);
	assert_int_equal(run(f, OUT_TEXT, "limit show utcp"), EXIT_NOT_FOUND);
	assert_string_equal(f->error, "utcpctl: module utcp is not loaded\n");

	/* the others are still shown, and what is not there is left out */
	assert_int_equal(run(f, OUT_TEXT, "limit show"), 0);
	f->k.loaded = 0;
	assert_int_equal(run(f, OUT_JSON, "limit show"), EXIT_NOT_FOUND);
}

static void limit_set(void **state)
{
	struct fixture *f = *state;
	json_t *record;

	assert_int_equal(run(f, OUT_JSON,
			     "limit set netswitch ring-memory 2m ports 9"),
			 0);
	record = json(f);
	assert_int_equal(
		json_integer_value(json_object_get(
			json_object_get(record, "limits"), "ring-memory")),
		2048);
	json_decref(record);
	assert_int_equal(run(f, OUT_TEXT, "limit set utcp cells 9"), 0);
	assert_string_equal(
		f->text,
		"utcp cells 9 peers 101 sockets 102 user-ports 103 buffer-memory 104\n");
	assert_int_equal(run(f, OUT_TEXT, "limit set utcp cells nine"),
			 EXIT_USAGE);
	assert_string_equal(
		f->error,
		"utcpctl: cells: \"nine\" is not a number: a digit is expected\n");
	assert_int_equal(f->k.requests, 2);
}

static int refuse_errno;

static void answer_refused(struct fake_socket *s,
			   const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };
	uint64_t min = 0, max = 65535;
	size_t at, nest;

	at = fake_error(&m, request, refuse_errno);
	fake_attr(&m, NLMSGERR_ATTR_MSG, "integer out of range", 21);
	fake_u32(&m, NLMSGERR_ATTR_OFFS, 24);
	nest = fake_attr(&m, NLMSGERR_ATTR_POLICY | NLA_F_NESTED, NULL, 0);
	fake_attr(&m, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, &min, sizeof(min));
	fake_attr(&m, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, &max, sizeof(max));
	fake_nest_end(&m, nest);
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

/* The kernel's message is shown with the option that it is about. */
static void limit_set__refused(void **state)
{
	struct fixture *f = *state;
	json_t *record, *e;

	f->k.answer = answer_refused;
	refuse_errno = ERANGE;
	assert_int_equal(run(f, OUT_TEXT, "limit set netswitch ports 70000"),
			 EXIT_REFUSED);
	assert_string_equal(
		f->error,
		"utcpctl: ports: integer out of range (allowed: 0 to 65535) (Numerical result out of range)\n");
	assert_int_equal(run(f, OUT_JSON, "limit set netswitch ports 70000"),
			 EXIT_REFUSED);
	record = read_json(f->error, f->error_len);
	e = json_object_get(record, "error");
	assert_string_equal(get(e, "code"), "refused");
	assert_int_equal(json_integer_value(json_object_get(e, "errno")),
			 ERANGE);
	assert_string_equal(get(e, "message"), "integer out of range");
	assert_string_equal(get(e, "attribute"), "limits.ports");
	assert_string_equal(get(e, "option"), "ports");
	assert_string_equal(get(e, "range"), "0 to 65535");
	json_decref(record);
}

static void exit_codes(void **state)
{
	static const struct {
		int err;
		int exit;
	} cases[] = {
		{ EINVAL, EXIT_REFUSED },    { EEXIST, EXIT_REFUSED },
		{ ENODEV, EXIT_NOT_FOUND },  { EBUSY, EXIT_BUSY },
		{ ETIMEDOUT, EXIT_BUSY },    { EPERM, EXIT_PERMISSION },
		{ EACCES, EXIT_PERMISSION },
	};
	struct fixture *f = *state;

	f->k.answer = answer_refused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		refuse_errno = cases[i].err;
		assert_int_equal(run(f, OUT_JSON, "limit show utcp"),
				 cases[i].exit);
		json_decref(read_json(f->error, f->error_len));
	}
}

/* Words that are no UTF-8, or would move a terminal's cursor. */
static void errors__strange_words(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run(f, OUT_JSON, "'\xff\xfe\"\\\n'"), EXIT_USAGE);
	json_decref(read_json(f->error, f->error_len));
	assert_int_equal(run(f, OUT_TEXT, "'\033[2J\x07'"), EXIT_USAGE);
	assert_null(strpbrk(f->error, "\033\x07"));
}

static void version(void **state)
{
	struct fixture *f = *state;
	json_t *record, *modules;

	f->k.loaded = 1U << LIBUTCP_NETSWITCH;
	assert_int_equal(run(f, OUT_JSON, "version"), 0);
	record = json(f);
	modules = json_object_get(record, "modules");
	assert_string_equal(get(record, "library"), utcp_version());
	assert_int_equal(json_array_size(modules), LIBUTCP_FAMILIES);
	assert_string_equal(get(json_array_get(modules, 0), "version"),
			    utcp_version());
	assert_true(json_is_null(
		json_object_get(json_array_get(modules, 1), "version")));
	json_decref(record);
	assert_int_equal(run(f, OUT_TEXT, "version"), 0);
	assert_non_null(strstr(f->text, "\nutcp not loaded\n"));
}

static void set(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text);
}

static void fill_status(struct utcp_status *s)
{
	struct utcp_module_status *m = &s->modules[LIBUTCP_ACL];
	struct utcp_problem *p = &m->problems[0];

	for (int i = 0; i < LIBUTCP_FAMILIES; i++) {
		s->modules[i].family = (enum utcp_family)i;
		s->modules[i].state = LIBUTCP_MODULE_NOT_INSTALLED;
	}
	set(s->release, sizeof(s->release), "6.1.0-test");
	s->secure_boot = LIBUTCP_YES;
	s->sig_enforce = LIBUTCP_NO;
	set(s->lockdown, sizeof(s->lockdown), "integrity");
	set(s->kernel_log, sizeof(s->kernel_log),
	    "Loading of unsigned module is rejected");
	m->state = LIBUTCP_MODULE_NOT_LOADED;
	m->signature = LIBUTCP_SIG_UNKNOWN_KEY;
	set(m->signer, sizeof(m->signer), "Example");
	set(m->path, sizeof(m->path), "/lib/modules/x.ko");
	m->n_problems = 1;
	p->fatal = true;
	set(p->code, sizeof(p->code), "unknown-key");
	set(p->message, sizeof(p->message), "the kernel refuses it");
	set(p->hint, sizeof(p->hint), "mokutil --import /some/cert");
}

static void status__missing(void **state)
{
	struct utcp_status *s = calloc(1, sizeof(*s));
	struct fixture *f = *state;
	json_t *record, *kernel, *m;

	fill_status(s);
	f->c.out.format = OUT_JSON;
	f->c.out.file = open_memstream(&f->text, &f->len);
	assert_int_equal(status_print(&f->c, s), EXIT_NOT_FOUND);
	assert_true(f->c.fault.quiet);
	fclose(f->c.out.file);
	record = json(f);
	assert_true(json_is_false(json_object_get(record, "works")));
	kernel = json_object_get(record, "kernel");
	assert_string_equal(get(kernel, "secure_boot"), "on");
	assert_string_equal(get(kernel, "sig_enforce"), "off");
	assert_string_equal(get(kernel, "lockdown"), "integrity");
	m = json_array_get(json_object_get(record, "modules"), LIBUTCP_ACL);
	assert_string_equal(get(m, "signature"), "unknown-key");
	m = json_array_get(json_object_get(m, "problems"), 0);
	assert_string_equal(get(m, "hint"), "mokutil --import /some/cert");
	json_decref(record);
	free(f->text);

	f->c.out.format = OUT_TEXT;
	f->c.out.color = true;
	f->c.out.file = open_memstream(&f->text, &f->len);
	status_print(&f->c, s);
	fclose(f->c.out.file);
	assert_non_null(strstr(f->text, "secure-boot on sig-enforce off"));
	assert_non_null(strstr(f->text, "try: mokutil --import /some/cert\n"));
	assert_non_null(strstr(f->text, "\033[31m"));
	free(s);
}

static void help__all(void **state)
{
	struct fixture *f = *state;
	char command[64];

	assert_int_equal(run(f, OUT_TEXT, "help"), 0);
	for (const struct cmd_object *o = cmd_objects; o->name; o++) {
		assert_non_null(strstr(f->text, o->summary));
		snprintf(command, sizeof(command), "help %s", o->name);
		assert_int_equal(run(f, OUT_TEXT, command), 0);
		assert_int_equal(strncmp(f->text, "Usage: utcpctl ", 15), 0);
		for (const struct cmd_verb *v = o->verbs; v->run && v->name;
		     v++) {
			assert_non_null(strstr(f->text, v->summary));
			snprintf(command, sizeof(command), "%s %s help",
				 o->name, v->name);
			assert_int_equal(run(f, OUT_TEXT, command), 0);
			assert_non_null(strstr(f->text, v->summary));
			snprintf(command, sizeof(command), "%s help", o->name);
			assert_int_equal(run(f, OUT_TEXT, command), 0);
		}
		assert_int_equal(run(f, OUT_TEXT, "help"), 0);
	}
	assert_int_equal(run(f, OUT_TEXT, "help limit set more"), EXIT_USAGE);
	assert_int_equal(run(f, OUT_TEXT, "help nonsense"), EXIT_USAGE);
}

static void monitor__in_batch(void **state)
{
	struct fixture *f = *state;

	f->c.in_batch = true;
	assert_int_equal(run(f, OUT_TEXT, "monitor"), EXIT_USAGE);
}

static void list__lengths(void **state)
{
	struct fixture *f = *state;

	for (size_t n = 0; n <= 3; n++)
		for (int format = OUT_JSON; format <= OUT_PRETTY; format++) {
			json_t *list;

			free(f->text);
			f->c.out.format = (enum out_format)format;
			f->c.out.file = open_memstream(&f->text, &f->len);
			out_list_begin(&f->c.out);
			for (size_t i = 0; i < n; i++)
				out_record(&f->c.out,
					   json_pack("{s:[i], s:s}", "a", 1,
						     "b", "x\ny"),
					   NULL);
			out_list_end(&f->c.out, false);
			fclose(f->c.out.file);
			list = json(f);
			assert_int_equal(json_array_size(list), n);
			json_decref(list);
		}
}

static void put_u64(struct fake_msg *m, uint16_t type, uint64_t value)
{
	fake_attr(m, type, &value, sizeof(value));
}

/* A ring without a transmit ring, with an option and a mode from the future. */
static void put_ring(struct fake_msg *m, uint32_t ifindex)
{
	size_t nest;

	fake_u32(m, NETSWITCH_A_RING_IFINDEX, ifindex);
	fake_u32(m, NETSWITCH_A_RING_ETHERTYPE, 0x4c57);
	fake_u32(m, NETSWITCH_A_RING_VID, 7);
	fake_u32(m, NETSWITCH_A_RING_FLAGS,
		 NETSWITCH_RING_SPOOF | NETSWITCH_RING_TIMESTAMP | 1U << 31);
	fake_u32(m, NETSWITCH_A_RING_FANOUT, ifindex);
	fake_u32(m, NETSWITCH_A_RING_PID, 812);
	fake_u32(m, NETSWITCH_A_RING_RX_SLOTS, 64);
	fake_u32(m, NETSWITCH_A_RING_SLOT_SIZE, 2048);
	fake_u32(m, NETSWITCH_A_RING_RX_MODE, NETSWITCH_RING_MODE_COPY);
	fake_u32(m, NETSWITCH_A_RING_TX_MODE, 77);
	fake_u32(m, NETSWITCH_A_RING_OVERFLOW, 1);
	nest = fake_attr(m, NETSWITCH_A_RING_RX, NULL, 0);
	put_u64(m, NETSWITCH_A_RING_RX_FRAMES, 9);
	put_u64(m, NETSWITCH_A_RING_RX_DELIVERED, 7);
	put_u64(m, NETSWITCH_A_RING_RX_FULL, 2);
	fake_nest_end(m, nest);
}

/* Two rings; the port of the second is new. */
static void answer_rings(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };
	struct genlmsghdr g;
	int zero = 0;
	size_t at;

	memcpy(&g, NLMSG_DATA(request), sizeof(g));
	for (uint32_t i = 2; i < 4; i++) {
		if (g.cmd == NETSWITCH_CMD_PORT_GET && i == 3)
			break;
		at = fake_begin(&m, request->nlmsg_type, NLM_F_MULTI,
				request->nlmsg_seq);
		fake_genl(&m, g.cmd);
		if (g.cmd == NETSWITCH_CMD_PORT_GET) {
			fake_u32(&m, NETSWITCH_A_PORT_IFINDEX, i);
			fake_attr(&m, NETSWITCH_A_PORT_IFNAME, "eth1", 5);
		} else {
			put_ring(&m, i);
		}
		fake_end(&m, at);
	}
	at = fake_begin(&m, NLMSG_DONE, NLM_F_MULTI, request->nlmsg_seq);
	fake_put(&m, &zero, sizeof(zero));
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

static void ring_show__all(void **state)
{
	struct fixture *f = *state;
	json_t *list, *ring, *want;

	f->k.answer = answer_rings;
	f->c.statistics = true;
	assert_int_equal(run(f, OUT_JSON, "ring show"), 0);
	list = json(f);
	assert_int_equal(json_array_size(list), 2);
	ring = json_array_get(list, 0);
	want = json_pack(
		"{s:s, s:i, s:s, s:i, s:[s, s], s:s, s:i, s:i, s:i, s:i, s:i, s:s, s:s, s:b, s:{s:i, s:i, s:i, s:i, s:i, s:i, s:{s:i}}}",
		"port", "eth1", "ifindex", 2, "ethertype", "0x4c57", "vid", 7,
		"flags", "spoof", "timestamp", "fanout", "cpu", "pid", 812,
		"uid", 0, "rx-slots", 64, "tx-slots", 0, "slot-size", 2048,
		"rx-mode", "copy", "tx-mode", "unknown", "overflow", 1, "rx",
		"frames", 9, "delivered", 7, "bytes", 0, "unread", 0,
		"max-used", 0, "wakeups", 0, "drops", "full", 2);
	assert_non_null(want);
	assert_true(json_equal(ring, want));
	json_decref(want);
	ring = json_array_get(list, 1);
	assert_null(json_object_get(ring, "port"));
	assert_string_equal(get(ring, "fanout"), "rr");
	json_decref(list);

	assert_int_equal(run(f, OUT_TEXT, "ring"), 0);
	assert_non_null(strstr(
		f->text,
		"eth1 ethertype 0x4c57 vid 7 fanout cpu pid 812 uid 0 rx-slots 64 tx-slots 0 slot-size 2048 rx-mode copy tx-mode unknown overflow yes spoof timestamp\n"
		"    rx: frames 9 delivered 7 bytes 0 unread 0 max-used 0 wakeups 0 drops: full 2\n"
		"ring ifindex 3 ethertype"));
	f->c.statistics = false;
	assert_int_equal(run(f, OUT_TEXT, "ring show"), 0);
	assert_null(strstr(f->text, "delivered"));
}

static void answer_ring_mac(struct fake_socket *s,
			    const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };
	struct genlmsghdr g;
	int zero = 0;
	size_t at;

	memcpy(&g, NLMSG_DATA(request), sizeof(g));
	if (g.cmd == NETSWITCH_CMD_RING_GET) {
		at = fake_begin(&m, request->nlmsg_type, NLM_F_MULTI,
				request->nlmsg_seq);
		fake_genl(&m, g.cmd);
		put_ring(&m, NETSWITCH_RING_FANOUT_MAC);
		fake_attr(&m, NETSWITCH_A_RING_MAC, "\2\0\0\0\0\7", 6);
		fake_end(&m, at);
	}
	at = fake_begin(&m, NLMSG_DONE, NLM_F_MULTI, request->nlmsg_seq);
	fake_put(&m, &zero, sizeof(zero));
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

static void ring_show__mac(void **state)
{
	struct fixture *f = *state;
	json_t *list;

	f->k.answer = answer_ring_mac;
	assert_int_equal(run(f, OUT_JSON, "ring show"), 0);
	list = json(f);
	assert_string_equal(get(json_array_get(list, 0), "fanout"), "mac");
	assert_string_equal(get(json_array_get(list, 0), "mac"),
			    "02:00:00:00:00:07");
	json_decref(list);
}

/* Two grants: of a user that has a name everywhere, and of a group without one. */
static void answer_grants(struct fake_socket *s, const struct nlmsghdr *request)
{
	bool dump = request->nlmsg_flags & NLM_F_ROOT;
	struct fake_msg m = { 0 };
	struct genlmsghdr g;
	int zero = 0;
	size_t at;

	memcpy(&g, NLMSG_DATA(request), sizeof(g));
	for (int i = 0; i < 1 + dump; i++) {
		at = fake_begin(&m, request->nlmsg_type, dump ? NLM_F_MULTI : 0,
				request->nlmsg_seq);
		fake_genl(&m, g.cmd);
		fake_u32(&m, NETSWITCH_A_GRANT_IFINDEX, 2);
		fake_attr(&m, NETSWITCH_A_GRANT_IFNAME, "eth1", 5);
		fake_u32(&m, NETSWITCH_A_GRANT_ETHERTYPE, 0x4c57);
		if (i)
			fake_u32(&m, NETSWITCH_A_GRANT_GID, 4294967294U);
		else
			fake_u32(&m, NETSWITCH_A_GRANT_UID, 0);
		if (i)
			fake_attr(&m, NETSWITCH_A_GRANT_MAC, "\2\0\0\0\0\7", 6);
		fake_end(&m, at);
	}
	at = fake_begin(&m, dump ? NLMSG_DONE : NLMSG_ERROR,
			dump ? NLM_F_MULTI : 0, request->nlmsg_seq);
	fake_put(&m, &zero, sizeof(zero));
	if (!dump)
		fake_put(&m, request, sizeof(*request));
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

static void grant__shown(void **state)
{
	struct fixture *f = *state;
	json_t *list, *want;

	f->k.answer = answer_grants;
	assert_int_equal(run(f, OUT_JSON, "grant show"), 0);
	list = json(f);
	want = json_pack(
		"[{s:s, s:i, s:s, s:s, s:i}, {s:s, s:i, s:s, s:I, s:s}]",
		"port", "eth1", "ifindex", 2, "ethertype", "0x4c57", "user",
		"root", "uid", 0, "port", "eth1", "ifindex", 2, "ethertype",
		"0x4c57", "gid", (json_int_t)4294967294, "mac",
		"02:00:00:00:00:07");
	assert_non_null(want);
	assert_true(json_equal(list, want));
	json_decref(want);
	json_decref(list);
	assert_int_equal(run(f, OUT_TEXT, "grant"), 0);
	assert_string_equal(
		f->text,
		"eth1 ethertype 0x4c57 user root uid 0\n"
		"eth1 ethertype 0x4c57 gid 4294967294 mac 02:00:00:00:00:07\n");
	assert_int_equal(
		run(f, OUT_TEXT,
		    "grant add eth1 0x4c57 u root mac 02:00:00:00:00:07"),
		0);
	assert_string_equal(f->text, "eth1 ethertype 0x4c57 user root uid 0\n");
	assert_int_equal(run(f, OUT_TEXT, "grant del eth1 0x4c57 g 7"), 0);
}

static void grant__usage(void **state)
{
	static const struct {
		const char *line;
		const char *message; /* part of it */
	} cases[] = {
		{ "grant add", "DEV is missing" },
		{ "grant add eth1", "ETHERTYPE is missing" },
		{ "grant add eth1 0x4c57", "WORD is missing" },
		{ "grant add eth1 0x4c57 user", "VALUE is missing" },
		{ "grant add eth1 0x4c57 mac 02:00:00:00:00:07",
		  "either a user or a group" },
		{ "grant add eth1 0x4c57 user 1 group 1",
		  "either a user or a group" },
		{ "grant add eth1 0x4c57 user 1 user 2", "given twice" },
		{ "grant add eth1 0x5ff user 1",
		  "\"0x5ff\" is not an EtherType: it is not in" },
		{ "grant add eth1 4c57 user 1", "is not an EtherType" },
		{ "grant add sixteen-letters- 0x4c57 user 1", "too long" },
		{ "grant del eth1 0x4c57 user no-such-user",
		  "no user \"no-such-user\"" },
		{ "grant del eth1 0x4c57 group 4294967296",
		  "no group \"4294967296\"" },
		{ "grant del eth1 0x4c57 user 1 mac 1:2",
		  "\"1:2\" is not a MAC address" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(run(f, OUT_TEXT, cases[i].line), EXIT_USAGE);
		if (!strstr(f->error, cases[i].message))
			fail_msg("\"%s\": %s", cases[i].line, f->error);
	}
}

static void shaper__usage(void **state)
{
	static const struct {
		const char *line;
		const char *message;
	} cases[] = {
		{ "shaper add", "CLASS is missing" },
		{ "shaper add thirty-two-letters-are-too-many-", "not a name" },
		{ "shaper add x bw-max", "VALUE is missing" },
		{ "shaper add x bw-max 1x", "\"1x\" is not a rate" },
		{ "shaper add x weight 1k", "\"1k\" is not a number" },
		{ "shaper add x bw-max 1m bw-max 2m", "given twice" },
		{ "shaper set x", "SETTING is missing" },
		{ "shaper set x parent y", "parent" },
		{ "shaper bind eth1 up x", "up" },
		{ "shaper bind eth1 in", "CLASS is missing" },
		{ "shaper bind sixteen-letters- in x", "not a name" },
		{ "shaper unbind eth1", "DIRECTION is missing" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(run(f, OUT_TEXT, cases[i].line), EXIT_USAGE);
		if (!strstr(f->error, cases[i].message))
			fail_msg("\"%s\": %s", cases[i].line, f->error);
	}
}

/* What @n such rules are printed as, by out_rule() or as records. The caller frees it. */
static char *rules_text(const struct utcp_acl_rule *rule, size_t n, bool list,
			enum out_format format, bool statistics, bool records)
{
	struct out o = { .format = format };
	char *text = NULL;
	size_t len = 0;

	o.file = open_memstream(&text, &len);
	assert_non_null(o.file);
	if (list)
		out_list_begin(&o);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(
			records ? out_record(&o, record_rule(rule, statistics),
					     text_rule) :
				  out_rule(&o, rule, statistics),
			0);
	if (list)
		out_list_end(&o, false);
	fclose(o.file);
	return text;
}

/* Rules are printed member by member as they would be as records. */
static void rule__printed(void **state)
{
	static const char *const comments[] = {
		"",
		"plain",
		"a \"quoted\" one",
		"back\\slash",
		"tab\there",
		"\x01\x1f",
		"\x7f",
		"Gr\xc3\xb6n",
		"\xff\xfe",
		"\xf0\x9f\x90\xa7",
		"a/b",
	};
	static const char *const words[][2] = {
		{ "src", "10.1.0.0/16" }, { "dst", "fd00::/8" },
		{ "proto", "tcp" },	  { "dport", "80-90" },
		{ "priority", "7" },	  { "flags", "syn/syn,ack" },
		{ "owner", "me" },	  { "expires", "1h" },
	};
	struct utcp_acl_rule rule = { .verdict = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *word;

		for (size_t w = 0; (word = utcp_acl_word(w)); w++)
			if (strcmp(word, words[i][0]) == 0)
				utcp_acl_rule_set(&rule, w, words[i][1]);
		rule.handle = i ? UINT64_MAX >> (64 - 8 * i) : 0;
		rule.packets = rule.handle;
		rule.bytes = i * 1000;
		rule.fields |= i & 1 ? LIBUTCP_ACL_LAST_HIT : 0;
		for (size_t k = 0;
		     k < sizeof(comments) / sizeof(comments[0]) * 24; k++) {
			size_t j = k / 24, how = k % 24;
			enum out_format format = how / 8;
			char *want, *text;

			rule.fields |= LIBUTCP_ACL_COMMENT;
			snprintf(rule.comment, sizeof(rule.comment), "%s",
				 comments[j]);
			want = rules_text(&rule, 1 + (how >> 1 & 1), how & 4,
					  format, how & 1, true);
			text = rules_text(&rule, 1 + (how >> 1 & 1), how & 4,
					  format, how & 1, false);
			assert_string_equal(text, want);
			free(want);
			free(text);
		}
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(limit_show__all),	     TEST(limit_show__one),
		TEST(limit_show__no_module), TEST(limit_set),
		TEST(limit_set__refused),    TEST(exit_codes),
		TEST(errors__strange_words), TEST(version),
		TEST(status__missing),	     TEST(help__all),
		TEST(monitor__in_batch),     TEST(list__lengths),
		TEST(ring_show__all),	     TEST(ring_show__mac),
		TEST(grant__shown),	     TEST(grant__usage),
		TEST(shaper__usage),	     TEST(rule__printed),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
