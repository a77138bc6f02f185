#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# utcp-cni by the protocol of netavark's plug-ins, without modules: networks that are made,
# and what it says of what is wrong. Prints TAP. With modules it is tried by
# selftests/sandbox/netavark.sh.
#
#   CNI=FILE netavark.sh
set -u

: "${CNI:?the program to test}"

. "$(dirname "${BASH_SOURCE[0]}")/../../tap.sh"

# refuse REGEX INPUT ARGUMENT... - a failure: an object with "error", and nothing else
refuse() {
	local regex=$1 input=$2 out code

	shift 2
	out=$("$CNI" "$@" <<<"$input" 2>&1)
	code=$?
	[ "$code" = 1 ] && [ "$(gojq -c keys <<<"$out" 2>&1)" = '["error"]' ] &&
		[[ $(gojq -r .error <<<"$out") =~ $regex ]]
	report $? "refused: $* $input" "exit: $code, want: $regex, got: $out"
}

# network MEMBERS - a network as Podman has it, with these, too
network() {
	printf '{"name":"n1","id":"2f259bab93aaaaa2","driver":"utcp","created":"0001-01-01T00:00:00Z","ipv6_enabled":false,"internal":false,"dns_enabled":true%s}' \
		"${1:+,$1}"
}

# made FILTER WANT MEMBERS - a network is made, and what is in it
made() {
	local out

	out=$("$CNI" create <<<"$(network "$3")" 2>&1) &&
		[ "$(gojq -c "$1" <<<"$out" 2>&1)" = "$2" ]
	report $? "made: $1: $3" "want: $2, got: $out"
}

# --- commands ---
out=$("$CNI" info </dev/null)
[ "$(gojq -r '"\(.api_version) \(keys | join(","))"' <<<"$out")" = '1.0.0 api_version,version' ]
report $? "info" "$out"
refuse 'unknown command "jump"' '' jump
refuse 'unknown command ""' '' ''
refuse 'create has no argument' '' create x
refuse 'info has no argument' '' info x
refuse 'setup has the path' '' setup
refuse 'teardown has the path' '' teardown
refuse 'setup has the path' '' setup a b
for text in '' '{' '[]' '7' '{} x' $'{"a":"\xff"}'; do
	refuse 'the configuration is no' "$text" create
	refuse 'the configuration is no' "$text" setup /x
	refuse 'the configuration is no' "$text" teardown /x
done

# --- making a network ---
made '[.name, .id, .driver, .created]' '["n1","2f259bab93aaaaa2","utcp","0001-01-01T00:00:00Z"]' ''
made '[.network_interface, .dns_enabled, .internal, .ipv6_enabled, .ipam_options.driver]' \
	'["utcp-2f259bab",false,false,false,"host-local"]' ''
made '.subnets | length, (.[0].subnet | test("^10.18[23].[0-9]+.0/24$"))' $'1\ntrue' ''
made '.subnets | length, (.[1].subnet | test("^fd[0-9a-f:]+::/64$"))' $'2\ntrue' '"ipv6_enabled":true'
made '.subnets' '[{"gateway":"198.51.100.7","lease_range":{"end_ip":"198.51.100.9"},"subnet":"198.51.100.0/24"}]' \
	'"subnets":[{"subnet":"198.51.100.0/24","gateway":"198.51.100.7","lease_range":{"end_ip":"198.51.100.9"}}]'
made '.subnets | length' 2 '"ipv6_enabled":true,"subnets":[{"subnet":"198.51.100.0/24"}]'
made '.ipv6_enabled' true '"subnets":[{"subnet":"198.51.100.0/24"},{"subnet":"2001:db8:7::/64"}]'
made '.network_interface, .options, .labels' $'"br7"\n{"mtu":"1400"}\n{"a":"b"}' \
	'"network_interface":"br7","options":{"mtu":"1400"},"labels":{"a":"b"},"ipam_options":{},"network_dns_servers":[]'
made '.routes | length' 1 '"subnets":[{"subnet":"198.51.100.1/24"}],"routes":[{"destination":"10.8.0.0/16","gateway":"198.51.100.3"}]'
for options in '"mode":"bridged"' '"mode":"custom","allow":"out proto tcp dport 443; out proto udp dport 53;"' '"policy":"p"' \
	'"rate":"50m"' '"ingressRate":"8000000","ingressBurst":"80000","egressRate":"8000000","egressBurst":"80000"' \
	'"ipMasq":"false","isDefaultGateway":"false","mtu":"1500"'; do
	made '.name' '"n1"' "\"options\":{$options}"
done

