/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a request says (RFC 9112), as far as a server of fixed pages needs to know.
 * Bytes in, verdict out: no memory, no clock, no connection.
 */
#ifndef MEMBRANE_HTTP_H
#define MEMBRANE_HTTP_H

#include <stdbool.h>
#include <stddef.h>

/* Longest request line and headers together; and longest name of a page. */
#define HTTP_REQUEST_MAX 4096
#define HTTP_PATH_MAX 256

/**
 * enum http_status - status of an answer
 * @HTTP_INCOMPLETE: none yet: more bytes are needed
 * @HTTP_OK: RFC 9110, as all that follow but two
 * @HTTP_BAD_REQUEST: it is no request
 * @HTTP_NOT_FOUND: there is no such page
 * @HTTP_NOT_ALLOWED: a method of HTTP that pages do not have
 * @HTTP_TOO_LARGE: it has a body
 * @HTTP_URI_TOO_LONG: the path is too long
 * @HTTP_FIELDS_TOO_LARGE: RFC 6585; the whole is too long
 * @HTTP_NOT_IMPLEMENTED: a method that is not known
 * @HTTP_VERSION: a version that is not known
 */
enum http_status {
	HTTP_INCOMPLETE = 0,
	HTTP_OK = 200,
	HTTP_BAD_REQUEST = 400,
	HTTP_NOT_FOUND = 404,
	HTTP_NOT_ALLOWED = 405,
	HTTP_TOO_LARGE = 413,
	HTTP_URI_TOO_LONG = 414,
	HTTP_FIELDS_TOO_LARGE = 431,
	HTTP_NOT_IMPLEMENTED = 501,
	HTTP_VERSION = 505,
};

/**
 * struct http_request - a request
 * @path: what is asked for: begins with a slash, percent-encoding and query taken
 *	off; valid with HTTP_OK alone
 * @head: only the head of the answer is wanted
 * @close: the connection ends with the answer; after an error always
 * @used: bytes of the request; what follows them is the next one
 */
struct http_request {
	char path[HTTP_PATH_MAX];
	bool head;
	bool close;
	size_t used;
};

/**
 * http_parse() - read a request
 * @data: what came on the connection, from the request's first byte on
 * @len: how much
 * @request: filled in, unless the request is incomplete
 *
 * Lines end with CR LF; empty ones before a request are skipped. A request with a
 * body is refused: it has no meaning with GET and HEAD, and its end is what
 * requests are smuggled by.
 *
 * Return: HTTP_INCOMPLETE if that may be the beginning of a request and @len is
 * less than HTTP_REQUEST_MAX; HTTP_OK; or what is to be answered.
 */
enum http_status http_parse(const char *data, size_t len,
			    struct http_request *request);

/**
 * http_reason() - a status in words
 * @status: the status
 *
 * Return: as in the first line of an answer.
 */
const char *http_reason(enum http_status status);

#endif
