// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a module is, and the limits of a network namespace.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "family.h"
#include "handle.h"
#include "info.h"
#include "request.h"

static int parse_limits(struct nl_span span, const struct nl_set *set,
			struct utcp_module_info *info)
{
	struct nl_attr a;
	int more;

	while ((more = nl_attr_next(&span, &a)) > 0) {
		const struct nl_name *name = nl_set_type(set, a.type);
		size_t i;

		if (!name)
			continue;
		/* a limit that comes twice: the last one counts, as in the kernel */
		for (i = 0; i < info->n_limits; i++)
			if (info->limits[i].name == name->name)
				break;
		if (nl_attr_u32(&a, &info->limits[i].value))
			return -EBADMSG;
		info->limits[i].name = name->name;
		if (i == info->n_limits)
			info->n_limits++;
	}
	return more;
}

static int parse_into(const struct family_desc *d, struct nl_span span,
		      struct utcp_module_info *info)
{
	bool has_version = false, has_abi = false;
	struct nl_attr a;
	int more, err = 0;

	while ((more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == d->a_version) {
			err = nl_attr_str(&a, info->version,
					  sizeof(info->version));
			has_version = true;
		} else if (a.type == d->a_abi) {
			err = nl_attr_u32(&a, &info->abi);
			has_abi = true;
		} else if (a.type == d->a_limits) {
			err = parse_limits(a.value, d->names->limits, info);
		}
		if (err)
			return err;
	}
	if (more == 0 && !(has_version && has_abi))
		return -EBADMSG;
	return more;
}

int info_parse(enum utcp_family family, struct nl_span attrs,
	       struct utcp_module_info **info)
{
	const struct family_desc *d = &family_descs[family];
	struct utcp_module_info *i;
	int err;

	i = calloc(1, sizeof(*i));
	if (!i)
		return -ENOMEM;
	i->family = family;
	i->limits = calloc(d->names->limits->n, sizeof(*i->limits));
	err = i->limits ? parse_into(d, attrs, i) : -ENOMEM;
	if (err) {
		utcp_module_info_free(i);
		return err;
	}
	*info = i;
	return 0;
}

void utcp_module_info_free(struct utcp_module_info *info)
{
	if (!info)
		return;
	free(info->limits);
	free(info);
}

struct info_answer {
	enum utcp_family family;
	struct utcp_module_info *info;
};

static int take_info(struct utcp_handle *h, const struct nl_msg *msg, void *arg)
{
	struct info_answer *answer = arg;
	int err;

	if (answer->info)
		return utcp_error_malformed(&h->error, "there are two");
	err = info_parse(answer->family, msg->body, &answer->info);
	if (err == -EBADMSG)
		return utcp_error_malformed(&h->error, "info");
	if (err)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, -err,
				      "out of memory");
	return 0;
}

/* Run a request that is answered with the module's information. */
static int info_run(struct utcp_handle *h, struct nl_request *r,
		    struct info_answer *answer, struct utcp_module_info **info)
{
	int err;

	r->record = take_info;
	r->arg = answer;
	err = family_run(h, r, answer->family);
	if (!err && !answer->info)
		err = utcp_error_malformed(&h->error, "there is none");
	if (err || !info)
		utcp_module_info_free(answer->info);
	else
		*info = answer->info;
	return err;
}

int utcp_info_get(struct utcp_handle *h, enum utcp_family family,
		  struct utcp_module_info **info)
{
	bool known = utcp_family_name(family);
	struct info_answer answer = { .family = family };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, family,
			   known ? family_descs[family].cmd_info_get : 0,
			   false);
	if (err)
		return err;
	return info_run(h, &r, &answer, info);
}

static bool is_among(const char *name, const struct utcp_limit *limits,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(limits[i].name, name) == 0)
			return true;
	return false;
}

static int check_limits(struct utcp_handle *h, const struct family_desc *d,
			const struct utcp_limit *limits, size_t n)
{
	const char *why = n ? NULL : "has nothing to set for";
	const char *name = "";

	for (size_t i = 0; i < n && !why; i++) {
		name = limits[i].name;
		if (!nl_set_name(d->names->limits, name))
			why = "has no";
		else if (is_among(name, limits, i))
			why = "is given twice the";
	}
	if (!why)
		return 0;
	return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
			      "%s %s limit \"%s\"", d->name, why, name);
}

int utcp_limits_set(struct utcp_handle *h, enum utcp_family family,
		    const struct utcp_limit *limits, size_t n,
		    struct utcp_module_info **info)
{
	struct info_answer answer = { .family = family };
	const struct family_desc *d;
	struct nl_request r;
	struct nlattr *nest;
	int err;

	if (!utcp_family_name(family))
		return family_begin(h, &r, family, 0, false);
	d = &family_descs[family];
	err = check_limits(h, d, limits, n);
	if (err)
		return err;
	err = family_begin(h, &r, family, d->cmd_limits_set, false);
	if (err)
		return err;
	nest = request_nest(&r, d->a_limits);
	for (size_t i = 0; i < n; i++)
		request_u32(&r,
			    nl_set_name(d->names->limits, limits[i].name)->type,
			    limits[i].value);
	request_nest_end(&r, nest);
	return info_run(h, &r, &answer, info);
}
