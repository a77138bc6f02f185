// SPDX-License-Identifier: GPL-2.0-only
/*
 * The protocol of netavark's plug-ins, by which Podman connects containers: a command as
 * argument, JSON on standard input and output, and on failure an object with "error" and
 * exit status 1 (plugin-API.md of netavark, API 1.0.0).
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <utcp/utcp.h>

#include "box.h"
#include "netavark.h"
#include "podman.h"

#define API_VERSION "1.0.0"

static int print(json_t *o, struct cni_fault *f)
{
	int err = 0;

	if (!o || json_dumpf(o, stdout, 0) || putchar('\n') == EOF ||
	    fflush(stdout))
		err = cni_fail(f, CNI_IO, "cannot write the result");
	json_decref(o);
	return err;
}

static int info(struct cni_conf *conf, struct cni_env *env, struct cni_fault *f)
{
	(void)conf;
	(void)env;
	return print(json_pack("{s:s, s:s}", "version", utcp_version(),
			       "api_version", API_VERSION),
		     f);
}

static int create(struct cni_conf *conf, struct cni_env *env,
		  struct cni_fault *f)
{
	(void)env;
	if (cni_conf_json(conf, f) || podman_create(conf, f))
		return -1;
	return print(json_incref(conf->json), f);
}

/*
 * A container that is started again has the same number. What a life that ended without
 * a teardown has left is removed; the container of a link that is there is connected.
 */
static int end_earlier(struct utcp_handle *h, const struct cni_conf *conf,
		       const struct cni_env *env, struct cni_fault *f)
{
	struct utcp_sandbox sb;
	struct stat now;
	int there = box_find(h, conf, env, &sb, f);

	if (there <= 0)
		return there;
	if (sb.phase == LIBUTCP_SANDBOX_READY && if_nametoindex(sb.dev) &&
	    stat(env->netns, &now) == 0 && now.st_ino == sb.netns_ino)
		return cni_fail(
			f, CNI_REFUSED,
			"container \"%.60s\" is connected by \"%s\" already",
			env->container, env->ifname);
	return box_drop(h, &sb, f);
}

static int setup(struct cni_conf *conf, struct cni_env *env,
		 struct cni_fault *f)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	char name[LIBUTCP_SANDBOX_NAME_MAX + 1];
	struct podman_network net;
	struct utcp_sandbox sb;
	struct utcp_handle *h;
	int err;

	if (cni_conf_json(conf, f) || podman_who(conf, env, f) ||
	    podman_wants(conf, &net, f) ||
	    cni_env_netns(env, "network namespace", f))
		return -1;
	h = box_begin(name, conf, env, f);
	if (!h)
		return -1;
	err = end_earlier(h, conf, env, f);
	if (!err && utcp_sandbox_create(h, c, &sb))
		err = cni_fail_utcp(f, utcp_handle_error(h));
	if (!err) {
		err = print(podman_status(env, &sb), f);
		/* A result that was not told is none. */
		if (err)
			utcp_sandbox_delete(h, name, &sb);
	}
	utcp_handle_free(h);
	return err;
}

/* Whatever the network may look like by now, and whether there is a namespace or not. */
static int teardown(struct cni_conf *conf, struct cni_env *env,
		    struct cni_fault *f)
{
	struct utcp_sandbox sb;
	struct utcp_handle *h;
	int there;

	if (cni_conf_json(conf, f) || podman_who(conf, env, f))
		return -1;
	h = box_open(f);
	if (!h)
		return -1;
	there = box_find(h, conf, env, &sb, f);
	if (there > 0)
		there = box_drop(h, &sb, f);
	utcp_handle_free(h);
	return there;
}

static const struct {
	const char *name;
	int args;
	int (*run)(struct cni_conf *conf, struct cni_env *env,
		   struct cni_fault *f);
} commands[] = {
	{ "create", 0, create },
	{ "setup", 1, setup },
	{ "teardown", 1, teardown },
	{ "info", 0, info },
};

static int dispatch(int argc, char **argv, struct cni_conf *conf,
		    struct cni_fault *f)
{
	struct cni_env env = { .protocol = "netavark", .netns = argv[2] };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, argv[1]) != 0)
			continue;
		if (argc - 2 == commands[i].args)
			return commands[i].run(conf, &env, f);
		return cni_fail(
			f, CNI_ENVIRONMENT, "%s has %s argument", argv[1],
			commands[i].args ?
				"the path of a network namespace as its only" :
				"no");
	}
	return cni_fail(
		f, CNI_ENVIRONMENT,
		"unknown command \"%.40s\": create, setup, teardown or info",
		argv[1]);
}

static void print_error(const struct cni_fault *f)
{
	json_t *o = json_pack("{s:o}", "error",
			      f->details[0] ? json_sprintf("%s (%s)", f->msg,
							   f->details) :
					      json_string(f->msg));

	if (!o || json_dumpf(o, stdout, 0))
		fputs("{\"error\":\"out of memory\"}", stdout);
	putchar('\n');
	json_decref(o);
}

int netavark_main(int argc, char **argv)
{
	struct cni_conf conf = { 0 };
	struct cni_fault f = { 0 };
	int err = dispatch(argc, argv, &conf, &f);

	if (err)
		print_error(&f);
	cni_conf_free(&conf);
	return err ? 1 : 0;
}
