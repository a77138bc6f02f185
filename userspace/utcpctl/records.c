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

json_t *record_mac(const uint8_t mac[6])
{
	return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
			    mac[2], mac[3], mac[4], mac[5]);
}

void text_counters(struct out *o, const char *name, const json_t *counters)
{
	json_t *flat;

	if (!counters)
		return;
	flat = json_copy((json_t *)counters);
	json_object_del(flat, "drops");
	fprintf(o->file, "    %s:", name);
	out_members(o, flat);
	json_decref(flat);
	if (json_object_size(json_object_get(counters, "drops"))) {
		fputs(" drops:", o->file);
		out_members(o, json_object_get(counters, "drops"));
	}
	putc('\n', o->file);
}
