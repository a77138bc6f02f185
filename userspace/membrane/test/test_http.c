// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of http.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../http.h"

#define H "Host: h\r\n"

static enum http_status parse(const char *text, size_t len,
			      struct http_request *r)
{
	/* of its very length, and no NUL behind it */
	char *copy = malloc(len ? len : 1);
	enum http_status status;

	assert_non_null(copy);
	memcpy(copy, text, len);
	status = http_parse(copy, len, r);
	free(copy);
	if (status == HTTP_INCOMPLETE)
		assert_true(len < HTTP_REQUEST_MAX);
	else
		assert_true(r->used <= len);
	if (status == HTTP_OK)
		assert_int_equal(r->path[0], '/');
	return status;
}

struct good {
	const char *text;
	const char *path;
	bool head;
	bool close;
};

static void good_requests(void **state)
{
	static const struct good good[] = {
		{ "GET / HTTP/1.1\r\n" H "\r\n", "/", false, false },
		{ "HEAD /a/b.html HTTP/1.1\r\n" H "\r\n", "/a/b.html", true,
		  false },
		{ "GET /?q=1%zz HTTP/1.1\r\n" H "\r\n", "/", false, false },
		{ "GET /%41%2f%7e HTTP/1.1\r\n" H "\r\n", "/A/~", false,
		  false },
		{ "GET http://h/x HTTP/1.1\r\n" H "\r\n", "/x", false, false },
		{ "GET HTTP://h:80/x?y HTTP/1.1\r\nhost:h\r\n\r\n", "/x", false,
		  false },
		{ "\r\n\r\nGET / HTTP/1.1\r\n" H "\r\n", "/", false, false },
		{ "GET / HTTP/1.1\r\n" H "Connection: close\r\n\r\n", "/",
		  false, true },
		{ "GET / HTTP/1.1\r\n" H "connection: x , Close\r\n\r\n", "/",
		  false, true },
		{ "GET / HTTP/1.0\r\n\r\n", "/", false, true },
		{ "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "/",
		  false, false },
		{ "GET / HTTP/1.7\r\n" H "\r\n", "/", false, false },
		{ "GET / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", "/",
		  false, false },
		{ "GET / HTTP/1.1\r\nHost:\r\nX:\t\xc3\xa4\t\r\n\r\n", "/",
		  false, false },
		/* names are looked up as they are: no way out of a folder */
		{ "GET /../../etc/passwd HTTP/1.1\r\n" H "\r\n",
		  "/../../etc/passwd", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		size_t len = strlen(good[i].text);
		struct http_request r;

		assert_int_equal(parse(good[i].text, len, &r), HTTP_OK);
		assert_string_equal(r.path, good[i].path);
		assert_int_equal(r.head, good[i].head);
		assert_int_equal(r.close, good[i].close);
		assert_int_equal(r.used, len);
		for (size_t n = 0; n < len; n++)
			assert_int_equal(parse(good[i].text, n, &r),
					 HTTP_INCOMPLETE);
	}
}

static void bad_requests(void **state)
{
	static const struct {
		const char *text;
		enum http_status status;
	} bad[] = {
		{ "GET\r\n\r\n", HTTP_BAD_REQUEST },
		{ "GET /\r\n\r\n", HTTP_BAD_REQUEST },
		{ "GET  / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ " GET / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/1.1 \r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET / http/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/1.1\n" H "\n", HTTP_BAD_REQUEST },
		{ "GET x HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET http:///x HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET http://h HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET /%0 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET /%00 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET /%zz HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET /# HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET /\x01 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET /\xff HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" H H "\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" H "X : y\r\n\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" H " folded\r\n\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" H "no colon\r\n\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" H "X: a\rb\r\n\r\n", HTTP_BAD_REQUEST },
		{ "G(T / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_REQUEST },
		{ "GET / HTTP/2.0\r\n\r\n", HTTP_VERSION },
		{ "PRI * HTTP/2.0\r\n\r\n", HTTP_VERSION },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 9\r\n\r\n",
		  HTTP_NOT_ALLOWED },
		{ "OPTIONS * HTTP/1.1\r\n" H "\r\n", HTTP_NOT_ALLOWED },
		{ "BREW /pot HTTP/1.1\r\n" H "\r\n", HTTP_NOT_IMPLEMENTED },
		{ "get / HTTP/1.1\r\n" H "\r\n", HTTP_NOT_IMPLEMENTED },
		{ "GET / HTTP/1.1\r\n" H "Content-Length: 9\r\n\r\n",
		  HTTP_TOO_LARGE },
		{ "GET / HTTP/1.1\r\n" H "Content-Length: 00\r\n\r\n",
		  HTTP_TOO_LARGE },
		{ "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n",
		  HTTP_TOO_LARGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct http_request r;
		enum http_status got =
			parse(bad[i].text, strlen(bad[i].text), &r);

		if (got != bad[i].status)
			fail_msg("%s: %d", bad[i].text, (int)got);
		assert_true(r.close);
		assert_string_equal(r.path, "");
	}
}

static void long_requests(void **state)
{
	static const char end[] = { '\r', '\n', '\r', '\n' };
	static char text[2 * HTTP_REQUEST_MAX];
	struct http_request r;
	int n;

	(void)state;
	/* a line without an end */
	memset(text, 'a', sizeof(text));
	assert_int_equal(parse(text, HTTP_REQUEST_MAX - 1, &r),
			 HTTP_INCOMPLETE);
	assert_int_equal(parse(text, HTTP_REQUEST_MAX, &r), HTTP_URI_TOO_LONG);
	assert_int_equal(parse(text, sizeof(text), &r), HTTP_URI_TOO_LONG);
	/* headers without an end */
	n = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nX: ");
	memset(text + n, 'a', sizeof(text) - (size_t)n);
	assert_int_equal(parse(text, HTTP_REQUEST_MAX - 1, &r),
			 HTTP_INCOMPLETE);
	assert_int_equal(parse(text, HTTP_REQUEST_MAX, &r),
			 HTTP_FIELDS_TOO_LARGE);
	/* an end that comes too late */
	memcpy(text + HTTP_REQUEST_MAX - 3, end, sizeof(end));
	assert_int_equal(parse(text, HTTP_REQUEST_MAX + 1, &r),
			 HTTP_FIELDS_TOO_LARGE);
	/* and in time */
	memset(text, ' ', sizeof(text));
	n = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" H "X:");
	text[n] = ' ';
	memcpy(text + HTTP_REQUEST_MAX - 4, end, sizeof(end));
	assert_int_equal(parse(text, HTTP_REQUEST_MAX, &r), HTTP_OK);
	/* names */
	for (int extra = -2; extra <= 0; extra++) {
		n = snprintf(text, sizeof(text),
			     "GET /%0*d HTTP/1.1\r\n" H "\r\n",
			     HTTP_PATH_MAX + extra, 0);
		assert_int_equal(parse(text, (size_t)n, &r),
				 extra == -2 ? HTTP_OK : HTTP_URI_TOO_LONG);
	}
}

static void two_requests(void **state)
{
	static const char first[] = "GET /1 HTTP/1.1\r\n" H "\r\n";
	static const char both[] = "GET /1 HTTP/1.1\r\n" H "\r\n"
				   "GET /2 HTTP/1.1\r\n" H "\r\n";
	struct http_request r;

	(void)state;
	for (size_t n = sizeof(first) - 1; n < sizeof(both); n++) {
		assert_int_equal(parse(both, n, &r), HTTP_OK);
		assert_string_equal(r.path, "/1");
		assert_int_equal(r.used, sizeof(first) - 1);
	}
	assert_int_equal(parse(both + r.used, sizeof(both) - 1 - r.used, &r),
			 HTTP_OK);
	assert_string_equal(r.path, "/2");
}

/* Every byte changed: whatever it is then, it is judged. */
static void mutations(void **state)
{
	static const char seed[] =
		"GET http://h/a%20b?c HTTP/1.1\r\nHost: h\r\n"
		"Connection: keep-alive, x\r\nContent-Length: 0\r\n\r\n";
	unsigned long verdicts[600] = { 0 };
	char text[sizeof(seed)];
	struct http_request r;

	(void)state;
	for (size_t at = 0; at < sizeof(seed) - 1; at++)
		for (int c = 0; c < 256; c++) {
			memcpy(text, seed, sizeof(seed));
			text[at] = (char)c;
			verdicts[parse(text, sizeof(seed) - 1, &r)]++;
		}
	assert_true(verdicts[HTTP_OK] > 1000);
	assert_true(verdicts[HTTP_BAD_REQUEST] > 1000);
	assert_true(verdicts[HTTP_NOT_IMPLEMENTED] > 100);
	assert_true(verdicts[HTTP_VERSION] > 0);
	assert_true(verdicts[HTTP_TOO_LARGE] > 100);
	assert_true(verdicts[HTTP_INCOMPLETE] > 0);
}

static void reasons(void **state)
{
	(void)state;
	assert_string_equal(http_reason(HTTP_OK), "OK");
	assert_string_equal(http_reason(HTTP_NOT_FOUND), "Not Found");
	assert_string_equal(http_reason(HTTP_NOT_ALLOWED),
			    "Method Not Allowed");
	assert_string_equal(http_reason(HTTP_BAD_REQUEST), "Bad Request");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_requests), cmocka_unit_test(bad_requests),
		cmocka_unit_test(long_requests), cmocka_unit_test(two_requests),
		cmocka_unit_test(mutations),	 cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
