// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of request.c, extack.c, names.c, family.c and info.c: what the
 * library makes of the answers of a kernel, friendly or not.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/netswitch.h>

#include "fake.h"
#include "../family.h"

struct fixture {
	struct fake_kernel k;
	struct utcp_handle *h;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fake_init(&f->k);
	f->h = fake_handle(&f->k);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	utcp_handle_free(f->h);
	assert_null(f->k.sockets);
	free(f);
	return 0;
}

static const struct utcp_error *error_of(void **state)
{
	struct fixture *f = *state;

	return utcp_handle_error(f->h);
}

/* --- answers as they should be --- */

static void info_get(void **state)
{
	struct fixture *f = *state;
	struct utcp_module_info *info;

	for (int i = 0; i < LIBUTCP_FAMILIES; i++) {
		enum utcp_family family = (enum utcp_family)i;
		size_t n = 0;

		assert_int_equal(utcp_info_get(f->h, family, &info), 0);
		assert_int_equal(info->family, family);
		assert_string_equal(info->version, utcp_version());
		assert_int_equal(info->abi, 1);
		while (utcp_family_limit(family, n)) {
			assert_string_equal(info->limits[n].name,
					    utcp_family_limit(family, n)->name);
			assert_int_equal(info->limits[n].value, 100 + n);
			n++;
		}
		assert_int_equal(info->n_limits, n);
		utcp_module_info_free(info);
	}
	/* each id is asked for once */
	assert_int_equal(f->k.lists, LIBUTCP_FAMILIES);
}

static void limits_set(void **state)
{
	const struct utcp_limit limits[] = { { "rings", 7 }, { "ports", 5 } };
	struct fixture *f = *state;
	struct utcp_module_info *info;

	assert_int_equal(
		utcp_limits_set(f->h, LIBUTCP_NETSWITCH, limits, 2, &info), 0);
	assert_int_equal(info->limits[0].value, 5);
	assert_int_equal(info->limits[1].value, 7);
	assert_int_equal(info->limits[2].value, 102);
	utcp_module_info_free(info);
	assert_int_equal(
		utcp_limits_set(f->h, LIBUTCP_NETSWITCH, limits, 1, NULL), 0);
}

static void limits_set__arguments(void **state)
{
	const struct utcp_limit twice[] = { { "rings", 7 }, { "rings", 5 } };
	const struct utcp_limit unknown = { "cells", 1 };
	struct fixture *f = *state;

	assert_int_equal(utcp_limits_set(f->h, LIBUTCP_NETSWITCH, twice, 2,
					 NULL),
			 -EINVAL);
	assert_int_equal(utcp_limits_set(f->h, LIBUTCP_NETSWITCH, &unknown, 1,
					 NULL),
			 -EINVAL);
	assert_int_equal(utcp_limits_set(f->h, LIBUTCP_NETSWITCH, NULL, 0,
					 NULL),
			 -EINVAL);
	assert_int_equal(utcp_limits_set(f->h, LIBUTCP_FAMILIES, twice, 1,
					 NULL),
			 -EINVAL);
	assert_int_equal(error_of(state)->code, LIBUTCP_E_ARGUMENT);
	assert_int_equal(f->k.requests, 0);
}

/* --- modules that are not there, or were reloaded --- */

static void info_get__no_module(void **state)
{
	struct fixture *f = *state;
	struct utcp_module_info *info;

	f->k.loaded = 1U << LIBUTCP_NETSWITCH;
	assert_int_equal(utcp_info_get(f->h, LIBUTCP_ACL, &info), -ENOENT);
	assert_int_equal(error_of(state)->code, LIBUTCP_E_NO_MODULE);
	assert_string_equal(error_of(state)->message,
			    "module utcp_acl is not loaded");
}

