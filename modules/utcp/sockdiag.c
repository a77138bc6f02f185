// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets as they are shown: sock_diag of AF_UTCP, for utcpctl ss, and the files
 * utcp and utcp_stat of /proc/net, for who has only cat.
 *
 * Nothing here waits for a socket's lock: a program can hold that for as long as it
 * likes. What changes at the same time may be seen as it was or as it is.
 */
#include "sockdiag.h"

#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/sock_diag.h>
#include <net/netlink.h>

#include "sock.h"

/**
 * struct shown - a socket's addresses
 * @cell: own cell; zeros: none
 * @peer: peer; zeros: none
 * @port: own port; 0: none
 * @peer_port: the peer's; 0: none
 */
struct shown {
	u8 cell[UTCP_CELL_ID_LEN];
	u8 peer[UTCP_CELL_ID_LEN];
	u16 port;
	u16 peer_port;
};

static void show_addresses(const struct utcp_sock *us, struct shown *shown)
{
	/* Pairs with who binds it. */
	const struct utcp_cell *cell = smp_load_acquire(&us->cell);

	memset(shown, 0, sizeof(*shown));
	if (cell)
		memcpy(shown->cell, cell->id, sizeof(shown->cell));
	shown->port = READ_ONCE(us->port.port);
	shown->peer_port = READ_ONCE(us->to_port);
	if (shown->peer_port)
		memcpy(shown->peer, us->to_cell, sizeof(shown->peer));
}

/* --- sock_diag ------------------------------------------------------------------ */

static bool wanted(const struct utcp_diag_req *req, const struct shown *shown,
		   const struct utcp_info *info)
{
	if (!(req->udiag_states & BIT(info->state)))
		return false;
	if (req->sdiag_type && req->sdiag_type != info->type)
		return false;
	if (req->udiag_port && req->udiag_port != shown->port)
		return false;
	if (req->udiag_peer_port && req->udiag_peer_port != shown->peer_port)
		return false;
	return !memcmp(req->udiag_cell, utcp_sock_any, UTCP_CELL_ID_LEN) ||
	       !memcmp(req->udiag_cell, shown->cell, UTCP_CELL_ID_LEN) ||
	       !memcmp(req->udiag_cell, shown->peer, UTCP_CELL_ID_LEN);
}

static int put_sock(struct sk_buff *skb, struct netlink_callback *cb,
		    struct utcp_sock *us, const struct utcp_diag_req *req)
{
	struct sock *sk = &us->sk;
	struct utcp_diag_msg *msg;
	struct utcp_info info;
	struct nlmsghdr *nlh;
	struct shown shown;

	utcp_sock_info(sk, &info);
	show_addresses(us, &shown);
	if (!wanted(req, &shown, &info))
		return 0;
	nlh = nlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			SOCK_DIAG_BY_FAMILY, sizeof(*msg), NLM_F_MULTI);
	if (!nlh)
		return -EMSGSIZE;
	msg = nlmsg_data(nlh);
	*msg = (struct utcp_diag_msg){
		.udiag_family = AF_UTCP,
		.udiag_type = sk->sk_type,
		.udiag_state = info.state,
		.udiag_shutdown = READ_ONCE(sk->sk_shutdown),
		.udiag_port = shown.port,
		.udiag_peer_port = shown.peer_port,
		.udiag_uid = from_kuid_munged(
			sk_user_ns(NETLINK_CB(cb->skb).sk), sk_uid(sk)),
		.udiag_ino = sock_i_ino(sk),
	};
	memcpy(msg->udiag_cell, shown.cell, sizeof(msg->udiag_cell));
	memcpy(msg->udiag_peer, shown.peer, sizeof(msg->udiag_peer));
	sock_diag_save_cookie(sk, msg->udiag_cookie);
	if (nla_put(skb, UTCP_DIAG_INFO, sizeof(info), &info) ||
	    sock_diag_put_meminfo(sk, skb, UTCP_DIAG_MEMINFO)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

static int dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct utcp_net *un = utcp_net(sock_net(skb->sk));
	const struct utcp_diag_req *req = nlmsg_data(cb->nlh);
	unsigned long number = cb->args[0];
	struct utcp_sock *us;
	int ret = 0;

	while (!ret) {
		us = utcp_sock_next(un, &number);
		if (!us)
			break;
		ret = put_sock(skb, cb, us, req);
		sock_put(&us->sk);
		if (!ret)
			number++;
	}
	cb->args[0] = number;
	return skb->len;
}

static int diag_request(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	struct net *net = sock_net(skb->sk);
	struct netlink_dump_control c = {
		.dump = dump,
		.min_dump_alloc = 4096,
	};
	const struct utcp_diag_req *req = nlmsg_data(nlh);

	if (nlmsg_len(nlh) < (int)sizeof(*req) || req->pad || req->udiag_show)
		return -EINVAL;
	if (!(nlh->nlmsg_flags & NLM_F_DUMP))
		return -EOPNOTSUPP;
	return netlink_dump_start(net->diag_nlsk, skb, nlh, &c);
}

