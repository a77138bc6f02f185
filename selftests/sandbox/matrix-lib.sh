# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The ends of the isolation matrix, and what must pass between them; for the demo, too.

METADATA4=169.254.169.254 METADATA6=fd00:ec2::254

# What passes, as Documentation/networking/sandbox.rst says it; see matrix.c. "open" are
# custom ones with a rule for all, in both directions; "loopback" are of host-loopback.
# "itself" is asked by the loopback, "uplink" is another address of the host, "published"
# a port of it that leads to a custom one.
expected() {
	cat <<-'END'
		# "its own loopback passes", "UTCP inside"
		none,loopback,bridged,custom,open	itself	ipv4 ipv6 utcp
		# "a named port, by the sandbox's loopback: that of the host's"
		loopback	host	service4 service6
		# "no link"
		none,loopback	*	nothing
		*	none,loopback	nothing
		# "passes", and "with a rule of each that is custom"
		bridged,open,host	bridged,open,host	arp nd ipv4 ipv6 groups utcp types
		# "ARP, neighbour discovery for its own addresses pass", and nothing else
		custom	bridged,custom,open,host	arp nd
		bridged,open,host	custom	arp nd
		# "beyond the host by IPv4 and IPv6, by its address", "as routed"
		bridged,open	outside	ipv4 ipv6
		outside	bridged,open	ipv4 ipv6
		# "the host's own addresses", "metadata services", "a published port"
		bridged,open,outside	uplink	ipv4 ipv6
		bridged,open,host	metadata	ipv4 ipv6
		bridged,open,host,outside	published	tcp4 tcp6
		# No sandbox is between these.
		host	outside	arp nd ipv4 ipv6 groups utcp types
		outside	host	arp nd ipv4 ipv6 groups utcp types
		*	*	nothing
	END
}

# far - the host's uplink, and who is behind it
far() {
	outside
	must ip addr add 2001:db8::1/64 dev t-up nodad
	must ip -n t-out -batch - <<-END
		addr add 2001:db8::2/64 dev up0 nodad
		addr add $METADATA4/32 dev up0
		addr add $METADATA6/128 dev up0 nodad
		route add default via 192.0.2.1
		route add default via 2001:db8::1
	END
	must ip route add $METADATA4 via 192.0.2.2
	must ip route add $METADATA6 via 2001:db8::2
	must sysctl -qw net.ipv6.conf.all.forwarding=1
	defer sysctl -qw net.ipv6.conf.all.forwarding=0
}

# boxes - two of each mode; the address of one without a link is its loopback's
boxes() {
	local mode n options

	for mode in none loopback bridged custom open; do
		options=(--mode "$mode")
		case $mode in
		loopback) options=(--mode host-loopback --service tcp 6010) ;;
		open) options=(--mode custom --allow in --allow out) ;;
		esac
		for n in 1 2; do
			[ $mode$n != custom2 ] || options+=(--publish 8080:7003)
			must sandbox create t-$mode$n --cell "${options[@]}"
		done
	done
	n=1
	for mode in none loopback; do
		must ip -n t-${mode}2 addr add 10.181.200.$n/32 dev lo
		must ip -n t-${mode}2 addr add fd00:99::$n/128 dev lo
		n=$((n + 1))
	done
}

# ends - a line for each, see matrix.c: sandboxes in the order in which they were made
# shellcheck disable=SC2016 # $addr is gojq's
ends() {
	local name rest up0
	local -A line

	while read -r name rest; do
		line[$name]=$rest
	done < <("$UTCPCTL" -j sandbox list | gojq -r '.[] |
		(.addr // [] | map(split("/")[0]) | join(" ")) as $addr |
		"\(.sandbox) \(.cell) \(if .dev then "eth0 \(.mac) \($addr)" else "" end)"')
	line[t-none1]+=" - - 10.181.200.3 fd00:99::3"
	line[t-none2]+=" - - 10.181.200.1 fd00:99::1"
	line[t-loopback1]+=" - - 10.181.200.4 fd00:99::4"
	line[t-loopback2]+=" - - 10.181.200.2 fd00:99::2"
	for name in {none,loopback,bridged,custom,open}{1,2}; do
		echo "$name /run/netns/t-$name ${line[t-$name]}"
	done
	echo "host /proc/self/ns/net $HOST utcp0 $(</sys/class/net/utcp0/address) \
		$("$UTCPCTL" -j sandbox show t-open1 | gojq -r '.[0].gateway | join(" ")') \
		t-up $(</sys/class/net/t-up/address) 192.0.2.1 2001:db8::1"
	up0=$(ns t-out cat /sys/class/net/up0/address)
	echo "outside /run/netns/t-out $OUTSIDE up0 $up0 192.0.2.2 2001:db8::2"
}

# cells - each may be asked for, and the host and who is behind it have one
cells() {
	local name cell

	must "$UTCPCTL" port add utcp0
	must "$UTCPCTL" port add t-up
	must "$UTCPCTL" -n t-out port add up0
	HOST=$("$UTCPCTL" -j cell new discoverable on | gojq -r .id)
	OUTSIDE=$("$UTCPCTL" -n t-out -j cell new discoverable on | gojq -r .id)
	while read -r name cell; do
		must "$UTCPCTL" -n "$name" cell set "$cell" discoverable on
	done < <("$UTCPCTL" -j sandbox list | gojq -r '.[] | "\(.sandbox) \(.cell)"')
}