bad() {
	refuse "$1" "$(network "$2")" create
}
bad 'name is no name of a network' '"name":"../x"'
bad 'name is no name of a network' '"name":""'
bad 'name is not a string' '"name":7'
bad 'id is not 8 hexadecimal' '"id":"2f2"'
bad 'id is not 8 hexadecimal' '"id":"xxxxxxxxxxxx"'
bad 'driver is missing' '"driver":null'
bad 'internal network is not supported' '"internal":true'
bad 'internal is not true or false' '"internal":"no"'
bad 'ipam driver "dhcp" is not supported' '"ipam_options":{"driver":"dhcp"}'
bad 'ipam driver "none" is not supported' '"ipam_options":{"driver":"none"}'
bad 'DNS servers' '"network_dns_servers":["10.0.0.1"]'
bad 'network_interface is no name of a bridge' '"network_interface":"1234567890123456"'
bad 'network_interface is no name of a bridge' '"network_interface":"a/b"'
bad 'subnets is not an array' '"subnets":{}'
bad 'subnets is not a list of objects' '"subnets":["10.0.0.0/8"]'
bad 'subnet is not ADDRESS/BITS' '"subnets":[{}]'
bad 'subnet is not ADDRESS/BITS' '"subnets":[{"subnet":"10.0.0.0"}]'
bad 'subnet is not ADDRESS/BITS' '"subnets":[{"subnet":"10.0.0.0/33"}]'
bad 'subnet is none' '"subnets":[{"subnet":"10.0.0.0/31"}]'
bad 'subnet is none' '"subnets":[{"subnet":"0.0.0.0/0"}]'
bad 'subnet is none' '"subnets":[{"subnet":"fd00::/127"}]'
for subnet in 0.1.0.0/16 127.0.0.0/8 127.1.2.0/24 224.0.0.0/24 255.255.255.0/24 ::/64 64:ff9b::/64 fe80::/64 fec0::/64 ff02::/64; do
	bad 'subnet is none' "\"subnets\":[{\"subnet\":\"${subnet}\"}]"
done
bad 'second subnet of IPv4' '"subnets":[{"subnet":"10.0.0.0/24"},{"subnet":"10.1.0.0/24"}]'
bad 'more than 2 subnets' '"subnets":[{"subnet":"10.0.0.0/24"},{"subnet":"10.1.0.0/24"},{"subnet":"fd00::/64"}]'
bad 'without a subnet of IPv4' '"subnets":[{"subnet":"fd00::/64"}]'
bad 'gateway is no address of the subnet' '"subnets":[{"subnet":"10.0.0.0/24","gateway":"10.1.0.1"}]'
bad 'gateway is no address of the subnet' '"subnets":[{"subnet":"10.0.0.0/24","gateway":"x"}]'
bad 'destination is not' '"subnets":[{"subnet":"10.0.0.0/24"}],"routes":[{"destination":"x","gateway":"10.0.0.1"}]'
bad 'gateway is no address of a subnet' '"subnets":[{"subnet":"10.0.0.0/24"}],"routes":[{"destination":"10.8.0.0/16"}]'
bad 'gateway is no address of a subnet' '"subnets":[{"subnet":"10.0.0.0/24"}],"routes":[{"destination":"fd00::/64","gateway":"fd01::1"}]'
bad 'metric or type' '"subnets":[{"subnet":"10.0.0.0/24"}],"routes":[{"destination":"10.8.0.0/16","gateway":"10.0.0.1","metric":5}]'
bad 'metric or type' '"subnets":[{"subnet":"10.0.0.0/24"}],"routes":[{"destination":"10.8.0.0/16","route_type":"blackhole"}]'
bad 'more than 62 routes' "\"routes\":[$(printf '{},%.0s' {1..62}){}]"
options() {
	bad "$1" "\"options\":{$2}"
}
bad 'options is not an object' '"options":[]'
options 'option mode is not a string' '"mode":7'
options 'option speed is not supported' '"speed":"1"'
options 'option bridge is not supported' '"bridge":"br0"'
options 'option mode is not bridged or custom' '"mode":"open"'
options 'option policy and allow' '"policy":"p","allow":"out"'
options 'option mode is bridged' '"mode":"bridged","allow":"out"'
options 'does not begin with in or out' '"allow":"out dport 1; up"'
options 'option rate' '"rate":"fast"'
options 'option rate is that of both' '"rate":"5m","ingressRate":"1","ingressBurst":"1"'
options 'option ingressBurst is missing' '"ingressRate":"8000000"'
for number in -1 1x '' 1.5 0x10 99999999999999999999; do
	options 'option mtu is' "\"mtu\":\"$number\""
done
options 'option mtu is less than 1280' '"mtu":"68"'
options 'option ipMasq is not true or false' '"ipMasq":"yes"'

