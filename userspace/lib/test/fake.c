// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A kernel for tests.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "fake.h"
#include "../family.h"
#include "../handle.h"

/* --- messages --- */

void fake_put(struct fake_msg *m, const void *data, size_t len)
{
	if (m->len + len + NLMSG_ALIGNTO > sizeof(m->data))
		abort();
	if (len)
		memcpy(m->data + m->len, data, len);
	m->len += len;
	while (m->len % NLMSG_ALIGNTO)
		m->data[m->len++] = 0;
}

size_t fake_begin(struct fake_msg *m, uint16_t type, uint16_t flags,
		  uint32_t seq)
{
	struct nlmsghdr h = {
		.nlmsg_type = type,
		.nlmsg_flags = flags,
		.nlmsg_seq = seq,
		.nlmsg_pid = FAKE_PORTID,
	};
	size_t at = m->len;

	fake_put(m, &h, sizeof(h));
	return at;
}

void fake_genl(struct fake_msg *m, uint8_t cmd)
{
	struct genlmsghdr g = { .cmd = cmd, .version = 1 };

	fake_put(m, &g, sizeof(g));
}

size_t fake_attr(struct fake_msg *m, uint16_t type, const void *data,
		 size_t len)
{
	struct nlattr a = {
		.nla_len = (uint16_t)(NLA_HDRLEN + len),
		.nla_type = type,
	};
	size_t at = m->len;

	fake_put(m, &a, sizeof(a));
	fake_put(m, data, len);
	return at;
}

void fake_u32(struct fake_msg *m, uint16_t type, uint32_t value)
{
	fake_attr(m, type, &value, sizeof(value));
}

void fake_nest_end(struct fake_msg *m, size_t at)
{
	struct nlattr a;

	memcpy(&a, m->data + at, sizeof(a));
	a.nla_len = (uint16_t)(m->len - at);
	memcpy(m->data + at, &a, sizeof(a));
}

void fake_end(struct fake_msg *m, size_t at)
{
	uint32_t len = (uint32_t)(m->len - at);

	memcpy(m->data + at, &len, sizeof(len));
}

size_t fake_error(struct fake_msg *m, const struct nlmsghdr *request, int error)
{
	struct nlmsgerr e = { .error = -error, .msg = *request };
	size_t at = fake_begin(m, NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS,
			       request->nlmsg_seq);

	fake_put(m, &e, sizeof(e));
	return at;
}

void fake_ack(struct fake_msg *m, const struct nlmsghdr *request, int error)
{
	fake_end(m, fake_error(m, request, error));
}

uint16_t fake_id(const struct fake_kernel *k, enum utcp_family family)
{
	return (uint16_t)(k->id + family);
}

void fake_info(struct fake_msg *m, const struct fake_kernel *k,
	       enum utcp_family family)
{
	const struct family_desc *d = &family_descs[family];
	size_t nest;

	fake_attr(m, d->a_version, k->version, strlen(k->version) + 1);
	fake_u32(m, d->a_abi, k->abi);
	nest = fake_attr(m, d->a_limits | NLA_F_NESTED, NULL, 0);
	for (size_t i = 0; i < d->names->limits->n; i++)
		fake_u32(m, d->names->limits->names[i].type,
			 k->limits[family][i]);
	fake_nest_end(m, nest);
}

void fake_family(struct fake_msg *m, const struct fake_kernel *k,
		 enum utcp_family family, uint8_t cmd, uint16_t flags,
		 uint32_t seq)
{
	const struct family_desc *d = &family_descs[family];
	uint16_t id = fake_id(k, family);
	size_t msg, groups, group;

	msg = fake_begin(m, GENL_ID_CTRL, flags, seq);
	fake_genl(m, cmd);
	fake_attr(m, CTRL_ATTR_FAMILY_NAME, d->name, strlen(d->name) + 1);
	fake_attr(m, CTRL_ATTR_FAMILY_ID, &id, sizeof(id));
	groups = fake_attr(m, CTRL_ATTR_MCAST_GROUPS | NLA_F_NESTED, NULL, 0);
	group = fake_attr(m, 1 | NLA_F_NESTED, NULL, 0);
	fake_attr(m, CTRL_ATTR_MCAST_GRP_NAME, d->group, strlen(d->group) + 1);
	fake_u32(m, CTRL_ATTR_MCAST_GRP_ID, 100U + id);
	fake_nest_end(m, group);
	fake_nest_end(m, groups);
	fake_end(m, msg);
}