static void info_get__reloaded(void **state)
{
	struct fixture *f = *state;
	struct utcp_module_info *info;

	assert_int_equal(utcp_info_get(f->h, LIBUTCP_UTCP, &info), 0);
	utcp_module_info_free(info);
	f->k.id = 50;
	assert_int_equal(utcp_info_get(f->h, LIBUTCP_UTCP, &info), 0);
	utcp_module_info_free(info);
	assert_int_equal(error_of(state)->code, LIBUTCP_OK);
	f->k.loaded = 0;
	assert_int_equal(utcp_info_get(f->h, LIBUTCP_UTCP, &info), -ENOENT);
	assert_int_equal(error_of(state)->code, LIBUTCP_E_NO_MODULE);
}

static void answer_enoent(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };

	fake_ack(&m, request, ENOENT);
	fake_send(s, m.data, m.len);
}

/* The module is there: then it is the object that is not. */
static void info_get__not_found(void **state)
{
	struct fixture *f = *state;
	struct utcp_module_info *info;

	f->k.answer = answer_enoent;
	assert_int_equal(utcp_info_get(f->h, LIBUTCP_UTCP, &info), -ENOENT);
	assert_int_equal(error_of(state)->code, LIBUTCP_E_NOT_FOUND);
	assert_int_equal(f->k.requests, 1);
}

static void families_loaded__interrupted(void **state)
{
	struct fixture *f = *state;
	unsigned int mask;

	f->k.interrupted = REQUEST_DUMP_TRIES - 1;
	f->k.loaded = 5;
	assert_int_equal(utcp_families_loaded(f->h, &mask), 0);
	assert_int_equal(mask, 5);
	assert_int_equal(f->k.lists, REQUEST_DUMP_TRIES);

	f->k.interrupted = 100;
	assert_int_equal(utcp_families_loaded(f->h, &mask), -EINTR);
	assert_int_equal(error_of(state)->code, LIBUTCP_E_BUSY);
	assert_int_equal(mask, 0);
	assert_int_equal(f->k.lists, 2 * REQUEST_DUMP_TRIES);
}

/* --- the kernel refuses --- */

static int refuse_errno;

static void answer_errno(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };

	fake_ack(&m, request, refuse_errno);
	fake_send(s, m.data, m.len);
}

static void refused__codes(void **state)
{
	static const struct {
		int err;
		enum utcp_error_code code;
	} cases[] = {
		{ EPERM, LIBUTCP_E_PERMISSION },
		{ EACCES, LIBUTCP_E_PERMISSION },
		{ ENODEV, LIBUTCP_E_NOT_FOUND },
		{ ESRCH, LIBUTCP_E_NOT_FOUND },
		{ EBUSY, LIBUTCP_E_BUSY },
		{ EAGAIN, LIBUTCP_E_BUSY },
		{ ETIMEDOUT, LIBUTCP_E_TIMEOUT },
		{ EINVAL, LIBUTCP_E_REFUSED },
		{ EEXIST, LIBUTCP_E_REFUSED },
		{ ERANGE, LIBUTCP_E_REFUSED },
		{ EOPNOTSUPP, LIBUTCP_E_REFUSED },
	};
	struct fixture *f = *state;
	struct utcp_module_info *info;

	f->k.answer = answer_errno;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		refuse_errno = cases[i].err;
		assert_int_equal(utcp_info_get(f->h, LIBUTCP_UTCP, &info),
				 -cases[i].err);
		assert_int_equal(error_of(state)->code, cases[i].code);
		assert_int_equal(error_of(state)->err, cases[i].err);
		assert_true(error_of(state)->message[0]);
	}
}

/* What the test wants in the extack of the next refusal. */
static struct {
	const char *message;
	bool has_offset;
	uint32_t offset;
	bool has_miss;
	uint32_t miss_type;
	bool has_nest;
	uint32_t miss_nest;
	bool has_range;
	bool whole; /* our request is repeated, not only its header */
} extack;

