#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# utcp-cni, driven as a container runtime does, and beside the reference plug-ins.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

CNI=$(dirname "$UTCPCTL")/utcp-cni
LEASES=
REFERENCE=/usr/lib/cni

# cni COMMAND CONTAINER CONFIG [VARIABLE=VALUE...] - as a runtime does
cni() {
	local command=$1 container=$2 conf=$3

	shift 3
	env CNI_COMMAND="$command" CNI_CONTAINERID="$container" CNI_NETNS="/run/netns/$container" \
		CNI_IFNAME=eth0 CNI_PATH="$REFERENCE" "$@" "${PLUGIN:-$CNI}" <<<"$conf"
}

# theirs COMMAND CONTAINER CONFIG - the same, by the reference plug-in
theirs() {
	PLUGIN=$REFERENCE/bridge cni "$@"
}

# conf MEMBERS - a configuration with these, too
conf() {
	printf '{"cniVersion":"1.1.0","name":"t-net","type":"utcp-cni"%s}' "${1:+,$1}"
}

# with CONFIG RESULT - a configuration with the result of ADD
# shellcheck disable=SC2016 # $prev is gojq's
with() {
	gojq -c --argjson prev "$2" '. + {prevResult: $prev}' <<<"$1"
}

# expect_code LABEL CODE COMMAND... - a failure with this code
expect_code() {
	local code

	_run "${@:3}"
	code=$(gojq -r .code <<<"$OUT")
	if [ "$RC" = 1 ] && [ "$code" = "$2" ]; then
		_pass
	else
		fail "$1" "${*:3} gave $RC, code $code, not $2:" "$OUT"
	fi
}

start() {
	[ -x "$CNI" ] || skip_test "there is no $CNI"
	begin "$@"
	# Where host-local keeps addresses: other networks of this host are not ours.
	LEASES=$WORK/leases
	ns_add t-c1
	ns_add t-c2
}

verbs() {
	local before c result

	start utcp_acl utcp_shaper
	outside
	before=$(things)
	c=$(conf '"allow":["out proto icmp dst 192.0.2.2"],"rate":"50m"')
	expect_ok "a container could be connected" cni STATUS "" "$c"
	expect_ok "and is" cni ADD t-c1 "$c"
	result=$OUT
	expect_eq "as the result says" "eth0 /run/netns/t-c1 10.181.0.2/16 10.181.0.1 2" \
		"$(gojq -r '"\(.interfaces[2].name) \(.interfaces[2].sandbox) \(.ips[0].address) \(.ips[0].gateway) \(.ips[0].interface)"' <<<"$result")"
	expect_eq "and the kernel" "$(gojq -r '.interfaces[2].mac, .ips[].address' <<<"$result")" \
		"$(ip -j -n t-c1 addr show eth0 | gojq -r '.[0].address, (.[0].addr_info[] | select(.scope == "global") | "\(.local)/\(.prefixlen)")')"
	expect_ok "what is allowed passes" reach t-c1 192.0.2.2
	expect_fail "what is not does not" reach t-c1 10.181.0.1
	expect_match "utcpctl shows it" "^cni-[0-9a-f]* custom ready .* rate-in 50m" "$(sandbox list)"
	expect_eq "and whose it is" "t-net t-c1 eth0" \
		"$("$UTCPCTL" -j sandbox list | gojq -r '.[0] | "\(.network) \(.container) \(.ifname)"')"
	expect_eq "it is no leftover" "" "$(sandbox gc)"
	c=$(with "$c" "$result")
	expect_ok "it is as it was" cni CHECK t-c1 "$c"
	expect_eq "which needs no words" "" "$OUT"
	expect_code "it is connected once" 100 cni ADD t-c1 "$(conf)"
	expect_code "a device of that name may be there" 100 cni ADD t-c2 "$(conf)" CNI_IFNAME=lo
	expect_ok "by another name twice" cni ADD t-c1 "$(conf)" CNI_IFNAME=eth1
	must cni DEL t-c1 "$(conf)" CNI_IFNAME=eth1
	must ip -n t-c1 addr del "$(gojq -r '.ips[0].address' <<<"$result")" dev eth0
	expect_code "an address that is gone is missed" 100 cni CHECK t-c1 "$c"
	must ip -n t-c1 addr add "$(gojq -r '.ips[0].address' <<<"$result")" dev eth0
	expect_code "and a route" 100 cni CHECK t-c1 "$c"
	must ip -n t-c1 route add default via 10.181.0.1
	expect_ok "until they are there" cni CHECK t-c1 "$c"
	must "$UTCPCTL" acl unbind "$("$UTCPCTL" -j sandbox list | gojq -r '.[0].dev')"
	expect_code "what was bound is missed" 100 cni CHECK t-c1 "$c"
	expect_code "as is the container" 3 cni CHECK t-c2 "$c"
	expect_ok "it is disconnected" cni DEL t-c1 "$c"
	expect_eq "and nothing is left" "$before" "$(things)"
	expect_ok "which is done twice" cni DEL t-c1 "$c"
	expect_ok "or without a namespace" cni DEL t-c1 "$c" CNI_NETNS=
	expect_ok "or a result" cni DEL t-c1 "$(conf)"
	must cni ADD t-c1 "$(conf)"
	must cni ADD t-c2 "$(conf)"
	must ip netns del t-c2
	sweeps() {
		sandbox gc | grep '^cni-'
	}
	wait_for "who is gone is a leftover" 10 sweeps
	expect_ok "and disconnected then" cni DEL t-c2 "$(conf)"
	must cni ADD t-c1 "$(conf)" CNI_IFNAME=eth1
	expect_ok "who is not listed" cni GC "" \
		"$(conf '"cni.dev/valid-attachments":[{"containerID":"t-c1","ifname":"eth1"}]')"
	expect_eq "is disconnected" 1 "$(sandbox list | grep -c .)"
	expect_ok "others are not" test -e /run/netns/t-c1
	must cni GC "" "$(conf '"name":"t-other","cni.dev/valid-attachments":[]')"
	expect_eq "nor those of other networks" 1 "$(sandbox list | grep -c .)"
	must cni GC "" "$(conf '"cni.dev/valid-attachments":null')"
	must ip netns add t-c2
	expect_eq "until nobody is listed" "$before" "$(things)"
}

