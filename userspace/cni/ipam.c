// SPDX-License-Identifier: GPL-2.0-only
/*
 * Having an IPAM plug-in, such as host-local, give out addresses.
 *
 * It gets the configuration as it came, and the environment with another command, as the
 * specification has it (section 4, delegation).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ipam.h"
#include "signals.h"

/* More than that is no result. */
#define RESULT_MAX (1 << 20)

static int find(const struct cni_conf *conf, const struct cni_env *env,
		char path[PATH_MAX], struct cni_fault *f)
{
	const char *dir = env->path;

	while (dir && *dir) {
		size_t n = strcspn(dir, ":");
		int len = snprintf(path, PATH_MAX, "%.*s/%s", (int)n, dir,
				   conf->ipam);

		if (n && len > 0 && len < PATH_MAX && access(path, X_OK) == 0)
			return 0;
		dir = dir[n] ? dir + n + 1 : NULL;
	}
	return cni_fail(f, CNI_DELEGATE,
			"there is no IPAM plug-in \"%.60s\" in CNI_PATH %.200s",
			conf->ipam, env->path);
}

static void child(const char *path, int in, int out)
{
	char *const argv[] = { (char *)path, NULL };

	/* CLOEXEC is not copied */
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	signals_restore();
	execv(path, argv);
	_exit(127);
}

