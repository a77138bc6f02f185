// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration of a network, as the runtime gives it.
 *
 * Members of other plug-ins are left aside, as the specification wants it. Those of the
 * reference plug-ins "bridge", "bandwidth" and "portmap" mean here what they mean there,
 * or are refused if they ask for what is not done.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../utcpctl/number.h"
#include "conf.h"
#include "scope.h"

/* A larger configuration is none. */
#define CONF_MAX (1 << 20)

/* Of a class: see utcpctl-shaper(8). */
#define BURST_MIN_US 1000
#define BURST_MAX_US 1000000

/* --- reading ---------------------------------------------------------------------------- */

static int read_stdin(struct cni_conf *conf, struct cni_fault *f)
{
	ssize_t n;

	conf->text = malloc(CONF_MAX + 1);
	if (!conf->text)
		return cni_fail(f, CNI_IO, "out of memory");
	do {
		n = read(STDIN_FILENO, conf->text + conf->len,
			 CONF_MAX + 1 - conf->len);
		if (n < 0 && errno != EINTR)
			return cni_fail(f, CNI_IO,
					"cannot read standard input: %s",
					strerror(errno));
		if (n > 0)
			conf->len += (size_t)n;
	} while (n && conf->len <= CONF_MAX);
	if (conf->len > CONF_MAX)
		return cni_fail(f, CNI_IO,
				"the configuration is larger than %d bytes",
				CONF_MAX);
	return 0;
}

bool cni_version_new(const char *version)
{
	return strcmp(version, CNI_NEWEST) == 0;
}

static int read_version(struct cni_conf *conf, struct cni_fault *f)
{
	static const char *const known[] = { "0.4.0", "1.0.0", CNI_NEWEST };
	const json_t *member = json_object_get(conf->json, "cniVersion");
	const char *text = json_string_value(member);

	if (member && !text && !json_is_null(member))
		return cni_fail(f, CNI_DECODE, "cniVersion is not a string");
	for (size_t i = 0; text && i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(text, known[i]) == 0) {
			snprintf(conf->version, sizeof(conf->version), "%s",
				 text);
			return 0;
		}
	return cni_fail(
		f, CNI_VERSION,
		"cniVersion %s%.20s%s is none of 0.4.0, 1.0.0, " CNI_NEWEST,
		text ? "\"" : "", text ? text : "(not said)", text ? "\"" : "");
}

int cni_conf_json(struct cni_conf *conf, struct cni_fault *f)
{
	json_error_t e;

	memset(conf, 0, sizeof(*conf));
	snprintf(conf->version, sizeof(conf->version), "%s", CNI_NEWEST);
	if (read_stdin(conf, f))
		return -1;
	conf->json = json_loadb(conf->text, conf->len, 0, &e);
	if (!conf->json)
		return cni_fail(f, CNI_DECODE,
				"the configuration is no JSON: line %d: %s",
				e.line, e.text);
	if (!json_is_object(conf->json))
		return cni_fail(f, CNI_DECODE,
				"the configuration is no object");
	return 0;
}

int cni_conf_read(struct cni_conf *conf, const struct cni_env *env,
		  struct cni_fault *f)
{
	if (cni_conf_json(conf, f) || read_version(conf, f))
		return -1;
	if (env->command == CNI_SAY_VERSION)
		return 0;
	if ((env->command == CNI_GC || env->command == CNI_STATUS) &&
	    !cni_version_new(conf->version))
		return cni_fail(f, CNI_VERSION,
				"cniVersion \"%s\" has no such command",
				conf->version);
	conf->name = json_string_value(json_object_get(conf->json, "name"));
	if (!conf->name)
		return cni_fail(f, CNI_CONFIG,
				"name of the network is missing");
	if (!cni_name_ok(conf->name))
		return cni_fail(f, CNI_CONFIG,
				"\"%.40s\" is no name of a network",
				conf->name);
	conf->sandbox.network = conf->name;
	return 0;
}

void cni_conf_free(struct cni_conf *conf)
{
	json_decref(conf->json);
	json_decref(conf->options);
	free(conf->rules);
	free(conf->text);
}

/* --- addresses, as text --------------------------------------------------------------- */

bool cni_address(const char *text, struct utcp_sandbox_prefix *to)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	char address[INET6_ADDRSTRLEN], *end;
	unsigned long len, max;

	memset(to, 0, sizeof(*to));
	if (n >= sizeof(address))
		return false;
	memcpy(address, text, n);
	address[n] = '\0';
	to->is6 = strchr(address, ':');
	max = to->is6 ? 128 : 32;
	len = max;
	if (slash) {
		if (slash[1] < '0' || slash[1] > '9')
			return false;
		len = strtoul(slash + 1, &end, 10);
		if (*end || len > max)
			return false;
	}
	to->len = (uint32_t)len;
	return inet_pton(to->is6 ? AF_INET6 : AF_INET, address, to->addr) == 1;
}