wishes() {
	local c name result mac=02:00:00:00:00:42

	start utcp_acl utcp_shaper
	outside
	expect_ok "what the runtime wants" cni ADD t-c1 "$(conf '"mode":"bridged","mtu":1400,"dns":{"nameservers":["192.0.2.53"]},
		"runtimeConfig":{"ips":["10.181.0.77/16"],"mac":"'$mac'",
		"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}],
		"bandwidth":{"ingressRate":8000000,"ingressBurst":80000,"egressRate":4000000,"egressBurst":2147483647}}')"
	result=$OUT
	expect_eq "it gets: address and MAC" "10.181.0.77/16 $mac" \
		"$(gojq -r '"\(.ips[0].address) \(.interfaces[2].mac)"' <<<"$result")"
	expect_eq "DNS" '["192.0.2.53"]' "$(gojq -c .dns.nameservers <<<"$result")"
	expect_eq "MTU" 1400 "$(ip -j -n t-c1 link show eth0 | gojq '.[0].mtu')"
	expect_eq "rates and bursts, which are no burst if they are all of 32 bits" \
		"in 8000000 10000 out 4000000 $("$UTCPCTL" shaper add t-x bw-max 4m >"$WORK/x"; "$UTCPCTL" -j shaper show t-x | gojq '.[0].burst')" \
		"$("$UTCPCTL" -j shaper show | gojq -r '[.[] | select(.class | startswith("cni")) | "\(.class | split(".")[1]) \(."bw-max") \(.burst)"] | sort | join(" ")')"
	must "$UTCPCTL" shaper del t-x
	expect_ok "where the configuration says something" cni ADD t-c2 "$(conf '"ingressRate":1000000,"ingressBurst":10000,
		"egressRate":2000000,"egressBurst":20000,"runtimeConfig":{"bandwidth":{"ingressRate":8000000,"ingressBurst":80000,"egressRate":3000000,"egressBurst":30000}}')"
	expect_eq "the runtime does not" "in 1000000 in 8000000 out 2000000 out 4000000" \
		"$("$UTCPCTL" -j shaper show | gojq -r '[.[] | select(.class | test("^cni")) | "\(.class | split(".")[1]) \(."bw-max")"] | sort | join(" ")')"
	must cni DEL t-c2 "$(conf)"
	spawn "$WORK/web" ns t-c1 busybox nc -ll -p 80 -e /bin/echo hello
	asks() {
		ns t-out timeout 2 busybox nc 192.0.2.1 8080 </dev/null
	}
	wait_for "a port" 10 asks
	expect_code "that is taken" 11 cni ADD t-c2 "$(conf '"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80}]}')"
	expect_code "as is the address" 11 cni ADD t-c2 "$(conf)" CNI_ARGS=IP=10.181.0.77
	expect_code "by the host's addresses of IPv4, too" 11 cni ADD t-c2 \
		"$(conf '"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"hostIP":"0.0.0.0"}]}')"
	must cni ADD t-c2 "$(conf '"runtimeConfig":{"portMappings":[
		{"hostPort":8081,"containerPort":81,"hostIP":"0.0.0.0"},{"hostPort":8082,"containerPort":82,"hostIP":"0::0"}]}')"
	name=$("$UTCPCTL" -j sandbox list | gojq -r '.[] | select(.container == "t-c2").sandbox')
	expect_eq "those of one family lead in by that" "dport 8081 dnat ip to,dport 8082 dnat ip6 to" \
		"$(nft list table inet "utcp-sandbox-$name" | grep -o 'dport [0-9]* dnat ip6\? to' | sort -u | paste -sd,)"
	expect_eq "and are allowed so" 2 "$("$UTCPCTL" -j acl show "$name" | gojq length)"
	must cni DEL t-c2 "$(conf)"
	expect_ok "unless it is another" cni ADD t-c2 "$(conf)" CNI_ARGS=IP=10.181.0.78
	must cni DEL t-c2 "$(conf)"
	expect_code "one that is none of the subnet" 7 cni ADD t-c2 "$(conf '"runtimeConfig":{"ips":["10.99.0.1"]}')"
	expect_code "a policy that is not there" 7 cni ADD t-c2 "$(conf '"policy":"t-none"')"
	expect_code "a rule that the kernel refuses" 100 cni ADD t-c2 "$(conf '"allow":["out dport 80"]')"
	expect_code "another subnet" 11 cni ADD t-c2 "$(conf '"subnet":"10.88.0.0/16"')"
	expect_code "or way out" 11 cni ADD t-c2 "$(conf '"ipMasq":false')"
	expect_eq "leave nothing" 1 "$(sandbox list | grep -c .)"
	c=$(conf | sed s/1.1.0/0.4.0/)
	expect_ok "a version of before" cni ADD t-c2 "$c"
	result=$OUT
	expect_eq "has versions of addresses" "0.4.0 4" "$(gojq -r '"\(.cniVersion) \(.ips[0].version)"' <<<"$result")"
	expect_ok "and is checked by it" cni CHECK t-c2 "$(with "$c" "$result")"
	expect_code "one before that is refused" 1 cni ADD t-c2 "$(conf | sed s/1.1.0/0.3.1/)"
}

