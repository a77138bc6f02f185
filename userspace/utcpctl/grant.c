// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grants of rings.
 */
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "grant.h"
#include "number.h"
#include "owner.h"
#include "records.h"

/* What a grant says, besides the device and the EtherType. */
enum { WORD_USER, WORD_GROUP, WORD_MAC };

const char *cmd_choice_grant(const struct cmd_args *before, size_t index)
{
	static const char *const words[] = {
		[WORD_USER] = "user",
		[WORD_GROUP] = "group",
		[WORD_MAC] = "mac",
	};

	(void)before;
	return index < sizeof(words) / sizeof(words[0]) ? words[index] : NULL;
}

json_t *record_grant(const struct utcp_grant *grant)
{
	bool named;
	json_t *record;
	char name[64];

	record = json_pack("{s:s, s:I, s:o}", "port", grant->name, "ifindex",
			   (json_int_t)grant->ifindex, "ethertype",
			   json_sprintf("0x%04x", grant->ethertype));
	if (!record)
		return NULL;
	if (grant->is_group)
		named = owner_group_name(grant->id, name, sizeof(name));
	else
		named = owner_user_name(grant->id, name, sizeof(name));
	if (named)
		json_object_set_new(record, grant->is_group ? "group" : "user",
				    json_string(name));
	json_object_set_new(record, grant->is_group ? "gid" : "uid",
			    json_integer((json_int_t)grant->id));
	if (grant->has_mac)
		json_object_set_new(record, "mac", record_mac(grant->mac));
	return record;
}

void text_grant(struct out *o, const json_t *record)
{
	json_t *rest = json_copy((json_t *)record);

	out_colored(o, OUT_NAME, "%s", out_text(record, "port"));
	json_object_del(rest, "port");
	json_object_del(rest, "ifindex");
	out_members(o, rest);
	putc('\n', o->file);
	json_decref(rest);
}

static int read_user(struct cmd_context *c, const char *text,
		     struct utcp_grant *grant)
{
	grant->is_group = false;
	if (!owner_user(text, &grant->id))
		return fault_usage(&c->fault, "user", "there is no user \"%s\"",
				   text);
	return EXIT_DONE;
}

static int read_group(struct cmd_context *c, const char *text,
		      struct utcp_grant *grant)
{
	grant->is_group = true;
	if (!owner_group(text, &grant->id))
		return fault_usage(&c->fault, "group",
				   "there is no group \"%s\"", text);
	return EXIT_DONE;
}

static int read_mac(struct cmd_context *c, const char *text,
		    struct utcp_grant *grant)
{
	grant->has_mac = true;
	if (number_mac(text, grant->mac))
		return EXIT_DONE;
	return fault_usage(&c->fault, "mac", "\"%s\" is not a MAC address",
			   text);
}

static int read_grant(struct cmd_context *c, const struct cmd_args *args,
		      struct utcp_grant *grant)
{
	const char *dev = args->word[0].text, *type = args->word[1].text;
	const char *wrong = number_ethertype(type, &grant->ethertype);
	unsigned int n_who = 0;
	int code = EXIT_DONE;

	if (wrong)
		return fault_usage(&c->fault, "ETHERTYPE",
				   "\"%s\" is not an EtherType: %s", type,
				   wrong);
	if (strlen(dev) >= sizeof(grant->name))
		return fault_usage(&c->fault, "DEV",
				   "\"%s\" is too long for a device's name",
				   dev);
	snprintf(grant->name, sizeof(grant->name), "%s", dev);
	for (size_t i = 2; !code && i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];

		n_who += w->index != WORD_MAC;
		if (w->index == WORD_USER)
			code = read_user(c, w->value, grant);
		else if (w->index == WORD_GROUP)
			code = read_group(c, w->value, grant);
		else
			code = read_mac(c, w->value, grant);
	}
	if (!code && n_who != 1)
		return fault_usage(&c->fault, "user",
				   "name either a user or a group");
	return code;
}

static int print_grant(struct cmd_context *c, const struct utcp_grant *grant)
{
	int err = out_record(&c->out, record_grant(grant), text_grant);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

/* "add" and "del" differ in one call. */
static int change(struct cmd_context *c, const struct cmd_args *args,
		  int (*call)(struct utcp_handle *h,
			      const struct utcp_grant *grant,
			      struct utcp_grant *answer))
{
	struct utcp_grant grant = { 0 }, answer = { 0 };
	struct utcp_handle *h;
	int code;

	code = read_grant(c, args, &grant);
	if (code)
		return code;
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (call(h, &grant, &answer))
		return cmd_failed(c);
	return print_grant(c, &answer);
}

int grant_add(struct cmd_context *c, const struct cmd_args *args)
{
	return change(c, args, utcp_grant_add);
}

int grant_del(struct cmd_context *c, const struct cmd_args *args)
{
	return change(c, args, utcp_grant_del);
}

int grant_show(struct cmd_context *c, const struct cmd_args *args)
{
	const char *dev = args->n ? args->word[0].text : NULL;
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_grant *grants = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	if (!h)
		return c->fault.exit;
	if (utcp_grant_list(h, dev, &grants, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print_grant(c, &grants[i]);
	out_list_end(&c->out, code);
	free(grants);
	return code;
}