static bool is_loopback(const struct utcp_sandbox_prefix *a)
{
	return a->is6 ? IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)a->addr) :
			a->addr[0] == IN_LOOPBACKNET;
}

/* See sandboxnat.c of libutcp: with what it needs others could reach the loopback. */
int cni_host_address(const struct scope *s, const char *member,
		     const char *text, struct utcp_sandbox_prefix *to)
{
	if (strchr(text, '/') || !cni_address(text, to))
		return scope_wrong(s, member, "is no address");
	if (is_loopback(to))
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"%s%s \"%.60s\" is not supported: a published port is not reached by the host's loopback",
			s->where, member, text);
	return 0;
}

/* --- what it may do --------------------------------------------------------------------- */

static int read_word(struct utcp_acl_rule *rule, char **words, size_t n,
		     struct cni_fault *f, const char *text)
{
	const char *is, *bad;

	for (size_t i = 0; (is = utcp_acl_word(i)); i++) {
		if (strcmp(is, words[0]) != 0)
			continue;
		if (n < 2)
			return cni_fail(
				f, CNI_CONFIG,
				"allow: \"%.200s\": a value is missing behind \"%s\"",
				text, words[0]);
		bad = utcp_acl_rule_set(rule, i, words[1]);
		if (!bad)
			return 0;
		return cni_fail(f, CNI_CONFIG, "allow: \"%.200s\": %s: %s",
				text, words[0], bad);
	}
	return cni_fail(f, CNI_CONFIG,
			"allow: \"%.200s\": a rule has no word \"%.40s\"", text,
			words[0]);
}

static int read_rule(const char *text, struct utcp_acl_rule *rule,
		     struct cni_fault *f)
{
	char *copy = strdup(text), *words[64], *save = NULL;
	size_t n = 0;
	int err = 0;

	if (!copy)
		return cni_fail(f, CNI_IO, "out of memory");
	for (char *w = strtok_r(copy, " ", &save); w;
	     w = strtok_r(NULL, " ", &save))
		if (n < sizeof(words) / sizeof(words[0]))
			words[n++] = w;
	rule->priority = LIBUTCP_ACL_PRIORITY;
	rule->verdict = UTCP_ACL_VERDICT_ALLOW;
	for (uint32_t i = 1; n && utcp_acl_direction(i); i++)
		if (strcmp(utcp_acl_direction(i), words[0]) == 0)
			rule->direction = i;
	if (!rule->direction)
		err = cni_fail(
			f, CNI_CONFIG,
			"allow: \"%.200s\" does not begin with in or out",
			text);
	for (size_t i = 1; !err && i < n; i += 2)
		err = read_word(rule, &words[i], n - i, f, text);
	free(copy);
	return err;
}

static int parse_rules(struct cni_conf *conf, const struct scope *s)
{
	const json_t *list;
	size_t n;

	if (scope_array(s, "allow", &list))
		return -1;
	n = json_array_size(list);
	conf->rules = calloc(n + 1, sizeof(*conf->rules));
	if (!conf->rules)
		return cni_fail(s->f, CNI_IO, "out of memory");
	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (!text)
			return scope_wrong(s, "allow",
					   "is not a list of rules");
		if (read_rule(text, &conf->rules[i], s->f))
			return -1;
	}
	conf->sandbox.rules = conf->rules;
	conf->sandbox.n_rules = n;
	return 0;
}

static int parse_policy(struct cni_conf *conf, const struct scope *s)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	const char *mode;

	if (scope_text(s, "mode", &mode) ||
	    scope_text(s, "policy", &c->policy) || parse_rules(conf, s))
		return -1;
	c->mode = LIBUTCP_SANDBOX_CUSTOM;
	if (mode && strcmp(mode, "bridged") == 0)
		c->mode = LIBUTCP_SANDBOX_BRIDGED;
	else if (mode && strcmp(mode, "custom") != 0)
		return scope_wrong(s, "mode", "is not bridged or custom");
	if (c->mode == LIBUTCP_SANDBOX_BRIDGED && (c->policy || c->n_rules))
		return scope_wrong(
			s, "mode",
			"is bridged: then all is allowed, and there is no policy");
	if (c->policy && c->n_rules)
		return scope_wrong(s, "policy",
				   "and allow are one or the other");
	return 0;
}

