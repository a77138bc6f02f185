// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcp-cni - sandboxes for container runtimes, by the Container Network Interface, or, with
 * an argument, by the protocol of netavark's plug-ins.
 */
#include <stdio.h>
#include <string.h>

#include "attach.h"
#include "conf.h"
#include "env.h"
#include "fault.h"
#include "netavark.h"
#include "signals.h"

static int say_version(const struct cni_conf *conf)
{
	json_t *o = json_pack("{s:s, s:[s, s, s]}", "cniVersion", conf->version,
			      "supportedVersions", "0.4.0", "1.0.0",
			      CNI_NEWEST);
	int err = !o || json_dumpf(o, stdout, 0);

	putchar('\n');
	json_decref(o);
	return err ? -1 : 0;
}

static int dispatch(struct cni_conf *conf, const struct cni_env *env,
		    struct cni_fault *f)
{
	switch (env->command) {
	case CNI_ADD:
		return cni_add(conf, env, f);
	case CNI_DEL:
		return cni_del(conf, env, f);
	case CNI_CHECK:
		return cni_check(conf, env, f);
	case CNI_GC:
		return cni_gc(conf, env, f);
	case CNI_STATUS:
		return cni_status(conf, env, f);
	default:
		return say_version(conf);
	}
}

static int run(struct cni_conf *conf, struct cni_env *env, struct cni_fault *f)
{
	if (cni_env_command(env, f))
		return -1;
	/* Which versions there are can be asked by who has no configuration, too. */
	if (cni_conf_read(conf, env, f) && env->command != CNI_SAY_VERSION)
		return -1;
	if (env->command != CNI_SAY_VERSION &&
	    (cni_env_read(env, f) || cni_conf_parse(conf, env, f)))
		return -1;
	return dispatch(conf, env, f);
}

int main(int argc, char **argv)
{
	struct cni_conf conf = { .version = CNI_NEWEST };
	struct cni_fault f = { 0 };
	struct cni_env env;
	int err;

	signals_ignore();
	if (argc > 1)
		return netavark_main(argc, argv);
	err = run(&conf, &env, &f);
	if (err)
		cni_fault_print(&f, conf.version);
	cni_conf_free(&conf);
	return err ? 1 : 0;
}