/* It reads all before it writes, as all plug-ins do; one that does not ends the write. */
static void feed(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

static char *drain(int fd, size_t *len)
{
	char *text = malloc(RESULT_MAX + 1);
	ssize_t n = 1;

	*len = 0;
	while (text && n && *len <= RESULT_MAX) {
		n = read(fd, text + *len, RESULT_MAX + 1 - *len);
		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			*len += (size_t)n;
	}
	return text;
}

/* Run it; what it has printed is to be freed. Its exit status, or -1. */
static int run(const char *path, const struct cni_conf *conf, char **out,
	       size_t *len)
{
	int to[2], from[2], status = -1;
	pid_t pid;

	*out = NULL;
	if (pipe2(to, O_CLOEXEC))
		return -1;
	if (pipe2(from, O_CLOEXEC)) {
		close(to[0]);
		close(to[1]);
		return -1;
	}
	pid = fork();
	if (pid == 0)
		child(path, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	if (pid > 0)
		feed(to[1], conf->text, conf->len);
	close(to[1]);
	if (pid > 0) {
		*out = drain(from[0], len);
		close(from[0]);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	} else {
		close(from[0]);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What it says itself went wrong. */
static int failed(const struct cni_conf *conf, const json_t *said, int status,
		  struct cni_fault *f)
{
	const char *msg = json_string_value(json_object_get(said, "msg"));
	const char *details =
		json_string_value(json_object_get(said, "details"));
	json_int_t code = json_integer_value(json_object_get(said, "code"));

	if (!msg)
		return cni_fail(
			f, CNI_DELEGATE,
			"the IPAM plug-in \"%.60s\" ended with %d, without saying why",
			conf->ipam, status);
	cni_fail(f, code > 0 && code < INT_MAX ? (int)code : CNI_DELEGATE,
		 "IPAM plug-in \"%.60s\": %s", conf->ipam, msg);
	if (details)
		snprintf(f->details, sizeof(f->details), "%s", details);
	return -1;
}

int cni_ipam(const struct cni_conf *conf, const struct cni_env *env,
	     const char *command, const char *container, const char *ifname,
	     json_t **result, struct cni_fault *f)
{
	char path[PATH_MAX], *out;
	json_t *said;
	size_t len = 0;
	int status, err = 0;

	if (!conf->ipam)
		return 0;
	if (find(conf, env, path, f))
		return -1;
	setenv("CNI_COMMAND", command, 1);
	if (container)
		setenv("CNI_CONTAINERID", container, 1);
	if (ifname)
		setenv("CNI_IFNAME", ifname, 1);
	status = run(path, conf, &out, &len);
	said = out ? json_loadb(out, len, 0, NULL) : NULL;
	free(out);
	if (status)
		err = failed(conf, said, status, f);
	else if (result && !json_is_object(said))
		err = cni_fail(
			f, CNI_DELEGATE,
			"what the IPAM plug-in \"%.60s\" says is no result",
			conf->ipam);
	if (result && !err)
		*result = json_incref(said);
	json_decref(said);
	return err;
}

/* --- its result ------------------------------------------------------------------------- */

static int take_ip(struct cni_conf *conf, const json_t *o, struct cni_fault *f)
{
	const char *text = json_string_value(json_object_get(o, "address"));
	const char *gateway = json_string_value(json_object_get(o, "gateway"));
	struct utcp_sandbox_config *c = &conf->sandbox;
	struct utcp_sandbox_prefix a, g = { 0 }, *to, *via;

	if (!text || !strchr(text, '/') || !cni_address(text, &a) ||
	    (gateway && *gateway &&
	     (!cni_address(gateway, &g) || g.is6 != a.is6)))
		return cni_fail(f, CNI_DELEGATE,
				"the IPAM plug-in \"%.60s\" gives no address",
				conf->ipam);
	to = a.is6 ? &c->ip6 : &c->ip4;
	via = a.is6 ? &c->gateway6 : &c->gateway4;
	if (to->len)
		return cni_fail(
			f, CNI_UNSUPPORTED,
			"the IPAM plug-in \"%.60s\" gives more than one address of IPv%d, which is not supported",
			conf->ipam, a.is6 ? 6 : 4);
	*to = a;
	*via = g;
	return 0;
}

static int take_route(struct cni_conf *conf, const json_t *o,
		      struct utcp_sandbox_route *route, struct cni_fault *f)
{
	const char *dst = json_string_value(json_object_get(o, "dst"));
	const char *gw = json_string_value(json_object_get(o, "gw"));
	/* Members that an older plug-in would not know, either: none is passed over. */
	static const char *const more[] = { "mtu", "advmss", "priority",
					    "table", "scope" };

	memset(route, 0, sizeof(*route));
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (json_integer_value(json_object_get(o, more[i])))
			return cni_fail(
				f, CNI_UNSUPPORTED,
				"the IPAM plug-in \"%.60s\" gives a route with \"%s\", which is not supported",
				conf->ipam, more[i]);
	if (!dst || !strchr(dst, '/') || !cni_address(dst, &route->dst) ||
	    (gw && *gw &&
	     (!cni_address(gw, &route->gateway) ||
	      route->gateway.is6 != route->dst.is6)))
		return cni_fail(f, CNI_DELEGATE,
				"the IPAM plug-in \"%.60s\" gives no route",
				conf->ipam);
	if (route->dst.is6 && !conf->sandbox.ip6.len)
		return cni_fail(
			f, CNI_UNSUPPORTED,
			"the IPAM plug-in \"%.60s\" gives a route of IPv6 and no address of it, which is not supported",
			conf->ipam);
	return 0;
}

int cni_ipam_take(struct cni_conf *conf, const json_t *result,
		  struct utcp_sandbox_route *routes, struct cni_fault *f)
{
	const json_t *ips = json_object_get(result, "ips");
	const json_t *list = json_object_get(result, "routes");
	struct utcp_sandbox_config *c = &conf->sandbox;

	/* What was wanted is what it was told itself. */
	memset(&c->ip4, 0, sizeof(c->ip4));
	memset(&c->ip6, 0, sizeof(c->ip6));
	c->assigned = true;
	for (size_t i = 0; i < json_array_size(ips); i++)
		if (take_ip(conf, json_array_get(ips, i), f))
			return -1;
	if (!c->ip4.len)
		return cni_fail(
			f, CNI_UNSUPPORTED,
			"the IPAM plug-in \"%.60s\" gives no address of IPv4; networks without are not supported",
			conf->ipam);
	if (json_array_size(list) > CNI_ROUTES_MAX - 2)
		return cni_fail(f, CNI_UNSUPPORTED,
				"more than %d routes are not supported",
				CNI_ROUTES_MAX - 2);
	c->routes = routes;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (take_route(conf, json_array_get(list, i),
			       &routes[c->n_routes++], f))
			return -1;
	return 0;
}