/* --- rates ------------------------------------------------------------------------------ */

/* As the reference plug-in "bandwidth" has it: bits per second, and bits. */
static int read_way(const struct scope *s, const char *rate_member,
		    const char *burst_member, uint64_t *rate, uint32_t *burst)
{
	uint64_t bits, us;

	if (scope_number(s, rate_member, INT64_MAX, rate) ||
	    scope_number(s, burst_member, INT64_MAX, &bits))
		return -1;
	if (*rate && !bits)
		return scope_wrong(s, burst_member,
				   "is missing: a rate has a burst, too");
	if (!*rate && bits)
		return scope_wrong(s, rate_member,
				   "is missing: a burst has a rate, too");
	if (bits / 8 >= UINT32_MAX)
		return scope_wrong(s, burst_member, "is 4 GiB or more");
	/*
	 * Runtimes that are told none say the largest of 32 bits. That would be no limit
	 * for a while; the usual burst of a class is none of that.
	 */
	*burst = 0;
	if (!bits || bits >= INT32_MAX)
		return 0;
	us = bits > UINT64_MAX / 1000000 ? BURST_MAX_US :
					   bits * 1000000 / *rate;
	*burst = us < BURST_MIN_US ? BURST_MIN_US :
		 us > BURST_MAX_US ? BURST_MAX_US :
				     (uint32_t)us;
	return 0;
}

static int read_bandwidth(struct utcp_sandbox_config *c, const struct scope *s)
{
	if (read_way(s, "ingressRate", "ingressBurst", &c->rate_in,
		     &c->burst_in))
		return -1;
	return read_way(s, "egressRate", "egressBurst", &c->rate_out,
			&c->burst_out);
}

/*
 * What the runtime was told, by who starts a container. The configuration is the
 * administrator's: it is not for the runtime to lift what that limits.
 */
static int wish_bandwidth(struct utcp_sandbox_config *c, const struct scope *s)
{
	struct utcp_sandbox_config wish = { 0 };

	if (read_bandwidth(&wish, s))
		return -1;
	if (!c->rate_in) {
		c->rate_in = wish.rate_in;
		c->burst_in = wish.burst_in;
	}
	if (!c->rate_out) {
		c->rate_out = wish.rate_out;
		c->burst_out = wish.burst_out;
	}
	return 0;
}

static int parse_rates(struct cni_conf *conf, const struct scope *s,
		       const struct scope *run)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	const json_t *rate = scope_get(s, "rate");
	struct scope bandwidth;
	uint64_t value = 0;

	if (read_bandwidth(c, s))
		return -1;
	if (rate && (c->rate_in || c->rate_out))
		return scope_wrong(
			s, "rate",
			"is that of both directions: not with others");
	if (json_is_string(rate)) {
		const char *bad = number_rate(json_string_value(rate), &value);

		if (bad)
			return scope_wrong(s, "rate", bad);
	} else if (scope_number(s, "rate", INT64_MAX, &value)) {
		return -1;
	}
	if (rate) {
		c->rate_in = value;
		c->rate_out = value;
	}
	if (scope_object(run, "bandwidth", &bandwidth,
			 "runtimeConfig.bandwidth."))
		return -1;
	return bandwidth.o ? wish_bandwidth(c, &bandwidth) : 0;
}

/* --- ports ------------------------------------------------------------------------------ */

static int read_port(const struct scope *s, struct utcp_sandbox_publish *p)
{
	const char *proto, *address;
	uint64_t host, port;

	if (scope_number(s, "hostPort", UINT16_MAX, &host) ||
	    scope_number(s, "containerPort", UINT16_MAX, &port) ||
	    scope_text(s, "protocol", &proto) ||
	    scope_text(s, "hostIP", &address))
		return -1;
	if (!host)
		return scope_wrong(s, "hostPort", "is missing");
	if (!port)
		return scope_wrong(s, "containerPort", "is missing");
	p->host = (uint16_t)host;
	p->port = (uint16_t)port;
	p->proto = IPPROTO_TCP;
	if (proto && strcasecmp(proto, "udp") == 0)
		p->proto = IPPROTO_UDP;
	else if (proto && strcasecmp(proto, "tcp") != 0)
		return cni_fail(
			s->f, CNI_UNSUPPORTED,
			"%sprotocol \"%.20s\" is not supported: tcp or udp",
			s->where, proto);
	return address ? cni_host_address(s, "hostIP", address, &p->addr) : 0;
}