# met WANT SUBNET [MEMBERS] - of a host with 198.51.100.9/25 and 2001:db8:7::9/64: its error, or null
# shellcheck disable=SC2016 # for sh
met() {
	local out

	out=$(unshare -rn sh -c 'ip addr add 198.51.100.9/25 dev lo && ip addr add 2001:db8:7::9/64 dev lo && "$0" create' \
		"$CNI" <<<"$(network "\"subnets\":[$2]${3:+,$3}")" 2>&1)
	[ "$(gojq -r .error <<<"$out" 2>&1)" = "$1" ]
	report $? "met: $1: $2 ${3-}" "$out"
}
if unshare -rn ip addr >/dev/null 2>&1; then
	for subnet in 198.51.100.0/24 198.51.100.0/28 198.51.100.0/25 198.0.0.0/8 198.51.100.64/27; do
		met "subnet $subnet is in use by \"lo\"" "{\"subnet\":\"$subnet\"}"
	done
	for subnet in 2001:db8:7::/64 2001:db8::/32 2001:db8:7::9000/116; do
		met "subnet $subnet is in use by \"lo\"" "{\"subnet\":\"10.9.0.0/24\"},{\"subnet\":\"$subnet\"}"
	done
	met null '{"subnet":"198.51.100.128/25"},{"subnet":"2001:db8:8::/64"}'
	met null '{"subnet":"198.51.100.0/24"}' '"network_interface":"lo"'
else
	report 0 "subnets that are in use # SKIP no namespaces"
fi

# --- a container ---
# request MEMBERS [WANTS [NETWORK]] - what setup and teardown are given
request() {
	printf '{"container_id":"c1","container_name":"x","network":%s,"network_options":{"interface_name":"eth0","static_ips":["10.9.0.2"]%s}%s}' \
		"$(network "\"subnets\":[{\"subnet\":\"10.9.0.0/24\",\"gateway\":\"10.9.0.1\"}]${3:+,$3}")" "${2:+,$2}" "${1:+,$1}"
}
# wrong REGEX MEMBERS [WANTS [NETWORK]]
wrong() {
	refuse "$1" "$(request "${@:2}")" setup /proc/self/ns/net
}
wrong "\"/proc/self/ns/net\" is the host's own" ''
refuse '/no/such' "$(request)" setup /no/such
refuse 'is no network namespace' "$(request)" setup /dev/null
refuse 'network is missing' '{}' setup /x
refuse 'network is not an object' '{"network":7}' teardown /x
refuse 'network_options is missing' '{"network":{}}' teardown /x
wrong 'network.name is no name' '' '' '"name":"a b"'
wrong 'container_id is no name' '"container_id":"../x"'
wrong 'container_id is no name' '"container_id":null'
wrong 'interface_name is no name' '' '"interface_name":"a/b"'
wrong 'interface_name is not a string' '' '"interface_name":{}'
wrong 'static_ips has no address of IPv4' '' '"static_ips":[]'
wrong 'static_ips has no address of IPv4' '' '"static_ips":null'
wrong 'static_ips is not an array' '' '"static_ips":"10.9.0.2"'
for ip in '"10.8.0.2"' '"10.9.0.2/24"' 7 '"x"' '"fd00::2"'; do
	wrong 'static_ips has what is no address' '' "\"static_ips\":[$ip]"
done
wrong 'two addresses of one family' '' '"static_ips":["10.9.0.2","10.9.0.3"]'
wrong 'static_ips has no address of IPv6' '' '' '"subnets":[{"subnet":"10.9.0.0/24"},{"subnet":"fd00::/64"}]'
wrong 'static_mac: ' '' '"static_mac":"01:00:00:00:00:01"'
wrong 'option host_interface_name of a container' '' '"options":{"host_interface_name":"x"}'
wrong 'port_mappings is not an array' '"port_mappings":{}'
wrong 'port_mappings is not a list' '"port_mappings":[80]'
port() {
	wrong "$1" "\"port_mappings\":[{$2}]"
}
port 'port_mappings.host_port is missing' '"container_port":80'
port 'port_mappings.container_port is missing' '"host_port":80'
port 'host_port is not a number' '"host_port":65536,"container_port":80'
port 'host_port is not a number' '"host_port":"80","container_port":80'
port 'host_ip is no address' '"host_port":80,"container_port":80,"host_ip":"10.0.0.0/8"'
for ip in 127.0.0.1 127.255.255.255 ::1; do
	port 'port_mappings.host_ip .* is not supported: .*loopback' "\"host_port\":80,\"container_port\":80,\"host_ip\":\"$ip\""
done
for ip in 0.0.0.0 10.9.0.1 :: fd00::1; do
	port "is the host's own" "\"host_port\":80,\"container_port\":80,\"host_ip\":\"$ip\""
done
port 'range ends behind port 65535' '"host_port":65535,"container_port":80,"range":2'
port 'range ends behind port 65535' '"host_port":80,"container_port":65530,"range":7'
port 'more than 16 published ports' '"host_port":80,"container_port":80,"range":17'
port 'more than 16 published ports' '"host_port":80,"container_port":80,"range":9,"protocol":"tcp,udp"'
for proto in sctp tcp,sctp 'tcp udp' tcpx ','; do
	port 'is not supported: tcp or udp' "\"host_port\":80,\"container_port\":80,\"protocol\":\"$proto\""
done
# As Podman sends it: what is null or empty is not there.
wrong "is the host's own" '"port_mappings":[{"host_ip":"","host_port":80,"container_port":80,"range":0,"protocol":"tcp"}]' \
	'"aliases":["c1"],"static_mac":null,"options":null' '"options":null,"routes":null,"network_dns_servers":null'

reported
