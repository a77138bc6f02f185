// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What is written down about a sandbox.
 *
 * Only what cannot be asked of the kernel is in the file: rules, bindings and
 * counters are not.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "error.h"
#include "rundir.h"
#include "sandboxjson.h"
#include "namerules.h"
#include "sandboxstate.h"

/* A file of another version is left to the tool that wrote it. */
#define STATE_VERSION 1

bool sandbox_name_ok(const char *name)
{
	return name_is_label(name, LIBUTCP_SANDBOX_NAME_MAX);
}

const char *utcp_sandbox_mode_name(size_t mode)
{
	static const char *const names[] = { "none", "bridged", "custom",
					     "host-loopback", "adopted" };

	return mode < sizeof(names) / sizeof(names[0]) ? names[mode] : NULL;
}

const char *utcp_sandbox_phase_name(size_t phase)
{
	static const char *const names[] = { "creating", "ready", "deleting",
					     "pooled", "damaged" };

	return phase < sizeof(names) / sizeof(names[0]) ? names[phase] : NULL;
}

bool publish_any(const struct utcp_sandbox_publish *p)
{
	static const uint8_t none[16];

	return memcmp(p->addr.addr, none, p->addr.is6 ? 16 : 4) == 0;
}

bool publish_has(const struct utcp_sandbox_publish *p, bool is6)
{
	return !p->addr.len || p->addr.is6 == is6;
}

static int read_name(const json_t *o, const char *member,
		     const char *(*name)(size_t index), size_t *index)
{
	const char *text = json_string_value(json_object_get(o, member));
	const char *is;

	for (*index = 0; text && (is = name(*index)); (*index)++)
		if (strcmp(is, text) == 0)
			return 0;
	return -EBADMSG;
}

/* An address of the host, of either family. */
static int member_host(const json_t *o, struct utcp_sandbox_prefix *addr)
{
	const char *text = json_string_value(json_object_get(o, "addr"));

	if (!json_object_get(o, "addr"))
		return 0;
	if (!text || member_prefix(o, "addr", !!strchr(text, ':'), addr) ||
	    addr->len != (addr->is6 ? 128 : 32))
		return -EBADMSG;
	return 0;
}

static int read_publish(const json_t *list, struct utcp_sandbox *sb)
{
	if (!list)
		return 0;
	if (!json_is_array(list) ||
	    json_array_size(list) > LIBUTCP_SANDBOX_PUBLISH_MAX)
		return -EBADMSG;
	for (; sb->n_publish < json_array_size(list); sb->n_publish++) {
		const json_t *o = json_array_get(list, sb->n_publish);
		const char *proto =
			json_string_value(json_object_get(o, "proto"));
		struct utcp_sandbox_publish *p = &sb->publish[sb->n_publish];
		uint64_t host, port;

		if (!proto || member_number(o, "host", UINT16_MAX, &host) ||
		    member_number(o, "port", UINT16_MAX, &port) || !host ||
		    !port)
			return -EBADMSG;
		if (strcmp(proto, "tcp") != 0 && strcmp(proto, "udp") != 0)
			return -EBADMSG;
		if (member_host(o, &p->addr))
			return -EBADMSG;
		p->proto = proto[0] == 't' ? IPPROTO_TCP : IPPROTO_UDP;
		p->host = (uint16_t)host;
		p->port = (uint16_t)port;
	}
	return 0;
}

static int read_services(const json_t *o, struct utcp_sandbox *sb)
{
	const json_t *list = json_object_get(o, "services");
	uint64_t forwarder;

	if (!json_is_array(list) || !json_array_size(list) ||
	    json_array_size(list) > LIBUTCP_SANDBOX_SERVICES_MAX)
		return -EBADMSG;
	for (; sb->n_services < json_array_size(list); sb->n_services++) {
		const json_t *port = json_array_get(list, sb->n_services);

		if (!json_is_integer(port) || json_integer_value(port) < 1 ||
		    json_integer_value(port) > UINT16_MAX)
			return -EBADMSG;
		sb->services[sb->n_services] =
			(uint16_t)json_integer_value(port);
	}
	if (!json_object_get(o, "forwarder"))
		return sb->phase == LIBUTCP_SANDBOX_READY ? -EBADMSG : 0;
	if (member_number(o, "forwarder", INT32_MAX, &forwarder) ||
	    !forwarder ||
	    member_number(o, "forwarder-start", INT64_MAX,
			  &sb->forwarder_start))
		return -EBADMSG;
	sb->forwarder = (pid_t)forwarder;
	return 0;
}

