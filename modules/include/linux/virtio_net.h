/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which super-frames virtio_net_hdr_from_skb() has words for. 6.1 has none for those
 * of UDP, and the name of the word came with it.
 */
#ifndef _COMPAT_LINUX_VIRTIO_NET_H
#define _COMPAT_LINUX_VIRTIO_NET_H

#include_next <linux/virtio_net.h>

#ifdef VIRTIO_NET_HDR_GSO_UDP_L4
#define COMPAT_VNET_GSO (SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_UDP_L4)
#else
#define COMPAT_VNET_GSO (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)
#endif

#endif /* _COMPAT_LINUX_VIRTIO_NET_H */