/* --- sockets --- */

static struct fake_socket *fake(struct utcp_transport *t)
{
	return (struct fake_socket *)t;
}

static void enqueue(struct fake_socket *s, const void *data, size_t len,
		    int error)
{
	struct fake_datagram *d = calloc(1, sizeof(*d) + len);
	struct fake_datagram **last = &s->first;

	if (!d)
		abort();
	d->error = error;
	d->len = len;
	if (len)
		memcpy(d->data, data, len);
	while (*last)
		last = &(*last)->next;
	*last = d;
}

void fake_send(struct fake_socket *s, const void *data, size_t len)
{
	enqueue(s, data, len, 0);
}

void fake_send_error(struct fake_socket *s, int error)
{
	enqueue(s, NULL, 0, -error);
}

static ssize_t fake_recv(struct utcp_transport *t, void *data, size_t size,
			 int timeout_ms)
{
	struct fake_datagram *d = fake(t)->first;
	ssize_t n;

	(void)timeout_ms;
	if (!d)
		return -EAGAIN;
	fake(t)->first = d->next;
	n = d->error;
	if (!n) {
		n = d->len > size ? -EMSGSIZE : (ssize_t)d->len;
		if (n > 0)
			memcpy(data, d->data, d->len);
	}
	free(d);
	return n;
}

