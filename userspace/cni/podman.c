// SPDX-License-Identifier: GPL-2.0-only
/*
 * Networks and containers as Podman describes them to plug-ins of netavark.
 *
 * Options of a network are texts ("podman network create -o NAME=VALUE"). They are made
 * members of a configuration of the CNI, which says what they mean.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "box.h"
#include "podman.h"
#include "result.h"
#include "scope.h"
#include "subnet.h"

/* --- options ---------------------------------------------------------------------------- */

/**
 * enum kind - what an option is, where it is a member
 * @TEXT: a text
 * @NUMBER: a number
 * @BOOL: true or false
 * @LIST: a list of texts, with semicolons between
 */
enum kind {
	TEXT,
	NUMBER,
	BOOL,
	LIST,
};

static const struct {
	const char *name;
	enum kind kind;
} options[] = {
	{ "mode", TEXT },	   { "policy", TEXT },
	{ "allow", LIST },	   { "rate", TEXT },
	{ "ingressRate", NUMBER }, { "ingressBurst", NUMBER },
	{ "egressRate", NUMBER },  { "egressBurst", NUMBER },
	{ "ipMasq", BOOL },	   { "isDefaultGateway", BOOL },
	{ "mtu", NUMBER },
};

static json_t *number_value(const char *text)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return NULL;
	errno = 0;
	value = strtoull(text, &end, 10);
	return *end || errno || value > INT64_MAX ?
		       NULL :
		       json_integer((json_int_t)value);
}

static json_t *list_value(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t n = strcspn(text, ";");

		if (strspn(text, " ") < n)
			json_array_append_new(list, json_stringn(text, n));
		text += n;
		text += *text == ';';
	}
	return list;
}

/* What is none stays a text, and who reads it says what it should have been. */
static json_t *option_value(enum kind kind, const char *text)
{
	json_t *value = NULL;

	if (kind == NUMBER)
		value = number_value(text);
	else if (kind == LIST)
		value = list_value(text);
	else if (kind == BOOL && strcmp(text, "true") == 0)
		value = json_true();
	else if (kind == BOOL && strcmp(text, "false") == 0)
		value = json_false();
	return value ? value : json_string(text);
}

static int add_option(json_t *to, const char *name, const json_t *value,
		      struct cni_fault *f)
{
	if (!json_is_string(value))
		return cni_fail(f, CNI_CONFIG, "option %.40s is not a string",
				name);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strcmp(options[i].name, name) == 0)
			return json_object_set_new(
				to, name,
				option_value(options[i].kind,
					     json_string_value(value)));
	return cni_fail(f, CNI_UNSUPPORTED, "option %.40s is not supported",
			name);
}

static int read_options(struct cni_conf *conf, const struct scope *s)
{
	struct scope said, ours = { NULL, "option ", s->f };
	const struct scope none = { NULL, "", s->f };
	json_t *from;

	if (scope_object(s, "options", &said, "option "))
		return -1;
	from = (json_t *)said.o;
	conf->options = json_object();
	for (void *at = json_object_iter(from); at;
	     at = json_object_iter_next(from, at))
		if (add_option(conf->options, json_object_iter_key(at),
			       json_object_iter_value(at), s->f))
			return -1;
	ours.o = conf->options;
	conf->default_gateway = true;
	return cni_conf_network(conf, &ours, &none);
}

/* --- the network ------------------------------------------------------------------------ */

static void cut_host_bits(struct utcp_sandbox_prefix *p)
{
	for (uint32_t i = p->len; i < 8 * sizeof(p->addr); i++)
		p->addr[i / 8] &= 0xff ^ (0x80 >> i % 8);
}

static bool is_in(const struct utcp_sandbox_prefix *a,
		  const struct utcp_sandbox_prefix *subnet)
{
	struct utcp_sandbox_prefix cut = *a;

	cut.len = subnet->len;
	cut_host_bits(&cut);
	return subnet->len && a->is6 == subnet->is6 &&
	       memcmp(cut.addr, subnet->addr, sizeof(cut.addr)) == 0;
}

