// SPDX-License-Identifier: GPL-2.0-only
/*
 * For the selftests: a device that offers the kernel's net-shaper family, limits nothing,
 * and drops what is sent. Kernels without the family have it as a device without.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#ifdef HAVE_NET_SHAPER_OPS
#include <net/net_shaper.h>

static int set(struct net_shaper_binding *binding,
	       const struct net_shaper *shaper, struct netlink_ext_ack *extack)
{
	return -EOPNOTSUPP;
}

static int del(struct net_shaper_binding *binding,
	       const struct net_shaper_handle *handle,
	       struct netlink_ext_ack *extack)
{
	return -EOPNOTSUPP;
}

static void capabilities(struct net_shaper_binding *binding,
			 enum net_shaper_scope scope, unsigned long *cap)
{
	*cap = 0;
}

static const struct net_shaper_ops shaper_ops = {
	.set = set,
	.delete = del,
	.capabilities = capabilities,
};
#endif

static netdev_tx_t xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops ops = {
	.ndo_start_xmit = xmit,
#ifdef HAVE_NET_SHAPER_OPS
	.net_shaper_ops = &shaper_ops,
#endif
};

static struct net_device *device;

static int __init hardware_init(void)
{
	int ret;

	device = alloc_netdev(0, "hardware%d", NET_NAME_ENUM, ether_setup);
	if (!device)
		return -ENOMEM;
	device->netdev_ops = &ops;
	eth_hw_addr_random(device);
	ret = register_netdev(device);
	if (ret)
		free_netdev(device);
	return ret;
}

static void __exit hardware_exit(void)
{
	unregister_netdev(device);
	free_netdev(device);
}

module_init(hardware_init);
module_exit(hardware_exit);

MODULE_DESCRIPTION("A device that offers net-shaper, for selftests");
MODULE_LICENSE("GPL");