/* Its addresses; one whose link was adopted may have none. */
static int read_addresses(const json_t *o, struct utcp_sandbox *sb)
{
	if (member_prefix(o, "addr4", false, &sb->addr4) ||
	    member_prefix(o, "addr6", true, &sb->addr6) ||
	    member_prefix(o, "ll6", true, &sb->ll6) ||
	    member_prefix(o, "gateway4", false, &sb->gateway4) ||
	    member_prefix(o, "gateway6", true, &sb->gateway6))
		return -EBADMSG;
	return 0;
}

/* What a sandbox with a link has. */
static int read_link(const json_t *o, struct utcp_sandbox *sb)
{
	if (member_text(o, "bridge", sb->bridge, sizeof(sb->bridge)) ||
	    member_text(o, "dev", sb->dev, sizeof(sb->dev)) ||
	    member_hex(o, "mac", sb->mac, sizeof(sb->mac)) ||
	    read_addresses(o, sb))
		return -EBADMSG;
	if (!sb->addr4.len && (sb->phase == LIBUTCP_SANDBOX_READY ||
			       sb->phase == LIBUTCP_SANDBOX_POOLED))
		return -EBADMSG;
	if (sb->addr6.len && (!sb->ll6.len || !sb->gateway6.len))
		return -EBADMSG;
	return 0;
}

static int read_adopted(const json_t *o, struct utcp_sandbox *sb)
{
	uint64_t ifindex;

	if (member_text(o, "dev", sb->dev, sizeof(sb->dev)) ||
	    member_number(o, "ifindex", INT32_MAX, &ifindex) || !ifindex ||
	    (json_object_get(o, "mac") &&
	     member_hex(o, "mac", sb->mac, sizeof(sb->mac))) ||
	    read_addresses(o, sb))
		return -EBADMSG;
	sb->ifindex = (uint32_t)ifindex;
	return 0;
}

/* A text that may be missing. */
static int member_maybe(const json_t *o, const char *member, char *text,
			size_t size)
{
	return json_object_get(o, member) ? member_text(o, member, text, size) :
					    0;
}

/* What one has whose link is bound, whoever has made it. */
static int read_bound(const json_t *o, struct utcp_sandbox *sb)
{
	if ((json_object_get(o, "rate-in") &&
	     member_number(o, "rate-in", INT64_MAX, &sb->rate_in)) ||
	    (json_object_get(o, "rate-out") &&
	     member_number(o, "rate-out", INT64_MAX, &sb->rate_out)) ||
	    member_maybe(o, "policy", sb->policy, sizeof(sb->policy)) ||
	    member_maybe(o, "netns", sb->netns, sizeof(sb->netns)) ||
	    (json_object_get(o, "netns-ino") &&
	     member_number(o, "netns-ino", UINT32_MAX, &sb->netns_ino)) ||
	    (json_object_get(o, "netns-cookie") &&
	     member_number(o, "netns-cookie", INT64_MAX, &sb->netns_cookie)) ||
	    member_maybe(o, "ifname", sb->ifname, sizeof(sb->ifname)) ||
	    member_maybe(o, "network", sb->network, sizeof(sb->network)) ||
	    member_maybe(o, "container", sb->container,
			 sizeof(sb->container)) ||
	    read_publish(json_object_get(o, "publish"), sb))
		return -EBADMSG;
	return sandbox_has_link(sb) ? read_link(o, sb) : read_adopted(o, sb);
}

static int read_state(const json_t *o, struct utcp_sandbox *sb)
{
	uint64_t version, id, runner = 0;
	size_t mode, phase;

	if (member_number(o, "version", UINT32_MAX, &version) ||
	    version != STATE_VERSION ||
	    member_text(o, "name", sb->name, sizeof(sb->name)) ||
	    !sandbox_name_ok(sb->name) ||
	    member_number(o, "id", UINT32_MAX, &id) ||
	    member_number(o, "host-ns", UINT32_MAX, &sb->host_ns) ||
	    read_name(o, "mode", utcp_sandbox_mode_name, &mode) ||
	    read_name(o, "phase", utcp_sandbox_phase_name, &phase) ||
	    phase == LIBUTCP_SANDBOX_DAMAGED)
		return -EBADMSG;
	sb->id = (uint32_t)id;
	sb->mode = (enum utcp_sandbox_mode)mode;
	sb->phase = (enum utcp_sandbox_phase)phase;
	if (json_object_get(o, "runner")) {
		if (member_number(o, "runner", INT32_MAX, &runner) || !runner ||
		    member_number(o, "runner-start", INT64_MAX,
				  &sb->runner_start))
			return -EBADMSG;
		sb->runner = (pid_t)runner;
	}
	if (json_object_get(o, "cell")) {
		if (member_hex(o, "cell", sb->cell, sizeof(sb->cell)))
			return -EBADMSG;
		sb->has_cell = true;
	}
	if (sb->mode == LIBUTCP_SANDBOX_HOST_LOOPBACK)
		return read_services(o, sb);
	return sandbox_is_bound(sb) ? read_bound(o, sb) : 0;
}