/* Bridges have no others: see network_prefix_ok() of libutcp. */
static bool is_unicast(const struct utcp_sandbox_prefix *p)
{
	const uint8_t first = p->addr[0];

	return first && (p->is6 ? first < 0xfe : first != 127 && first < 224);
}

static int read_subnet(struct podman_network *net, const struct scope *s)
{
	struct utcp_sandbox_prefix p, gateway = { 0 };
	const char *text, *via;

	if (scope_text(s, "subnet", &text) || scope_text(s, "gateway", &via))
		return -1;
	if (!text || !strchr(text, '/') || !cni_address(text, &p))
		return scope_wrong(s, "subnet", "is not ADDRESS/BITS");
	if (p.is6 ? p.len < 16 || p.len > 126 : p.len < 8 || p.len > 30)
		return scope_wrong(
			s, "subnet",
			"is none: it has 8 to 30 bits of IPv4, or 16 to 126 of IPv6");
	cut_host_bits(&p);
	if (!is_unicast(&p))
		return scope_wrong(
			s, "subnet",
			"is none: unicast addresses, but for those of the loopback and of links");
	if (net->subnet[p.is6].len)
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"a second subnet of IPv%d is not supported: \"%.60s\"",
			p.is6 ? 6 : 4, text);
	if (via && (strchr(via, '/') || !cni_address(via, &gateway) ||
		    !is_in(&gateway, &p)))
		return scope_wrong(s, "gateway", "is no address of the subnet");
	net->subnet[p.is6] = p;
	net->gateway[p.is6] = gateway;
	return 0;
}

static int read_route(struct podman_network *net, const struct scope *s)
{
	struct utcp_sandbox_route *route = &net->routes[net->n_routes];
	const char *to, *via, *type;

	if (scope_text(s, "destination", &to) ||
	    scope_text(s, "gateway", &via) ||
	    scope_text(s, "route_type", &type))
		return -1;
	if (scope_get(s, "metric") || (type && strcmp(type, "unicast") != 0))
		return cni_fail(s->f, CNI_UNSUPPORTED,
				"a metric or type of a route is not supported");
	memset(route, 0, sizeof(*route));
	if (!to || !strchr(to, '/') || !cni_address(to, &route->dst))
		return scope_wrong(s, "destination", "is not ADDRESS/BITS");
	cut_host_bits(&route->dst);
	if (!via || strchr(via, '/') || !cni_address(via, &route->gateway) ||
	    !is_in(&route->gateway, &net->subnet[route->dst.is6]))
		return scope_wrong(s, "gateway",
				   "is no address of a subnet of its family");
	net->n_routes++;
	return 0;
}

static int each(const struct scope *s, const char *member, const char *where,
		size_t max, struct podman_network *net,
		int (*read)(struct podman_network *net, const struct scope *s))
{
	const json_t *list;

	if (scope_array(s, member, &list))
		return -1;
	if (json_array_size(list) > max)
		return cni_fail(s->f, CNI_UNSUPPORTED,
				"more than %zu %s are not supported", max,
				member);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const struct scope in = { json_array_get(list, i), where,
					  s->f };

		if (!json_is_object(in.o))
			return scope_wrong(s, member,
					   "is not a list of objects");
		if (read(net, &in))
			return -1;
	}
	return 0;
}

static bool is_id(const char *text)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");

	return n >= 8 && !text[n];
}

/* What nobody does for it. */
static int refuse_network(const struct scope *s)
{
	const json_t *servers;
	bool internal = false;
	struct scope ipam;
	const char *driver;

	if (scope_bool(s, "internal", &internal) ||
	    scope_object(s, "ipam_options", &ipam, "ipam_options.") ||
	    scope_text(&ipam, "driver", &driver) ||
	    scope_array(s, "network_dns_servers", &servers))
		return -1;
	if (internal)
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"an internal network is not supported: in mode custom only what is allowed leaves it");
	if (driver && strcmp(driver, "host-local") != 0)
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"ipam driver \"%.20s\" is not supported: host-local",
			driver);
	if (json_array_size(servers))
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"DNS servers of a network are not supported: it serves no names");
	return 0;
}

