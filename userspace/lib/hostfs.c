// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What files of the host say.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostfs.h"

#define EFI_DIR "/sys/firmware/efi"
#define EFI_SECURE_BOOT \
	EFI_DIR "/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* A record of /dev/kmsg has at most this length, and is read whole or not. */
#define KMSG_RECORD_MAX 8192

/* More than any ring buffer holds: an end, even if the kernel logs all the time. */
#define KMSG_RECORDS_MAX 1000000

static const char *relative(const char *path)
{
	while (*path == '/')
		path++;
	return path;
}

int hostfs_open(int root, const char *path)
{
	int fd =
		openat(root, relative(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	return fd;
}

bool hostfs_exists(int root, const char *path)
{
	struct stat st;

	return fstatat(root, relative(path), &st, 0) == 0;
}

/* Read the start of a file; its length, or a negative errno. */
static ssize_t slurp(int root, const char *path, char *data, size_t size)
{
	int fd = hostfs_open(root, path);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, data, size);
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

static FILE *hostfs_fopen(int root, const char *path)
{
	int fd = hostfs_open(root, path);
	FILE *f;

	if (fd < 0)
		return NULL;
	f = fdopen(fd, "r");
	if (!f)
		close(fd);
	return f;
}

enum utcp_tristate hostfs_secure_boot(int root)
{
	/* four bytes of attributes, then the value */
	char data[8];

	if (!hostfs_exists(root, EFI_DIR))
		return LIBUTCP_ABSENT;
	if (slurp(root, EFI_SECURE_BOOT, data, sizeof(data)) != 5)
		return LIBUTCP_UNKNOWN;
	return data[4] == 1 ? LIBUTCP_YES : LIBUTCP_NO;
}

enum utcp_tristate hostfs_sig_enforce(int root)
{
	char data[2];
	ssize_t n = slurp(root, "/sys/module/module/parameters/sig_enforce",
			  data, sizeof(data));

	if (n == -ENOENT)
		return LIBUTCP_ABSENT;
	if (n < 1)
		return LIBUTCP_UNKNOWN;
	return data[0] == 'Y' ? LIBUTCP_YES : LIBUTCP_NO;
}

void hostfs_lockdown(int root, char *text, size_t size)
{
	char data[128];
	ssize_t n = slurp(root, "/sys/kernel/security/lockdown", data,
			  sizeof(data) - 1);
	char *start, *end;

	text[0] = '\0';
	if (n < 0)
		return;
	data[n] = '\0';
	start = strchr(data, '[');
	end = start ? strchr(start, ']') : NULL;
	if (end)
		snprintf(text, size, "%.*s", (int)(end - start - 1), start + 1);
}

static bool is_refusal(const char *line)
{
	return (strstr(line, "oading of ") && strstr(line, "is rejected")) ||
	       (strstr(line, "Lockdown: ") &&
		strstr(line, "module loading is restricted"));
}

static void copy_printable(char *text, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < size && from[i] && from[i] != '\n'; i++)
		text[i] = isprint((unsigned char)from[i]) ? from[i] : '?';
	text[i] = '\0';
}

void hostfs_kernel_log(int root, char *text, size_t size)
{
	FILE *f = hostfs_fopen(root, "/dev/kmsg");
	char buffer[KMSG_RECORD_MAX];
	char *line = NULL;
	size_t room = 0;

	text[0] = '\0';
	if (!f)
		return;
	setvbuf(f, buffer, _IOFBF, sizeof(buffer));
	for (int i = 0; i < KMSG_RECORDS_MAX; i++) {
		const char *message;

		errno = 0;
		if (getline(&line, &room, f) < 0) {
			/* EPIPE: records were overwritten; the next read goes on */
			if (errno != EPIPE)
				break;
			clearerr(f);
			continue;
		}
		/* "priority,number,time,flags;message" */
		message = strchr(line, ';');
		if (message && is_refusal(message))
			copy_printable(text, size, message + 1);
	}
	free(line);
	fclose(f);
}

enum utcp_tristate hostfs_key_known(int root, const char *signer)
{
	enum utcp_tristate known = LIBUTCP_UNKNOWN;
	FILE *f = hostfs_fopen(root, "/proc/keys");
	char alone[160], behind[160];
	char *line = NULL;
	size_t room = 0;

	if (!f)
		return LIBUTCP_UNKNOWN;
	/* "... asymmetri NAME: KEYID: X509.rsa ...", or "ORGANISATION: NAME" */
	snprintf(alone, sizeof(alone), " asymmetri %s: ", signer);
	snprintf(behind, sizeof(behind), ": %s: ", signer);
	while (known != LIBUTCP_YES && getline(&line, &room, f) >= 0) {
		const char *key = strstr(line, " asymmetri ");

		if (!key)
			continue;
		known = strncmp(key, alone, strlen(alone)) == 0 ||
					strstr(key, behind) ?
				LIBUTCP_YES :
				LIBUTCP_NO;
	}
	free(line);
	fclose(f);
	return known;
}

/* Is this the file of the module, compressed or not? */
static bool is_module(const char *file, size_t len, const char *module)
{
	static const char *const ends[] = { ".ko", ".ko.xz", ".ko.zst",
					    ".ko.gz" };
	size_t n = strlen(module);

	for (size_t i = 0; i < len; i++)
		if (file[i] == '/') {
			file += i + 1;
			len -= i + 1;
			i = (size_t)-1;
		}
	if (len <= n)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((file[i] == '-' ? '_' : file[i]) != module[i])
			return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (len - n == strlen(ends[i]) &&
		    memcmp(file + n, ends[i], len - n) == 0)
			return true;
	return false;
}

bool hostfs_module_file(int root, const char *release, const char *module,
			char *path, size_t size)
{
	char dep[PATH_MAX];
	bool found = false;
	char *line = NULL;
	size_t room = 0;
	FILE *f;

	/* modprobe finds what depmod has listed, and nothing else. */
	snprintf(dep, sizeof(dep), "/lib/modules/%s/modules.dep", release);
	f = hostfs_fopen(root, dep);
	if (!f)
		return false;
	while (!found && getline(&line, &room, f) >= 0) {
		size_t len = strcspn(line, ":");
		int n;

		if (!line[len] || !is_module(line, len, module))
			continue;
		if (line[0] == '/')
			n = snprintf(path, size, "%.*s", (int)len, line);
		else
			n = snprintf(path, size, "/lib/modules/%s/%.*s",
				     release, (int)len, line);
		found = n > 0 && (size_t)n < size && hostfs_exists(root, path);
	}
	if (!found)
		path[0] = '\0';
	free(line);
	fclose(f);
	return found;
}