# The list that is installed, as a runtime reads it: each plug-in has the name and version of all,
# and the wishes that it says it serves.
shipped() {
	local file c result

	for file in "$(dirname "$UTCPCTL")/../../userspace/cni/utcp.conflist" /usr/share/utcp/cni/utcp.conflist; do
		[ ! -e "$file" ] || break
	done
	[ -e "$file" ] || skip_test "there is no utcp.conflist"
	start utcp_acl utcp_shaper
	c=$(gojq -c '{cniVersion, name} + .plugins[0] + {runtimeConfig: {mac: "02:00:00:00:00:42",
		portMappings: [{hostPort: 8080, containerPort: 80, protocol: "tcp"}],
		bandwidth: {egressRate: 8000000, egressBurst: 80000}}}' "$file")
	expect_ok "the list that is installed connects" cni ADD t-c1 "$c"
	result=$OUT
	expect_eq "as it says, and with what it serves" "utcp0 custom utcp 8080 8000000 02:00:00:00:00:42" \
		"$("$UTCPCTL" -j sandbox list | gojq -r '.[0] | "\(.bridge) \(.mode) \(.network) \(.publish[0].host) \(."rate-out") \(.mac)"')"
	expect_ok "and checks" cni CHECK t-c1 "$(with "$c" "$result")"
	expect_ok "and disconnects" cni DEL t-c1 "$c"
}

# host_local MEMBERS - an IPAM plug-in, with these members, too
host_local() {
	printf '"ipam":{"type":"host-local","dataDir":"%s",%s}' "$LEASES" "$1"
}

# leases - addresses that host-local has given out
leases() {
	[ ! -d "$LEASES" ] || find "$LEASES" -name '10.*' -printf '%f\n'
}