static int parse_ports(struct cni_conf *conf, const struct scope *run)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	const json_t *list;

	c->publish = conf->publish;
	if (scope_array(run, "portMappings", &list))
		return -1;
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct scope s = { json_array_get(list, i),
				   "runtimeConfig.portMappings.", run->f };
		struct utcp_sandbox_publish *p = &conf->publish[c->n_publish];

		if (!json_is_object(s.o))
			return scope_wrong(run, "portMappings",
					   "is not a list of objects");
		if (c->n_publish == LIBUTCP_SANDBOX_PUBLISH_MAX)
			return cni_fail(
				run->f, CNI_UNSUPPORTED,
				"runtimeConfig.portMappings has more than %d ports, which are not supported",
				LIBUTCP_SANDBOX_PUBLISH_MAX);
		if (read_port(&s, p))
			return -1;
		c->n_publish++;
	}
	return 0;
}

/* --- addresses -------------------------------------------------------------------------- */

static int want_address(struct cni_conf *conf, const char *where,
			const char *text, struct cni_fault *f)
{
	struct utcp_sandbox_prefix a, *to;

	if (!text || !cni_address(text, &a))
		return cni_fail(f, CNI_CONFIG, "%s: \"%.60s\" is no address",
				where, text ? text : "");
	to = a.is6 ? &conf->sandbox.ip6 : &conf->sandbox.ip4;
	if (to->len)
		return cni_fail(
			f, CNI_UNSUPPORTED,
			"%s: \"%.60s\" is a second address of IPv%d, which is not supported",
			where, text, a.is6 ? 6 : 4);
	*to = a;
	return 0;
}

int cni_conf_mac(struct cni_conf *conf, const char *where, const char *text,
		 struct cni_fault *f)
{
	if (!number_mac(text, conf->mac) || conf->mac[0] & 1)
		return cni_fail(f, CNI_CONFIG,
				"%s: \"%.40s\" is no MAC address of a device",
				where, text);
	conf->sandbox.mac = conf->mac;
	return 0;
}

/* KEY=VALUE;KEY=VALUE; those that nobody knows are an error unless it is said otherwise. */
static int parse_args(struct cni_conf *conf, const struct cni_env *env,
		      struct cni_fault *f)
{
	bool ignore = strcasestr(env->args, "IgnoreUnknown=1") ||
		      strcasestr(env->args, "IgnoreUnknown=true");
	char *copy = strdup(env->args), *save = NULL;
	int err = copy ? 0 : cni_fail(f, CNI_IO, "out of memory");

	for (char *w = copy ? strtok_r(copy, ";", &save) : NULL; w && !err;
	     w = strtok_r(NULL, ";", &save)) {
		char *value = strchr(w, '=');

		if (!value || value == w) {
			err = cni_fail(f, CNI_ENVIRONMENT,
				       "CNI_ARGS: \"%.60s\" is not KEY=VALUE",
				       w);
			break;
		}
		*value++ = '\0';
		if (strcmp(w, "IP") == 0)
			err = want_address(conf, "CNI_ARGS: IP", value, f);
		else if (strcmp(w, "MAC") == 0)
			err = cni_conf_mac(conf, "CNI_ARGS: MAC", value, f);
		else if (!ignore && strcmp(w, "IgnoreUnknown") != 0)
			err = cni_fail(f, CNI_ENVIRONMENT,
				       "CNI_ARGS: unknown \"%.60s\"", w);
		if (err && f->code == CNI_CONFIG)
			f->code = CNI_ENVIRONMENT;
	}
	free(copy);
	return err;
}

static int parse_wishes(struct cni_conf *conf, const struct cni_env *env,
			const struct scope *run)
{
	const json_t *list;
	const char *mac;

	if (scope_array(run, "ips", &list) || scope_text(run, "mac", &mac) ||
	    parse_args(conf, env, run->f))
		return -1;
	if (json_array_size(list)) {
		/* the newer way; what CNI_ARGS said does not count then */
		memset(&conf->sandbox.ip4, 0, sizeof(conf->sandbox.ip4));
		memset(&conf->sandbox.ip6, 0, sizeof(conf->sandbox.ip6));
	}
	for (size_t i = 0; i < json_array_size(list); i++)
		if (want_address(conf, "runtimeConfig.ips",
				 json_string_value(json_array_get(list, i)),
				 run->f))
			return -1;
	return mac ? cni_conf_mac(conf, "runtimeConfig.mac", mac, run->f) : 0;
}

static int read_subnet(struct cni_conf *conf, const char *text,
		       struct cni_fault *f)
{
	struct utcp_sandbox_prefix a, *to;

