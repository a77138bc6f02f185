// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The signature that is appended to a module's file: a PKCS#7 message, a
 * descriptor and a marker (the kernel's include/linux/module_signature.h).
 *
 * It is not verified here, that is the kernel's business. What a user needs to
 * know is whether there is one, and whose it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostfs.h"
#include "modsig.h"

#define MARKER "~Module signature appended~\n"
#define MARKER_LEN (sizeof(MARKER) - 1)
#define PKEY_ID_PKCS7 2

/* The descriptor: bytes, the last four of them a length, big endian. */
#define DESC_ID_TYPE 2
#define DESC_SIG_LEN 8
#define DESC_LEN 12

/* DER, as much of it as lies between the start of PKCS#7 and its signer */

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0, /* constructed */
	DER_CONTEXT_1 = 0xa1,
	DER_CONTEXT_0_VALUE = 0x80,
};

struct der {
	const unsigned char *data;
	size_t len;
};

/* Take the next element; false if there is none or it is malformed. */
static bool der_next(struct der *in, unsigned int *tag, struct der *value)
{
	size_t len, head = 2;

	if (in->len < 2)
		return false;
	*tag = in->data[0];
	len = in->data[1];
	if (len & 0x80) {
		size_t n = len & 0x7f;

		if (n < 1 || n > 4 || in->len < 2 + n)
			return false;
		len = 0;
		for (size_t i = 0; i < n; i++)
			len = len << 8 | in->data[2 + i];
		head += n;
	}
	if (len > in->len - head)
		return false;
	value->data = in->data + head;
	value->len = len;
	in->data += head + len;
	in->len -= head + len;
	return true;
}

/* Take the next element, which has to be this one. */
static bool der_take(struct der *in, unsigned int tag, struct der *value)
{
	unsigned int got;

	return der_next(in, &got, value) && got == tag;
}

static void der_text(const struct der *value, char *text, size_t size)
{
	size_t i;

	for (i = 0; i < value->len && i + 1 < size; i++)
		text[i] = value->data[i] >= ' ' && value->data[i] < 0x7f ?
				  (char)value->data[i] :
				  '?';
	text[i] = '\0';
}

static void der_hex(const struct der *value, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0; i < value->len && 2 * i + 2 < size; i++)
		snprintf(text + 2 * i, size - 2 * i, "%02x", value->data[i]);
}

/* Common name, else organisation: the kernel names its keys in this way. */
static bool signer_from_name(struct der name, char *signer, size_t size)
{
	static const unsigned char cn[] = { 0x55, 0x04, 0x03 };
	static const unsigned char organisation[] = { 0x55, 0x04, 0x0a };
	struct der rdn, pair, oid, value;
	unsigned int tag;
	bool found = false;

	while (der_take(&name, DER_SET, &rdn)) {
		while (der_take(&rdn, DER_SEQUENCE, &pair)) {
			if (!der_take(&pair, DER_OID, &oid) ||
			    !der_next(&pair, &tag, &value) ||
			    oid.len != sizeof(cn))
				continue;
			if (memcmp(oid.data, cn, sizeof(cn)) == 0) {
				der_text(&value, signer, size);
				return true;
			}
			if (memcmp(oid.data, organisation,
				   sizeof(organisation)) == 0) {
				der_text(&value, signer, size);
				found = true;
			}
		}
	}
	return found;
}

/* Who signed, from the first SignerInfo: a name, or the key's identifier. */
static bool signer_from_info(struct der info, char *signer, size_t size)
{
	struct der version, id, name;
	unsigned int tag;

	if (!der_take(&info, DER_INTEGER, &version) ||
	    !der_next(&info, &tag, &id))
		return false;
	if (tag == DER_CONTEXT_0_VALUE) {
		der_hex(&id, signer, size);
		return true;
	}
	return tag == DER_SEQUENCE && der_take(&id, DER_SEQUENCE, &name) &&
	       signer_from_name(name, signer, size);
}

static bool signer_from_pkcs7(struct der in, char *signer, size_t size)
{
	struct der v, content, data, info;
	unsigned int tag;

	if (!der_take(&in, DER_SEQUENCE, &content) ||
	    !der_take(&content, DER_OID, &v) ||
	    !der_take(&content, DER_CONTEXT_0, &v) ||
	    !der_take(&v, DER_SEQUENCE, &data))
		return false;
	/* version, digest algorithms, content, perhaps certificates, CRLs */
	if (!der_take(&data, DER_INTEGER, &v) ||
	    !der_take(&data, DER_SET, &v) || !der_take(&data, DER_SEQUENCE, &v))
		return false;
	do {
		if (!der_next(&data, &tag, &v))
			return false;
	} while (tag == DER_CONTEXT_0 || tag == DER_CONTEXT_1);
	return tag == DER_SET && der_take(&v, DER_SEQUENCE, &info) &&
	       signer_from_info(info, signer, size);
}

