// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events.
 *
 * Besides the groups of the families the monitor listens to genetlink's own
 * group, which tells when a module comes or goes: a family that was unloaded
 * takes its group with it, and the one that comes back has to be joined again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <utcp/monitor.h>

#include "acl.h"
#include "cell.h"
#include "deadline.h"
#include "error.h"
#include "family.h"
#include "grant.h"
#include "handle.h"
#include "info.h"
#include "peer.h"
#include "port.h"
#include "rings.h"
#include "shaper.h"

/* The family "nlctrl" has the same number for id and for its only group. */
#define NLCTRL_GROUP GENL_ID_CTRL

/**
 * struct utcp_monitor - see utcp_monitor_open()
 * @handle: for errors, and to ask for families
 * @transport: socket of the events
 * @watched: families that were asked for
 * @loaded: those that are there, as far as the caller was told
 * @ids: generic netlink id of each that is there
 * @rest: what is left of the last datagram
 * @rejoin: families may have come and gone unseen
 * @event: the last event
 * @rx: the datagram
 */
struct utcp_monitor {
	struct utcp_handle *handle;
	struct utcp_transport *transport;
	unsigned int watched;
	unsigned int loaded;
	uint16_t ids[LIBUTCP_FAMILIES];
	struct nl_span rest;
	bool rejoin;
	struct utcp_event event;
	unsigned char rx[HANDLE_RX_SIZE] __attribute__((aligned(8)));
};

static int join(struct utcp_monitor *m, uint32_t group, const char *what)
{
	int err = m->transport->ops->join(m->transport, group);

	if (err)
		return utcp_error_set(&m->handle->error,
				      utcp_error_classify(-err), -err,
				      "cannot listen to events of %s: %s", what,
				      strerror(-err));
	return 0;
}

static int join_family(struct utcp_monitor *m, enum utcp_family family,
		       uint16_t id, uint32_t group)
{
	int err;

	if (!group)
		return utcp_error_set(&m->handle->error, LIBUTCP_E_PROTOCOL,
				      EBADMSG, "%s has no group for events",
				      family_descs[family].name);
	err = join(m, group, family_descs[family].name);
	if (!err)
		m->ids[family] = id;
	return err;
}

/* Join the groups of all watched families that are there now. */
static int join_loaded(struct utcp_monitor *m, unsigned int *mask)
{
	struct utcp_handle *h = m->handle;
	unsigned int loaded;
	int err;

	err = utcp_families_loaded(h, &loaded);
	loaded &= m->watched;
	for (int f = 0; !err && f < LIBUTCP_FAMILIES; f++)
		if (loaded & 1U << f)
			err = join_family(m, (enum utcp_family)f, h->ids[f],
					  h->groups[f]);
	*mask = loaded;
	return err;
}

static int check_wanted(struct utcp_monitor *m, unsigned int wanted)
{
	for (int f = 0; f < LIBUTCP_FAMILIES; f++)
		if (wanted & ~m->loaded & 1U << f)
			return utcp_error_set(&m->handle->error,
					      LIBUTCP_E_NO_MODULE, ENOENT,
					      "module %s is not loaded",
					      family_descs[f].module);
	if (!m->loaded)
		return utcp_error_set(&m->handle->error, LIBUTCP_E_NO_MODULE,
				      ENOENT, "none of the modules is loaded");
	return 0;
}

int utcp_monitor_open(struct utcp_handle *h, unsigned int mask,
		      struct utcp_monitor **monitor)
{
	const unsigned int all = (1U << LIBUTCP_FAMILIES) - 1;
	struct utcp_monitor *m;
	int err;

