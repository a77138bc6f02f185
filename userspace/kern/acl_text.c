// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the model's rules ask for, in words; see acl_text.h.
 */
#include "acl_text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#define ETHERTYPE_MIN 0x600

static void print_mac(const char *word, const u8 mac[ETH_ALEN])
{
	printf(" %s %02x:%02x:%02x:%02x:%02x:%02x", word, mac[0], mac[1],
	       mac[2], mac[3], mac[4], mac[5]);
}

static void print_prefix(const char *word, bool ipv4, const u8 addr[16], u8 len)
{
	char text[INET6_ADDRSTRLEN];

	printf(" %s %s/%u", word,
	       inet_ntop(ipv4 ? AF_INET : AF_INET6, addr, text, sizeof(text)),
	       len);
}

/* --- of the tool ------------------------------------------------------------------- */

/**
 * acl_text_is() - is there a line of the tool for a rule about what a sandbox sends?
 * @match: what the rule asks for
 *
 * Flow states, devices and identities are not asked for here, and the module's rules have
 * no code of ICMP without a type.
 *
 * Return: there is.
 */
bool acl_text_is(const struct acl_match *match)
{
	int criterion;

	if (match->asks &
	    (BIT(ACL_ASK_STATE) | BIT(ACL_ASK_DEV) | BIT(ACL_ASK_CELL)))
		return false;
	if (ACL_ASKS(match, DIR) && match->dir != ACL_OUT)
		return false;
	if (ACL_ASKS(match, ETHERTYPE) && match->ethertype < ETHERTYPE_MIN)
		return false;
	if (ACL_ASKS(match, ICMP_CODE) && !ACL_ASKS(match, ICMP_TYPE))
		return false;
	return !acl_match_check(match, &criterion);
}

static void print_flags(u8 flags)
{
	static const char *const names[] = { "fin", "syn", "rst", "psh",
					     "ack", "urg", "ece", "cwr" };
	const char *comma = "";
	unsigned int i;

	if (!flags)
		printf("none");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(flags & 1 << i))
			continue;
		printf("%s%s", comma, names[i]);
		comma = ",";
	}
}

static void print_network(const struct acl_match *match)
{
	static const u8 any[16];
	bool ipv4 = ACL_ASKS(match, IPV4);

	if (!ipv4 && !ACL_ASKS(match, IPV6))
		return;
	if (ACL_ASKS(match, SRC))
		print_prefix("src", ipv4, match->src, match->src_len);
	if (ACL_ASKS(match, DST))
		print_prefix("dst", ipv4, match->dst, match->dst_len);
	/* The family alone. */
	if (!ACL_ASKS(match, SRC) && !ACL_ASKS(match, DST))
		print_prefix("src", ipv4, any, 0);
}

/**
 * acl_text_print() - print what a rule asks for in the tool's words, each behind a blank
 * @match: what the rule asks for; acl_text_is() holds
 */
void acl_text_print(const struct acl_match *match)
{
	if (ACL_ASKS(match, ETHERTYPE))
		printf(" ethertype 0x%04x", match->ethertype);
	if (ACL_ASKS(match, VLAN))
		printf(" vlan %u", match->vlan);
	if (ACL_ASKS(match, SMAC))
		print_mac("smac", match->smac);
	if (ACL_ASKS(match, DMAC))
		print_mac("dmac", match->dmac);
	print_network(match);
	if (ACL_ASKS(match, PROTO))
		printf(" proto %u", match->proto);
	if (ACL_ASKS(match, SPORT))
		printf(" sport %u-%u", match->sport.lo, match->sport.hi);
	if (ACL_ASKS(match, DPORT))
		printf(" dport %u-%u", match->dport.lo, match->dport.hi);
	if (ACL_ASKS(match, ICMP_TYPE))
		printf(" icmp %u", match->icmp_type);
	if (ACL_ASKS(match, ICMP_CODE))
		printf("/%u", match->icmp_code);
	if (ACL_ASKS(match, TCP_FLAGS)) {
		printf(" flags ");
		print_flags(match->tcp_flags);
		printf("/");
		print_flags(match->tcp_flags_mask);
	}
	if (ACL_ASKS(match, DSCP))
		printf(" dscp %u", match->dscp);
}