static const struct sock_diag_handler diag_handler = {
	.owner = THIS_MODULE,
	.family = AF_UTCP,
	.dump = diag_request,
};

/* --- /proc/net ------------------------------------------------------------------ */

static void *proc_start(struct seq_file *seq, loff_t *pos)
{
	unsigned long number = *pos;
	struct utcp_sock *us;

	if (!*pos)
		return SEQ_START_TOKEN;
	us = utcp_sock_next(utcp_net(seq_file_net(seq)), &number);
	*pos = number;
	return us;
}

static void *proc_next(struct seq_file *seq, void *v, loff_t *pos)
{
	if (v != SEQ_START_TOKEN)
		sock_put(&((struct utcp_sock *)v)->sk);
	++*pos;
	return proc_start(seq, pos);
}

static void proc_stop(struct seq_file *seq, void *v)
{
	if (v && v != SEQ_START_TOKEN)
		sock_put(&((struct utcp_sock *)v)->sk);
}

static int proc_show(struct seq_file *seq, void *v)
{
	struct utcp_sock *us = v;
	struct utcp_info info;
	struct shown shown;

	if (v == SEQ_START_TOKEN) {
		seq_puts(
			seq,
			"num type st cell port peer peer_port rx_queue tx_queue drops uid inode\n");
		return 0;
	}
	utcp_sock_info(&us->sk, &info);
	show_addresses(us, &shown);
	seq_printf(seq, "%u %u %02X %*phN %u %*phN %u %u %u %u %u %lu\n",
		   us->number, info.type, info.state, UTCP_CELL_ID_LEN,
		   shown.cell, shown.port, UTCP_CELL_ID_LEN, shown.peer,
		   shown.peer_port, info.rcv_queue, info.snd_queue, info.drops,
		   from_kuid_munged(seq_user_ns(seq), sk_uid(&us->sk)),
		   (unsigned long)sock_i_ino(&us->sk));
	return 0;
}

static const struct seq_operations proc_ops = {
	.start = proc_start,
	.next = proc_next,
	.stop = proc_stop,
	.show = proc_show,
};

static int stat_show(struct seq_file *seq, void *v)
{
	struct utcp_net *un = utcp_net(seq_file_single_net(seq));
	static const char *const reasons[UTCP_DGRAM_DROPS] = {
		[UTCP_DGRAM_NO_PORT] = "no_port",
		[UTCP_DGRAM_FULL] = "full",
		[UTCP_DGRAM_NO_MEMORY] = "no_memory",
		[UTCP_DGRAM_QUEUE] = "queue",
		[UTCP_DGRAM_UNREACHABLE] = "unreachable",
		[UTCP_DGRAM_TOO_LONG] = "too_long",
		[UTCP_DGRAM_NOT_ALLOWED] = "not_allowed",
	};
	struct utcp_dgram_stats sum = {};
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct utcp_dgram_stats *s = per_cpu_ptr(un->dgrams, cpu);

		sum.sent += READ_ONCE(s->sent);
		sum.delivered += READ_ONCE(s->delivered);
		sum.tx += READ_ONCE(s->tx);
		sum.rx += READ_ONCE(s->rx);
		for (i = 0; i < UTCP_DGRAM_DROPS; i++)
			sum.drop[i] += READ_ONCE(s->drop[i]);
	}
	seq_printf(
		seq,
		"sockets %d\ndatagrams_sent %llu\ndatagrams_delivered %llu\ndatagrams_tx %llu\ndatagrams_rx %llu\n",
		atomic_read(&un->n_sockets), sum.sent, sum.delivered, sum.tx,
		sum.rx);
	for (i = 0; i < UTCP_DGRAM_DROPS; i++)
		seq_printf(seq, "datagrams_%s %llu\n", reasons[i], sum.drop[i]);
	return 0;
}

/**
 * utcp_sockdiag_net_init() - files of a namespace
 * @net: the namespace
 *
 * Return: 0, or -ENOMEM.
 */
int utcp_sockdiag_net_init(struct net *net)
{
	if (!proc_create_net("utcp", 0444, net->proc_net, &proc_ops,
			     sizeof(struct seq_net_private)))
		return -ENOMEM;
	if (!proc_create_net_single("utcp_stat", 0444, net->proc_net, stat_show,
				    NULL)) {
		remove_proc_entry("utcp", net->proc_net);
		return -ENOMEM;
	}
	return 0;
}

/**
 * utcp_sockdiag_net_exit() - no files any more
 * @net: the namespace
 */
void utcp_sockdiag_net_exit(struct net *net)
{
	remove_proc_entry("utcp_stat", net->proc_net);
	remove_proc_entry("utcp", net->proc_net);
}

/**
 * utcp_sockdiag_init() - sock_diag knows the family from here on
 *
 * Return: 0, or -EBUSY: somebody else has its number.
 */
int utcp_sockdiag_init(void)
{
	return sock_diag_register(&diag_handler);
}

/**
 * utcp_sockdiag_exit() - sock_diag does not know it any more
 */
void utcp_sockdiag_exit(void)
{
	sock_diag_unregister(&diag_handler);
}