	utcp_error_clear(&h->error);
	if (mask & ~all)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "no such family");
	/* it also says if the handle is not open */
	err = handle_transport(h);
	if (err)
		return err;
	m = calloc(1, sizeof(*m));
	if (!m)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	m->handle = h;
	m->watched = mask ? mask : all;
	err = h->opener->open(h->opener, &m->transport);
	if (err) {
		free(m);
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, -err,
				      "cannot open a netlink socket: %s",
				      strerror(-err));
	}
	/* First this one: what comes between is seen, at worst twice. */
	err = join(m, NLCTRL_GROUP, "genetlink");
	if (!err)
		err = join_loaded(m, &m->loaded);
	if (!err)
		err = check_wanted(m, mask);
	if (err) {
		utcp_monitor_close(m);
		return err;
	}
	*monitor = m;
	return 0;
}

int utcp_monitor_fd(const struct utcp_monitor *m)
{
	return m->transport->ops->fd(m->transport);
}

static int happened(struct utcp_monitor *m, enum utcp_event_type type,
		    enum utcp_family family)
{
	m->event.type = type;
	m->event.family = family;
	return 1;
}

static int malformed(struct utcp_monitor *m)
{
	return utcp_error_set(&m->handle->error, LIBUTCP_E_PROTOCOL, EBADMSG,
			      "an event is malformed");
}

/* genetlink says that a family came or went, or changed its groups. */
static int take_ctrl(struct utcp_monitor *m, uint8_t cmd, struct nl_span attrs)
{
	struct family_found found;
	unsigned int bit;
	int ours, err;

	if (cmd != CTRL_CMD_NEWFAMILY && cmd != CTRL_CMD_DELFAMILY)
		return 0;
	ours = family_parse(attrs, &found);
	if (ours < 0)
		return malformed(m);
	bit = ours ? 1U << found.family : 0;
	if (!(bit & m->watched))
		return 0;

	if (cmd == CTRL_CMD_DELFAMILY) {
		/* a late word about a family that is back already */
		if (!(m->loaded & bit) || m->ids[found.family] != found.id)
			return 0;
		m->loaded &= ~bit;
		m->ids[found.family] = 0;
		return happened(m, LIBUTCP_EVENT_UNLOADED, found.family);
	}
	if ((m->loaded & bit) && m->ids[found.family] == found.id)
		return 0;
	/* groups may be announced after the family: the list has both */
	if (!found.group) {
		m->rejoin = true;
		return 0;
	}
	err = join_family(m, found.family, found.id, found.group);
	if (err)
		return err;
	m->loaded |= bit;
	return happened(m, LIBUTCP_EVENT_LOADED, found.family);
}

/* The kind of a netswitch notification about a port, a ring or a grant, or unknown. */
static enum utcp_event_type netswitch_event(uint8_t cmd)
{
	switch (cmd) {
	case NETSWITCH_CMD_PORT_ADD_NTF:
		return LIBUTCP_EVENT_PORT_ADD;
	case NETSWITCH_CMD_PORT_CHANGE_NTF:
		return LIBUTCP_EVENT_PORT_CHANGE;
	case NETSWITCH_CMD_PORT_DEL_NTF:
		return LIBUTCP_EVENT_PORT_DEL;
	case NETSWITCH_CMD_RING_ADD_NTF:
		return LIBUTCP_EVENT_RING_ADD;
	case NETSWITCH_CMD_RING_CHANGE_NTF:
		return LIBUTCP_EVENT_RING_CHANGE;
	case NETSWITCH_CMD_RING_DEL_NTF:
		return LIBUTCP_EVENT_RING_DEL;
	case NETSWITCH_CMD_GRANT_ADD_NTF:
		return LIBUTCP_EVENT_GRANT_ADD;
	case NETSWITCH_CMD_GRANT_DEL_NTF:
		return LIBUTCP_EVENT_GRANT_DEL;
	default:
		return LIBUTCP_EVENT_UNKNOWN;
	}
}