int state_parse(const char *data, size_t len, struct utcp_sandbox *sb)
{
	json_t *o = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
	int err;

	memset(sb, 0, sizeof(*sb));
	err = json_is_object(o) ? read_state(o, sb) : -EBADMSG;
	json_decref(o);
	return err;
}

static void add_prefix(json_t *o, const char *member,
		       const struct utcp_sandbox_prefix *prefix)
{
	if (prefix->len)
		json_object_set_new(o, member, prefix_member(prefix));
}

static json_t *publish_list(const struct utcp_sandbox *sb)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < sb->n_publish; i++) {
		const struct utcp_sandbox_publish *p = &sb->publish[i];

		json_t *o = json_pack("{s:s, s:i, s:i}", "proto",
				      p->proto == IPPROTO_TCP ? "tcp" : "udp",
				      "host", p->host, "port", p->port);

		add_prefix(o, "addr", &p->addr);
		json_array_append_new(list, o);
	}
	return list;
}

static void add_text(json_t *o, const char *member, const char *text)
{
	if (text[0])
		json_object_set_new(o, member, json_string(text));
}

static void add_bound(json_t *o, const struct utcp_sandbox *sb)
{
	static const uint8_t none[6];

	add_text(o, "bridge", sb->bridge);
	add_text(o, "dev", sb->dev);
	add_text(o, "netns", sb->netns);
	if (sb->netns_ino)
		json_object_set_new(o, "netns-ino",
				    json_integer((json_int_t)sb->netns_ino));
	if (sb->netns_cookie)
		json_object_set_new(o, "netns-cookie",
				    json_integer((json_int_t)sb->netns_cookie));
	add_text(o, "ifname", sb->ifname);
	add_text(o, "network", sb->network);
	add_text(o, "container", sb->container);
	add_text(o, "policy", sb->policy);
	if (sb->ifindex)
		json_object_set_new(o, "ifindex", json_integer(sb->ifindex));
	if (memcmp(sb->mac, none, sizeof(none)) != 0)
		json_object_set_new(o, "mac",
				    hex_member(sb->mac, sizeof(sb->mac)));
	add_prefix(o, "addr4", &sb->addr4);
	add_prefix(o, "gateway4", &sb->gateway4);
	add_prefix(o, "addr6", &sb->addr6);
	add_prefix(o, "ll6", &sb->ll6);
	add_prefix(o, "gateway6", &sb->gateway6);
	if (sb->rate_in)
		json_object_set_new(o, "rate-in",
				    json_integer((json_int_t)sb->rate_in));
	if (sb->rate_out)
		json_object_set_new(o, "rate-out",
				    json_integer((json_int_t)sb->rate_out));
	if (sb->n_publish)
		json_object_set_new(o, "publish", publish_list(sb));
}

static void add_services(json_t *o, const struct utcp_sandbox *sb)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sb->n_services; i++)
		json_array_append_new(list, json_integer(sb->services[i]));
	json_object_set_new(o, "services", list);
	if (!sb->forwarder)
		return;
	json_object_set_new(o, "forwarder", json_integer(sb->forwarder));
	json_object_set_new(o, "forwarder-start",
			    json_integer((json_int_t)sb->forwarder_start));
}