static int read_network(struct cni_conf *conf, const struct scope *s,
			struct podman_network *net)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	const char *bridge;

	memset(net, 0, sizeof(*net));
	if (scope_text(s, "name", &conf->name) ||
	    scope_text(s, "id", &net->id) ||
	    scope_text(s, "network_interface", &bridge))
		return -1;
	if (!conf->name || !cni_name_ok(conf->name))
		return scope_wrong(s, "name", "is no name of a network");
	if (!net->id || !is_id(net->id))
		return scope_wrong(s, "id",
				   "is not 8 hexadecimal digits or more");
	if (bridge && (strlen(bridge) > 15 || !cni_name_ok(bridge)))
		return scope_wrong(s, "network_interface",
				   "is no name of a bridge");
	if (refuse_network(s) || read_options(conf, s) ||
	    each(s, "subnets", "subnets: ", 2, net, read_subnet) ||
	    each(s, "routes", "routes: ", CNI_ROUTES_MAX - 2, net, read_route))
		return -1;
	if (net->subnet[1].len && !net->subnet[0].len)
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"a network without a subnet of IPv4 is not supported");
	c->bridge = bridge;
	return 0;
}

/* --- making one ------------------------------------------------------------------------- */

static int add_subnet(json_t *network, const char *id, bool is6,
		      struct cni_fault *f)
{
	json_t *list = json_object_get(network, "subnets");
	struct utcp_sandbox_prefix p;

	if (subnet_choose(id, is6, &p))
		return cni_fail(
			f, CNI_REFUSED,
			"all of 10.182.0.0/15 is in use: --subnet says another subnet");
	if (!json_is_array(list)) {
		list = json_array();
		json_object_set_new(network, "subnets", list);
	}
	json_array_append_new(list, json_pack("{s:o}", "subnet",
					      cni_address_text(&p, true)));
	return 0;
}

/* What is in use would not be reached any more, or the containers would not. */
static int refuse_used(const struct cni_conf *conf,
		       const struct podman_network *net, struct cni_fault *f)
{
	char text[INET6_ADDRSTRLEN], whose[SUBNET_WHOSE];

	for (size_t i = 0; i < 2; i++) {
		const struct utcp_sandbox_prefix *p = &net->subnet[i];

		if (!p->len || !subnet_used(p, conf->sandbox.bridge, whose))
			continue;
		inet_ntop(p->is6 ? AF_INET6 : AF_INET, p->addr, text,
			  sizeof(text));
		return cni_fail(f, CNI_REFUSED,
				"subnet %s/%u is in use by \"%s\"", text,
				p->len, whose);
	}
	return 0;
}

int podman_create(struct cni_conf *conf, struct cni_fault *f)
{
	json_t *network = conf->json, *ipam;
	struct scope s = { network, "", f };
	struct podman_network net;
	const char *driver;
	bool six = false;

	if (read_network(conf, &s, &net) || scope_text(&s, "driver", &driver) ||
	    scope_bool(&s, "ipv6_enabled", &six))
		return -1;
	if (!driver)
		return scope_wrong(&s, "driver", "is missing");
	if (refuse_used(conf, &net, f))
		return -1;
	if (!net.subnet[0].len && add_subnet(network, net.id, false, f))
		return -1;
	if (six && !net.subnet[1].len && add_subnet(network, net.id, true, f))
		return -1;
	json_object_set_new(network, "ipv6_enabled",
			    json_boolean(six || net.subnet[1].len));
	if (!conf->sandbox.bridge)
		json_object_set_new(network, "network_interface",
				    json_sprintf("utcp-%.8s", net.id));
	/* Nobody answers for names: Podman has servers of names for its own bridges only. */
	json_object_set_new(network, "dns_enabled", json_false());
	json_object_set_new(network, "internal", json_false());
	ipam = json_object_get(network, "ipam_options");
	if (!json_is_object(ipam)) {
		ipam = json_object();
		json_object_set_new(network, "ipam_options", ipam);
	}
	json_object_set_new(ipam, "driver", json_string("host-local"));
	return 0;
}