/* The kind of a notification of utcp about a cell or a peer, or unknown. */
static enum utcp_event_type utcp_event_of(uint8_t cmd)
{
	switch (cmd) {
	case UTCP_CMD_CELL_NEW_NTF:
		return LIBUTCP_EVENT_CELL_NEW;
	case UTCP_CMD_CELL_CHANGE_NTF:
		return LIBUTCP_EVENT_CELL_CHANGE;
	case UTCP_CMD_CELL_DEL_NTF:
		return LIBUTCP_EVENT_CELL_DEL;
	case UTCP_CMD_PEER_NEW_NTF:
		return LIBUTCP_EVENT_PEER_NEW;
	case UTCP_CMD_PEER_CHANGE_NTF:
		return LIBUTCP_EVENT_PEER_CHANGE;
	case UTCP_CMD_PEER_DEL_NTF:
		return LIBUTCP_EVENT_PEER_DEL;
	default:
		return LIBUTCP_EVENT_UNKNOWN;
	}
}

/* The kind of a notification of utcp_acl about a policy, a rule or a binding, or
 * unknown.
 */
static enum utcp_event_type acl_event(uint8_t cmd)
{
	switch (cmd) {
	case UTCP_ACL_CMD_POLICY_NEW_NTF:
		return LIBUTCP_EVENT_POLICY_NEW;
	case UTCP_ACL_CMD_POLICY_CHANGE_NTF:
		return LIBUTCP_EVENT_POLICY_CHANGE;
	case UTCP_ACL_CMD_POLICY_DEL_NTF:
		return LIBUTCP_EVENT_POLICY_DEL;
	case UTCP_ACL_CMD_RULE_ADD_NTF:
		return LIBUTCP_EVENT_RULE_ADD;
	case UTCP_ACL_CMD_RULE_DEL_NTF:
		return LIBUTCP_EVENT_RULE_DEL;
	case UTCP_ACL_CMD_POLICY_ROLLBACK_NTF:
		return LIBUTCP_EVENT_POLICY_ROLLBACK;
	case UTCP_ACL_CMD_RULE_EXPIRE_NTF:
		return LIBUTCP_EVENT_RULE_EXPIRE;
	case UTCP_ACL_CMD_LOG_NTF:
		return LIBUTCP_EVENT_ACL_LOG;
	case UTCP_ACL_CMD_SET_NEW_NTF:
		return LIBUTCP_EVENT_SET_NEW;
	case UTCP_ACL_CMD_SET_DEL_NTF:
		return LIBUTCP_EVENT_SET_DEL;
	case UTCP_ACL_CMD_ELEM_ADD_NTF:
		return LIBUTCP_EVENT_ELEM_ADD;
	case UTCP_ACL_CMD_ELEM_DEL_NTF:
		return LIBUTCP_EVENT_ELEM_DEL;
	case UTCP_ACL_CMD_ELEM_EXPIRE_NTF:
		return LIBUTCP_EVENT_ELEM_EXPIRE;
	case UTCP_ACL_CMD_BIND_SET_NTF:
		return LIBUTCP_EVENT_BIND_SET;
	case UTCP_ACL_CMD_BIND_DEL_NTF:
		return LIBUTCP_EVENT_BIND_DEL;
	default:
		return LIBUTCP_EVENT_UNKNOWN;
	}
}

/* The kind of a notification of the shaper, or unknown. */
static enum utcp_event_type shaper_event(uint8_t cmd)
{
	switch (cmd) {
	case UTCP_SHAPER_CMD_CLASS_ADD_NTF:
		return LIBUTCP_EVENT_CLASS_ADD;
	case UTCP_SHAPER_CMD_CLASS_CHANGE_NTF:
		return LIBUTCP_EVENT_CLASS_CHANGE;
	case UTCP_SHAPER_CMD_CLASS_DEL_NTF:
		return LIBUTCP_EVENT_CLASS_DEL;
	case UTCP_SHAPER_CMD_BINDING_ADD_NTF:
		return LIBUTCP_EVENT_SHAPER_BIND;
	case UTCP_SHAPER_CMD_BINDING_DEL_NTF:
		return LIBUTCP_EVENT_SHAPER_UNBIND;
	default:
		return LIBUTCP_EVENT_UNKNOWN;
	}
}

