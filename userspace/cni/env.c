// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the runtime says by the environment.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/nsfs.h>

#include <utcp/sandbox.h>

#include "../lib/namerules.h"
#include "env.h"

int cni_env_command(struct cni_env *env, struct cni_fault *f)
{
	static const char *const names[] = {
		[CNI_ADD] = "ADD",	 [CNI_DEL] = "DEL",
		[CNI_CHECK] = "CHECK",	 [CNI_GC] = "GC",
		[CNI_STATUS] = "STATUS", [CNI_SAY_VERSION] = "VERSION",
	};
	const char *text = getenv("CNI_COMMAND");

	memset(env, 0, sizeof(*env));
	env->protocol = "cni";
	if (!text)
		return cni_fail(
			f, CNI_ENVIRONMENT,
			"CNI_COMMAND is not set: this is a plug-in, which a container runtime runs");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], text) == 0) {
			env->command = (enum cni_command)i;
			return 0;
		}
	return cni_fail(f, CNI_ENVIRONMENT, "unknown CNI_COMMAND \"%s\"", text);
}

bool cni_name_ok(const char *name)
{
	return name_is_label(name, LIBUTCP_SANDBOX_LABEL_MAX);
}

bool cni_device_ok(const char *name)
{
	return name_is_device(name);
}

/* Set, and not empty. */
static int need(const char *name, const char **value, struct cni_fault *f)
{
	*value = getenv(name);
	if (*value && **value)
		return 0;
	return cni_fail(f, CNI_ENVIRONMENT, "%s is not set", name);
}

int cni_env_read(struct cni_env *env, struct cni_fault *f)
{
	bool one = env->command == CNI_ADD || env->command == CNI_DEL ||
		   env->command == CNI_CHECK;
	int err = 0;

	env->args = getenv("CNI_ARGS");
	if (!env->args)
		env->args = "";
	if (env->command == CNI_DEL)
		env->netns = getenv("CNI_NETNS");
	else if (one)
		err = need("CNI_NETNS", &env->netns, f);
	if (!err && one)
		err = need("CNI_CONTAINERID", &env->container, f);
	if (!err && one)
		err = need("CNI_IFNAME", &env->ifname, f);
	if (!err)
		err = need("CNI_PATH", &env->path, f);
	if (err || !one)
		return err;
	if (!cni_name_ok(env->container))
		return cni_fail(
			f, CNI_ENVIRONMENT,
			"CNI_CONTAINERID \"%.40s\" is not 1 to %d letters, digits, '_', '.' and '-', the first of them a letter or digit",
			env->container, LIBUTCP_SANDBOX_LABEL_MAX);
	if (!cni_device_ok(env->ifname))
		return cni_fail(f, CNI_ENVIRONMENT,
				"CNI_IFNAME \"%.40s\" is no name of a device",
				env->ifname);
	return 0;
}

int cni_env_netns(const struct cni_env *env, const char *said,
		  struct cni_fault *f)
{
	int fd = open(env->netns, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
	struct stat is, own;

	if (fd < 0)
		return cni_fail(f,
				errno == ENOENT || errno == ENOTDIR ?
					CNI_UNKNOWN :
					CNI_ENVIRONMENT,
				"%s \"%s\": %s", said, env->netns,
				strerror(errno));
	if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWNET)
		err = cni_fail(f, CNI_ENVIRONMENT,
			       "%s \"%s\" is no network namespace", said,
			       env->netns);
	else if (fstat(fd, &is) || stat("/proc/thread-self/ns/net", &own) ||
		 is.st_ino == own.st_ino)
		err = cni_fail(f, CNI_ENVIRONMENT,
			       "%s \"%s\" is the host's own namespace", said,
			       env->netns);
	close(fd);
	return err;
}