/* --- a container ------------------------------------------------------------------------ */

/* The scopes of a request: all of it, its network, and what is wanted of that. */
static int open_request(const struct cni_conf *conf, struct cni_fault *f,
			struct scope *all, struct scope *network,
			struct scope *wants)
{
	*all = (struct scope){ conf->json, "", f };
	if (scope_object(all, "network", network, "network.") ||
	    scope_object(all, "network_options", wants, "network_options."))
		return -1;
	if (!network->o)
		return scope_wrong(all, "network", "is missing");
	if (!wants->o)
		return scope_wrong(all, "network_options", "is missing");
	return 0;
}

int podman_who(struct cni_conf *conf, struct cni_env *env, struct cni_fault *f)
{
	struct scope all, network, wants;

	if (open_request(conf, f, &all, &network, &wants) ||
	    scope_text(&network, "name", &conf->name) ||
	    scope_text(&all, "container_id", &env->container) ||
	    scope_text(&wants, "interface_name", &env->ifname))
		return -1;
	if (!conf->name || !cni_name_ok(conf->name))
		return scope_wrong(&network, "name", "is no name of a network");
	if (!env->container || !cni_name_ok(env->container))
		return scope_wrong(&all, "container_id",
				   "is no name of a container");
	if (!env->ifname || !cni_device_ok(env->ifname))
		return scope_wrong(&wants, "interface_name",
				   "is no name of a device");
	conf->sandbox.network = conf->name;
	return 0;
}

static int read_addresses(struct cni_conf *conf,
			  const struct podman_network *net,
			  const struct scope *s)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	const json_t *list;

	if (scope_array(s, "static_ips", &list))
		return -1;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));
		struct utcp_sandbox_prefix a, *to;

		if (!text || strchr(text, '/') || !cni_address(text, &a) ||
		    !is_in(&a, &net->subnet[a.is6]))
			return scope_wrong(
				s, "static_ips",
				"has what is no address of a subnet of the network");
		to = a.is6 ? &c->ip6 : &c->ip4;
		if (to->len)
			return scope_wrong(
				s, "static_ips",
				"has two addresses of one family, which is not supported");
		*to = a;
		to->len = net->subnet[a.is6].len;
	}
	if (!c->ip4.len)
		return scope_wrong(s, "static_ips", "has no address of IPv4");
	if (net->subnet[1].len && !c->ip6.len)
		return scope_wrong(s, "static_ips", "has no address of IPv6");
	return 0;
}

/* One port of a mapping. */
static int add_port(struct cni_conf *conf, const struct scope *s,
		    const struct utcp_sandbox_publish *first, uint64_t i)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	struct utcp_sandbox_publish *p = &conf->publish[c->n_publish];

	if (c->n_publish == LIBUTCP_SANDBOX_PUBLISH_MAX)
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"more than %d published ports are not supported",
			LIBUTCP_SANDBOX_PUBLISH_MAX);
	*p = *first;
	p->host = (uint16_t)(p->host + i);
	p->port = (uint16_t)(p->port + i);
	c->n_publish++;
	return 0;
}

/* "tcp", "udp", or both, with a comma between. */
static int next_protocol(const struct scope *s, const char **words,
			 uint8_t *proto)
{
	size_t n = strcspn(*words, ",");

	if (n == 3 && strncasecmp(*words, "tcp", n) == 0)
		*proto = IPPROTO_TCP;
	else if (n == 3 && strncasecmp(*words, "udp", n) == 0)
		*proto = IPPROTO_UDP;
	else
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"%sprotocol \"%.20s\" is not supported: tcp or udp",
			s->where, *words);
	*words += n;
	*words += **words == ',';
	return 0;
}

