// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sandboxes: what is wanted of a new one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "aclfile.h"
#include "number.h"
#include "sandboxopt.h"

enum {
	OPTION_MODE,
	OPTION_ALLOW,
	OPTION_RATE,
	OPTION_RATE_IN,
	OPTION_RATE_OUT,
	OPTION_PUBLISH,
	OPTION_SERVICE,
	OPTION_CELL,
	OPTION_BRIDGE,
	OPTION_SUBNET,
	OPTION_POLICY,
	OPTION_NETNS,
	OPTION_PID,
	OPTION_IFNAME,
	OPTION_DEV,
	OPTION_MAC,
	OPTION_ADDR,
	OPTIONS,
};

/* How many words may stand behind each, and whether it may come again. */
static const struct {
	const char *name;
	size_t min, max;
	bool again;
} options[OPTIONS] = {
	[OPTION_MODE] = { "--mode", 1, 1, false },
	[OPTION_ALLOW] = { "--allow", 1, SIZE_MAX, true },
	[OPTION_RATE] = { "--rate", 1, 1, false },
	[OPTION_RATE_IN] = { "--rate-in", 1, 1, false },
	[OPTION_RATE_OUT] = { "--rate-out", 1, 1, false },
	[OPTION_PUBLISH] = { "--publish", 1, 1, true },
	[OPTION_SERVICE] = { "--service", 2, 2, true },
	[OPTION_CELL] = { "--cell", 0, 0, false },
	[OPTION_BRIDGE] = { "--bridge", 1, 1, false },
	[OPTION_SUBNET] = { "--subnet", 1, 2, false },
	[OPTION_POLICY] = { "--policy", 1, 1, false },
	[OPTION_NETNS] = { "--netns", 1, 1, false },
	[OPTION_PID] = { "--pid", 1, 1, false },
	[OPTION_IFNAME] = { "--ifname", 1, 1, false },
	[OPTION_DEV] = { "--dev", 1, 1, false },
	[OPTION_MAC] = { "--mac", 1, 1, false },
	[OPTION_ADDR] = { "--addr", 1, 1, false },
};

/* Those of a sandbox that is made, and of one that is adopted. */
static const unsigned char create_options[] = {
	OPTION_MODE,	OPTION_ALLOW,	 OPTION_POLICY,	 OPTION_RATE,
	OPTION_RATE_IN, OPTION_RATE_OUT, OPTION_PUBLISH, OPTION_SERVICE,
	OPTION_CELL,	OPTION_BRIDGE,	 OPTION_SUBNET,
};

static const unsigned char adopt_options[] = {
	OPTION_NETNS, OPTION_PID,     OPTION_IFNAME,   OPTION_DEV,
	OPTION_MAC,   OPTION_ADDR,    OPTION_POLICY,   OPTION_ALLOW,
	OPTION_RATE,  OPTION_RATE_IN, OPTION_RATE_OUT, OPTION_PUBLISH,
};

const char *cmd_choice_sandbox_option(const struct cmd_args *before,
				      size_t index)
{
	(void)before;
	return index < sizeof(create_options) ?
		       options[create_options[index]].name :
		       NULL;
}

const char *cmd_choice_sandbox_adopt(const struct cmd_args *before,
				     size_t index)
{
	(void)before;
	return index < sizeof(adopt_options) ?
		       options[adopt_options[index]].name :
		       NULL;
}

int sandbox_read_mode(struct fault *f, const char *text,
		      enum utcp_sandbox_mode *mode)
{
	const char *name;

	for (size_t i = 0; (name = utcp_sandbox_mode_name(i)); i++)
		if (i != LIBUTCP_SANDBOX_ADOPTED && strcmp(name, text) == 0) {
			*mode = (enum utcp_sandbox_mode)i;
			return EXIT_DONE;
		}
	return fault_usage(
		f, "--mode",
		"\"%s\" is not one of none, bridged, custom, host-loopback",
		text);
}

