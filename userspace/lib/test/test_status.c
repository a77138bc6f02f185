// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of status.c, hostfs.c and modsig.c, on a root directory of their
 * own.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake.h"
#include "../family.h"
#include "../hostfs.h"
#include "../modsig.h"
#include "../status.h"

#define RELEASE "6.1.0-test"
#define MODULES "lib/modules/" RELEASE "/"

struct fixture {
	struct fake_kernel k;
	struct utcp_handle *h;
	struct utcp_status *s;
	char dir[64];
	int root;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	*state = f;
	snprintf(f->dir, sizeof(f->dir), "/tmp/utcp-test.XXXXXX");
	if (!mkdtemp(f->dir))
		return -1;
	f->root = open(f->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fake_init(&f->k);
	f->h = fake_handle(&f->k);
	return f->root < 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	utcp_status_free(f->s);
	utcp_handle_free(f->h);
	close(f->root);
	nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

/* Make a file and the directories above it. */
static void put(struct fixture *f, const char *path, const void *data,
		size_t len)
{
	char dir[256];
	int fd;

	for (const char *c = strchr(path, '/'); c; c = strchr(c + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(c - path), path);
		mkdirat(f->root, dir, 0755);
	}
	fd = openat(f->root, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		    0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

static void put_text(struct fixture *f, const char *path, const char *text)
{
	put(f, path, text, strlen(text));
}

static void collect(struct fixture *f)
{
	utcp_status_free(f->s);
	f->s = NULL;
	assert_int_equal(status_collect(f->h, f->root, RELEASE, &f->s), 0);
}

static const struct utcp_module_status *module(struct fixture *f,
					       enum utcp_family family)
{
	return &f->s->modules[family];
}

static void assert_problem(struct fixture *f, enum utcp_family family,
			   const char *code, const char *hint)
{
	const struct utcp_module_status *m = module(f, family);

	assert_int_equal(m->n_problems, 1);
	assert_string_equal(m->problems[0].code, code);
	assert_string_equal(m->problems[0].hint, hint);
	assert_true(m->problems[0].message[0]);
}

/* --- a signed module --- */

struct bytes {
	unsigned char data[4096];
	size_t len;
};

static void add(struct bytes *b, const void *data, size_t len)
{
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

/* An element of DER around what is there already. */
static void wrap(struct bytes *b, unsigned char tag)
{
	struct bytes out = { .len = 0 };
	unsigned char head[4] = { tag };
	size_t n = 2;

	head[1] = (unsigned char)b->len;
	if (b->len >= 0x80) {
		head[1] = 0x82;
		head[2] = (unsigned char)(b->len >> 8);
		head[3] = (unsigned char)b->len;
		n = 4;
	}
	add(&out, head, n);
	add(&out, b->data, b->len);
	*b = out;
}

static void add_value(struct bytes *b, unsigned char tag, const void *data,
		      size_t len)
{
	struct bytes v = { .len = 0 };

	add(&v, data, len);
	wrap(&v, tag);
	add(b, v.data, v.len);
}

static void add_name(struct bytes *name, unsigned char attribute,
		     const char *text)
{
	const unsigned char oid[] = { 0x55, 0x04, attribute };
	struct bytes pair = { .len = 0 };

	add_value(&pair, 0x06, oid, sizeof(oid));
	add_value(&pair, 0x0c, text, strlen(text));
	wrap(&pair, 0x30);
	wrap(&pair, 0x31);
	add(name, pair.data, pair.len);
}

/* PKCS#7 as sign-file makes it: no content, no certificates, one signer. */
static void make_pkcs7(struct bytes *b, const struct bytes *sid,
		       bool certificates)
{
	static const unsigned char signed_data[] = { 0x2a, 0x86, 0x48,
						     0x86, 0xf7, 0x0d,
						     0x01, 0x07, 0x02 };
	struct bytes info = { .len = 0 }, data = { .len = 0 };
	char filler[300] = "certificate";

	add_value(&info, 0x02, "\1", 1);
	add(&info, sid->data, sid->len);
	add_value(&info, 0x04, filler, 256); /* the signature itself */
	wrap(&info, 0x30);
	wrap(&info, 0x31);

	add_value(&data, 0x02, "\1", 1);
	add_value(&data, 0x31, "", 0);
	add_value(&data, 0x30, "", 0);
	if (certificates)
		add_value(&data, 0xa0, filler, sizeof(filler));
	add(&data, info.data, info.len);
	wrap(&data, 0x30);
	wrap(&data, 0xa0);

	b->len = 0;
	add_value(b, 0x06, signed_data, sizeof(signed_data));
	add(b, data.data, data.len);
	wrap(b, 0x30);
}

static void make_sid(struct bytes *sid, const char *organisation,
		     const char *cn)
{
	sid->len = 0;
	if (organisation)
		add_name(sid, 0x0a, organisation);
	if (cn)
		add_name(sid, 0x03, cn);
	wrap(sid, 0x30);
	add_value(sid, 0x02, "\x12\x34", 2);
	wrap(sid, 0x30);
}

static void make_module(struct bytes *b, const struct bytes *pkcs7)
{
	unsigned char desc[12] = { 0, 0, 2 };

	desc[10] = (unsigned char)(pkcs7->len >> 8);
	desc[11] = (unsigned char)pkcs7->len;
	b->len = 0;
	add(b, "\177ELF and so on", 14);
	add(b, pkcs7->data, pkcs7->len);
	add(b, desc, sizeof(desc));
	add(b, "~Module signature appended~\n", 28);
}

static void make_signed(struct bytes *b, const char *cn)
{
	struct bytes sid, pkcs7;

	make_sid(&sid, NULL, cn);
	make_pkcs7(&pkcs7, &sid, false);
	make_module(b, &pkcs7);
}

static void modsig__signers(void **state)
{
	struct bytes b, sid, pkcs7;
	char signer[128];

	(void)state;
	make_sid(&sid, "Example Ltd", "Example module key");
	make_pkcs7(&pkcs7, &sid, false);
	make_module(&b, &pkcs7);
	assert_int_equal(modsig_parse(b.data, b.len, signer, sizeof(signer)),
			 LIBUTCP_SIG_UNCHECKED);
	assert_string_equal(signer, "Example module key");

	make_pkcs7(&pkcs7, &sid, true);
	make_module(&b, &pkcs7);
	assert_int_equal(modsig_parse(b.data, b.len, signer, sizeof(signer)),
			 LIBUTCP_SIG_UNCHECKED);
	assert_string_equal(signer, "Example module key");

	make_sid(&sid, "Example\033[2J", NULL);
	make_pkcs7(&pkcs7, &sid, false);
	make_module(&b, &pkcs7);
	assert_int_equal(modsig_parse(b.data, b.len, signer, sizeof(signer)),
			 LIBUTCP_SIG_UNCHECKED);
	assert_string_equal(signer, "Example?[2J");

	sid.len = 0;
	add_value(&sid, 0x80, "\xab\xcd\x01", 3);
	make_pkcs7(&pkcs7, &sid, false);
	make_module(&b, &pkcs7);
	assert_int_equal(modsig_parse(b.data, b.len, signer, sizeof(signer)),
			 LIBUTCP_SIG_UNCHECKED);
	assert_string_equal(signer, "abcd01");
}

/* Cut off at every place and with every byte spoilt: never a crash. */
static void modsig__damaged(void **state)
{
	char signer[16];
	struct bytes b;

	(void)state;
	make_signed(&b, "key");
	for (size_t len = 0; len < b.len; len++)
		assert_int_equal(modsig_parse(b.data, len, signer,
					      sizeof(signer)),
				 LIBUTCP_SIG_NONE);
	for (size_t cut = 1; cut + 40 < b.len; cut++)
		modsig_parse(b.data + cut, b.len - cut, signer, sizeof(signer));
	for (size_t at = 0; at < b.len; at++)
		for (int flip = 1; flip < 256; flip <<= 1) {
			b.data[at] ^= (unsigned char)flip;
			modsig_parse(b.data, b.len, signer, sizeof(signer));
			b.data[at] ^= (unsigned char)flip;
		}
	/* longer than what is there */
	b.data[b.len - 28 - 4] = 0xff;
	assert_int_equal(modsig_parse(b.data, b.len, signer, sizeof(signer)),
			 LIBUTCP_SIG_BROKEN);
	assert_string_equal(signer, "");
}

/* --- the host --- */

static void host__secure_boot(void **state)
{
	static const char path[] =
		"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
	struct fixture *f = *state;

	assert_int_equal(hostfs_secure_boot(f->root), LIBUTCP_ABSENT);
	put_text(f, "sys/firmware/efi/runtime", "");
	assert_int_equal(hostfs_secure_boot(f->root), LIBUTCP_UNKNOWN);
	put(f, path, "\6\0\0\0\1", 5);
	assert_int_equal(hostfs_secure_boot(f->root), LIBUTCP_YES);
	put(f, path, "\6\0\0\0\0", 5);
	assert_int_equal(hostfs_secure_boot(f->root), LIBUTCP_NO);
	put(f, path, "\6\0", 2);
	assert_int_equal(hostfs_secure_boot(f->root), LIBUTCP_UNKNOWN);
}

static void host__lockdown(void **state)
{
	static const char path[] = "sys/kernel/security/lockdown";
	struct fixture *f = *state;
	char text[24];

	hostfs_lockdown(f->root, text, sizeof(text));
	assert_string_equal(text, "");
	put_text(f, path, "none [integrity] confidentiality\n");
	hostfs_lockdown(f->root, text, sizeof(text));
	assert_string_equal(text, "integrity");
	put_text(f, path, "[none");
	hostfs_lockdown(f->root, text, sizeof(text));
	assert_string_equal(text, "");
}

static void host__kernel_log(void **state)
{
	struct fixture *f = *state;
	char text[64];

	hostfs_kernel_log(f->root, text, sizeof(text));
	assert_string_equal(text, "");
	put_text(
		f, "dev/kmsg",
		"6,1,1,-;Linux version 6.1\n"
		"5,2,2,-;Loading of module with unavailable key is rejected\n"
		" SUBSYSTEM=module\n"
		"5,3,3,-;Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7\n"
		"6,4,4,-;Loading iSCSI transport class\n");
	hostfs_kernel_log(f->root, text, sizeof(text));
	assert_int_equal(strncmp(text, "Lockdown: modprobe: unsigned", 28), 0);
}

static void host__key_known(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(hostfs_key_known(f->root, "a key"), LIBUTCP_UNKNOWN);
	put_text(
		f, "proc/keys",
		"0c6d6c50 I--Q--- 2 perm 1f3f0000 0 65534 keyring  a key: x\n");
	assert_int_equal(hostfs_key_known(f->root, "a key"), LIBUTCP_UNKNOWN);
	put_text(
		f, "proc/keys",
		"1 I------ 1 perm 1f010000 0 0 asymmetri Debian Secure Boot CA: 6ccece7e: X509.rsa cbb419ea []\n"
		"2 I------ 1 perm 1f030000 0 0 asymmetri Example: a key: ab01cd: X509.rsa ab01cd []\n");
	assert_int_equal(hostfs_key_known(f->root, "a key"), LIBUTCP_YES);
	assert_int_equal(hostfs_key_known(f->root, "key"), LIBUTCP_NO);
	assert_int_equal(hostfs_key_known(f->root, "ab01cd"), LIBUTCP_YES);
	assert_int_equal(hostfs_key_known(f->root, "Debian Secure Boot CA"),
			 LIBUTCP_YES);
	assert_int_equal(hostfs_key_known(f->root, "Secure Boot"), LIBUTCP_NO);
}

static void host__module_file(void **state)
{
	static const char dep[] = "kernel/drivers/not_utcp.ko:\n"
				  "updates/dkms/utcp.ko.xz: updates/x.ko\n"
				  "updates/dkms/utcp-acl.ko: utcp_shaper.ko\n"
				  "extra/utcp_gone.ko:\n"
				  "a line without the mark\n";
	struct fixture *f = *state;
	char path[256];

	assert_false(hostfs_module_file(f->root, RELEASE, "utcp", path,
					sizeof(path)));
	put_text(f, MODULES "modules.dep", dep);
	put_text(f, MODULES "updates/dkms/utcp.ko.xz", "x");
	put_text(f, MODULES "updates/dkms/utcp-acl.ko", "x");
	assert_true(hostfs_module_file(f->root, RELEASE, "utcp", path,
				       sizeof(path)));
	assert_string_equal(path, "/" MODULES "updates/dkms/utcp.ko.xz");
	assert_true(hostfs_module_file(f->root, RELEASE, "utcp_acl", path,
				       sizeof(path)));
	assert_string_equal(path, "/" MODULES "updates/dkms/utcp-acl.ko");
	/* named only as a dependency, listed but not there, part of a name */
	assert_false(hostfs_module_file(f->root, RELEASE, "utcp_shaper", path,
					sizeof(path)));
	assert_false(hostfs_module_file(f->root, RELEASE, "utcp_gone", path,
					sizeof(path)));
	assert_false(hostfs_module_file(f->root, RELEASE, "utcp_ac", path,
					sizeof(path)));
	assert_string_equal(path, "");
}

/* --- the whole --- */

static void status__works(void **state)
{
	struct fixture *f = *state;

	collect(f);
	assert_true(f->s->works);
	assert_string_equal(f->s->release, RELEASE);
	for (int i = 0; i < LIBUTCP_FAMILIES; i++) {
		const struct utcp_module_status *m = &f->s->modules[i];

		assert_int_equal(m->state, LIBUTCP_MODULE_LOADED);
		assert_int_equal(m->n_problems, 0);
		assert_non_null(m->info);
	}
	/* nothing was asked for by name: that would call modprobe */
	assert_int_equal(f->k.lists, 1);
}

static void status__versions(void **state)
{
	struct fixture *f = *state;

	f->k.version = "0.0.9";
	collect(f);
	assert_problem(f, LIBUTCP_UTCP, "older-than-tool", "");
	assert_false(module(f, LIBUTCP_UTCP)->problems[0].fatal);
	assert_true(f->s->works);
	assert_int_equal(utcp_module_check(f->h, LIBUTCP_UTCP), -ENOENT);
	assert_int_equal(utcp_handle_error(f->h)->code, LIBUTCP_E_NO_MODULE);
	assert_string_equal(utcp_handle_error(f->h)->message,
			    module(f, LIBUTCP_UTCP)->problems[0].message);

	f->k.version = "99.0.0";
	collect(f);
	assert_int_equal(module(f, LIBUTCP_UTCP)->n_problems, 0);
	assert_int_equal(utcp_module_check(f->h, LIBUTCP_UTCP), 0);

	f->k.abi = 2;
	assert_int_equal(utcp_module_check(f->h, LIBUTCP_UTCP), -ENOENT);
	collect(f);
	assert_problem(f, LIBUTCP_UTCP, "newer-than-tool", "");
	assert_false(f->s->works);
}

static void answer_busy(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct fake_msg m = { 0 };

	fake_ack(&m, request, EBUSY);
	fake_send(s, m.data, m.len);
}

static void status__no_answer(void **state)
{
	struct fixture *f = *state;

	f->k.answer = answer_busy;
	collect(f);
	assert_int_equal(module(f, LIBUTCP_UTCP)->state, LIBUTCP_MODULE_SILENT);
	assert_problem(f, LIBUTCP_UTCP, "no-answer", "");
	assert_false(f->s->works);
	assert_int_equal(utcp_handle_error(f->h)->code, LIBUTCP_OK);
}

static void status__cannot_ask(void **state)
{
	struct fixture *f = *state;

	f->k.interrupted = 100;
	assert_int_equal(status_collect(f->h, f->root, RELEASE, &f->s), -EINTR);
	assert_null(f->s);
}

static void status__absent(void **state)
{
	struct fixture *f = *state;

	f->k.loaded = 0;
	put_text(f, "sys/module/netswitch/initstate", "coming\n");
	put_text(f, MODULES "modules.dep", "updates/utcp.ko:\n");
	put_text(f, MODULES "updates/utcp.ko", "unsigned");
	collect(f);
	assert_false(f->s->works);
	assert_int_equal(module(f, LIBUTCP_NETSWITCH)->state,
			 LIBUTCP_MODULE_SILENT);
	assert_problem(f, LIBUTCP_NETSWITCH, "no-family", "");
	assert_int_equal(module(f, LIBUTCP_UTCP)->state,
			 LIBUTCP_MODULE_NOT_LOADED);
	assert_problem(f, LIBUTCP_UTCP, "not-loaded", "modprobe utcp");
	assert_int_equal(module(f, LIBUTCP_UTCP)->signature,
			 LIBUTCP_SIG_UNREAD);
	assert_int_equal(module(f, LIBUTCP_ACL)->state,
			 LIBUTCP_MODULE_NOT_INSTALLED);
	assert_problem(f, LIBUTCP_ACL, "not-installed", "");

	put_text(f, "var/lib/dkms/utcp/0.1.0/source", "");
	collect(f);
	assert_problem(f, LIBUTCP_ACL, "not-installed",
		       "dkms autoinstall -k " RELEASE);
}

#define DKMS_LINE "mokutil --import /var/lib/dkms/mok.pub"
#define PACKAGE_LINE "mokutil --import /usr/share/utcp/signing.der"

/* utcp is signed, the others are not; only netswitch is in DKMS' folder. */
static void put_modules(struct fixture *f)
{
	struct bytes b;

	make_signed(&b, "Example module key");
	f->k.loaded = 0;
	put_text(f, MODULES "modules.dep",
		 "updates/dkms/netswitch.ko:\n"
		 "updates/utcp.ko:\n"
		 "updates/utcp_acl.ko:\n"
		 "updates/utcp_shaper.ko:\n");
	put_text(f, MODULES "updates/dkms/netswitch.ko", "unsigned");
	put(f, MODULES "updates/utcp.ko", b.data, b.len);
	put_text(f, MODULES "updates/utcp_acl.ko", "unsigned");
	b.data[b.len - 28 - 12 + 2] = 7; /* another kind of signature */
	put(f, MODULES "updates/utcp_shaper.ko", b.data, b.len);
}

static void assert_refused(struct fixture *f)
{
	collect(f);
	assert_false(f->s->works);
	assert_problem(f, LIBUTCP_NETSWITCH, "unsigned", DKMS_LINE);
	assert_problem(f, LIBUTCP_ACL, "unsigned", DKMS_LINE);
	assert_problem(f, LIBUTCP_SHAPER, "bad-signature", "");
	assert_string_equal(module(f, LIBUTCP_UTCP)->signer,
			    "Example module key");
}

static void status__sig_enforce(void **state)
{
	struct fixture *f = *state;

	put_modules(f);
	put_text(f, "sys/module/module/parameters/sig_enforce", "N\n");
	collect(f);
	assert_problem(f, LIBUTCP_NETSWITCH, "not-loaded",
		       "modprobe netswitch");

	put_text(f, "sys/module/module/parameters/sig_enforce", "Y\n");
	put_text(f, "dev/kmsg",
		 "5,1,1,-;Loading of unsigned module is rejected\n");
	assert_refused(f);
	assert_string_equal(f->s->kernel_log,
			    "Loading of unsigned module is rejected");
	assert_non_null(strstr(module(f, LIBUTCP_ACL)->problems[0].message,
			       "module.sig_enforce is set"));
	/* the keys cannot be seen */
	assert_problem(f, LIBUTCP_UTCP, "not-loaded", "modprobe utcp");
	assert_int_equal(module(f, LIBUTCP_UTCP)->signature,
			 LIBUTCP_SIG_UNCHECKED);

	put_text(f, "proc/keys", "1 I 1 asymmetri Other: ab: X509.rsa ab []\n");
	assert_refused(f);
	assert_problem(f, LIBUTCP_UTCP, "unknown-key", DKMS_LINE);

	put_text(f, "usr/share/utcp/signing.der", "");
	collect(f);
	assert_problem(f, LIBUTCP_NETSWITCH, "unsigned", DKMS_LINE);
	assert_problem(f, LIBUTCP_ACL, "unsigned", PACKAGE_LINE);
	assert_problem(f, LIBUTCP_UTCP, "unknown-key", PACKAGE_LINE);

	put_text(f, "proc/keys",
		 "1 I 1 asymmetri Example module key: ab: X509.rsa ab []\n");
	collect(f);
	assert_problem(f, LIBUTCP_UTCP, "not-loaded", "modprobe utcp");
	assert_int_equal(module(f, LIBUTCP_UTCP)->signature, LIBUTCP_SIG_KNOWN);
}

static void status__lockdown(void **state)
{
	struct fixture *f = *state;

	put_modules(f);
	put_text(f, "sys/kernel/security/lockdown",
		 "none [integrity] confidentiality\n");
	assert_refused(f);
	assert_non_null(strstr(module(f, LIBUTCP_ACL)->problems[0].message,
			       "the kernel is locked down"));
}

/* Nothing but Secure Boot's variable can be read. */
static void status__secure_boot(void **state)
{
	struct fixture *f = *state;

	put_modules(f);
	put(f,
	    "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
	    "\6\0\0\0\1", 5);
	assert_refused(f);
	put_text(f, "sys/kernel/security/lockdown", "[none] integrity\n");
	collect(f);
	assert_problem(f, LIBUTCP_ACL, "not-loaded", "modprobe utcp_acl");
}

static void pack(struct fixture *f, const char *program, const char *file)
{
	char path[256];
	int status;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/" MODULES "%s", f->dir, file);
	pid = fork();
	if (pid == 0) {
		execlp(program, program, "-q", path, NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Longer than what is looked at, and packed as distributions do it. */
static void status__packed(void **state)
{
	char *big = calloc(1, 300000 + 4096);
	struct fixture *f = *state;
	char signer[64];
	struct bytes b;

	make_signed(&b, "Example module key");
	memcpy(big + 300000, b.data, b.len);
	put(f, MODULES "a.ko", big, 300000 + b.len);
	put(f, MODULES "b.ko", big, 300000 + b.len);
	put(f, MODULES "c.ko", big, 300000);
	put_text(f, MODULES "d.ko.xz", "this is not what xz makes");
	free(big);
	assert_int_equal(modsig_read(f->root, "/" MODULES "a.ko", signer,
				     sizeof(signer)),
			 LIBUTCP_SIG_UNCHECKED);
	pack(f, "xz", "a.ko");
	pack(f, "gzip", "b.ko");
	assert_int_equal(modsig_read(f->root, "/" MODULES "a.ko.xz", signer,
				     sizeof(signer)),
			 LIBUTCP_SIG_UNCHECKED);
	assert_string_equal(signer, "Example module key");
	assert_int_equal(modsig_read(f->root, "/" MODULES "b.ko.gz", signer,
				     sizeof(signer)),
			 LIBUTCP_SIG_UNCHECKED);
	assert_string_equal(signer, "Example module key");
	assert_int_equal(modsig_read(f->root, "/" MODULES "c.ko", signer,
				     sizeof(signer)),
			 LIBUTCP_SIG_NONE);
	assert_int_equal(modsig_read(f->root, "/" MODULES "d.ko.xz", signer,
				     sizeof(signer)),
			 LIBUTCP_SIG_UNREAD);
	assert_int_equal(modsig_read(f->root, "/" MODULES "none.ko", signer,
				     sizeof(signer)),
			 LIBUTCP_SIG_UNREAD);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modsig__signers),
		cmocka_unit_test(modsig__damaged),
		TEST(host__secure_boot),
		TEST(host__lockdown),
		TEST(host__kernel_log),
		TEST(host__key_known),
		TEST(host__module_file),
		TEST(status__works),
		TEST(status__versions),
		TEST(status__no_answer),
		TEST(status__cannot_ask),
		TEST(status__absent),
		TEST(status__sig_enforce),
		TEST(status__lockdown),
		TEST(status__secure_boot),
		TEST(status__packed),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
