// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the runtime is told about a container that was connected.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <net/if.h>

#include "result.h"

/* Where the interfaces stand in the result. */
#define INTERFACE_CONTAINER 2

json_t *cni_mac_text(const uint8_t mac[6])
{
	return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
			    mac[2], mac[3], mac[4], mac[5]);
}

json_t *cni_address_text(const struct utcp_sandbox_prefix *p, bool with_len)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(p->is6 ? AF_INET6 : AF_INET, p->addr, text, sizeof(text));
	return with_len ? json_sprintf("%s/%u", text, p->len) :
			  json_string(text);
}

/* A device of the host; one that has just gone has no address. */
static json_t *host_interface(const char *name)
{
	json_t *o = json_pack("{s:s}", "name", name);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };
	uint8_t mac[6];

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd >= 0 && ioctl(fd, SIOCGIFHWADDR, &request) == 0) {
		memcpy(mac, request.ifr_hwaddr.sa_data, sizeof(mac));
		json_object_set_new(o, "mac", cni_mac_text(mac));
	}
	if (fd >= 0)
		close(fd);
	return o;
}

static json_t *interfaces(const struct cni_env *env,
			  const struct utcp_sandbox *sb)
{
	return json_pack("[o, o, {s:s, s:o, s:s}]", host_interface(sb->bridge),
			 host_interface(sb->dev), "name", env->ifname, "mac",
			 cni_mac_text(sb->mac), "sandbox", env->netns);
}

static void add_ip(json_t *list, const struct cni_conf *conf,
		   const struct utcp_sandbox_prefix *address,
		   const struct utcp_sandbox_prefix *gateway)
{
	json_t *o;

	if (!address->len)
		return;
	o = json_pack("{s:i, s:o}", "interface", INTERFACE_CONTAINER, "address",
		      cni_address_text(address, true));
	if (strcmp(conf->version, "0.4.0") == 0)
		json_object_set_new(o, "version",
				    json_string(address->is6 ? "6" : "4"));
	json_object_set_new(o, "gateway", cni_address_text(gateway, false));
	json_array_append_new(list, o);
}

static json_t *routes_of(const struct cni_conf *conf,
			 const struct utcp_sandbox *sb)
{
	const struct utcp_sandbox_config *c = &conf->sandbox;
	json_t *list = json_array(), *o;

	for (size_t i = 0; c->assigned && i < c->n_routes; i++) {
		o = json_pack("{s:o}", "dst",
			      cni_address_text(&c->routes[i].dst, true));
		if (c->routes[i].gateway.len)
			json_object_set_new(
				o, "gw",
				cni_address_text(&c->routes[i].gateway, false));
		json_array_append_new(list, o);
	}
	if (c->assigned)
		return list;
	json_array_append_new(
		list, json_pack("{s:s, s:o}", "dst", "0.0.0.0/0", "gw",
				cni_address_text(&sb->gateway4, false)));
	if (sb->addr6.len)
		json_array_append_new(
			list,
			json_pack("{s:s, s:o}", "dst", "::/0", "gw",
				  cni_address_text(&sb->gateway6, false)));
	return list;
}

/* Lists that may go by other names in what runtimes say. */
static void copy_list(json_t *to, const json_t *from, const char *as,
		      const char *name)
{
	json_t *list = json_object_get(from, name);

	if (json_array_size(list))
		json_object_set(to, as, list);
}

static json_t *dns_of(const struct cni_conf *conf, const json_t *ipam)
{
	const json_t *from = conf->dns, *domain;
	json_t *dns = json_object();

	if (!json_object_size(from))
		from = json_object_get(ipam, "dns");
	copy_list(dns, from, "nameservers", "servers");
	copy_list(dns, from, "nameservers", "nameservers");
	domain = json_object_get(from, "domain");
	if (json_string_length(domain))
		json_object_set(dns, "domain", (json_t *)domain);
	copy_list(dns, from, "search", "searches");
	copy_list(dns, from, "search", "search");
	copy_list(dns, from, "options", "options");
	return dns;
}