static void answer_extack(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };
	uint64_t low = 1, high = 65535;
	size_t at, nest;

	if (extack.whole) {
		int32_t error = -ERANGE;

		at = fake_begin(&m, NLMSG_ERROR, NLM_F_ACK_TLVS,
				request->nlmsg_seq);
		fake_put(&m, &error, sizeof(error));
		fake_put(&m, request, request->nlmsg_len);
	} else {
		at = fake_error(&m, request, ERANGE);
	}
	if (extack.message)
		fake_attr(&m, NLMSGERR_ATTR_MSG, extack.message,
			  strlen(extack.message) + 1);
	if (extack.has_offset)
		fake_u32(&m, NLMSGERR_ATTR_OFFS, extack.offset);
	if (extack.has_miss)
		fake_u32(&m, NLMSGERR_ATTR_MISS_TYPE, extack.miss_type);
	if (extack.has_nest)
		fake_u32(&m, NLMSGERR_ATTR_MISS_NEST, extack.miss_nest);
	if (extack.has_range) {
		nest = fake_attr(&m, NLMSGERR_ATTR_POLICY | NLA_F_NESTED, NULL,
				 0);
		fake_attr(&m, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, &low,
			  sizeof(low));
		fake_attr(&m, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, &high,
			  sizeof(high));
		fake_nest_end(&m, nest);
	}
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

static void set_two(void **state)
{
	const struct utcp_limit limits[] = { { "ports", 5 }, { "rings", 7 } };
	struct fixture *f = *state;

	f->k.answer = answer_extack;
	assert_int_equal(utcp_limits_set(f->h, LIBUTCP_NETSWITCH, limits, 2,
					 NULL),
			 -ERANGE);
	assert_int_equal(error_of(state)->code, LIBUTCP_E_REFUSED);
}

/* netlink header 16, genetlink header 4, nest at 20, ports at 24, rings at 32 */
static void refused__offset(void **state)
{
	static const struct {
		uint32_t offset;
		const char *path;
	} cases[] = {
		{ 20, "limits" },
		{ 24, "limits.ports" },
		{ 32, "limits.rings" },
		{ 28, "limits.ports" }, /* in its value */
		{ 0, "" },
		{ 16, "" },
		{ 21, "" },
		{ 33, "" },
		{ 40, "" }, /* the end */
		{ 41, "" },
		{ 0x7fffffff, "" },
		{ 0xffffffff, "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&extack, 0, sizeof(extack));
		extack.message = "too much";
		extack.has_offset = true;
		extack.offset = cases[i].offset;
		extack.whole = i % 2;
		set_two(state);
		assert_string_equal(error_of(state)->message, "too much");
		assert_string_equal(error_of(state)->attribute, cases[i].path);
	}
}

static void refused__missing(void **state)
{
	memset(&extack, 0, sizeof(extack));
	extack.has_miss = true;
	extack.miss_type = NETSWITCH_A_INFO_LIMITS;
	set_two(state);
	assert_true(error_of(state)->missing);
	assert_string_equal(error_of(state)->attribute, "limits");
	assert_string_equal(error_of(state)->message,
			    "an attribute is missing");

	extack.has_nest = true;
	extack.miss_nest = 20;
	extack.miss_type = NETSWITCH_A_LIMITS_RING_MEMORY;
	set_two(state);
	assert_string_equal(error_of(state)->attribute, "limits.ring-memory");

	extack.miss_type = 999;
	set_two(state);
	assert_string_equal(error_of(state)->attribute, "limits.#999");

	/* a nest that is not there */
	extack.miss_nest = 4000;
	set_two(state);
	assert_string_equal(error_of(state)->attribute, "#999");
}

static void refused__range(void **state)
{
	memset(&extack, 0, sizeof(extack));
	extack.has_range = true;
	set_two(state);
	assert_int_equal(error_of(state)->range, LIBUTCP_RANGE_UNSIGNED);
	assert_int_equal(error_of(state)->min, 1);
	assert_int_equal(error_of(state)->max, 65535);
}

static void refused__hostile_text(void **state)
{
	char text[600];

	memset(text, 'x', sizeof(text));
	text[0] = '\033';
	text[sizeof(text) - 1] = '\0';
	memset(&extack, 0, sizeof(extack));
	extack.message = text;
	set_two(state);
	assert_int_equal(error_of(state)->message[0], '?');
	assert_int_equal(strlen(error_of(state)->message),
			 sizeof(error_of(state)->message) - 1);
}

/* --- answers that make no sense --- */

typedef void bad_answer(struct fake_msg *m, const struct nlmsghdr *request);

static bad_answer *bad;

static void answer_bad(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };

	bad(&m, request);
	fake_send(s, m.data, m.len);
}