static int read_mapping(struct cni_conf *conf, const struct scope *s)
{
	struct utcp_sandbox_publish p = { 0 };
	const char *proto, *address;
	uint64_t host, port, range;

	if (scope_number(s, "host_port", UINT16_MAX, &host) ||
	    scope_number(s, "container_port", UINT16_MAX, &port) ||
	    scope_number(s, "range", UINT16_MAX, &range) ||
	    scope_text(s, "protocol", &proto) ||
	    scope_text(s, "host_ip", &address))
		return -1;
	if (!host || !port)
		return scope_wrong(s, host ? "container_port" : "host_port",
				   "is missing");
	range += !range;
	if (host + range > 65536 || port + range > 65536)
		return scope_wrong(s, "range", "ends behind port 65535");
	if (address && cni_host_address(s, "host_ip", address, &p.addr))
		return -1;
	p.host = (uint16_t)host;
	p.port = (uint16_t)port;
	if (!proto)
		proto = "tcp";
	do {
		if (next_protocol(s, &proto, &p.proto))
			return -1;
		for (uint64_t i = 0; i < range; i++)
			if (add_port(conf, s, &p, i))
				return -1;
	} while (*proto);
	return 0;
}

static int read_mappings(struct cni_conf *conf, const struct scope *all)
{
	const json_t *list;

	conf->sandbox.publish = conf->publish;
	if (scope_array(all, "port_mappings", &list))
		return -1;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const struct scope s = { json_array_get(list, i),
					 "port_mappings.", all->f };

		if (!json_is_object(s.o))
			return scope_wrong(all, "port_mappings",
					   "is not a list of objects");
		if (read_mapping(conf, &s))
			return -1;
	}
	return 0;
}

/* Who starts a container does not say what the network limits. */
static int refuse_options(const struct scope *wants)
{
	struct scope o;

	if (scope_object(wants, "options", &o, ""))
		return -1;
	if (json_object_size(o.o))
		return cni_fail(
			wants->f, CNI_UNSUPPORTED,
			"option %.40s of a container is not supported: options are the network's",
			json_object_iter_key(json_object_iter((json_t *)o.o)));
	return 0;
}

int podman_wants(struct cni_conf *conf, struct podman_network *net,
		 struct cni_fault *f)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	struct scope all, network, wants;
	const char *mac;

	if (open_request(conf, f, &all, &network, &wants) ||
	    read_network(conf, &network, net) ||
	    read_addresses(conf, net, &wants) || read_mappings(conf, &all) ||
	    scope_text(&wants, "static_mac", &mac) || refuse_options(&wants) ||
	    (mac && cni_conf_mac(conf, "static_mac", mac, f)))
		return -1;
	c->assigned = true;
	c->gateway4 = net->gateway[0];
	c->gateway6 = net->gateway[1];
	c->routes = net->routes;
	c->n_routes = net->n_routes;
	box_ways_out(conf, net->routes);
	return 0;
}

/* --- what was made ---------------------------------------------------------------------- */

static void add_address(json_t *list, const struct utcp_sandbox_prefix *a,
			const struct utcp_sandbox_prefix *gateway)
{
	if (a->len)
		json_array_append_new(
			list, json_pack("{s:o, s:o}", "ipnet",
					cni_address_text(a, true), "gateway",
					cni_address_text(gateway, false)));
}

json_t *podman_status(const struct cni_env *env, const struct utcp_sandbox *sb)
{
	json_t *list = json_array();

	add_address(list, &sb->addr4, &sb->gateway4);
	add_address(list, &sb->addr6, &sb->gateway6);
	return json_pack("{s:[], s:[], s:{s:{s:o, s:o}}}", "dns_search_domains",
			 "dns_server_ips", "interfaces", env->ifname,
			 "mac_address", cni_mac_text(sb->mac), "subnets", list);
}
