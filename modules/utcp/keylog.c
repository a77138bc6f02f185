// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key log: debugfs has a file with the keys of all associations of the reader's network
 * namespace, as they are when it is read. Nothing is kept for it, so keys that are
 * erased are gone from it too.
 *
 * Whoever reads it can read what the sessions carry, so there is no file unless the
 * module was loaded for that; it is root's; and who opens it needs CAP_NET_ADMIN in the
 * initial user namespace besides. Kernels that are locked down for confidentiality refuse,
 * which debugfs by itself does not for files that can only be read.
 */
#include "keylog.h"

#include <linux/capability.h>
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <net/net_namespace.h>

#include "assoc.h"
#include "peer.h"

static bool keylog;
module_param(keylog, bool, 0400);
MODULE_PARM_DESC(keylog,
		 "let root read the keys of sessions from debugfs (off)");

static struct dentry *dir;

/* --- a record for each peer -------------------------------------------------------- */

static void *keylog_start(struct seq_file *m, loff_t *pos)
	__acquires(&un->peer_lock)
{
	struct utcp_net *un = m->private;

	spin_lock_bh(&un->peer_lock);
	return seq_list_start(&un->list, *pos);
}

static void *keylog_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct utcp_net *un = m->private;

	return seq_list_next(v, &un->list, pos);
}

static void keylog_stop(struct seq_file *m, void *v) __releases(&un->peer_lock)
{
	struct utcp_net *un = m->private;

	spin_unlock_bh(&un->peer_lock);
}

static void put_key(struct seq_file *m, u32 index, u16 lane,
		    enum utcp_suite suite, u32 epoch, const u8 *key)
{
	seq_printf(m, "UTCP1 %08x %u %u %u %*phN\n", index, lane, suite, epoch,
		   UTCP_KEY_LEN, key);
}

/* Both directions. It is wiped after a grace period only. */
static void put_assoc(struct seq_file *m, struct utcp_assoc *assoc)
{
	struct utcp_receiver *rx = &assoc->rx;
	struct utcp_sender *tx = &assoc->tx;

	spin_lock(&assoc->rx_lock);
	put_key(m, assoc->ix.value, rx->lane, rx->suite, rx->epoch,
		rx->key[rx->epoch % UTCP_RECEIVER_KEYS]);
	spin_unlock(&assoc->rx_lock);
	spin_lock(&assoc->tx_lock);
	put_key(m, assoc->remote, tx->lane, tx->suite, tx->epoch, tx->key);
	spin_unlock(&assoc->tx_lock);
}

static int keylog_show(struct seq_file *m, void *v)
{
	struct utcp_peer *peer = list_entry(v, struct utcp_peer, link);
	struct utcp_assoc *assoc;
	unsigned int i;

	rcu_read_lock();
	assoc = rcu_dereference(peer->current_assoc);
	if (assoc)
		put_assoc(m, assoc);
	for (i = 0; i < UTCP_PREVIOUS; i++) {
		assoc = rcu_dereference(peer->previous[i]);
		if (assoc)
			put_assoc(m, assoc);
	}
	rcu_read_unlock();
	return 0;
}

static const struct seq_operations keylog_ops = {
	.start = keylog_start,
	.next = keylog_next,
	.stop = keylog_stop,
	.show = keylog_show,
};

/* --- the file ---------------------------------------------------------------------- */

static int keylog_open(struct inode *inode, struct file *file)
{
	struct net *net;
	int ret;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	ret = security_locked_down(LOCKDOWN_KCORE);
	if (ret)
		return ret;
	ret = seq_open(file, &keylog_ops);
	if (ret)
		return ret;
	net = get_net(current->nsproxy->net_ns);
	((struct seq_file *)file->private_data)->private = utcp_net(net);
	return 0;
}

static int keylog_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct utcp_net *un = m->private;

	/* A record is less than the page that this is at first, so it never was
	 * another one.
	 */
	if (m->buf)
		memzero_explicit(m->buf, m->size);
	put_net(un->net);
	return seq_release(inode, file);
}

static const struct file_operations keylog_fops = {
	.owner = THIS_MODULE,
	.open = keylog_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = keylog_release,
};

/**
 * utcp_keylog_init() - make the file, if the module was loaded for that
 *
 * A kernel without debugfs has none.
 */
void utcp_keylog_init(void)
{
	if (!keylog)
		return;
	pr_warn("utcp: keylog=1: root can read the keys of all sessions, and so what they carry. Never load it so but to debug\n");
	dir = debugfs_create_dir("utcp", NULL);
	debugfs_create_file("keylog", 0400, dir, NULL, &keylog_fops);
}

/**
 * utcp_keylog_exit() - take it away
 */
void utcp_keylog_exit(void)
{
	debugfs_remove(dir);
}