# What the kernel shows of a container that was connected, without what is chosen at random.
shown() {
	ip -j -n "$1" addr show eth0 scope global | gojq -c '[.[0].addr_info[] | [.local, .prefixlen]]'
	ip -j -n "$1" -4 route show | gojq -c 'map([.dst, .gateway, .dev]) | sort'
	ip -j -n "$1" -6 route show | gojq -c 'map(select(.dst != "fe80::/64") | [.dst, .gateway, .dev]) | sort'
	gojq -c '.interfaces = [.interfaces[] | {named: (.name | startswith("eth")), sandbox: (.sandbox // "")}]' <<<"$2"
}

# The same configuration, and what both make of it.
# shellcheck disable=SC2016 # $dir is gojq's
reference() {
	local c one result ours reference

	[ -x "$REFERENCE/bridge" ] || skip_test "no containernetworking-plugins"
	start utcp_acl
	# What the reference turns on.
	defer sysctl -qw net.ipv6.conf.all.forwarding="$(sysctl -n net.ipv6.conf.all.forwarding)"
	while read -r one; do
		c=$(gojq -c --arg dir "$LEASES" '. + {mode: "bridged"} | .ipam.dataDir = $dir' <<<"{\"cniVersion\":\"1.0.0\",\"name\":\"t-ref\",\"type\":\"x\",\"bridge\":\"t-br0\",\"isGateway\":true,$one}")
		expect_ok "theirs is made: $one" theirs ADD t-c1 "$c"
		result=$OUT
		reference=$(shown t-c1 "$result")
		must theirs DEL t-c1 "$c"
		must ip link del t-br0
		must rm -rf "$LEASES"
		expect_ok "ours is made: $one" cni ADD t-c1 "$c"
		result=$OUT
		ours=$(shown t-c1 "$result")
		expect_ok "we check it, too: $one" cni CHECK t-c1 "$(with "$c" "$result")"
		must cni DEL t-c1 "$c"
		expect_eq "no address is left: $one" "" "$(leases)"
		expect_eq "both make the same: $one" "$reference" "$ours"
		must rm -rf "$LEASES"
	done <<-'END'
		"isDefaultGateway":true,"ipMasq":false,"ipam":{"type":"host-local","subnet":"10.44.0.0/24"}
		"ipMasq":false,"ipam":{"type":"host-local","ranges":[[{"subnet":"10.44.0.0/24","rangeStart":"10.44.0.50","gateway":"10.44.0.254"}],[{"subnet":"fd44::/64"}]],"routes":[{"dst":"10.99.0.0/16","gw":"10.44.0.9"},{"dst":"0.0.0.0/0"},{"dst":"::/0"}]},"dns":{"nameservers":["10.44.0.53"],"search":["x"]}
		"ipMasq":true,"mtu":1400,"runtimeConfig":{"ips":["10.44.0.9/24"]},"ipam":{"type":"host-local","subnet":"10.44.0.0/24"},"args":{"cni":{"ips":["10.44.0.9/24"]}}
	END
	c=$(conf '"cniVersion":"1.0.0","policy":"t-none",'"$(host_local '"subnet":"10.44.0.0/24"')")
	expect_code "one that fails" 7 cni ADD t-c1 "$c"
	expect_eq "gives its address back" "" "$(leases)"
	c=$(conf '"cniVersion":"1.0.0",'"$(host_local '"subnet":"10.44.0.0/33"')")
	expect_fail "what the plug-in refuses" cni ADD t-c1 "$c"
	expect_match "it says itself" "host-local" "$OUT"
	c=$(conf '"cniVersion":"1.0.0",'"$(host_local '"subnet":"10.44.0.0/24","routes":[{"dst":"::/0"}]')")
	expect_code "a route without an address of its family" 2 cni ADD t-c1 "$c"
	expect_eq "leaves none" "" "$(leases)"
	printf '#!/bin/sh\ncat >/dev/null; echo %s\n' "'{\"cniVersion\":\"1.1.0\",\"ips\":[{\"address\":\"10.44.0.2/24\"}],\"routes\":[{\"dst\":\"0.0.0.0/0\",\"mtu\":0,\"table\":100}]}'" >"$WORK/fake"
	must chmod +x "$WORK/fake"
	expect_code "a route of a table" 2 cni ADD t-c1 "$(conf '"ipam":{"type":"fake"}')" CNI_PATH="$WORK"
	expect_match "is named" '\\"table\\"' "$OUT"
	must rm -rf "$LEASES"
	c=$(conf '"cniVersion":"1.0.0","mode":"bridged",'"$(host_local '"subnet":"10.44.0.0/24"')")
	must cni ADD t-c1 "$c"
	expect_code "who is connected is not again" 100 cni ADD t-c1 "$c"
	expect_eq "and keeps its address" 10.44.0.2 "$(leases)"
	expect_ok "and its link" reach t-c1 10.44.0.1
	must cni DEL t-c1 "$c"
	expect_eq "until it goes" "" "$(leases)"
	expect_eq "and nothing is left" "" "$(sandbox list)"
}

