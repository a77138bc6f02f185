// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Tests of the list of sockets, on a transport that answers what it is told to.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <utcp/socket.h>

#include "../handle.h"

#define SEQ 1

static struct {
	unsigned char bytes[4096];
	size_t len;
} answer;

static struct utcp_diag_req asked;
static bool closed;

static int answer_send(struct utcp_transport *t, const void *data, size_t len)
{
	(void)t;
	assert_int_equal(len, NLMSG_HDRLEN + sizeof(asked));
	memcpy(&asked, (const char *)data + NLMSG_HDRLEN, sizeof(asked));
	return 0;
}

static ssize_t answer_recv(struct utcp_transport *t, void *data, size_t size,
			   int timeout_ms)
{
	size_t len = answer.len;

	(void)t;
	(void)timeout_ms;
	assert_true(len <= size);
	memcpy(data, answer.bytes, len);
	answer.len = 0;
	return len ? (ssize_t)len : -EAGAIN;
}

static void answer_close(struct utcp_transport *t)
{
	(void)t;
	closed = true;
}

static const struct utcp_transport_ops answer_ops = {
	.send = answer_send,
	.recv = answer_recv,
	.close = answer_close,
};

static struct utcp_transport transport = { .ops = &answer_ops };

static int answer_open(struct utcp_opener *o, struct utcp_transport **t)
{
	(void)o;
	*t = &transport;
	return 0;
}

static void answer_free(struct utcp_opener *o)
{
	(void)o;
}

static struct utcp_opener opener = { .open = answer_open,
				     .open_diag = answer_open,
				     .free = answer_free };

static void put(uint16_t type, const void *payload, size_t len)
{
	struct nlmsghdr nlh = { .nlmsg_len = NLMSG_HDRLEN + len,
				.nlmsg_type = type,
				.nlmsg_seq = SEQ };

	memcpy(answer.bytes + answer.len, &nlh, sizeof(nlh));
	memcpy(answer.bytes + answer.len + NLMSG_HDRLEN, payload, len);
	answer.len += NLMSG_ALIGN(nlh.nlmsg_len);
}

static void put_done(int32_t err)
{
	put(err ? NLMSG_ERROR : NLMSG_DONE, &err, sizeof(err));
}

/* A socket with the first bytes of an info only, as an older kernel gives it. */
static void put_socket(uint16_t port)
{
	struct {
		struct utcp_diag_msg msg;
		struct nlattr attr;
		uint8_t info[8];
	} s = {
		.msg = { .udiag_family = AF_UTCP, .udiag_port = port },
		.attr = { .nla_len = NLA_HDRLEN + 8,
			  .nla_type = UTCP_DIAG_INFO },
		.info = { 1, 1, 0, 0, 9, 0, 0, 0 },
	};

	put(SOCK_DIAG_BY_FAMILY, &s, sizeof(s));
}

static int list(struct utcp_error *e, struct utcp_socket **sockets, size_t *n)
{
	struct utcp_handle *h = utcp_handle_new();
	int err;

	assert_non_null(h);
	assert_int_equal(handle_open_with(h, &opener), 0);
	closed = false;
	err = utcp_socket_list(h, NULL, sockets, n);
	assert_true(closed);
	*e = *utcp_handle_error(h);
	utcp_handle_free(h);
	return err;
}

static void sockets_are_listed(void **state)
{
	struct utcp_socket *s;
	struct utcp_error e;
	size_t n;

	(void)state;
	put_socket(7);
	put_socket(8);
	put_done(0);
	assert_int_equal(list(&e, &s, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(s[1].msg.udiag_port, 8);
	assert_int_equal(s[1].info.rcv_queue, 9);
	assert_int_equal(s[1].info.bytes_sent, 0);
	assert_int_equal(asked.udiag_states, UINT32_MAX);
	assert_int_equal(asked.sdiag_family, AF_UTCP);
	free(s);
}

static void errors_are_told(void **state)
{
	struct utcp_socket *s;
	struct utcp_error e;
	size_t n;

	(void)state;
	put_socket(7);
	put_done(-ENOENT);
	assert_int_equal(list(&e, &s, &n), -ENOENT);
	assert_int_equal(e.code, LIBUTCP_E_NO_MODULE);
	assert_null(s);
	assert_int_equal(list(&e, &s, &n), -ETIMEDOUT);
	assert_int_equal(e.code, LIBUTCP_E_TIMEOUT);
}

static void nonsense_is_refused(void **state)
{
	struct utcp_socket *s;
	struct utcp_error e;
	size_t n;

	(void)state;
	put(SOCK_DIAG_BY_FAMILY, "short", 5);
	assert_int_equal(list(&e, &s, &n), -EBADMSG);
	put_socket(7);
	answer.bytes[0] = 5; /* shorter than a header */
	assert_int_equal(list(&e, &s, &n), -EBADMSG);
	answer.len = 0;
	put_socket(7);
	answer.bytes[1] = 0xff; /* longer than what came */
	assert_int_equal(list(&e, &s, &n), -EBADMSG);
	answer.len = 0;
	put_socket(7);
	answer.bytes[NLMSG_HDRLEN + sizeof(struct utcp_diag_msg)] = 99;
	assert_int_equal(list(&e, &s, &n), -EBADMSG);
	assert_int_equal(e.code, LIBUTCP_E_PROTOCOL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_are_listed),
		cmocka_unit_test(errors_are_told),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