json_t *cni_result(const struct cni_conf *conf, const struct cni_env *env,
		   const struct utcp_sandbox *sb, const json_t *ipam)
{
	json_t *ips = json_array(), *routes = routes_of(conf, sb), *result;

	add_ip(ips, conf, &sb->addr4, &sb->gateway4);
	add_ip(ips, conf, &sb->addr6, &sb->gateway6);
	result = json_pack("{s:s, s:o, s:o}", "cniVersion", conf->version,
			   "interfaces", interfaces(env, sb), "ips", ips);
	if (json_array_size(routes))
		json_object_set(result, "routes", routes);
	json_decref(routes);
	json_object_set_new(result, "dns", dns_of(conf, ipam));
	return result;
}

/* --- CHECK ------------------------------------------------------------------------------ */

static int check_interface(const json_t *list, const struct cni_env *env,
			   const struct utcp_sandbox *sb, size_t *index,
			   struct cni_fault *f)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);
		const char *name =
			json_string_value(json_object_get(o, "name"));
		const char *mac = json_string_value(json_object_get(o, "mac"));
		json_t *own;
		int same;

		if (!name || strcmp(name, env->ifname) != 0 ||
		    !json_string_length(json_object_get(o, "sandbox")))
			continue;
		own = cni_mac_text(sb->mac);
		same = !mac || strcasecmp(mac, json_string_value(own)) == 0;
		json_decref(own);
		if (!same)
			return cni_fail(f, CNI_REFUSED,
					"\"%s\" had another MAC address",
					env->ifname);
		*index = i;
		return 0;
	}
	return cni_fail(f, CNI_CONFIG, "prevResult has no interface \"%s\"",
			env->ifname);
}

static bool same_address(const struct utcp_sandbox_prefix *a,
			 const struct utcp_sandbox_prefix *b)
{
	return a->is6 == b->is6 && a->len == b->len &&
	       memcmp(a->addr, b->addr, a->is6 ? 16 : 4) == 0;
}

int cni_result_check(const struct cni_conf *conf, const struct cni_env *env,
		     const struct utcp_sandbox *sb, struct cni_fault *f)
{
	const json_t *ips = json_object_get(conf->prev, "ips");
	size_t index = 0;

	if (check_interface(json_object_get(conf->prev, "interfaces"), env, sb,
			    &index, f))
		return -1;
	for (size_t i = 0; i < json_array_size(ips); i++) {
		const json_t *o = json_array_get(ips, i);
		const json_t *of = json_object_get(o, "interface");
		const char *text =
			json_string_value(json_object_get(o, "address"));
		struct utcp_sandbox_prefix a;

		if (of && json_integer_value(of) != (json_int_t)index)
			continue;
		if (!text || !cni_address(text, &a))
			return cni_fail(f, CNI_CONFIG,
					"prevResult has no address in ips");
		if (!same_address(&a, a.is6 ? &sb->addr6 : &sb->addr4))
			return cni_fail(f, CNI_REFUSED,
					"\"%.60s\" is no address of \"%s\"",
					text, env->ifname);
	}
	return 0;
}

int cni_result_routes(const struct cni_conf *conf,
		      struct utcp_sandbox_route *routes, size_t *n,
		      struct cni_fault *f)
{
	const json_t *list = json_object_get(conf->prev, "routes");

	*n = 0;
	for (size_t i = 0; i < json_array_size(list) && *n < CNI_ROUTES_MAX;
	     i++) {
		const json_t *o = json_array_get(list, i);
		const char *dst = json_string_value(json_object_get(o, "dst"));
		const char *gw = json_string_value(json_object_get(o, "gw"));
		struct utcp_sandbox_route *route = &routes[(*n)++];

		memset(route, 0, sizeof(*route));
		if (!dst || !cni_address(dst, &route->dst) ||
		    (gw && *gw && !cni_address(gw, &route->gateway)))
			return cni_fail(f, CNI_CONFIG,
					"prevResult has no route in routes");
	}
	return 0;
}