	if (!text || !strchr(text, '/') || !cni_address(text, &a))
		return cni_fail(f, CNI_CONFIG,
				"subnet: \"%.60s\" is not ADDRESS/BITS",
				text ? text : "");
	to = a.is6 ? &conf->sandbox.subnet6 : &conf->sandbox.subnet4;
	if (to->len)
		return cni_fail(f, CNI_CONFIG, "subnet: IPv%d has one",
				a.is6 ? 6 : 4);
	*to = a;
	return 0;
}

static int parse_subnet(struct cni_conf *conf, const struct scope *s)
{
	const json_t *m = scope_get(s, "subnet");

	if (!m)
		return 0;
	if (conf->ipam)
		return scope_wrong(s, "subnet", "is the IPAM plug-in's to say");
	if (!json_is_array(m))
		return read_subnet(conf, json_string_value(m), s->f);
	for (size_t i = 0; i < json_array_size(m); i++)
		if (read_subnet(conf, json_string_value(json_array_get(m, i)),
				s->f))
			return -1;
	return 0;
}

/* --- all of it -------------------------------------------------------------------------- */

/* What the reference plug-in "bridge" does on demand, and this one does not. */
static int refuse_unsupported(const struct scope *s)
{
	static const char *const flags[] = { "promiscMode", "forceAddress",
					     "disableContainerInterface" };
	bool is = false;
	uint64_t vlan;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (scope_bool(s, flags[i], &is))
			return -1;
		if (is)
			return cni_fail(s->f, CNI_UNSUPPORTED,
					"%s true is not supported", flags[i]);
	}
	if (scope_number(s, "vlan", 4094, &vlan))
		return -1;
	if (vlan)
		return cni_fail(s->f, CNI_UNSUPPORTED,
				"vlan %u is not supported", (unsigned int)vlan);
	if (scope_get(s, "vlanTrunk"))
		return cni_fail(s->f, CNI_UNSUPPORTED,
				"vlanTrunk is not supported");
	return 0;
}

static int parse_bridge(struct cni_conf *conf, const struct scope *s)
{
	struct utcp_sandbox_config *c = &conf->sandbox;
	bool masquerade = true;
	uint64_t mtu;

	if (refuse_unsupported(s) || scope_text(s, "bridge", &c->bridge) ||
	    scope_bool(s, "ipMasq", &masquerade) ||
	    scope_bool(s, "isDefaultGateway", &conf->default_gateway) ||
	    scope_number(s, "mtu", 65535, &mtu))
		return -1;
	if (mtu && mtu < 1280)
		return scope_wrong(s, "mtu",
				   "is less than 1280, which IPv6 needs");
	c->mtu = (uint32_t)mtu;
	c->no_masquerade = !masquerade;
	return 0;
}

static int parse_ipam(struct cni_conf *conf, const struct scope *s)
{
	struct scope ipam;

	if (scope_object(s, "ipam", &ipam, "ipam.") ||
	    scope_text(&ipam, "type", &conf->ipam))
		return -1;
	if (!conf->ipam && json_object_size(ipam.o))
		return scope_wrong(&ipam, "type", "is missing");
	if (conf->ipam && strchr(conf->ipam, '/'))
		return scope_wrong(&ipam, "type", "is no name of a program");
	return 0;
}

static int parse_dns(struct cni_conf *conf, const struct scope *s,
		     const struct scope *run)
{
	struct scope dns;

	if (scope_object(s, "dns", &dns, "dns."))
		return -1;
	conf->dns = dns.o;
	if (scope_object(run, "dns", &dns, "runtimeConfig.dns."))
		return -1;
	if (dns.o)
		conf->dns = dns.o;
	return 0;
}

int cni_conf_network(struct cni_conf *conf, const struct scope *s,
		     const struct scope *run)
{
	if (parse_policy(conf, s) || parse_bridge(conf, s))
		return -1;
	return parse_rates(conf, s, run);
}

int cni_conf_parse(struct cni_conf *conf, const struct cni_env *env,
		   struct cni_fault *f)
{
	struct scope s = { conf->json, "", f }, run, prev;

	if (scope_object(&s, "runtimeConfig", &run, "runtimeConfig.") ||
	    scope_object(&s, "prevResult", &prev, "prevResult.") ||
	    parse_ipam(conf, &s))
		return -1;
	conf->prev = prev.o;
	if (env->command == CNI_DEL || env->command == CNI_GC)
		return 0;
	if (cni_conf_network(conf, &s, &run) || parse_subnet(conf, &s) ||
	    parse_ports(conf, &run) || parse_dns(conf, &s, &run))
		return -1;
	return parse_wishes(conf, env, &run);
}
