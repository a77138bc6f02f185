// SPDX-License-Identifier: GPL-2.0-only
/*
 * Containers that are connected to a network: each is a sandbox whose namespace the
 * runtime has made, or, behind another plug-in, one whose link is adopted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "attach.h"
#include "box.h"
#include "ipam.h"
#include "result.h"

/* --- ADD -------------------------------------------------------------------------------- */

static int print(json_t *result, struct cni_fault *f)
{
	int err = 0;

	if (!result || json_dumpf(result, stdout, JSON_INDENT(4)) ||
	    putchar('\n') == EOF || fflush(stdout))
		err = cni_fail(f, CNI_IO, "cannot write the result");
	json_decref(result);
	return err;
}

static int take_ipam(struct cni_conf *conf, const json_t *said,
		     struct utcp_sandbox_route *routes, struct cni_fault *f)
{
	if (cni_ipam_take(conf, said, routes, f))
		return -1;
	box_ways_out(conf, routes);
	return 0;
}

/* Who is connected keeps what it has: its address, above all, which has its name. */
static int refuse_twice(const struct cni_conf *conf, const struct cni_env *env,
			struct utcp_handle *h, struct cni_fault *f)
{
	struct utcp_sandbox sb;
	int there = box_find(h, conf, env, &sb, f);

	/* What a dead maker has left makes room. */
	if (there > 0 && sb.phase == LIBUTCP_SANDBOX_READY)
		return cni_fail(
			f, CNI_REFUSED,
			"container \"%.60s\" is connected by \"%s\" already",
			env->container, env->ifname);
	return there < 0 ? -1 : 0;
}

static int make(struct cni_conf *conf, const struct cni_env *env,
		struct utcp_handle *h, struct cni_fault *f)
{
	struct utcp_sandbox_route routes[CNI_ROUTES_MAX];
	bool leased, created = false;
	struct utcp_sandbox sb;
	json_t *said = NULL;
	struct cni_fault ignored;
	int err;

	if (refuse_twice(conf, env, h, f))
		return -1;
	err = cni_ipam(conf, env, "ADD", NULL, NULL, &said, f);
	leased = !err;
	if (!err && said)
		err = take_ipam(conf, said, routes, f);
	if (!err) {
		if (utcp_sandbox_create(h, &conf->sandbox, &sb))
			err = cni_fail_utcp(f, utcp_handle_error(h));
		created = !err;
	}
	if (!err)
		err = print(cni_result(conf, env, &sb, said), f);
	json_decref(said);
	if (!err)
		return 0;
	/* A result that was not told is none. */
	if (created)
		utcp_sandbox_delete(h, conf->sandbox.name, &sb);
	if (leased)
		cni_ipam(conf, env, "DEL", NULL, NULL, NULL, &ignored);
	return -1;
}

/* Behind another plug-in: its link, and its result, which goes on as it is. */
static int adopt(struct cni_conf *conf, struct utcp_handle *h,
		 struct cni_fault *f)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	struct utcp_sandbox sb;
	struct cni_fault second;
	json_t *result;
	int err;

	if (conf->ipam || c->bridge || c->mtu || c->mac || c->ip4.len ||
	    c->ip6.len || c->subnet4.len || c->subnet6.len ||
	    c->mode == LIBUTCP_SANDBOX_BRIDGED)
		return cni_fail(
			f, CNI_CONFIG,
			"behind another plug-in a link is closed and shaped: no mode bridged, bridge, ipam, subnet, mtu, ips or mac");
	c->mode = LIBUTCP_SANDBOX_ADOPTED;
	if (utcp_sandbox_adopt(h, c, &sb))
		return cni_fail_utcp(f, utcp_handle_error(h));
	result = json_copy((json_t *)conf->prev);
	json_object_set_new(result, "cniVersion", json_string(conf->version));
	err = print(result, f);
	/*
	 * As by DEL: what was closed is not open behind that. If not even this can be done,
	 * it stays as it is, for the DEL that follows.
	 */
	if (err)
		box_drop(h, &sb, &second);
	return err;
}

int cni_add(struct cni_conf *conf, const struct cni_env *env,
	    struct cni_fault *f)
{
	char name[LIBUTCP_SANDBOX_NAME_MAX + 1];
	struct utcp_handle *h;
	int err;

	if (cni_env_netns(env, "CNI_NETNS", f))
		return -1;
	h = box_begin(name, conf, env, f);
	if (!h)
		return -1;
	err = conf->prev ? adopt(conf, h, f) : make(conf, env, h, f);
	utcp_handle_free(h);
	return err;
}

/* --- DEL -------------------------------------------------------------------------------- */

int cni_del(struct cni_conf *conf, const struct cni_env *env,
	    struct cni_fault *f)
{
	struct utcp_handle *h = box_open(f);
	struct cni_fault second;
	struct utcp_sandbox sb;
	int there, err;

	if (!h)
		return -1;
	there = box_find(h, conf, env, &sb, f);
	err = there > 0 ? box_drop(h, &sb, f) : there;
	utcp_handle_free(h);
	/* Its address goes when nobody has it any more, and if one was not there, too. */
	if (!err && cni_ipam(conf, env, "DEL", NULL, NULL, NULL, &second)) {
		*f = second;
		err = -1;
	}
	return err;
}

/* --- CHECK ------------------------------------------------------------------------------ */

int cni_check(struct cni_conf *conf, const struct cni_env *env,
	      struct cni_fault *f)
{
	struct utcp_sandbox_route routes[CNI_ROUTES_MAX];
	struct utcp_handle *h;
	struct utcp_sandbox sb;
	size_t n = 0;
	int there, err = 0;

