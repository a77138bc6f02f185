// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sandbox of a container's connection.
 */
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "box.h"

/* Others that change sandboxes are waited for. */
#define TIMEOUT_MS 20000

/* --- finding it ------------------------------------------------------------------------- */

uint64_t box_hash(uint64_t h, const char *word)
{
	do {
		h = (h ^ (unsigned char)*word) * 1099511628211ULL;
	} while (*word++);
	return h;
}

struct utcp_handle *box_open(struct cni_fault *f)
{
	struct utcp_handle *h = utcp_handle_new();

	if (!h) {
		cni_fail(f, CNI_REFUSED, "out of memory");
		return NULL;
	}
	if (utcp_handle_open(h, NULL)) {
		cni_fail_utcp(f, utcp_handle_error(h));
		utcp_handle_free(h);
		return NULL;
	}
	utcp_handle_set_timeout(h, TIMEOUT_MS);
	return h;
}

/*
 * Names of containers are longer than those of sandboxes can be. Which container it is
 * stands in the sandbox, so that two that meet in a name are not taken for each other.
 */
static void box_name(char name[LIBUTCP_SANDBOX_NAME_MAX + 1],
		     const struct cni_conf *conf, const struct cni_env *env)
{
	uint64_t h = box_hash(BOX_HASH, conf->name);

	h = box_hash(box_hash(h, env->container), env->ifname);
	snprintf(name, LIBUTCP_SANDBOX_NAME_MAX + 1, "%s-%016" PRIx64,
		 env->protocol, h);
}

struct utcp_handle *box_begin(char name[LIBUTCP_SANDBOX_NAME_MAX + 1],
			      struct cni_conf *conf, const struct cni_env *env,
			      struct cni_fault *f)
{
	struct utcp_sandbox_config *c = &conf->sandbox;

	box_name(name, conf, env);
	c->name = name;
	c->container = env->container;
	c->netns = env->netns;
	c->ifname = env->ifname;
	return box_open(f);
}

/* Networks of the CNI and of Podman may have the same name. */
bool box_is_of(const struct utcp_sandbox *sb, const struct cni_conf *conf,
	       const struct cni_env *env)
{
	size_t n = strlen(env->protocol);

	return strncmp(sb->name, env->protocol, n) == 0 && sb->name[n] == '-' &&
	       strcmp(sb->network, conf->name) == 0;
}

int box_find(struct utcp_handle *h, const struct cni_conf *conf,
	     const struct cni_env *env, struct utcp_sandbox *sb,
	     struct cni_fault *f)
{
	char name[LIBUTCP_SANDBOX_NAME_MAX + 1];

	box_name(name, conf, env);
	if (!utcp_sandbox_get(h, name, sb))
		return strcmp(sb->network, conf->name) == 0 &&
		       strcmp(sb->container, env->container) == 0 &&
		       strcmp(sb->ifname, env->ifname) == 0;
	if (utcp_handle_error(h)->code == LIBUTCP_E_NOT_FOUND)
		return 0;
	return cni_fail_utcp(f, utcp_handle_error(h));
}

/* --- removing it ------------------------------------------------------------------------ */

/*
 * The container of a link that was adopted may still run, and plug-ins before this one
 * remove the link later: what was closed must not be open for that time.
 */
static int cut(const struct utcp_sandbox *sb, struct cni_fault *f)
{
	struct ifreq req = { 0 };
	int fd, err = 0;

	/* Gone, or another device under its name by now. */
	if (if_nametoindex(sb->dev) != sb->ifindex)
		return 0;
	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", sb->dev);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return cni_fail(f, CNI_REFUSED, "cannot open a socket: %s",
				strerror(errno));
	if (ioctl(fd, SIOCGIFFLAGS, &req) == 0) {
		req.ifr_flags &= ~IFF_UP;
		err = ioctl(fd, SIOCSIFFLAGS, &req) ? errno : 0;
	} else {
		err = errno;
	}
	close(fd);
	if (!err || err == ENODEV)
		return 0;
	return cni_fail(f, err == EPERM ? CNI_PERMISSION : CNI_REFUSED,
			"cannot set \"%s\" down: %s", sb->dev, strerror(err));
}

int box_drop(struct utcp_handle *h, const struct utcp_sandbox *sb,
	     struct cni_fault *f)
{
	struct utcp_sandbox was;
	int err;

	if (sb->mode == LIBUTCP_SANDBOX_ADOPTED) {
		if (cut(sb, f))
			return -1;
		err = utcp_sandbox_release(h, sb->name, &was);
	} else {
		err = utcp_sandbox_delete(h, sb->name, &was);
	}
	return err ? cni_fail_utcp(f, utcp_handle_error(h)) : 0;
}

/* --- ways out --------------------------------------------------------------------------- */

/* A route to everywhere, which who gives out addresses has not thought of. */
static void add_default(struct cni_conf *conf, bool is6,
			const struct utcp_sandbox_prefix *gateway,
			struct utcp_sandbox_route *routes)
{
	struct utcp_sandbox_config *c = &conf->sandbox;

	for (size_t i = 0; i < c->n_routes; i++)
		if (routes[i].dst.is6 == is6 && !routes[i].dst.len)
			return;
	memset(&routes[c->n_routes], 0, sizeof(routes[0]));
	routes[c->n_routes].dst.is6 = is6;
	routes[c->n_routes++].gateway = *gateway;
}

/* The first address of a subnet is the bridge's, unless another was said. */
static void add_gateway(const struct utcp_sandbox_prefix *ip,
			struct utcp_sandbox_prefix *gateway)
{
	uint32_t bits = ip->is6 ? 128 : 32;

	if (!ip->len || gateway->len)
		return;
	*gateway = *ip;
	for (uint32_t i = ip->len; i < bits; i++)
		gateway->addr[i / 8] &= 0xff ^ (0x80 >> i % 8);
	gateway->addr[bits / 8 - 1] |= 1;
	gateway->len = bits;
}

void box_ways_out(struct cni_conf *conf, struct utcp_sandbox_route *routes)
{
	struct utcp_sandbox_config *c = &conf->sandbox;

	add_gateway(&c->ip4, &c->gateway4);
	add_gateway(&c->ip6, &c->gateway6);
	if (!conf->default_gateway)
		return;
	add_default(conf, false, &c->gateway4, routes);
	if (c->ip6.len)
		add_default(conf, true, &c->gateway6, routes);
}