/* --- of nft ------------------------------------------------------------------------ */

/**
 * acl_text_is_nft() - does nft have words for what a rule asks for?
 * @match: what the rule asks for; acl_text_is() holds
 *
 * It has DSCP only of one family, means another thing by a VLAN, and refuses what no frame
 * can meet: ICMP of the other family.
 *
 * Return: it does.
 */
bool acl_text_is_nft(const struct acl_match *match)
{
	unsigned int other = match->proto == IPPROTO_ICMP ? ACL_ASK_IPV6 :
							    ACL_ASK_IPV4;

	if (ACL_ASKS(match, ICMP_TYPE) && match->asks & BIT(other))
		return false;
	if (match->asks &
	    (BIT(ACL_ASK_VLAN) | BIT(ACL_ASK_SRC_SET) | BIT(ACL_ASK_DST_SET)))
		return false;
	return !ACL_ASKS(match, DSCP) || ACL_ASKS(match, IPV4) ||
	       ACL_ASKS(match, IPV6);
}

static void print_range_nft(const char *word, const struct acl_range *range)
{
	printf(" th %s %u", word, range->lo);
	if (range->hi != range->lo)
		printf("-%u", range->hi);
}

/* The frame is of this family. */
static void print_family_nft(const struct acl_match *match)
{
	bool icmp = ACL_ASKS(match, ICMP_TYPE);

	if (ACL_ASKS(match, IPV4) || (icmp && match->proto == IPPROTO_ICMP))
		printf(" meta protocol ip");
	else if (ACL_ASKS(match, IPV6) || icmp)
		printf(" meta protocol ip6");
}

/**
 * acl_text_print_nft() - print what a rule asks for in nft's words, each behind a blank
 * @match: what the rule asks for; acl_text_is_nft() holds
 */
void acl_text_print_nft(const struct acl_match *match)
{
	bool ipv4 = ACL_ASKS(match, IPV4);
	const char *icmp = match->proto == IPPROTO_ICMP ? "icmp" : "icmpv6";

	if (ACL_ASKS(match, ETHERTYPE))
		printf(" ether type 0x%04x", match->ethertype);
	if (ACL_ASKS(match, SMAC))
		print_mac("ether saddr", match->smac);
	if (ACL_ASKS(match, DMAC))
		print_mac("ether daddr", match->dmac);
	print_family_nft(match);
	if (ACL_ASKS(match, SRC))
		print_prefix(ipv4 ? "ip saddr" : "ip6 saddr", ipv4, match->src,
			     match->src_len);
	if (ACL_ASKS(match, DST))
		print_prefix(ipv4 ? "ip daddr" : "ip6 daddr", ipv4, match->dst,
			     match->dst_len);
	if (ACL_ASKS(match, DSCP))
		printf(" %s dscp %u", ipv4 ? "ip" : "ip6", match->dscp);
	if (ACL_ASKS(match, PROTO))
		printf(" meta l4proto %u", match->proto);
	if (ACL_ASKS(match, SPORT))
		print_range_nft("sport", &match->sport);
	if (ACL_ASKS(match, DPORT))
		print_range_nft("dport", &match->dport);
	if (ACL_ASKS(match, ICMP_TYPE))
		printf(" %s type %u", icmp, match->icmp_type);
	if (ACL_ASKS(match, ICMP_CODE))
		printf(" %s code %u", icmp, match->icmp_code);
	if (ACL_ASKS(match, TCP_FLAGS))
		printf(" tcp flags & 0x%02x == 0x%02x", match->tcp_flags_mask,
		       match->tcp_flags);
}