int sandbox_read_rate(struct fault *f, const struct cmd_word *w, bool none,
		      uint64_t *rate)
{
	const char *wrong;

	if (w->n_rest != 1)
		return fault_usage(f, w->text, "%s has one value", w->text);
	if (none && strcmp(w->rest[0], "none") == 0) {
		*rate = 0;
		return EXIT_DONE;
	}
	wrong = number_rate(w->rest[0], rate);
	if (wrong)
		return fault_usage(f, w->text, "\"%s\" is not a rate: %s",
				   w->rest[0], wrong);
	if (!*rate)
		return fault_usage(f, w->text, "a rate of 0 would be none; %s",
				   none ? "say that" : "leave it out");
	return EXIT_DONE;
}

static bool read_port(const char *text, size_t len, uint16_t *port)
{
	uint32_t value = 0;
	char copy[8];

	if (!len || len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (number_u32(copy, LIBUTCP_UNIT_COUNT, &value) || !value ||
	    value > UINT16_MAX)
		return false;
	*port = (uint16_t)value;
	return true;
}

static int read_publish(struct fault *f, const char *text,
			struct sandbox_options *o)
{
	struct utcp_sandbox_publish *p = &o->publish[o->config.n_publish];
	size_t host = strcspn(text, ":"), port;

	if (o->config.n_publish == LIBUTCP_SANDBOX_PUBLISH_MAX)
		return fault_usage(f, "--publish",
				   "a sandbox publishes %d ports at most",
				   LIBUTCP_SANDBOX_PUBLISH_MAX);
	port = text[host] ? strcspn(text + host + 1, "/") : 0;
	p->proto = IPPROTO_TCP;
	if (text[host] && text[host + 1 + port]) {
		const char *proto = text + host + 1 + port + 1;

		if (strcmp(proto, "udp") == 0)
			p->proto = IPPROTO_UDP;
		else if (strcmp(proto, "tcp") != 0)
			return fault_usage(f, "--publish",
					   "\"%s\" is not tcp or udp", proto);
	}
	if (!text[host] || !read_port(text, host, &p->host) ||
	    !read_port(text + host + 1, port, &p->port))
		return fault_usage(
			f, "--publish",
			"\"%s\" is not PORT:PORT, or that and /tcp or /udp",
			text);
	for (size_t i = 0; i < o->config.n_publish; i++)
		if (o->publish[i].host == p->host &&
		    o->publish[i].proto == p->proto)
			return fault_usage(f, "--publish",
					   "port %u of the host is given twice",
					   p->host);
	o->config.n_publish++;
	return EXIT_DONE;
}

static int read_service(struct fault *f, const struct cmd_word *w,
			struct sandbox_options *o)
{
	uint16_t *port = &o->services[o->config.n_services];

	if (strcmp(w->rest[0], "tcp") != 0)
		return fault_usage(f, "--service",
				   "\"%s\" is not tcp, which services are of",
				   w->rest[0]);
	if (o->config.n_services == LIBUTCP_SANDBOX_SERVICES_MAX)
		return fault_usage(f, "--service",
				   "a sandbox has %d services at most",
				   LIBUTCP_SANDBOX_SERVICES_MAX);
	if (!read_port(w->rest[1], strlen(w->rest[1]), port))
		return fault_usage(f, "--service", "\"%s\" is not a port",
				   w->rest[1]);
	for (size_t i = 0; i < o->config.n_services; i++)
		if (o->services[i] == *port)
			return fault_usage(f, "--service",
					   "port %u is given twice", *port);
	o->config.n_services++;
	return EXIT_DONE;
}

static int read_subnet(struct fault *f, const char *text,
		       struct utcp_sandbox_config *config)
{
	bool is6 = strchr(text, ':');
	struct utcp_sandbox_prefix *to = is6 ? &config->subnet6 :
					       &config->subnet4;
	const char *slash = strchr(text, '/');
	char address[INET6_ADDRSTRLEN];
	uint32_t len = 0;

	if (to->len)
		return fault_usage(f, "--subnet", "IPv%d has one subnet",
				   is6 ? 6 : 4);
	to->is6 = is6;
	if (slash && (size_t)(slash - text) < sizeof(address)) {
		memcpy(address, text, (size_t)(slash - text));
		address[slash - text] = '\0';
		if (!number_u32(slash + 1, LIBUTCP_UNIT_COUNT, &len) && len &&
		    len <= (is6 ? 128 : 32) &&
		    inet_pton(is6 ? AF_INET6 : AF_INET, address, to->addr) == 1)
			to->len = len;
	}
	if (!to->len)
		return fault_usage(f, "--subnet", "\"%s\" is not ADDRESS/BITS",
				   text);
	return EXIT_DONE;
}

static int read_allow(struct fault *f, const struct cmd_word *w,
		      struct sandbox_options *o)
{
	struct utcp_acl_rule *rule, *more;
	const char *name;

	more = reallocarray(o->rules, o->config.n_rules + 1, sizeof(*more));
	if (!more)
		return fault_system(f, ENOMEM, "cannot read --allow");
	o->rules = more;
	o->config.rules = more;
	rule = &more[o->config.n_rules++];
	memset(rule, 0, sizeof(*rule));
	rule->priority = LIBUTCP_ACL_PRIORITY;
	rule->verdict = UTCP_ACL_VERDICT_ALLOW;
	for (uint32_t i = 1; (name = utcp_acl_direction(i)); i++)
		if (strcmp(name, w->rest[0]) == 0)
			rule->direction = i;
	if (!rule->direction)
		return fault_usage(f, "--allow",
				   "\"%s\" is no direction: in or out",
				   w->rest[0]);
	for (size_t i = 1; i < w->n_rest; i += 2) {
		const char *bad;
		size_t word;

		if (!aclfile_word(w->rest[i], &word))
			return fault_usage(f, "--allow",
					   "a rule has no word \"%s\"",
					   w->rest[i]);
		if (i + 1 == w->n_rest)
			return fault_usage(f, "--allow",
					   "a value is missing behind \"%s\"",
					   w->rest[i]);
		bad = utcp_acl_rule_set(rule, word, w->rest[i + 1]);
		if (bad)
			return fault_usage(f, "--allow", "%s: \"%s\": %s",
					   w->rest[i], w->rest[i + 1], bad);
	}
	return EXIT_DONE;
}

static int read_pid(struct fault *f, const char *text,
		    struct sandbox_options *o)
{
	uint32_t pid;

	if (number_u32(text, LIBUTCP_UNIT_COUNT, &pid) || !pid ||
	    pid > INT32_MAX)
		return fault_usage(f, "--pid",
				   "\"%s\" is not the number of a process",
				   text);
	snprintf(o->netns, sizeof(o->netns), "/proc/%u/ns/net", pid);
	o->config.netns = o->netns;
	return EXIT_DONE;
}

static int read_own(struct fault *f, const struct cmd_word *w, const char *word,
		    struct sandbox_options *o)
{
	const char *wrong = utcp_acl_binding_own(&o->own, word, w->rest[0]);

	if (wrong)
		return fault_usage(f, w->text, "\"%s\": %s", w->rest[0], wrong);
	o->config.own = &o->own;
	return EXIT_DONE;
}

/* What an adopted one is told by. */
static int read_adopt(struct fault *f, const struct cmd_word *w, size_t option,
		      struct sandbox_options *o)
{
	switch (option) {
	case OPTION_PID:
		return read_pid(f, w->rest[0], o);
	case OPTION_IFNAME:
		o->config.ifname = w->rest[0];
		return EXIT_DONE;
	case OPTION_DEV:
		o->config.dev = w->rest[0];
		return EXIT_DONE;
	case OPTION_MAC:
		return read_own(f, w, "mac", o);
	case OPTION_ADDR:
		return read_own(f, w, "addr", o);
	default:
		o->config.netns = w->rest[0];
		return EXIT_DONE;
	}
}

static int read_option(struct fault *f, const struct cmd_word *w, size_t option,
		       struct sandbox_options *o)
{
	struct utcp_sandbox_config *config = &o->config;
	int code = EXIT_DONE;

	if (w->n_rest < options[option].min)
		return fault_usage(f, w->text, "a value is missing behind %s",
				   w->text);
	if (w->n_rest > options[option].max)
		return fault_usage(f, w->text, "\"%s\" is too much behind %s",
				   w->rest[options[option].max], w->text);
	switch (option) {
	case OPTION_POLICY:
		config->policy = w->rest[0];
		return EXIT_DONE;
	case OPTION_MODE:
		return sandbox_read_mode(f, w->rest[0], &config->mode);
	case OPTION_ALLOW:
		return read_allow(f, w, o);
	case OPTION_RATE:
		code = sandbox_read_rate(f, w, false, &config->rate_in);
		config->rate_out = config->rate_in;
		return code;
	case OPTION_RATE_IN:
		return sandbox_read_rate(f, w, false, &config->rate_in);
	case OPTION_RATE_OUT:
		return sandbox_read_rate(f, w, false, &config->rate_out);
	case OPTION_PUBLISH:
		return read_publish(f, w->rest[0], o);
	case OPTION_SERVICE:
		return read_service(f, w, o);
	case OPTION_CELL:
		config->cell = true;
		return EXIT_DONE;
	case OPTION_BRIDGE:
		config->bridge = w->rest[0];
		return EXIT_DONE;
	case OPTION_SUBNET:
		for (size_t i = 0; !code && i < w->n_rest; i++)
			code = read_subnet(f, w->rest[i], config);
		return code;
	default:
		return read_adopt(f, w, option, o);
	}
}

/* What does not go together. */
static int check_pairs(struct fault *f, const bool *seen)
{
	static const struct {
		unsigned char one, other;
		const char *what;
	} pairs[] = {
		{ OPTION_RATE, OPTION_RATE_IN,
		  "--rate is that of both directions: not with another" },
		{ OPTION_RATE, OPTION_RATE_OUT,
		  "--rate is that of both directions: not with another" },
		{ OPTION_NETNS, OPTION_PID,
		  "--netns and --pid both say which namespace" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (seen[pairs[i].one] && seen[pairs[i].other])
			return fault_usage(f, options[pairs[i].other].name,
					   "%s", pairs[i].what);
	if (seen[OPTION_ADDR] && !seen[OPTION_MAC])
		return fault_usage(f, "--addr",
				   "--addr is nothing without --mac");
	return EXIT_DONE;
}

static int read_all(struct fault *f, const struct cmd_args *args, size_t n,
		    const unsigned char *which, struct sandbox_options *o)
{
	bool seen[OPTIONS] = { false };
	int code = EXIT_DONE;

	memset(o, 0, sizeof(*o));
	o->config.name = args->word[0].text;
	o->config.publish = o->publish;
	o->config.services = o->services;
	for (size_t i = 1; !code && i < n; i++) {
		const struct cmd_word *w = &args->word[i];
		size_t option = which[w->index];

		if (seen[option] && !options[option].again)
			return fault_usage(f, w->text, "%s is given twice",
					   w->text);
		seen[option] = true;
		code = read_option(f, w, option, o);
	}
	return code ? code : check_pairs(f, seen);
}

int sandbox_options_read(struct fault *f, const struct cmd_args *args, size_t n,
			 struct sandbox_options *o)
{
	return read_all(f, args, n, create_options, o);
}

int sandbox_options_adopt(struct fault *f, const struct cmd_args *args,
			  struct sandbox_options *o)
{
	int code = read_all(f, args, args->n, adopt_options, o);

	o->config.mode = LIBUTCP_SANDBOX_ADOPTED;
	return code;
}

void sandbox_options_free(struct sandbox_options *o)
{
	free(o->rules);
}
