// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "say.h"
#include "where.h"

static int read_unix(struct where *w, const char *option, const char *path)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&w->address;
	size_t len = strlen(path);

	if (!len)
		return say_usage("%s: \"%s\" has no path", option, w->text);
	if (len >= sizeof(un->sun_path))
		return say_usage("%s: \"%s\": a path has at most %zu bytes",
				 option, w->text, sizeof(un->sun_path) - 1);
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, len + 1);
	w->len = sizeof(*un);
	return EXIT_DONE;
}

/* Copies what stands between brackets, or in front of the last colon. */
static const char *split(const char *text, char *host, size_t size)
{
	const char *end, *port;

	if (text[0] == '[') {
		text++;
		end = strchr(text, ']');
		port = end && end[1] == ':' ? end + 2 : NULL;
	} else {
		end = strrchr(text, ':');
		port = end ? end + 1 : NULL;
		/* An address of IPv6 without brackets is not to be guessed at. */
		if (end && memchr(text, ':', (size_t)(end - text)))
			return NULL;
	}
	if (!port || end == text || (size_t)(end - text) >= size)
		return NULL;
	memcpy(host, text, (size_t)(end - text));
	host[end - text] = '\0';
	return port;
}

static int read_tcp(struct where *w, const char *option, const char *text,
		    bool listens)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_NUMERICSERV };
	struct addrinfo *found;
	const char *port;
	char host[256];
	int err;

	port = split(text, host, sizeof(host));
	if (!port)
		return say_usage(
			"%s: \"%s\": tcp:HOST:PORT or tcp:[IP6]:PORT is expected",
			option, w->text);
	if (!port[0] || strspn(port, "0123456789") != strlen(port) ||
	    strlen(port) > 5 || strtoul(port, NULL, 10) > 65535 ||
	    (!listens && !strtoul(port, NULL, 10)))
		return say_usage("%s: \"%s\": \"%s\" is no port", option,
				 w->text, port);
	err = getaddrinfo(host, port, &hints, &found);
	if (err) {
		say("%s: \"%s\": %s", option, w->text, gai_strerror(err));
		return EXIT_NOT_FOUND;
	}
	memcpy(&w->address, found->ai_addr, found->ai_addrlen);
	w->len = found->ai_addrlen;
	freeaddrinfo(found);
	return EXIT_DONE;
}

int where_read(struct where *w, const char *option, const char *text,
	       bool listens)
{
	if (w->text)
		return say_usage("%s is given twice", option);
	w->text = text;
	if (strncmp(text, "unix:", 5) == 0)
		return read_unix(w, option, text + 5);
	if (strncmp(text, "tcp:", 4) == 0)
		return read_tcp(w, option, text + 4, listens);
	return say_usage("%s: \"%s\": tcp:HOST:PORT or unix:PATH is expected",
			 option, text);
}

bool where_has_messages(const struct where *w)
{
	return w->address.ss_family == AF_UNIX;
}

static void tell(const struct where *w, int fd)
{
	struct sockaddr_storage own = { 0 };
	socklen_t len = sizeof(own);
	char host[256], port[16];

	if (w->address.ss_family == AF_UNIX)
		say("listens on %s", w->text);
	else if (!getsockname(fd, (struct sockaddr *)&own, &len) &&
		 !getnameinfo((struct sockaddr *)&own, len, host, sizeof(host),
			      port, sizeof(port),
			      NI_NUMERICHOST | NI_NUMERICSERV))
		say(strchr(host, ':') ? "listens on tcp:[%s]:%s" :
					"listens on tcp:%s:%s",
		    host, port);
}

int where_listen(const struct where *w, int type, bool verbose, int *fd)
{
	mode_t mask;
	int one = 1, err;

	*fd = socket(w->address.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK,
		     0);
	if (*fd < 0)
		return say_failed(errno, "%s", w->text);
	if (w->address.ss_family != AF_UNIX)
		setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	mask = umask(0177);
	err = bind(*fd, (const struct sockaddr *)&w->address, w->len) ? errno :
									0;
	umask(mask);
	if (!err && listen(*fd, SOMAXCONN)) {
		err = errno;
		where_remove(w);
	}
	if (err)
		return say_failed(err, "%s", w->text);
	if (verbose)
		tell(w, *fd);
	return EXIT_DONE;
}

int where_connect(const struct where *w, int type)
{
	int fd, err;

	fd = socket(w->address.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (const struct sockaddr *)&w->address, w->len) ||
	    errno == EINPROGRESS)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

void where_remove(const struct where *w)
{
	if (w->address.ss_family == AF_UNIX)
		unlink(((const struct sockaddr_un *)&w->address)->sun_path);
}

void where_ready(int fd)
{
	int one = 1;

	/* Fails for what is not TCP. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}