enum utcp_signature modsig_parse(const unsigned char *tail, size_t len,
				 char *signer, size_t size)
{
	const unsigned char *d;
	struct der pkcs7;
	size_t sig_len = 0;

	signer[0] = '\0';
	if (len < MARKER_LEN ||
	    memcmp(tail + len - MARKER_LEN, MARKER, MARKER_LEN) != 0)
		return LIBUTCP_SIG_NONE;
	len -= MARKER_LEN;
	if (len < DESC_LEN)
		return LIBUTCP_SIG_BROKEN;
	len -= DESC_LEN;
	d = tail + len;
	for (size_t i = DESC_SIG_LEN; i < DESC_LEN; i++)
		sig_len = sig_len << 8 | d[i];
	if (d[DESC_ID_TYPE] != PKEY_ID_PKCS7 || !sig_len || sig_len > len)
		return LIBUTCP_SIG_BROKEN;
	pkcs7.data = tail + len - sig_len;
	pkcs7.len = sig_len;
	if (!signer_from_pkcs7(pkcs7, signer, size)) {
		signer[0] = '\0';
		return LIBUTCP_SIG_BROKEN;
	}
	return LIBUTCP_SIG_UNCHECKED;
}

/* Read to the end and keep the last MODSIG_TAIL bytes of a buffer of twice that. */
static ssize_t read_tail(int fd, unsigned char *data)
{
	size_t len = 0;
	ssize_t n;

	for (;;) {
		n = read(fd, data + len, 2 * (size_t)MODSIG_TAIL - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
		if (len == 2 * (size_t)MODSIG_TAIL) {
			memcpy(data, data + MODSIG_TAIL, MODSIG_TAIL);
			len = MODSIG_TAIL;
		}
	}
	if (n < 0)
		return -errno;
	if (len > MODSIG_TAIL) {
		memmove(data, data + len - MODSIG_TAIL, MODSIG_TAIL);
		len = MODSIG_TAIL;
	}
	return (ssize_t)len;
}

static int spawn(const char *file, char *const *argv, int in, int out,
		 pid_t *child)
{
	/* not the caller's PATH: this may run as root */
	char path[] = "PATH=/usr/bin:/bin";
	char *const env[] = { path, NULL };
	posix_spawn_file_actions_t a;
	int err;

	err = posix_spawn_file_actions_init(&a);
	if (err)
		return err;
	err = posix_spawn_file_actions_adddup2(&a, in, STDIN_FILENO);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&a, out, STDOUT_FILENO);
	if (!err)
		err = posix_spawn(child, file, &a, NULL, argv, env);
	posix_spawn_file_actions_destroy(&a);
	return err;
}

/* Start a program that unpacks @fd; its output, or a negative errno. */
static int unpack(const char *program, int fd, pid_t *child)
{
	char file[32], flags[] = "-qqdc";
	char *const argv[] = { file, flags, NULL };
	int pipes[2];
	int err;

	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	snprintf(file, sizeof(file), "/usr/bin/%s", program);
	err = spawn(file, argv, fd, pipes[1], child);
	close(pipes[1]);
	if (err) {
		close(pipes[0]);
		return -err;
	}
	return pipes[0];
}

static const char *packer(const char *path)
{
	static const struct {
		const char *end, *program;
	} packers[] = {
		{ ".ko.xz", "xz" },
		{ ".ko.zst", "zstd" },
		{ ".ko.gz", "gzip" },
	};
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++) {
		size_t n = strlen(packers[i].end);

		if (len >= n && strcmp(path + len - n, packers[i].end) == 0)
			return packers[i].program;
	}
	return NULL;
}

static ssize_t read_module(int fd, const char *path, unsigned char *data)
{
	const char *program = packer(path);
	pid_t child = -1;
	int out, status;
	ssize_t n;

	if (!program) {
		/* a short file is read from its start */
		if (lseek(fd, -MODSIG_TAIL, SEEK_END) < 0 && errno != EINVAL)
			return -errno;
		return read_tail(fd, data);
	}
	out = unpack(program, fd, &child);
	if (out < 0)
		return out;
	n = read_tail(out, data);
	close(out);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status == 0 ? n : -EIO;
}

enum utcp_signature modsig_read(int root, const char *path, char *signer,
				size_t size)
{
	enum utcp_signature sig = LIBUTCP_SIG_UNREAD;
	unsigned char *data;
	ssize_t n;
	int fd;

	signer[0] = '\0';
	fd = hostfs_open(root, path);
	if (fd < 0)
		return sig;
	data = malloc(2 * (size_t)MODSIG_TAIL);
	n = data ? read_module(fd, path, data) : -ENOMEM;
	if (n >= 0)
		sig = modsig_parse(data, (size_t)n, signer, size);
	free(data);
	close(fd);
	return sig;
}
