// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <semaphore.h>
#include <string.h>

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcpip.h>
#include <lwip/timeouts.h>

#include "stack.h"

/* When to try again to send what the device had no room for. */
#define KICK_AGAIN_MS 5

static struct netif port;
static bool kick_later;

/* A timer of lwIP's: in its thread, with its lock. */
static void kick_again(void *unused)
{
	(void)unused;
	kick_later = !rings_kick();
	if (kick_later)
		sys_timeout(KICK_AGAIN_MS, kick_again, NULL);
}

/* With lwIP's lock. */
static err_t link_output(struct netif *netif, struct pbuf *p)
{
	(void)netif;
	if (!rings_send(p))
		return ERR_BUF;
	if (!kick_later && !rings_kick()) {
		kick_later = true;
		sys_timeout(KICK_AGAIN_MS, kick_again, NULL);
	}
	return ERR_OK;
}

struct setup {
	const struct options *options;
	const struct filter *filter;
};

static err_t init_port(struct netif *netif)
{
	const struct setup *s = netif->state;

	netif->name[0] = 'm';
	netif->name[1] = 'b';
	netif->hwaddr_len = sizeof(s->filter->mac);
	memcpy(netif->hwaddr, s->filter->mac, sizeof(s->filter->mac));
	netif->mtu = (u16_t)s->options->args.mtu;
	netif->mtu6 = netif->mtu;
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP |
		       NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
	netif->output = etharp_output;
	netif->output_ip6 = ethip6_output;
	netif->linkoutput = link_output;
	netif->state = NULL;
	return ERR_OK;
}

static void add_filter_ip6(struct filter *filter, const ip6_addr_t *address)
{
	memcpy(filter->ip6[filter->n_ip6++], address->addr, 16);
}

/* With lwIP's lock. */
static int add_port(const struct options *o, struct filter *filter)
{
	struct setup setup = { .options = o, .filter = filter };
	const ip4_addr_t address = { .addr = o->ip4 };
	const ip4_addr_t mask = { .addr = o->mask4 };
	const ip4_addr_t gateway = { .addr = o->gateway4 };

	if (!netif_add(&port, &address, &mask, &gateway, &setup, init_port,
		       tcpip_input)) {
		warnx("lwIP: cannot add an interface");
		return -1;
	}
	netif_set_default(&port);
	filter->ip4 = o->ip4;
	filter->mask4 = o->mask4;
	if (!o->has_ip6)
		return 0;
	netif_create_ip6_linklocal_address(&port, 1);
	add_filter_ip6(filter, netif_ip6_addr(&port, 0));
	{
		ip6_addr_t ip6 = { 0 };
		s8_t index;

		memcpy(ip6.addr, o->ip6, sizeof(o->ip6));
		if (netif_add_ip6_address(&port, &ip6, &index) != ERR_OK) {
			warnx("lwIP: cannot add an IPv6 address");
			return -1;
		}
		add_filter_ip6(filter, &ip6);
	}
	return 0;
}

/* In lwIP's thread, when it begins. */
static void on_start(void *started)
{
	sem_post(started);
}

int stack_start(const struct options *o, struct filter *filter)
{
	sem_t started;
	int ret;

	sem_init(&started, 0, 0);
	tcpip_init(on_start, &started);
	sem_wait(&started);
	sem_destroy(&started);
	LOCK_TCPIP_CORE();
	ret = add_port(o, filter);
	UNLOCK_TCPIP_CORE();
	return ret;
}

void stack_up(void)
{
	LOCK_TCPIP_CORE();
	netif_set_up(&port);
	netif_set_link_up(&port);
	UNLOCK_TCPIP_CORE();
}

bool stack_take(struct pbuf *p)
{
	return port.input(p, &port) == ERR_OK;
}

void stack_reclaim(void)
{
	LOCK_TCPIP_CORE();
	for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
		if (pcb->ooseq)
			tcp_free_ooseq(pcb);
	UNLOCK_TCPIP_CORE();
}
