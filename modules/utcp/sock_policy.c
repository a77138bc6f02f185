// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections inside a namespace whose permission was taken back.
 */
#include "pair.h"
#include "policy.h"
#include "sock.h"

/**
 * utcp_sock_next() - one socket after the other
 * @un: state of the namespace
 * @number: from this one on; set to its number
 *
 * Context: process.
 * Return: the socket, with a reference; NULL: there is none any more.
 */
struct utcp_sock *utcp_sock_next(struct utcp_net *un, unsigned long *number)
{
	struct utcp_sock *us;

	xa_lock_bh(&un->sockets);
	us = xa_find(&un->sockets, number, ULONG_MAX, XA_PRESENT);
	/* One that is about to die waits for the lock. */
	while (us && !refcount_inc_not_zero(&us->sk.sk_refcnt))
		us = xa_find_after(&un->sockets, number, ULONG_MAX, XA_PRESENT);
	xa_unlock_bh(&un->sockets);
	return us;
}

/**
 * utcp_sock_may() - may a connection inside a namespace be, or go on?
 * @un: state of the namespace
 * @pair: the connection
 * @from: CellID of the one that opens it
 * @to: that of the other
 * @service: port there
 *
 * Context: any but hard interrupts; not under the lock of the pair.
 * Return: 0; -EACCES.
 */
int utcp_sock_may(struct utcp_net *un, struct utcp_pair *pair, const u8 *from,
		  const u8 *to, u16 service)
{
	struct netswitch_tokens tokens;
	int ret;

	spin_lock_bh(&pair->lock);
	tokens = pair->tokens;
	spin_unlock_bh(&pair->lock);
	ret = utcp_policy_here(un, from, to, service, &tokens);
	if (ret)
		return ret;
	spin_lock_bh(&pair->lock);
	pair->tokens = tokens;
	spin_unlock_bh(&pair->lock);
	return 0;
}

/* Ends a connection. The other end of it hears of it as of any reset. */
static void end_it(struct utcp_end *end)
{
	utcp_end_lock(end);
	if (end->conn.state != UTCP_CONN_DEAD) {
		end->ops->reset(end, UTCP_RESET_NOT_ALLOWED);
		utcp_end_wake(end, UTCP_CONN_DIED);
	}
	utcp_end_unlock(end);
}

/* Addresses of a socket that has a connection do not change. */
static void ask(struct utcp_net *un, const struct utcp_sock *us)
{
	/* Pairs with who connects it. */
	struct utcp_end *end = smp_load_acquire(&us->end);
	struct utcp_pair *pair;
	int ret;

	/* Of one that leaves the namespace its carrier asks. */
	if (!end || !end->ops->other ||
	    READ_ONCE(end->conn.state) == UTCP_CONN_DEAD)
		return;
	pair = utcp_pair_of(end);
	ret = end->conn.opener ? utcp_sock_may(un, pair, us->cell->id,
					       us->to_cell, us->to_port) :
				 utcp_sock_may(un, pair, us->to_cell,
					       us->cell->id, us->port.port);
	if (ret)
		end_it(end);
}

/**
 * utcp_sock_ask_again() - the policies of connections inside a namespace may be others
 * @un: state of the namespace
 *
 * Those that are refused now end, with EACCES at both ends.
 *
 * Context: process; may sleep.
 */
void utcp_sock_ask_again(struct utcp_net *un)
{
	unsigned long number = 0;
	struct utcp_sock *us;

	while ((us = utcp_sock_next(un, &number))) {
		ask(un, us);
		sock_put(&us->sk);
		number++;
		cond_resched();
	}
}