	if (!conf->prev)
		return cni_fail(f, CNI_CONFIG,
				"prevResult is missing: CHECK needs it");
	if (cni_env_netns(env, "CNI_NETNS", f))
		return -1;
	h = box_open(f);
	if (!h)
		return -1;
	there = box_find(h, conf, env, &sb, f);
	if (!there)
		err = cni_fail(f, CNI_UNKNOWN,
			       "container \"%.60s\" is not connected by \"%s\"",
			       env->container, env->ifname);
	else if (there < 0)
		err = -1;
	if (!err && sb.mode != LIBUTCP_SANDBOX_ADOPTED) {
		err = cni_result_check(conf, env, &sb, f);
		if (!err)
			err = cni_result_routes(conf, routes, &n, f);
	}
	if (!err && utcp_sandbox_verify(h, sb.name, routes, n, NULL)) {
		err = cni_fail_utcp(f, utcp_handle_error(h));
		/* It is not the configuration that is wrong. */
		if (f->code == CNI_CONFIG)
			f->code = CNI_REFUSED;
	}
	utcp_handle_free(h);
	return err ? err : cni_ipam(conf, env, "CHECK", NULL, NULL, NULL, f);
}

/* --- GC --------------------------------------------------------------------------------- */

/* @list has been checked. */
static bool is_valid(const json_t *list, const struct utcp_sandbox *sb)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);
		const char *container =
			json_string_value(json_object_get(o, "containerID"));
		const char *ifname =
			json_string_value(json_object_get(o, "ifname"));

		if (strcmp(container, sb->container) == 0 &&
		    strcmp(ifname, sb->ifname) == 0)
			return true;
	}
	return false;
}

/* One that cannot be read may be of a container that lives. */
static int check_valid(const json_t *list, struct cni_fault *f)
{
	/* As programs in Go write it that there are none. */
	if (json_is_null(list))
		return 0;
	if (!json_is_array(list))
		return cni_fail(
			f, CNI_CONFIG,
			"cni.dev/valid-attachments is missing, or no array");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);

		if (!json_is_string(json_object_get(o, "containerID")) ||
		    !json_is_string(json_object_get(o, "ifname")))
			return cni_fail(
				f, CNI_CONFIG,
				"cni.dev/valid-attachments: entry %zu has no containerID or no ifname",
				i + 1);
	}
	return 0;
}

/* Plug-ins from before 1.1.0 know neither the version nor the command. */
static bool is_older(const struct cni_fault *f)
{
	return f->code == CNI_VERSION || f->code == CNI_ENVIRONMENT;
}

static int gc_one(struct utcp_handle *h, const struct cni_conf *conf,
		  const struct cni_env *env, const struct utcp_sandbox *sb,
		  struct cni_fault *f)
{
	bool made = sb->mode != LIBUTCP_SANDBOX_ADOPTED;

	if (box_drop(h, sb, f))
		return -1;
	return made ? cni_ipam(conf, env, "DEL", sb->container, sb->ifname,
			       NULL, f) :
		      0;
}

int cni_gc(struct cni_conf *conf, const struct cni_env *env,
	   struct cni_fault *f)
{
	const json_t *valid =
		json_object_get(conf->json, "cni.dev/valid-attachments");
	struct utcp_handle *h;
	struct utcp_sandbox *list;
	struct cni_fault e;
	int err = 0;
	size_t n;

	/* The name that it had before the specification was final. */
	if (!valid)
		valid = json_object_get(conf->json, "cni.dev/attachments");
	if (check_valid(valid, f))
		return -1;
	h = box_open(f);
	if (!h)
		return -1;
	if (utcp_sandbox_list(h, &list, &n)) {
		err = cni_fail_utcp(f, utcp_handle_error(h));
		n = 0;
		list = NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (!box_is_of(&list[i], conf, env) ||
		    is_valid(valid, &list[i]))
			continue;
		if (gc_one(h, conf, env, &list[i], &e) && !err) {
			err = -1;
			*f = e;
		}
	}
	free(list);
	utcp_handle_free(h);
	if (cni_ipam(conf, env, "GC", NULL, NULL, NULL, &e) && !is_older(&e) &&
	    !err) {
		err = -1;
		*f = e;
	}
	return err;
}

/* --- STATUS ----------------------------------------------------------------------------- */

static int need_module(struct utcp_handle *h, enum utcp_family family,
		       struct cni_fault *f)
{
	return utcp_module_check(h, family) ?
		       cni_fail_utcp(f, utcp_handle_error(h)) :
		       0;
}

int cni_status(struct cni_conf *conf, const struct cni_env *env,
	       struct cni_fault *f)
{
	const struct utcp_sandbox_config *c = &conf->sandbox;
	struct utcp_handle *h = box_open(f);
	struct cni_fault e;
	int err;

	if (!h)
		return -1;
	err = need_module(h, LIBUTCP_NETSWITCH, f);
	if (!err)
		err = need_module(h, LIBUTCP_ACL, f);
	if (!err && (c->rate_in || c->rate_out))
		err = need_module(h, LIBUTCP_SHAPER, f);
	utcp_handle_free(h);
	if (err) {
		f->code = CNI_UNAVAILABLE;
		return err;
	}
	if (cni_ipam(conf, env, "STATUS", NULL, NULL, NULL, &e) &&
	    !is_older(&e)) {
		*f = e;
		if (f->code == CNI_DELEGATE)
			f->code = CNI_UNAVAILABLE;
		return -1;
	}
	return 0;
}
