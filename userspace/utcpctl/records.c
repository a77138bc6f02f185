// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records that more than one command prints.
 */
#include "records.h"

json_t *record_limits(const struct utcp_module_info *info)
{
	json_t *limits = json_object();

	for (size_t i = 0; limits && i < info->n_limits; i++)
		json_object_set_new(limits, info->limits[i].name,
				    json_integer(info->limits[i].value));
	return limits;
}

json_t *record_family_limits(const struct utcp_module_info *info)
{
	return json_pack("{s:s, s:o}", "family", utcp_family_name(info->family),
			 "limits", record_limits(info));
}

void text_family_limits(struct out *o, const json_t *record)
{
	out_colored(o, OUT_NAME, "%s", out_text(record, "family"));
	out_members(o, json_object_get(record, "limits"));
	putc('\n', o->file);
}