char *state_format(const struct utcp_sandbox *sb)
{
	json_t *o = json_pack("{s:i, s:s, s:I, s:I, s:s, s:s}", "version",
			      STATE_VERSION, "name", sb->name, "id",
			      (json_int_t)sb->id, "host-ns",
			      (json_int_t)sb->host_ns, "mode",
			      utcp_sandbox_mode_name(sb->mode), "phase",
			      utcp_sandbox_phase_name(sb->phase));
	char *text;

	if (!o)
		return NULL;
	if (sb->runner) {
		json_object_set_new(o, "runner", json_integer(sb->runner));
		json_object_set_new(o, "runner-start",
				    json_integer((json_int_t)sb->runner_start));
	}
	if (sb->has_cell)
		json_object_set_new(o, "cell",
				    hex_member(sb->cell, sizeof(sb->cell)));
	if (sandbox_is_bound(sb))
		add_bound(o, sb);
	if (sb->mode == LIBUTCP_SANDBOX_HOST_LOOPBACK)
		add_services(o, sb);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

/*
 * What can be believed of a file that makes no sense as a whole, or that another version
 * has written: to whom its namespace and its link belong.
 */
static bool salvage(const json_t *o, struct utcp_sandbox *sb)
{
	bool known;
	size_t mode;

	if (member_number(o, "host-ns", UINT32_MAX, &sb->host_ns))
		sb->host_ns = 0;
	known = !read_name(o, "mode", utcp_sandbox_mode_name, &mode);
	sb->mode = known ? (enum utcp_sandbox_mode)mode :
			   LIBUTCP_SANDBOX_CUSTOM;
	if (member_text(o, "netns", sb->netns, sizeof(sb->netns)))
		sb->netns[0] = '\0';
	if (member_text(o, "dev", sb->dev, sizeof(sb->dev)) ||
	    (sb->mode != LIBUTCP_SANDBOX_ADOPTED && !sandbox_dev_ok(sb->dev)))
		sb->dev[0] = '\0';
	return known;
}

bool sandbox_dev_ok(const char *dev)
{
	return strlen(dev) == 11 && strncmp(dev, "sbx", 3) == 0 &&
	       strspn(dev + 3, "0123456789abcdef") == 8;
}

bool state_salvage(const char *name, struct utcp_sandbox *sb)
{
	struct utcp_error ignored;
	json_t *o = NULL;
	char *data;
	bool known;
	size_t len;

	memset(sb, 0, sizeof(*sb));
	if (!rundir_read(STATE_DIR, name, &data, &len, &ignored)) {
		o = json_loadb(data, len, 0, NULL);
		free(data);
	}
	known = salvage(o, sb);
	json_decref(o);
	snprintf(sb->name, sizeof(sb->name), "%s", name);
	sb->phase = LIBUTCP_SANDBOX_DAMAGED;
	return known;
}

/* @data is that of a file that cannot be parsed. */
static int tell_damaged(const char *name, const char *data, size_t len,
			struct utcp_error *e)
{
	json_t *o = json_loadb(data, len, 0, NULL);
	uint64_t version = STATE_VERSION;

	if (member_number(o, "version", UINT32_MAX, &version))
		version = STATE_VERSION;
	json_decref(o);
	if (version != STATE_VERSION)
		return utcp_error_set(
			e, LIBUTCP_E_SYSTEM, EBADMSG,
			"%s/%s/%s is of version %u, and this is for version %d",
			rundir_path, STATE_DIR, name, (unsigned int)version,
			STATE_VERSION);
	return utcp_error_set(e, LIBUTCP_E_SYSTEM, EBADMSG,
			      "%s/%s/%s is damaged", rundir_path, STATE_DIR,
			      name);
}

int state_load(const char *name, struct utcp_sandbox *sb, struct utcp_error *e)
{
	char *data;
	size_t len;
	int err;

	memset(sb, 0, sizeof(*sb));
	if (!sandbox_name_ok(name))
		return utcp_error_set(e, LIBUTCP_E_ARGUMENT, EINVAL,
				      "\"%s\" is no name of a sandbox", name);
	err = rundir_read(STATE_DIR, name, &data, &len, e);
	if (err == -ENOENT)
		return utcp_error_set(e, LIBUTCP_E_NOT_FOUND, ENOENT,
				      "there is no sandbox \"%s\"", name);
	/* no file at all, or none that was ever written */
	if (err == -EFBIG || err == -ELOOP || err == -ENXIO)
		return tell_damaged(name, "", 0, e);
	if (err)
		return err;
	err = state_parse(data, len, sb);
	if (err || strcmp(sb->name, name) != 0)
		err = tell_damaged(name, data, len, e);
	free(data);
	return err;
}

int state_save(const struct utcp_sandbox *sb, struct utcp_error *e)
{
	char *text = state_format(sb);
	int err;

	if (!text)
		return utcp_error_set(e, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rundir_write(STATE_DIR, sb->name, text, strlen(text), e);
	free(text);
	return err;
}