chained() {
	local c dev prev before

	[ -x "$REFERENCE/bridge" ] || skip_test "no containernetworking-plugins"
	start utcp_acl utcp_shaper
	before=$(things)
	c='{"cniVersion":"1.0.0","name":"t-ref","type":"x","bridge":"t-br0","isGateway":true,'"$(host_local '"subnet":"10.44.0.0/24"')"'}'
	expect_ok "there is a link" theirs ADD t-c1 "$c"
	prev=$OUT
	defer ip link del t-br0
	c=$(with "$(conf '"allow":["in proto icmp"],"rate":1000000' | sed s/1.1.0/1.0.0/)" "$prev")
	wait_for "the link of another plug-in" 10 ping -q -c 1 -W "$SLOW" 10.44.0.2
	expect_ok "is closed" cni ADD t-c1 "$c"
	expect_eq "its result goes on" "$(gojq -c . <<<"$prev")" "$(gojq -c . <<<"$OUT")"
	expect_ok "what is allowed passes" ping -q -c 1 -W "$SLOW" 10.44.0.2
	expect_fail "what is not does not" reach t-c1 10.44.0.1
	expect_ok "it is as it was" cni CHECK t-c1 "$c"
	expect_code "it has what it has" 7 cni ADD t-c1 "$(gojq -c '. + {mtu: 1400}' <<<"$c")"
	dev=$("$UTCPCTL" -j sandbox list | gojq -r '.[0].dev')
	expect_ok "it is released" cni DEL t-c1 "$c"
	expect_fail "and not open: the container may still run" reach t-c1 10.44.0.1
	must ip link set "$dev" up
	wait_for "who sets it up has it as it was before" 10 reach t-c1 10.44.0.1
	must cni ADD t-c1 "$c"
	must cni GC "" "$(conf "\"prevResult\":$prev,\"cni.dev/valid-attachments\":[]")"
	expect_eq "nor does GC open it" "" "$(ip -o link show "$dev" up)"
	must ip link set "$dev" up
	unheard() {
		cni ADD t-c1 "$c" >/dev/full
	}
	expect_fail "a result that nobody gets is none" unheard
	expect_eq "nor does that open it" "" "$(ip -o link show "$dev" up)"
	expect_eq "and it is no sandbox" "" "$(sandbox list)"
	must theirs DEL t-c1 "$c"
	expect_eq "and nothing is left" "$before" "$(things | grep -v t-br0)"
}

closed() {
	start
	expect_code "without its modules nothing is connected" 101 cni ADD t-c1 "$(conf)"
	expect_match "and that is said" "utcp_acl|netswitch" "$OUT"
	expect_code "nor could it" 50 cni STATUS "" "$(conf)"
	load utcp_acl
	expect_ok "with them it could" cni STATUS "" "$(conf)"
	expect_code "but not with a rate" 50 cni STATUS "" "$(conf '"rate":"5m"')"
	expect_code "which would fail" 101 cni ADD t-c1 "$(conf '"rate":"5m"')"
	expect_match "with the reason" "utcp_shaper" "$OUT"
	expect_eq "nothing is left" "" "$(sandbox list)"
}

older() {
	start
	load_older utcp_acl utcp_shaper
	expect_code "with older modules nothing is connected" 101 cni ADD t-c1 "$(conf)"
	expect_match "and that is said" "older than this tool" "$OUT"
	expect_code "nor could it" 50 cni STATUS "" "$(conf)"
	expect_eq "nothing is left" "" "$(sandbox list)"
}

run_tests \
	verbs "containers are connected, checked, disconnected, swept" \
	shipped "the list of plug-ins that is installed is one" \
	wishes "what a runtime wants of one it gets" \
	reference "addresses, routes and results are those of the reference plug-ins" \
	chained "behind another plug-in its link is closed and shaped" \
	closed "without its modules nothing is connected" \
	older "nor with older ones"
