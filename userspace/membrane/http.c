// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "http.h"

/* A part of the request; not terminated. */
struct text {
	const char *at;
	size_t len;
};

/* What the fields said. */
struct fields {
	unsigned int hosts;
	bool body;
	bool close;
	bool keep;
};

static bool is(struct text t, const char *word)
{
	return t.len == strlen(word) && memcmp(t.at, word, t.len) == 0;
}

static bool is_nocase(struct text t, const char *word)
{
	return t.len == strlen(word) && strncasecmp(t.at, word, t.len) == 0;
}

/* RFC 9110, 5.6.2 */
static bool is_token(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z'))
			continue;
		if (!c || !strchr("!#$%&'*+-.^_`|~", c))
			return false;
	}
	return t.len > 0;
}

/* What may stand in a field: no control characters but the tab. */
static bool is_field_text(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		unsigned char c = (unsigned char)t.at[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static struct text trim(struct text t)
{
	while (t.len && (t.at[0] == ' ' || t.at[0] == '\t')) {
		t.at++;
		t.len--;
	}
	while (t.len && (t.at[t.len - 1] == ' ' || t.at[t.len - 1] == '\t'))
		t.len--;
	return t;
}

/* Cut off what stands before the first @c, which goes, too; false without one. */
static bool cut(struct text *rest, char c, struct text *part)
{
	const char *end = memchr(rest->at, c, rest->len);

	if (!end)
		return false;
	part->at = rest->at;
	part->len = (size_t)(end - rest->at);
	rest->len -= part->len + 1;
	rest->at = end + 1;
	return true;
}

/* Cut off a line: 1, 0 if its end is not there yet, -1 if it ends without CR. */
static int cut_line(struct text *rest, struct text *line)
{
	struct text before = *rest;

	if (!cut(rest, '\n', line))
		return 0;
	if (!line->len || line->at[line->len - 1] != '\r') {
		*rest = before;
		return -1;
	}
	line->len--;
	return 1;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The target: "/path?query" or "http://host/path?query". */
static enum http_status parse_target(struct text t, struct http_request *r)
{
	static const char scheme[] = "http://";
	size_t n = 0;

	if (t.len >= sizeof(scheme) - 1 &&
	    strncasecmp(t.at, scheme, sizeof(scheme) - 1) == 0) {
		struct text host;

		t.at += sizeof(scheme) - 1;
		t.len -= sizeof(scheme) - 1;
		if (!cut(&t, '/', &host) || !host.len)
			return HTTP_BAD_REQUEST;
		/* the slash belongs to the path */
		t.at--;
		t.len++;
	}
	if (!t.len || t.at[0] != '/')
		return HTTP_BAD_REQUEST;
	for (size_t i = 0; i < t.len && t.at[i] != '?'; i++) {
		int c = (unsigned char)t.at[i];

		if (c <= 0x20 || c >= 0x7f || c == '#')
			return HTTP_BAD_REQUEST;
		if (c == '%') {
			int high, low;

			if (t.len - i < 3)
				return HTTP_BAD_REQUEST;
			high = hex(t.at[i + 1]);
			low = hex(t.at[i + 2]);
			if (high < 0 || low < 0 || (high == 0 && low == 0))
				return HTTP_BAD_REQUEST;
			c = high << 4 | low;
			i += 2;
		}
		if (n == sizeof(r->path) - 1)
			return HTTP_URI_TOO_LONG;
		r->path[n++] = (char)c;
	}
	r->path[n] = '\0';
	return HTTP_OK;
}

/* RFC 9112, 2.3: a server of 1.1 may answer 1.0, and any minor of its own major. */
static enum http_status parse_version(struct text t, bool *persistent)
{
	if (t.len != 8 || memcmp(t.at, "HTTP/", 5) || t.at[6] != '.' ||
	    t.at[5] < '0' || t.at[5] > '9' || t.at[7] < '0' || t.at[7] > '9')
		return HTTP_BAD_REQUEST;
	if (t.at[5] != '1')
		return HTTP_VERSION;
	*persistent = t.at[7] != '0';
	return HTTP_OK;
}

static enum http_status parse_method(struct text t, bool *head)
{
	static const char *const others[] = { "POST",	 "PUT",	    "DELETE",
					      "CONNECT", "OPTIONS", "TRACE",
					      "PATCH" };

	if (!is_token(t))
		return HTTP_BAD_REQUEST;
	*head = is(t, "HEAD");
	if (*head || is(t, "GET"))
		return HTTP_OK;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (is(t, others[i]))
			return HTTP_NOT_ALLOWED;
	return HTTP_NOT_IMPLEMENTED;
}

static enum http_status parse_line(struct text line, struct http_request *r,
				   bool *persistent)
{
	enum http_status status, method_status;
	struct text method, target;

	if (!cut(&line, ' ', &method) || !cut(&line, ' ', &target))
		return HTTP_BAD_REQUEST;
	/* What it is comes first: what HTTP/2 means by the rest is not known. */
	status = parse_version(line, persistent);
	if (status != HTTP_OK)
		return status;
	method_status = parse_method(method, &r->head);
	if (method_status != HTTP_OK)
		return method_status;
	return parse_target(target, r);
}

static void parse_connection(struct text value, struct fields *f)
{
	struct text word;

	do {
		if (!cut(&value, ',', &word)) {
			word = value;
			value.len = 0;
		}
		word = trim(word);
		if (is_nocase(word, "close"))
			f->close = true;
		else if (is_nocase(word, "keep-alive"))
			f->keep = true;
	} while (value.len);
}

static enum http_status parse_field(struct text line, struct fields *f)
{
	struct text name;

	/* No blank before the colon, no line that goes on the one before it. */
	if (!cut(&line, ':', &name) || !is_token(name) || !is_field_text(line))
		return HTTP_BAD_REQUEST;
	line = trim(line);
	if (is_nocase(name, "Host"))
		f->hosts++;
	else if (is_nocase(name, "Connection"))
		parse_connection(line, f);
	else if (is_nocase(name, "Transfer-Encoding") ||
		 (is_nocase(name, "Content-Length") && !is(line, "0")))
		f->body = true;
	return HTTP_OK;
}

/* The longest request is here, and it is not complete. */
static enum http_status too_long(struct text rest, size_t len)
{
	if (len < HTTP_REQUEST_MAX)
		return HTTP_INCOMPLETE;
	return rest.len == len ? HTTP_URI_TOO_LONG : HTTP_FIELDS_TOO_LARGE;
}

static enum http_status parse(const char *data, size_t len,
			      struct http_request *r)
{
	enum http_status status = HTTP_OK, field_status;
	struct text rest = { data, len }, line = { data, 0 };
	struct fields f = { 0 };
	bool persistent = false;
	int got;

	do {
		got = cut_line(&rest, &line);
	} while (got > 0 && !line.len);
	if (got < 0)
		return HTTP_BAD_REQUEST;
	if (!got)
		return too_long(rest, len);
	status = parse_line(line, r, &persistent);
	/* An error is answered when the fields are read: who sends is done then. */
	for (;;) {
		got = cut_line(&rest, &line);
		if (got < 0)
			return HTTP_BAD_REQUEST;
		if (!got)
			return too_long(rest, len);
		if (!line.len)
			break;
		field_status = parse_field(line, &f);
		if (field_status != HTTP_OK)
			return field_status;
	}
	if (status != HTTP_OK)
		return status;
	if (f.hosts > 1 || (persistent && !f.hosts))
		return HTTP_BAD_REQUEST;
	if (f.body)
		return HTTP_TOO_LARGE;
	r->close = f.close || (!persistent && !f.keep);
	r->used = len - rest.len;
	return HTTP_OK;
}

enum http_status http_parse(const char *data, size_t len,
			    struct http_request *request)
{
	enum http_status status;

	memset(request, 0, sizeof(*request));
	if (len > HTTP_REQUEST_MAX)
		len = HTTP_REQUEST_MAX;
	status = parse(data, len, request);
	if (status != HTTP_OK) {
		request->close = true;
		request->used = len;
		request->path[0] = '\0';
	}
	return status;
}

const char *http_reason(enum http_status status)
{
	switch (status) {
	case HTTP_OK:
		return "OK";
	case HTTP_NOT_FOUND:
		return "Not Found";
	case HTTP_NOT_ALLOWED:
		return "Method Not Allowed";
	case HTTP_TOO_LARGE:
		return "Content Too Large";
	case HTTP_URI_TOO_LONG:
		return "URI Too Long";
	case HTTP_FIELDS_TOO_LARGE:
		return "Request Header Fields Too Large";
	case HTTP_NOT_IMPLEMENTED:
		return "Not Implemented";
	case HTTP_VERSION:
		return "HTTP Version Not Supported";
	case HTTP_INCOMPLETE:
	case HTTP_BAD_REQUEST:
		break;
	}
	return "Bad Request";
}