static size_t begin_reply(struct fake_msg *m, const struct nlmsghdr *request)
{
	return fake_begin(m, request->nlmsg_type, 0, request->nlmsg_seq);
}

static void bad_empty(struct fake_msg *m, const struct nlmsghdr *request)
{
	(void)m;
	(void)request;
}

static void bad_only_ack(struct fake_msg *m, const struct nlmsghdr *request)
{
	fake_ack(m, request, 0);
}

static void bad_no_genl(struct fake_msg *m, const struct nlmsghdr *request)
{
	fake_end(m, begin_reply(m, request));
	fake_ack(m, request, 0);
}

static void bad_command(struct fake_msg *m, const struct nlmsghdr *request)
{
	size_t at = begin_reply(m, request);

	fake_genl(m, 200);
	fake_end(m, at);
	fake_ack(m, request, 0);
}

static void bad_type(struct fake_msg *m, const struct nlmsghdr *request)
{
	size_t at = fake_begin(m, 0x7000, 0, request->nlmsg_seq);

	fake_genl(m, NETSWITCH_CMD_INFO_GET);
	fake_end(m, at);
	fake_ack(m, request, 0);
}

static void bad_no_version(struct fake_msg *m, const struct nlmsghdr *request)
{
	size_t at = begin_reply(m, request);

	fake_genl(m, NETSWITCH_CMD_INFO_GET);
	fake_u32(m, NETSWITCH_A_INFO_ABI, 1);
	fake_end(m, at);
	fake_ack(m, request, 0);
}

static void bad_limit_length(struct fake_msg *m, const struct nlmsghdr *request)
{
	size_t nest, at = begin_reply(m, request);

	fake_genl(m, NETSWITCH_CMD_INFO_GET);
	fake_attr(m, NETSWITCH_A_INFO_VERSION, "1", 2);
	fake_u32(m, NETSWITCH_A_INFO_ABI, 1);
	nest = fake_attr(m, NETSWITCH_A_INFO_LIMITS | NLA_F_NESTED, NULL, 0);
	fake_attr(m, NETSWITCH_A_LIMITS_PORTS, "ab", 2);
	fake_nest_end(m, nest);
	fake_end(m, at);
	fake_ack(m, request, 0);
}

static void bad_nest_length(struct fake_msg *m, const struct nlmsghdr *request)
{
	size_t nest, at = begin_reply(m, request);

	fake_genl(m, NETSWITCH_CMD_INFO_GET);
	nest = fake_attr(m, NETSWITCH_A_INFO_LIMITS | NLA_F_NESTED, NULL, 0);
	fake_u32(m, NETSWITCH_A_LIMITS_PORTS, 1);
	fake_nest_end(m, nest);
	m->data[nest] += 4; /* reaches behind the message */
	fake_end(m, at);
	fake_ack(m, request, 0);
}

static void bad_twice(struct fake_msg *m, const struct nlmsghdr *request)
{
	for (int i = 0; i < 2; i++) {
		size_t at = begin_reply(m, request);

		fake_genl(m, NETSWITCH_CMD_INFO_GET);
		fake_attr(m, NETSWITCH_A_INFO_VERSION, "1", 2);
		fake_u32(m, NETSWITCH_A_INFO_ABI, 1);
		fake_end(m, at);
	}
	fake_ack(m, request, 0);
}

