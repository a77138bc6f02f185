// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Files that hold one key.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utcp/keyfile.h>

__attribute__((format(printf, 4, 5))) static int
failed(char *message, size_t size, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, size, fmt, ap);
	va_end(ap);
	return -err;
}

static int check_mode(int fd, const char *path, char *message, size_t size)
{
	struct stat st;

	if (fstat(fd, &st))
		return failed(message, size, errno, "%s: %s", path,
			      strerror(errno));
	if (S_ISDIR(st.st_mode))
		return failed(message, size, EISDIR, "%s is a directory", path);
	/* A pipe is between its two ends, whatever its mode says. */
	if (S_ISREG(st.st_mode) && st.st_mode & 077)
		return failed(
			message, size, EACCES,
			"%s: group or others have access to it (mode %04o): a key is its owner's alone",
			path, st.st_mode & 07777);
	return 0;
}

/* Reads all of it, as far as there is room. */
static ssize_t read_all(int fd, char *text, size_t room)
{
	size_t used = 0;
	ssize_t n;

	while (used < room) {
		n = read(fd, text + used, room - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static int read_key(int fd, const char *path, uint8_t key[LIBUTCP_KEY_LEN],
		    char *message, size_t size)
{
	/* a key, a newline, and one byte to see that more follows */
	char text[LIBUTCP_KEY_TEXT + 2] = { 0 };
	enum utcp_text_error wrong;
	int err = 0;
	ssize_t n;

	n = read_all(fd, text, LIBUTCP_KEY_TEXT + 1);
	if (n < 0) {
		err = failed(message, size, (int)-n, "%s: %s", path,
			     strerror((int)-n));
		goto wipe;
	}
	if (n && text[n - 1] == '\n')
		text[--n] = '\0';
	wrong = n == LIBUTCP_KEY_TEXT - 1 ? utcp_key_parse(text, key) :
					    LIBUTCP_TEXT_LENGTH;
	if (wrong)
		err = failed(message, size, EBADMSG,
			     "%s:1: no key in base64: %s", path,
			     utcp_text_error_string(wrong));
wipe:
	explicit_bzero(text, sizeof(text));
	return err;
}

int utcp_keyfile_read(const char *path, uint8_t key[LIBUTCP_KEY_LEN],
		      char *message, size_t size)
{
	const char *name = path;
	int fd, err;

	memset(key, 0, LIBUTCP_KEY_LEN);
	if (strcmp(path, "-") == 0) {
		name = "standard input";
		fd = dup(STDIN_FILENO);
	} else {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (fd < 0)
		return failed(message, size, errno, "%s: %s", name,
			      strerror(errno));
	err = check_mode(fd, name, message, size);
	if (!err)
		err = read_key(fd, name, key, message, size);
	close(fd);
	return err;
}

int utcp_key_make(uint8_t key[LIBUTCP_KEY_LEN])
{
	ssize_t n;

	do
		n = getrandom(key, LIBUTCP_KEY_LEN, 0);
	while (n < 0 && errno == EINTR);
	if (n != LIBUTCP_KEY_LEN)
		return n < 0 ? -errno : -EIO;
	key[0] &= 0xf8;
	key[31] = (uint8_t)((key[31] & 0x7f) | 0x40);
	return 0;
}

/* As text with a newline. Return: 0 or a negative errno. */
static int make_key(char text[LIBUTCP_KEY_TEXT + 1])
{
	uint8_t key[LIBUTCP_KEY_LEN];
	int err = utcp_key_make(key);

	if (err)
		return err;
	utcp_key_format(key, text);
	text[LIBUTCP_KEY_TEXT - 1] = '\n';
	explicit_bzero(key, sizeof(key));
	return 0;
}

/* Return: 0 or a negative errno. */
static int write_key(int fd)
{
	char text[LIBUTCP_KEY_TEXT + 1] = { 0 };
	ssize_t n = LIBUTCP_KEY_TEXT;
	int err = make_key(text);

	if (!err)
		n = write(fd, text, LIBUTCP_KEY_TEXT);
	if (n < 0)
		err = -errno;
	else if (n != LIBUTCP_KEY_TEXT)
		err = -ENOSPC;
	explicit_bzero(text, sizeof(text));
	if (!err && fsync(fd) && errno != EINVAL && errno != EROFS)
		err = -errno;
	return err;
}

int utcp_keyfile_make(const char *path, char *message, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY,
		      0600);
	int err = 0;

	if (fd < 0)
		return failed(message, size, errno, "%s: %s", path,
			      strerror(errno));
	/* a umask may have taken more than it should */
	if (fchmod(fd, 0600))
		err = -errno;
	if (!err)
		err = write_key(fd);
	if (close(fd) && !err)
		err = -errno;
	if (!err)
		return 0;
	unlink(path);
	return failed(message, size, -err, "%s: %s", path, strerror(-err));
}