/* The object that an event of this type is about. */
static int parse_object(struct utcp_event *event, enum utcp_event_type type,
			struct nl_span attrs)
{
	switch (type) {
	case LIBUTCP_EVENT_RING_ADD:
	case LIBUTCP_EVENT_RING_CHANGE:
	case LIBUTCP_EVENT_RING_DEL:
		return ring_parse(attrs, &event->ring);
	case LIBUTCP_EVENT_CELL_NEW:
	case LIBUTCP_EVENT_CELL_CHANGE:
	case LIBUTCP_EVENT_CELL_DEL:
		return cell_parse(attrs, &event->cell);
	case LIBUTCP_EVENT_PEER_NEW:
	case LIBUTCP_EVENT_PEER_CHANGE:
	case LIBUTCP_EVENT_PEER_DEL:
		return peer_parse(attrs, &event->peer);
	case LIBUTCP_EVENT_GRANT_ADD:
	case LIBUTCP_EVENT_GRANT_DEL:
		return grant_parse(attrs, &event->grant);
	case LIBUTCP_EVENT_POLICY_NEW:
	case LIBUTCP_EVENT_POLICY_CHANGE:
	case LIBUTCP_EVENT_POLICY_DEL:
	case LIBUTCP_EVENT_POLICY_ROLLBACK:
		return acl_policy_parse(attrs, &event->policy);
	case LIBUTCP_EVENT_RULE_ADD:
	case LIBUTCP_EVENT_RULE_DEL:
	case LIBUTCP_EVENT_RULE_EXPIRE:
		return acl_rule_parse(attrs, event->policy.name, &event->rule);
	case LIBUTCP_EVENT_ACL_LOG:
		return acl_log_parse(attrs, &event->log);
	case LIBUTCP_EVENT_SET_NEW:
	case LIBUTCP_EVENT_SET_DEL:
		return acl_set_parse(attrs, &event->set);
	case LIBUTCP_EVENT_ELEM_ADD:
	case LIBUTCP_EVENT_ELEM_DEL:
	case LIBUTCP_EVENT_ELEM_EXPIRE:
		return acl_elem_parse(attrs, event->set.name, &event->elem);
	case LIBUTCP_EVENT_BIND_SET:
	case LIBUTCP_EVENT_BIND_DEL:
		return acl_binding_parse(attrs, &event->binding);
	case LIBUTCP_EVENT_CLASS_ADD:
	case LIBUTCP_EVENT_CLASS_CHANGE:
	case LIBUTCP_EVENT_CLASS_DEL:
		return shaper_class_parse(attrs, &event->cls);
	case LIBUTCP_EVENT_SHAPER_BIND:
	case LIBUTCP_EVENT_SHAPER_UNBIND:
		return shaper_binding_parse(attrs, &event->class_binding);
	default:
		return port_parse(attrs, &event->port);
	}
}

static int take_event(struct utcp_monitor *m, enum utcp_family family,
		      uint8_t cmd, struct nl_span attrs)
{
	enum utcp_event_type type = LIBUTCP_EVENT_UNKNOWN;
	int err;

	if (family == LIBUTCP_NETSWITCH)
		type = netswitch_event(cmd);
	else if (family == LIBUTCP_UTCP)
		type = utcp_event_of(cmd);
	else if (family == LIBUTCP_ACL)
		type = acl_event(cmd);
	else if (family == LIBUTCP_SHAPER)
		type = shaper_event(cmd);
	if (type != LIBUTCP_EVENT_UNKNOWN)
		return parse_object(&m->event, type, attrs) ?
			       malformed(m) :
			       happened(m, type, family);
	if (cmd != family_descs[family].cmd_limits_ntf) {
		m->event.command = cmd;
		return happened(m, LIBUTCP_EVENT_UNKNOWN, family);
	}
	err = info_parse(family, attrs, &m->event.info);
	if (err == -ENOMEM)
		return utcp_error_set(&m->handle->error, LIBUTCP_E_SYSTEM,
				      ENOMEM, "out of memory");
	if (err)
		return malformed(m);
	return happened(m, LIBUTCP_EVENT_LIMITS, family);
}