static void bad_message_length(struct fake_msg *m,
			       const struct nlmsghdr *request)
{
	uint32_t len = 0x80000000;

	fake_end(m, begin_reply(m, request));
	memcpy(m->data, &len, sizeof(len));
}

static void bad_short_error(struct fake_msg *m, const struct nlmsghdr *request)
{
	fake_end(m, fake_begin(m, NLMSG_ERROR, 0, request->nlmsg_seq));
}

static void bad_positive_errno(struct fake_msg *m,
			       const struct nlmsghdr *request)
{
	fake_ack(m, request, -5);
}

static void bad_huge_errno(struct fake_msg *m, const struct nlmsghdr *request)
{
	fake_ack(m, request, 2147483647);
}

static void bad_done(struct fake_msg *m, const struct nlmsghdr *request)
{
	size_t at = fake_begin(m, NLMSG_DONE, 0, request->nlmsg_seq);
	int32_t zero = 0;

	fake_put(m, &zero, sizeof(zero));
	fake_end(m, at);
}

static void bad_answers(void **state)
{
	static const struct {
		bad_answer *bad;
		enum utcp_error_code code;
	} cases[] = {
		{ bad_empty, LIBUTCP_E_TIMEOUT },
		{ bad_only_ack, LIBUTCP_E_PROTOCOL },
		{ bad_no_genl, LIBUTCP_E_PROTOCOL },
		{ bad_command, LIBUTCP_E_PROTOCOL },
		{ bad_type, LIBUTCP_E_PROTOCOL },
		{ bad_no_version, LIBUTCP_E_PROTOCOL },
		{ bad_limit_length, LIBUTCP_E_PROTOCOL },
		{ bad_nest_length, LIBUTCP_E_PROTOCOL },
		{ bad_twice, LIBUTCP_E_PROTOCOL },
		{ bad_message_length, LIBUTCP_E_PROTOCOL },
		{ bad_short_error, LIBUTCP_E_PROTOCOL },
		{ bad_positive_errno, LIBUTCP_E_PROTOCOL },
		{ bad_huge_errno, LIBUTCP_E_PROTOCOL },
		{ bad_done, LIBUTCP_E_PROTOCOL },
	};
	struct fixture *f = *state;
	struct utcp_module_info *info;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bad = cases[i].bad;
		f->k.answer = answer_bad;
		assert_true(utcp_info_get(f->h, LIBUTCP_NETSWITCH, &info) < 0);
		assert_int_equal(error_of(state)->code, cases[i].code);
		/* and the handle is as good as new */
		f->k.answer = NULL;
		assert_int_equal(utcp_info_get(f->h, LIBUTCP_NETSWITCH, &info),
				 0);
		utcp_module_info_free(info);
	}
}

/* What others sent, or what came too late, is not our answer. */
static void answer_strange(struct fake_socket *s,
			   const struct nlmsghdr *request)
{
	struct nlmsghdr other = *request;
	struct fake_msg m = { 0 };
	uint32_t portid = 99;
	size_t at;

	other.nlmsg_seq--;
	fake_ack(&m, &other, EPERM);
	at = m.len;
	fake_ack(&m, request, EPERM);
	memcpy(m.data + at + offsetof(struct nlmsghdr, nlmsg_pid), &portid,
	       sizeof(portid));
	fake_send(s, m.data, m.len);
	m.len = 0;
	fake_ack(&m, request, EBUSY);
	fake_send(s, m.data, m.len);
}

static void others_answers(void **state)
{
	struct fixture *f = *state;
	struct utcp_module_info *info;

	f->k.answer = answer_strange;
	assert_int_equal(utcp_info_get(f->h, LIBUTCP_NETSWITCH, &info), -EBUSY);
}

static int recv_errno;

