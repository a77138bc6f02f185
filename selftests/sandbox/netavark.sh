#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# utcp-cni as a plug-in of netavark, driven as Podman and netavark do.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

CNI=$(dirname "$UTCPCTL")/utcp-cni
ID=2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9
NETWORK=

# plug COMMAND INPUT [ARGUMENT...] - as netavark does
plug() {
	"$CNI" "$1" "${@:3}" <<<"$2"
}

# made MEMBERS - "podman network create", with these members, too
made() {
	plug create '{"name":"t-net","id":"'$ID'","driver":"utcp","created":"2026-11-26T15:00:00Z",
		"ipv6_enabled":false,"internal":false,"dns_enabled":true'"${1:+,$1}"'}'
}

# create MEMBERS - the same, and it is the network from now on
create() {
	NETWORK=$(made "$1") || fail "could not make a network" "$NETWORK"
}

# request CONTAINER [MEMBERS [WANTS]] - what netavark says of a container
# shellcheck disable=SC2016 # $net is gojq's
request() {
	gojq -nc --argjson net "$NETWORK" '{container_id: "'"$1"'", container_name: "x", port_mappings: null, network: $net,
		network_options: ({interface_name: "eth0", static_ips: ["10.44.0.5"], aliases: ["x"], static_mac: null, options: null} +
		{'"${3-}"'})} + {'"${2-}"'}'
}

# setup CONTAINER [MEMBERS [WANTS]], teardown CONTAINER
setup() {
	plug setup "$(request "$@")" "/run/netns/$1"
}

teardown() {
	plug teardown "$(request "$1")" "/run/netns/$1"
}

# expect_error LABEL REGEX COMMAND... - a failure as netavark reads it
expect_error() {
	local error

	_run "${@:3}"
	error=$(gojq -r .error <<<"$OUT" 2>&1)
	if [ "$RC" = 1 ] && [[ $error =~ $2 ]]; then
		_pass
	else
		fail "$1" "${*:3} gave $RC:" "$OUT"
	fi
}

start() {
	[ -x "$CNI" ] || skip_test "there is no $CNI"
	begin "$@"
	ns_add t-c1
	ns_add t-c2
}

SUBNET='"subnets":[{"subnet":"10.44.0.0/24","gateway":"10.44.0.1"}]'

life() {
	local before status

	start utcp_acl utcp_shaper
	outside
	before=$(things)
	create "$SUBNET"',"options":{"allow":"out proto icmp dst 192.0.2.2; in proto tcp dport 81","rate":"50m"}'
	expect_ok "a container is connected" setup t-c1
	status=$OUT
	expect_eq "netavark is told where" \
		'{"dns_search_domains":[],"dns_server_ips":[],"interfaces":["eth0"],"subnets":[{"gateway":"10.44.0.1","ipnet":"10.44.0.5/24"}]}' \
		"$(gojq -c '{dns_search_domains, dns_server_ips, interfaces: (.interfaces | keys), subnets: .interfaces.eth0.subnets}' <<<"$status")"
	expect_eq "as the kernel has it" "$(gojq -r '.interfaces.eth0 | .mac_address, .subnets[].ipnet' <<<"$status")" \
		"$(ip -j -n t-c1 addr show eth0 | gojq -r '.[0].address, (.[0].addr_info[] | select(.scope == "global") | "\(.local)/\(.prefixlen)")')"
	expect_eq "by the bridge of the network" "utcp-2f259bab t-net t-c1 eth0" \
		"$("$UTCPCTL" -j sandbox list | gojq -r '.[0] | "\(.bridge) \(.network) \(.container) \(.ifname)"')"
	expect_ok "what is allowed passes" reach t-c1 192.0.2.2
	expect_fail "what is not does not" reach t-c1 10.44.0.1
	expect_match "it has its rate" "^netavark-[0-9a-f]* custom ready .* rate-in 50m" "$(sandbox list)"
	expect_error "it is connected once" "already" setup t-c1
	expect_ok "GC of a network of the CNI of that name" env CNI_COMMAND=GC CNI_PATH=/x "$CNI" \
		<<<'{"cniVersion":"1.1.0","name":"t-net","type":"utcp-cni","cni.dev/valid-attachments":[]}'
	expect_eq "is none of it" 1 "$(sandbox list | grep -c .)"
	expect_ok "another device of it" setup t-c1 '' 'interface_name: "eth1", static_ips: ["10.44.0.6"]'
	must plug teardown "$(request t-c1 '' 'interface_name: "eth1"')" /run/netns/t-c1
	expect_ok "it is disconnected" teardown t-c1
	expect_eq "without a word" "" "$OUT"
	expect_eq "and nothing is left" "$before" "$(things)"
	expect_ok "which is done twice" teardown t-c1
	must setup t-c1
	expect_ok "or without a namespace, of a network that is none any more" plug teardown \
		"$(request t-c1 | gojq -c '.network |= {name, options: {x: "y"}}')" /no/such
	expect_eq "it is gone" "$before" "$(things)"

	# Podman died, or was killed, and the container is started again.
	must setup t-c1
	must ip netns del t-c1
	must ip netns add t-c1
	expect_ok "a second life of a container" setup t-c1
	expect_eq "has one link" 1 "$(sandbox list | grep -c .)"
	expect_ok "which works" reach t-c1 192.0.2.2
	must teardown t-c1
	expect_eq "until it ends" "$before" "$(things)"
}