/* 1: an event, 0: nothing for the caller, or a negative errno. */
static int take_message(struct utcp_monitor *m, struct nl_msg *msg)
{
	uint8_t cmd;

	if (msg->type < NLMSG_MIN_TYPE)
		return 0;
	if (msg->type == GENL_ID_CTRL)
		return nl_genl(msg, &cmd) ? malformed(m) :
					    take_ctrl(m, cmd, msg->body);
	for (int f = 0; f < LIBUTCP_FAMILIES; f++)
		if (m->ids[f] == msg->type)
			return nl_genl(msg, &cmd) ?
				       malformed(m) :
				       take_event(m, (enum utcp_family)f, cmd,
						  msg->body);
	return 0;
}

/*
 * After a loss, or if a family came without its group: look what is there. One
 * event at a time; as long as there may be more, rejoin stays set.
 */
static int catch_up(struct utcp_monitor *m)
{
	unsigned int now, changed;
	int err;

	err = join_loaded(m, &now);
	if (err) {
		m->rejoin = false;
		return err;
	}
	changed = now ^ m->loaded;
	for (int f = 0; f < LIBUTCP_FAMILIES; f++) {
		unsigned int bit = 1U << f;

		if (!(changed & bit))
			continue;
		m->loaded ^= bit;
		if (!(now & bit))
			m->ids[f] = 0;
		return happened(m,
				(now & bit) ? LIBUTCP_EVENT_LOADED :
					      LIBUTCP_EVENT_UNLOADED,
				(enum utcp_family)f);
	}
	m->rejoin = false;
	return 0;
}

/* Read a datagram. 1 with an event, or an error; 0 with @idle if none came. */
static int refill(struct utcp_monitor *m, int timeout_ms, bool *idle)
{
	ssize_t n = m->transport->ops->recv(m->transport, m->rx, sizeof(m->rx),
					    timeout_ms);

	if (n == -ENOBUFS) {
		m->rejoin = true;
		return happened(m, LIBUTCP_EVENT_LOST, LIBUTCP_FAMILIES);
	}
	if (n == -EMSGSIZE)
		return malformed(m);
	*idle = n == -EAGAIN;
	if (*idle)
		return 0;
	if (n < 0)
		return utcp_error_set(&m->handle->error, LIBUTCP_E_SYSTEM,
				      (int)-n, "cannot read events: %s",
				      strerror((int)-n));
	m->rest.data = m->rx;
	m->rest.len = (size_t)n;
	return 0;
}

int utcp_monitor_next(struct utcp_monitor *m, int timeout_ms,
		      const struct utcp_event **event)
{
	struct deadline deadline = deadline_in(timeout_ms);
	bool idle = false;
	struct nl_msg msg;
	int got;

	utcp_error_clear(&m->handle->error);
	utcp_module_info_free(m->event.info);
	memset(&m->event, 0, sizeof(m->event));
	*event = &m->event;

	for (;;) {
		if (m->rejoin) {
			got = catch_up(m);
			if (got)
				return got;
		}
		got = nl_msg_next(&m->rest, &msg);
		if (got < 0) {
			m->rest.len = 0;
			return malformed(m);
		}
		got = got ? take_message(m, &msg) :
			    refill(m, deadline_left(&deadline), &idle);
		if (got || idle)
			return got;
	}
}

void utcp_monitor_close(struct utcp_monitor *m)
{
	if (!m)
		return;
	m->transport->ops->close(m->transport);
	utcp_module_info_free(m->event.info);
	free(m);
}