static void answer_recv_error(struct fake_socket *s,
			      const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };

	fake_send_error(s, recv_errno);
	/* the answer comes late, and must not be taken for the next one */
	fake_ack(&m, request, 0);
	fake_send(s, m.data, m.len);
}

static void recv_errors(void **state)
{
	static const struct {
		int err;
		enum utcp_error_code code;
	} cases[] = {
		{ EAGAIN, LIBUTCP_E_TIMEOUT },
		{ EMSGSIZE, LIBUTCP_E_PROTOCOL },
		{ ENOBUFS, LIBUTCP_E_SYSTEM },
	};
	struct fixture *f = *state;
	struct utcp_module_info *info;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f->k.answer = answer_recv_error;
		recv_errno = cases[i].err;
		assert_true(utcp_info_get(f->h, LIBUTCP_NETSWITCH, &info) < 0);
		assert_int_equal(error_of(state)->code, cases[i].code);
		f->k.answer = NULL;
		assert_int_equal(utcp_info_get(f->h, LIBUTCP_NETSWITCH, &info),
				 0);
		utcp_module_info_free(info);
	}
}

static void open_error(void **state)
{
	struct fixture *f = *state;
	struct utcp_module_info *info;

	f->k.answer = answer_recv_error;
	recv_errno = EAGAIN;
	assert_true(utcp_info_get(f->h, LIBUTCP_NETSWITCH, &info) < 0);
	f->k.open_error = EMFILE;
	assert_int_equal(utcp_info_get(f->h, LIBUTCP_NETSWITCH, &info),
			 -EMFILE);
	assert_int_equal(error_of(state)->code, LIBUTCP_E_SYSTEM);
}

static void handle__not_open(void **state)
{
	struct utcp_handle *h = utcp_handle_new();
	struct utcp_module_info *info;

	(void)state;
	assert_int_equal(utcp_info_get(h, LIBUTCP_NETSWITCH, &info), -EBADF);
	assert_int_equal(utcp_handle_error(h)->code, LIBUTCP_E_ARGUMENT);
	utcp_handle_free(h);
	utcp_handle_free(NULL);
}

static void handle__netns_names(void **state)
{
	static const struct {
		const char *name;
		enum utcp_error_code code;
	} cases[] = {
		{ "", LIBUTCP_E_ARGUMENT },
		{ ".", LIBUTCP_E_ARGUMENT },
		{ "..", LIBUTCP_E_ARGUMENT },
		{ "there-is-none-of-this-name", LIBUTCP_E_NOT_FOUND },
		{ "/there/is/none", LIBUTCP_E_NOT_FOUND },
		{ "/dev/null", LIBUTCP_E_ARGUMENT }, /* no namespace */
		{ "/proc/self/ns/uts", LIBUTCP_E_ARGUMENT }, /* another kind */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct utcp_handle *h = utcp_handle_new();

		assert_true(utcp_handle_open(h, cases[i].name) < 0);
		assert_int_equal(utcp_handle_error(h)->code, cases[i].code);
		utcp_handle_free(h);
	}
}

static void error_names(void **state)
{
	(void)state;
	for (int i = LIBUTCP_OK; i <= LIBUTCP_E_SYSTEM; i++)
		assert_true(utcp_error_name((enum utcp_error_code)i)[0]);
	assert_string_equal(utcp_error_name((enum utcp_error_code)99),
			    "unknown");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(info_get),
		TEST(limits_set),
		TEST(limits_set__arguments),
		TEST(info_get__no_module),
		TEST(info_get__reloaded),
		TEST(info_get__not_found),
		TEST(families_loaded__interrupted),
		TEST(refused__codes),
		TEST(refused__offset),
		TEST(refused__missing),
		TEST(refused__range),
		TEST(refused__hostile_text),
		TEST(bad_answers),
		TEST(others_answers),
		TEST(recv_errors),
		TEST(open_error),
		cmocka_unit_test(handle__not_open),
		cmocka_unit_test(handle__netns_names),
		cmocka_unit_test(error_names),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
