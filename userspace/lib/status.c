// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Is everything there that the suite needs to work on this host?
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "error.h"
#include "family.h"
#include "handle.h"
#include "hostfs.h"
#include "modsig.h"
#include "status.h"

/* Certificates that a user may have to enrol. */
#define DKMS_CERT "/var/lib/dkms/mok.pub"
#define PACKAGE_CERT "/usr/share/utcp/signing.der"

/* The library speaks this many contract numbers back. */
#define OLD_ABIS 1

static struct utcp_problem *problem(struct utcp_module_status *m,
				    const char *code, bool fatal,
				    const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static struct utcp_problem *problem(struct utcp_module_status *m,
				    const char *code, bool fatal,
				    const char *fmt, ...)
{
	struct utcp_problem *p = &m->problems[m->n_problems++];
	va_list ap;

	snprintf(p->code, sizeof(p->code), "%s", code);
	p->fatal = fatal;
	va_start(ap, fmt);
	vsnprintf(p->message, sizeof(p->message), fmt, ap);
	va_end(ap);
	return p;
}

/* Will the kernel refuse a module without a good signature? */
static bool enforced(const struct utcp_status *s)
{
	if (s->sig_enforce == LIBUTCP_YES)
		return true;
	if (s->lockdown[0])
		return strcmp(s->lockdown, "none") != 0;
	/* securityfs is not there to ask; distributions lock down with Secure Boot */
	return s->secure_boot == LIBUTCP_YES;
}

static const char *enforced_by(const struct utcp_status *s)
{
	if (s->sig_enforce == LIBUTCP_YES)
		return "module.sig_enforce is set";
	if (s->lockdown[0])
		return "the kernel is locked down";
	return "Secure Boot is on";
}

/* The line that makes the kernel trust our modules after the next boot. */
static void mokutil_hint(int root, const struct utcp_module_status *m,
			 struct utcp_problem *p)
{
	const char *cert = DKMS_CERT;

	if (!strstr(m->path, "/dkms/") && hostfs_exists(root, PACKAGE_CERT))
		cert = PACKAGE_CERT;
	snprintf(p->hint, sizeof(p->hint), "mokutil --import %s", cert);
}

/* The kernel will not load it, for its signature. */
static struct utcp_problem *refused(const struct utcp_status *s,
				    struct utcp_module_status *m,
				    const char *code, const char *why)
{
	return problem(m, code, true,
		       "the kernel refuses module %s: %s, and %s",
		       utcp_family_module(m->family), why, enforced_by(s));
}

static void not_loaded(struct utcp_module_status *m, const char *remark)
{
	const char *module = utcp_family_module(m->family);
	struct utcp_problem *p;

	p = problem(m, "not-loaded", true, "module %s is not loaded%s", module,
		    remark);
	snprintf(p->hint, sizeof(p->hint), "modprobe %s", module);
}

static void check_signature(const struct utcp_status *s, int root,
			    struct utcp_module_status *m)
{
	struct utcp_problem *p;
	char text[192];

	switch (m->signature) {
	case LIBUTCP_SIG_NONE:
		p = refused(s, m, "unsigned", "it has no signature");
		mokutil_hint(root, m, p);
		break;
	case LIBUTCP_SIG_BROKEN:
		refused(s, m, "bad-signature", "its signature is malformed");
		break;
	case LIBUTCP_SIG_UNKNOWN_KEY:
		snprintf(text, sizeof(text), "it has no key of the signer, %s",
			 m->signer);
		p = refused(s, m, "unknown-key", text);
		mokutil_hint(root, m, p);
		break;
	case LIBUTCP_SIG_UNCHECKED:
		snprintf(text, sizeof(text),
			 "; only root sees if its signer, %s, is trusted",
			 m->signer);
		not_loaded(m, text);
		break;
	case LIBUTCP_SIG_UNREAD:
	case LIBUTCP_SIG_KNOWN:
		not_loaded(m, "");
		break;
	}
}

static void check_absent(const struct utcp_status *s, int root,
			 struct utcp_module_status *m)
{
	const char *module = utcp_family_module(m->family);
	struct utcp_problem *p;
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	if (hostfs_exists(root, path)) {
		m->state = LIBUTCP_MODULE_SILENT;
		problem(m, "no-family", true,
			"module %s is loaded, but has no family in this namespace",
			module);
		return;
	}
	if (!hostfs_module_file(root, s->release, module, m->path,
				sizeof(m->path))) {
		m->state = LIBUTCP_MODULE_NOT_INSTALLED;
		p = problem(m, "not-installed", true,
			    "module %s is not installed for kernel %s", module,
			    s->release);
		if (hostfs_exists(root, "/var/lib/dkms/utcp"))
			snprintf(p->hint, sizeof(p->hint),
				 "dkms autoinstall -k %s", s->release);
		return;
	}
	m->state = LIBUTCP_MODULE_NOT_LOADED;
	if (!enforced(s)) {
		not_loaded(m, "");
		return;
	}
	m->signature = modsig_read(root, m->path, m->signer, sizeof(m->signer));
	if (m->signature == LIBUTCP_SIG_UNCHECKED) {
		enum utcp_tristate known = hostfs_key_known(root, m->signer);

		if (known == LIBUTCP_YES)
			m->signature = LIBUTCP_SIG_KNOWN;
		else if (known == LIBUTCP_NO)
			m->signature = LIBUTCP_SIG_UNKNOWN_KEY;
	}
	check_signature(s, root, m);
}

/* Compare "MAJOR.MINOR.PATCH"; what is not a number counts as 0. */
static int compare_versions(const char *a, const char *b)
{
	for (int i = 0; i < 3; i++) {
		char *a_end, *b_end;
		unsigned long x = strtoul(a, &a_end, 10);
		unsigned long y = strtoul(b, &b_end, 10);

		if (x != y)
			return x < y ? -1 : 1;
		a = *a_end == '.' ? a_end + 1 : "";
		b = *b_end == '.' ? b_end + 1 : "";
	}
	return 0;
}

static void check_version(struct utcp_module_status *m)
{
	const char *module = utcp_family_module(m->family);
	uint32_t ours = family_descs[m->family].abi;

	if (m->info->abi > ours) {
		problem(m, "newer-than-tool", true,
			"module %s %s keeps contract %u, which is newer than this tool's %u",
			module, m->info->version, m->info->abi, ours);
	} else if (m->info->abi + OLD_ABIS < ours) {
		problem(m, "older-than-tool", true,
			"module %s %s keeps contract %u, which is too old for this tool's %u",
			module, m->info->version, m->info->abi, ours);
	} else if (compare_versions(m->info->version, utcp_version()) < 0) {
		problem(m, "older-than-tool", false,
			"module %s %s is older than this tool (%s)", module,
			m->info->version, utcp_version());
	}
}

int utcp_module_check(struct utcp_handle *h, enum utcp_family family)
{
	struct utcp_module_status m = { .family = family };
	int err = utcp_info_get(h, family, &m.info);

	if (err)
		return err;
	check_version(&m);
	utcp_module_info_free(m.info);
	return m.n_problems ?
		       utcp_error_set(&h->error, LIBUTCP_E_NO_MODULE, ENOENT,
				      "%s", m.problems[0].message) :
		       0;
}

static void check_present(struct utcp_handle *h, struct utcp_module_status *m)
{
	const char *module = utcp_family_module(m->family);

	if (utcp_info_get(h, m->family, &m->info) == 0) {
		m->state = LIBUTCP_MODULE_LOADED;
		check_version(m);
		return;
	}
	m->state = LIBUTCP_MODULE_SILENT;
	problem(m, "no-answer", true, "module %s is loaded, but: %s", module,
		h->error.message);
}

static void read_host(int root, const char *release, struct utcp_status *s)
{
	snprintf(s->release, sizeof(s->release), "%s", release);
	s->secure_boot = hostfs_secure_boot(root);
	s->sig_enforce = hostfs_sig_enforce(root);
	hostfs_lockdown(root, s->lockdown, sizeof(s->lockdown));
}

int status_collect(struct utcp_handle *h, int root, const char *release,
		   struct utcp_status **status)
{
	struct utcp_status *s;
	unsigned int loaded;
	bool asked = false;
	int err;

	err = utcp_families_loaded(h, &loaded);
	if (err)
		return err;
	s = calloc(1, sizeof(*s));
	if (!s)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	read_host(root, release, s);
	s->works = true;
	for (int f = 0; f < LIBUTCP_FAMILIES; f++) {
		struct utcp_module_status *m = &s->modules[f];

		m->family = (enum utcp_family)f;
		if (loaded & 1U << f)
			check_present(h, m);
		else
			check_absent(s, root, m);
		asked |= m->state == LIBUTCP_MODULE_NOT_LOADED && enforced(s);
		for (size_t i = 0; i < m->n_problems; i++)
			s->works &= !m->problems[i].fatal;
	}
	if (asked)
		hostfs_kernel_log(root, s->kernel_log, sizeof(s->kernel_log));
	/* what went wrong with one module is in its problems */
	utcp_error_clear(&h->error);
	*status = s;
	return 0;
}

int utcp_status_get(struct utcp_handle *h, struct utcp_status **status)
{
	struct utsname name;
	int root, err;

	utcp_error_clear(&h->error);
	if (uname(&name))
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, errno,
				      "uname: %s", strerror(errno));
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, errno,
				      "/: %s", strerror(errno));
	err = status_collect(h, root, name.release, status);
	close(root);
	return err;
}

void utcp_status_free(struct utcp_status *s)
{
	if (!s)
		return;
	for (int f = 0; f < LIBUTCP_FAMILIES; f++)
		utcp_module_info_free(s->modules[f].info);
	free(s);
}