wishes() {
	local mac=02:00:00:00:00:42

	start utcp_acl
	outside
	create '"network_interface":"t-br0","ipv6_enabled":true,"subnets":[{"subnet":"10.44.0.0/24"},{"subnet":"fd44::/64","gateway":"fd44::9"}],
		"routes":[{"destination":"10.99.0.0/16","gateway":"10.44.0.9"}],"options":{"mode":"bridged","mtu":"1400"}'
	expect_ok "what a container wants" setup t-c1 \
		'port_mappings: [{host_ip: "", host_port: 8080, container_port: 80, range: 2, protocol: "tcp"},
		{host_ip: "192.0.2.1", host_port: 53, container_port: 53, range: 0, protocol: "tcp,udp"}]' \
		'static_ips: ["10.44.0.5", "fd44::5"], static_mac: "'$mac'"'
	expect_eq "it gets: addresses and MAC" "$mac 10.44.0.5/24 10.44.0.1 fd44::5/64 fd44::9" \
		"$(gojq -r '.interfaces.eth0 | "\(.mac_address) \(.subnets[0].ipnet) \(.subnets[0].gateway) \(.subnets[1].ipnet) \(.subnets[1].gateway)"' <<<"$OUT")"
	expect_eq "routes" "10.99.0.0/16 10.44.0.9 default 10.44.0.1" \
		"$(ip -j -n t-c1 route show | gojq -r '[.[] | select(.gateway) | "\(.dst) \(.gateway)"] | sort | join(" ")')"
	expect_eq "MTU" 1400 "$(ip -j -n t-c1 link show eth0 | gojq '.[0].mtu')"
	expect_eq "and ports" "tcp 53 53 tcp 8080 80 tcp 8081 81 udp 53 53" \
		"$("$UTCPCTL" -j sandbox list | gojq -r '[.[0].publish[] | "\(.proto) \(.host) \(.port)"] | sort | join(" ")')"
	spawn "$WORK/web" ns t-c1 busybox nc -ll -p 81 -e /bin/echo hello
	asks() {
		ns t-out timeout 2 busybox nc 192.0.2.1 8081 </dev/null
	}
	wait_for "one of the range leads in" 10 asks
	expect_error "one that is taken does not" "publishes port 8081" setup t-c2 \
		'port_mappings: [{host_ip: "", host_port: 8081, container_port: 80, range: 1, protocol: "tcp"}]' 'static_ips: ["10.44.0.6", "fd44::6"]'
	expect_error "nor has one an address of no subnet" "static_ips" setup t-c2 '' 'static_ips: ["10.45.0.6"]'
	expect_eq "of these nothing is left" 1 "$(sandbox list | grep -c .)"
	must teardown t-c1
	# As that of a rootless Podman.
	plug_rootless() {
		unshare --user --map-root-user --net "$CNI" setup /run/netns/t-c2 <<<"$(request t-c2)"
	}
	create "$SUBNET"
	expect_error "the root of a user namespace gets nothing" "rootless containers are not supported" \
		plug_rootless
	create "$SUBNET"',"options":{"policy":"t-none"}'
	expect_error "a policy that is not there" "no such policy" setup t-c1
	expect_eq "leaves nothing" "" "$(sandbox list)"
}