static void list_families(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct fake_kernel *k = s->kernel;
	struct fake_msg m = { 0 };
	uint16_t flags = NLM_F_MULTI;
	int32_t zero = 0;
	size_t at;

	if (k->interrupted) {
		k->interrupted--;
		flags |= NLM_F_DUMP_INTR;
	}
	for (int f = 0; f < LIBUTCP_FAMILIES; f++)
		if (k->loaded & 1U << f)
			fake_family(&m, k, (enum utcp_family)f,
				    CTRL_CMD_NEWFAMILY, flags,
				    request->nlmsg_seq);
	/* the list ends in a datagram of its own, as the kernel does it */
	if (m.len)
		fake_send(s, m.data, m.len);
	m.len = 0;
	at = fake_begin(&m, NLMSG_DONE, flags, request->nlmsg_seq);
	fake_put(&m, &zero, sizeof(zero));
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

static void store_limits(struct fake_kernel *k, enum utcp_family family,
			 const struct nlmsghdr *request)
{
	const struct nl_set *set = family_descs[family].names->limits;
	struct nl_span span = {
		(const unsigned char *)request + NLMSG_HDRLEN + GENL_HDRLEN,
		request->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
	};
	struct nl_attr nest, a;

	if (nl_attr_next(&span, &nest) <= 0)
		abort();
	while (nl_attr_next(&nest.value, &a) > 0)
		for (size_t i = 0; i < set->n; i++)
			if (set->names[i].type == a.type &&
			    nl_attr_u32(&a, &k->limits[family][i]))
				abort();
}

static void answer(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct fake_kernel *k = s->kernel;
	struct fake_msg m = { 0 };
	struct genlmsghdr g;
	size_t at;

	memcpy(&g, NLMSG_DATA(request), sizeof(g));
	for (int i = 0; i < LIBUTCP_FAMILIES; i++) {
		enum utcp_family f = (enum utcp_family)i;

		if (!(k->loaded & 1U << f) ||
		    fake_id(k, f) != request->nlmsg_type)
			continue;
		if (g.cmd == family_descs[f].cmd_limits_set)
			store_limits(k, f, request);
		at = fake_begin(&m, fake_id(k, f), 0, request->nlmsg_seq);
		fake_genl(&m, g.cmd);
		fake_info(&m, k, f);
		fake_end(&m, at);
		fake_send(s, m.data, m.len);
		m.len = 0;
		fake_ack(&m, request, 0);
		fake_send(s, m.data, m.len);
		return;
	}
	/* genetlink's answer to an id that nobody has */
	fake_ack(&m, request, ENOENT);
	fake_send(s, m.data, m.len);
}

/* The one of the name that the request's only attribute has. */
static void tell_family(struct fake_socket *s, const struct nlmsghdr *request)
{
	const char *name =
		(const char *)NLMSG_DATA(request) + GENL_HDRLEN + NLA_HDRLEN;
	struct fake_kernel *k = s->kernel;
	struct fake_msg m = { 0 };

	for (int f = 0; f < LIBUTCP_FAMILIES; f++)
		if (k->loaded & 1U << f &&
		    strcmp(name, family_descs[f].name) == 0)
			fake_family(&m, k, (enum utcp_family)f,
				    CTRL_CMD_NEWFAMILY, 0, request->nlmsg_seq);
	if (!m.len)
		fake_ack(&m, request, ENOENT);
	fake_send(s, m.data, m.len);
}

static int fake_request(struct utcp_transport *t, const void *data, size_t len)
{
	const struct nlmsghdr *request = data;
	struct fake_socket *s = fake(t);

	if (len != request->nlmsg_len || request->nlmsg_pid != t->portid)
		abort();
	if (request->nlmsg_type == GENL_ID_CTRL) {
		s->kernel->lists++;
		if (request->nlmsg_flags & NLM_F_ROOT)
			list_families(s, request);
		else
			tell_family(s, request);
		return 0;
	}
	s->kernel->requests++;
	if (s->kernel->answer)
		s->kernel->answer(s, request);
	else
		answer(s, request);
	return 0;
}

static int fake_join(struct utcp_transport *t, uint32_t group)
{
	struct fake_socket *s = fake(t);

	if (group != GENL_ID_CTRL && s->kernel->join_error)
		return -s->kernel->join_error;
	if (s->n_groups == sizeof(s->groups) / sizeof(s->groups[0]))
		abort();
	s->groups[s->n_groups++] = group;
	return 0;
}

static int fake_fd(const struct utcp_transport *t)
{
	(void)t;
	return -1;
}

static void fake_close(struct utcp_transport *t)
{
	struct fake_socket *s = fake(t), **at = &s->kernel->sockets;
	char byte;

	while (fake_recv(t, &byte, 0, 0) != -EAGAIN)
		;
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	free(s);
}

static const struct utcp_transport_ops fake_ops = {
	.send = fake_request,
	.recv = fake_recv,
	.join = fake_join,
	.fd = fake_fd,
	.close = fake_close,
};

static int fake_open(struct utcp_opener *o, struct utcp_transport **t)
{
	struct fake_kernel *k = (struct fake_kernel *)o;
	struct fake_socket *s;

	if (k->open_error)
		return -k->open_error;
	s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	s->t.ops = &fake_ops;
	s->t.portid = FAKE_PORTID;
	s->kernel = k;
	s->next = k->sockets;
	k->sockets = s;
	*t = &s->t;
	return 0;
}

static void fake_free(struct utcp_opener *o)
{
	(void)o;
}

void fake_init(struct fake_kernel *k)
{
	memset(k, 0, sizeof(*k));
	k->opener.open = fake_open;
	k->opener.free = fake_free;
	k->loaded = (1U << LIBUTCP_FAMILIES) - 1;
	k->id = 30;
	k->version = utcp_version();
	k->abi = 1;
	for (int f = 0; f < LIBUTCP_FAMILIES; f++)
		for (unsigned int i = 0; i < FAKE_LIMITS_MAX; i++)
			k->limits[f][i] = 100 + i;
}

struct utcp_handle *fake_handle(struct fake_kernel *k)
{
	struct utcp_handle *h = utcp_handle_new();

	if (!h || handle_open_with(h, &k->opener))
		abort();
	return h;
}