# A container in two networks: Podman says its ports to both.
networks() {
	local before first second port='port_mappings: [{host_ip: "", host_port: 8080, container_port: 80, range: 1, protocol: "tcp"}]'
	local eth1='interface_name: "eth1", static_ips: ["10.45.0.5"]'

	start utcp_acl
	outside
	before=$(things)
	create '"name":"t-two","id":"9988776655443322","subnets":[{"subnet":"10.45.0.0/24"}],"options":{"mode":"bridged"}'
	second=$NETWORK
	create "$SUBNET"',"options":{"mode":"bridged"}'
	first=$NETWORK
	expect_ok "a container is connected to one network" setup t-c1 "$port"
	NETWORK=$second
	expect_ok "and to another, with the same port" setup t-c1 "$port" "$eth1"
	expect_error "which no other container has" "publishes port 8080" setup t-c2 "$port" 'static_ips: ["10.45.0.6"]'

	# As above: Podman died, and the container is started again.
	must ip netns del t-c1
	must ip netns add t-c1
	NETWORK=$first
	expect_ok "in a second life, too, to one" setup t-c1 "$port"
	NETWORK=$second
	expect_ok "and the other" setup t-c1 "$port" "$eth1"
	expect_eq "by two links" 2 "$(sandbox list | grep -c .)"
	spawn "$WORK/web" ns t-c1 busybox nc -ll -p 80 -e /bin/echo hello
	asks() {
		ns t-out timeout "$((2 * SLOW))" busybox nc 192.0.2.1 8080 </dev/null
	}
	wait_for "the port leads in" 10 asks
	NETWORK=$first
	expect_ok "it leaves one network" teardown t-c1
	wait_for "the port still does" 10 asks
	NETWORK=$second
	must plug teardown "$(request t-c1 '' "$eth1")" /run/netns/t-c1
	expect_eq "of both nothing is left" "$before" "$(things)"
}

# Networks that are told no subnet get one that nobody has.
subnets() {
	local first dir=/etc/containers/networks

	start utcp_acl
	create ''
	first=$(gojq -r '.subnets[0].subnet' <<<"$NETWORK")
	expect_match "a network has a subnet" '^10\.18[23]\.[0-9]+\.0/24$' "$first"
	create ''
	expect_eq "the same if nobody has it" "$first" "$(gojq -r '.subnets[0].subnet' <<<"$NETWORK")"
	must ip link add t-used type dummy
	defer ip link del t-used
	must ip addr add "${first%.0/24}.77/25" dev t-used
	create ''
	expect_no_match "not one of the host" "$first" "$(gojq -r '.subnets[0].subnet' <<<"$NETWORK")"
	expect_error "which it cannot be told, either" "in use by \"t-used\"" made '"subnets":[{"subnet":"'"$first"'"}]'
	must ip link del t-used
	must mkdir -p $dir
	echo "$NETWORK" | gojq ".subnets[0].subnet = \"$first\"" >$dir/t-net.json
	defer rm -f $dir/t-net.json
	create ''
	expect_no_match "nor of another network" "$first" "$(gojq -r '.subnets[0].subnet' <<<"$NETWORK")"
	expect_error "nor can it be told that" "in use by \"t-net\"" made '"subnets":[{"subnet":"'"${first%.0/24}.64/26"'"}]'
	echo '{"subnets":[{"subnet":"10.160.0.0/11"}]}' >$dir/t-net.json
	expect_error "if there is none that is said" "--subnet" plug create \
		"$(gojq -c 'del(.subnets)' <<<"$NETWORK")"
	echo nonsense >$dir/t-net.json
	expect_ok "what makes no sense counts for nothing" made ''
}

closed() {
	start
	create "$SUBNET"
	expect_error "without its modules nothing is connected" "utcp_acl|netswitch" setup t-c1
	load utcp_acl
	create "$SUBNET"',"options":{"rate":"5m"}'
	expect_error "nor without a rate" "utcp_shaper" setup t-c1
	expect_eq "nothing is left" "" "$(sandbox list)"
	expect_ok "and what there is not is disconnected" teardown t-c1
}

run_tests \
	life "containers are connected and disconnected" \
	wishes "what a container wants it gets" \
	networks "a container is in two networks" \
	subnets "networks have subnets that nobody has" \
	closed "without its modules nothing is connected"
