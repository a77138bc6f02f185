#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The real utcp-cni, without modules: what it says of what is wrong, by the codes of the
# specification. Prints TAP. With modules it is tried by selftests/sandbox/cni.sh.
#
#   CNI=FILE cli.sh
set -u

: "${CNI:?the program to test}"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$(dirname "${BASH_SOURCE[0]}")/../../tap.sh"

# expect CODE REGEX CONFIG [VARIABLE=VALUE...] - the error that ADD ends with
expect() {
	local want=$1 regex=$2 conf=$3 out code

	shift 3
	out=$(env CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_NETNS=/proc/self/ns/net CNI_IFNAME=eth0 \
		CNI_PATH=/nowhere "$@" "$CNI" <<<"$conf" 2>&1)
	code=$?
	[ "$code" = 1 ] && [ "$(gojq -r .code <<<"$out" 2>&1)" = "$want" ] &&
		[[ $(gojq -r .msg <<<"$out") =~ $regex ]]
	report $? "code $want: $* $conf" "exit: $code, want: $regex, got: $out"
}

# conf MEMBERS - a configuration with these, too
conf() {
	printf '{"cniVersion":"1.1.0","name":"n","type":"utcp-cni"%s}' "${1:+,$1}"
}

# refuse CODE REGEX MEMBERS
refuse() {
	expect "$1" "$2" "$(conf "$3")"
}

# --- versions ---
out=$(CNI_COMMAND=VERSION "$CNI" <<<'{"cniVersion":"1.0.0"}')
[ "$(gojq -c . <<<"$out")" = '{"cniVersion":"1.0.0","supportedVersions":["0.4.0","1.0.0","1.1.0"]}' ]
report $? "VERSION" "$out"
out=$(CNI_COMMAND=VERSION "$CNI" </dev/null)
[ "$(gojq -r .cniVersion <<<"$out")" = 1.1.0 ]
report $? "VERSION without a configuration" "$out"
for version in '"0.3.1"' '"2.0.0"' '""' null; do
	expect 1 'is none of 0.4.0, 1.0.0, 1.1.0' "{\"cniVersion\":$version,\"name\":\"n\"}"
done
expect 1 'not said' '{"name":"n"}'
expect 1 'has no such command' '{"cniVersion":"1.0.0","name":"n"}' CNI_COMMAND=GC
expect 1 'has no such command' '{"cniVersion":"1.0.0","name":"n"}' CNI_COMMAND=STATUS

# Ctrl-C at a runtime is no end in the middle of it. Bash has its children ignore INT.
mkfifo "$tmp/in"
env --default-signal CNI_COMMAND=VERSION "$CNI" <"$tmp/in" >"$tmp/out" 2>&1 &
pid=$!
exec {in}>"$tmp/in"
# until it waits for its input
until [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$CNI")" ] && [[ $(<"/proc/$pid/stat") == *") S "* ]]; do
	kill -0 "$pid" || break
done
kill -INT "$pid"
kill -TERM "$pid"
kill -HUP "$pid"
echo '{"cniVersion":"1.0.0"}' >&"$in"
exec {in}>&-
wait "$pid"
code=$?
out=$(<"$tmp/out")
[ "$code" = 0 ] && [ "$(gojq -r .cniVersion <<<"$out")" = 1.0.0 ]
report $? "signals do not end it" "exit: $code, got: $out"

# --- the environment ---
good=$(conf)
expect 4 'CNI_COMMAND' "$good" CNI_COMMAND=JUMP
out=$(env -u CNI_COMMAND "$CNI" </dev/null)
[ $? = 1 ] && [[ $out =~ "CNI_COMMAND is not set" ]]
report $? "run by hand" "$out"
for name in CNI_CONTAINERID CNI_NETNS CNI_IFNAME CNI_PATH; do
	expect 4 "$name is not set" "$good" "$name="
done
expect 4 'CNI_CONTAINERID is not set' "$good" CNI_COMMAND=DEL CNI_CONTAINERID=
for name in . a/b -a 'a b' "$(printf 'a%.0s' {1..128})"; do
	expect 4 'CNI_CONTAINERID' "$good" "CNI_CONTAINERID=$name"
done
for name in . .. a/b a:b 'a b' 1234567890123456; do
	expect 4 'is no name of a device' "$good" "CNI_IFNAME=$name"
done
expect 3 'CNI_NETNS' "$good" CNI_NETNS=/no/such/file
expect 4 'is no network namespace' "$good" CNI_NETNS=/dev/null
expect 4 "is the host's own" "$good"
expect 4 'is not KEY=VALUE' "$good" CNI_ARGS=x
expect 4 'unknown "FOO"' "$good" CNI_ARGS=FOO=1
expect 4 "is the host's own" "$good" 'CNI_ARGS=FOO=1;IgnoreUnknown=1'
expect 4 'is no address' "$good" CNI_ARGS=IP=x
expect 4 'is no MAC address' "$good" CNI_ARGS=MAC=01:00:00:00:00:01

# --- the configuration ---
for text in '' '{' '[]' '7' '{"cniVersion":7}' '{} x' $'{"a":"\xff"}'; do
	expect 6 '' "$text"
done
expect 7 'name of the network is missing' '{"cniVersion":"1.1.0"}'
expect 7 'is no name of a network' '{"cniVersion":"1.1.0","name":"../x"}'
refuse 7 'mode is not bridged or custom' '"mode":"open"'
refuse 7 'mode is not a string' '"mode":7'
refuse 7 'policy and allow' '"policy":"p","allow":["out"]'
refuse 7 'mode is bridged' '"mode":"bridged","allow":["out"]'
refuse 7 'mode is bridged' '"mode":"bridged","policy":"p"'
refuse 7 'allow is not an array' '"allow":"out"'
refuse 7 'allow is not a list of rules' '"allow":[7]'
refuse 7 'does not begin with in or out' '"allow":["up"]'
refuse 7 'does not begin with in or out' '"allow":[""]'
refuse 7 'has no word "to"' '"allow":["out to 10.0.0.1"]'
refuse 7 'a value is missing behind "dst"' '"allow":["out dst"]'
refuse 7 'dst: ' '"allow":["out dst x"]'
refuse 7 'rate ' '"rate":"fast"'
refuse 7 'rate is not a number' '"rate":-1'
refuse 7 'rate is not a number' '"rate":1.5'
refuse 7 'rate is that of both' '"rate":"5m","ingressRate":1,"ingressBurst":1'
refuse 7 'ingressBurst is missing' '"ingressRate":1000000'
refuse 7 'egressRate is missing' '"egressBurst":1000000'
refuse 7 'is 4 GiB or more' '"egressRate":1,"egressBurst":34359738368'
refuse 7 'runtimeConfig is not an object' '"runtimeConfig":[]'
refuse 7 'runtimeConfig.bandwidth.ingressBurst is missing' '"runtimeConfig":{"bandwidth":{"ingressRate":9}}'
refuse 7 'bandwidth is not an object' '"runtimeConfig":{"bandwidth":7}'
refuse 7 'portMappings is not an array' '"runtimeConfig":{"portMappings":{}}'
refuse 7 'portMappings is not a list' '"runtimeConfig":{"portMappings":[80]}'
for port in '"hostPort":80' '"containerPort":80' '"hostPort":0,"containerPort":80' \
	'"hostPort":65536,"containerPort":80' '"hostPort":"80","containerPort":80' \
	'"hostPort":80,"containerPort":80,"hostIP":"x"' \
	'"hostPort":80,"containerPort":80,"hostIP":"10.0.0.0/8"'; do
	refuse 7 'portMappings' "\"runtimeConfig\":{\"portMappings\":[{$port}]}"
done
for ip in 127.0.0.1 127.9.9.9 ::1 0::1; do
	refuse 2 "hostIP \"$ip\" is not supported: .*loopback" \
		"\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":80,\"containerPort\":80,\"hostIP\":\"$ip\"}]}"
done
for ip in 0.0.0.0 126.0.0.1 128.0.0.1 :: ::2 100::1; do
	refuse 4 "is the host's own" \
		"\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":80,\"containerPort\":80,\"hostIP\":\"$ip\"}]}"
done
refuse 2 'sctp' '"runtimeConfig":{"portMappings":[{"hostPort":80,"containerPort":80,"protocol":"sctp"}]}'
refuse 7 'ips: "x" is no address' '"runtimeConfig":{"ips":["x"]}'
refuse 7 'ips: "" is no address' '"runtimeConfig":{"ips":[7]}'
refuse 2 'second address' '"runtimeConfig":{"ips":["10.0.0.1","10.0.0.2"]}'
refuse 7 'is no MAC address' '"runtimeConfig":{"mac":"x"}'
refuse 7 'is no MAC address' '"runtimeConfig":{"mac":"ff:ff:ff:ff:ff:ff"}'
refuse 7 'subnet: ' '"subnet":"10.0.0.0"'
refuse 7 'subnet: IPv4 has one' '"subnet":["10.0.0.0/8","10.0.0.0/8"]'
refuse 7 'subnet is the IPAM' '"subnet":"10.0.0.0/8","ipam":{"type":"host-local"}'
refuse 7 'ipam.type is missing' '"ipam":{"subnet":"10.0.0.0/8"}'
refuse 7 'ipam.type is no name' '"ipam":{"type":"../sh"}'
refuse 7 'ipam is not an object' '"ipam":"host-local"'
refuse 7 'mtu is less' '"mtu":68'
refuse 7 'ipMasq is not true or false' '"ipMasq":"yes"'
refuse 7 'dns is not an object' '"dns":[]'
refuse 7 'prevResult is not an object' '"prevResult":7'
refuse 2 'vlan 5' '"vlan":5'
refuse 2 'promiscMode true' '"promiscMode":true'
refuse 2 'vlanTrunk' '"vlanTrunk":[{"id":5}]'
# As others have it: what is not for us, and what is null, is left aside.
expect 4 "is the host's own" "$(conf '"hairpinMode":true,"isGateway":true,"foo":[],"ipam":{},"mtu":null,"vlan":0')"
expect 7 'prevResult is missing' "$good" CNI_COMMAND=CHECK
expect 7 'valid-attachments' "$good" CNI_COMMAND=GC
for one in 7 null '[]' '{}' '{"containerID":"c1"}' '{"ifname":"eth0"}' '{"containerID":1,"ifname":"eth0"}' \
	'{"containerID":"c1","ifname":null}'; do
	expect 7 "entry 2 has no" \
		"$(conf '"cni.dev/valid-attachments":[{"containerID":"c1","ifname":"eth0"},'"$one]")" CNI_COMMAND=GC
done
expect 7 'valid-attachments' "$(conf '"cni.dev/valid-attachments":{}')" CNI_COMMAND=GC
for one in '[]' null; do
	env CNI_COMMAND=GC CNI_PATH=/nowhere "$CNI" <<<"$(conf "\"cni.dev/valid-attachments\":$one")" >"$tmp/out" 2>&1
	report $? "GC where nobody is valid, $one" "$(cat "$tmp/out")"
done
expect 50 'module netswitch is not loaded' "$good" CNI_COMMAND=STATUS

# --- IPAM plug-ins, of which there are bad ones ---
ipam() {
	printf '#!/bin/sh\ncat >/dev/null\n%s\n' "$1" >"$tmp/bad"
	chmod +x "$tmp/bad"
}
bad=$(conf '"ipam":{"type":"bad"}')
delegates() {
	ipam "$3"
	expect "$1" "$2" "$bad" CNI_PATH="/nowhere:$tmp" CNI_COMMAND=DEL
}
expect 103 'there is no IPAM plug-in "bad" in CNI_PATH' "$bad" CNI_PATH=/nowhere CNI_COMMAND=DEL
delegates 103 'without saying why' 'exit 3'
delegates 103 'without saying why' 'kill -9 $$'
delegates 11 'IPAM plug-in "bad": busy' 'echo "{\"code\":11,\"msg\":\"busy\"}"; exit 1'
# Signals that do not end us end it: HUP, INT, PIPE, TERM.
# shellcheck disable=SC2016 # for the plug-in
delegates 12 'IPAM plug-in "bad": 0$' \
	'echo "{\"code\":12,\"msg\":\"$((0x$(sed -n "s/SigIgn:.//p" /proc/$$/status) & 0x5003))\"}"; exit 1'
ipam 'exit 0'
env CNI_COMMAND=DEL CNI_CONTAINERID=c1 CNI_IFNAME=eth0 CNI_PATH="$tmp" "$CNI" <<<"$bad" >"$tmp/out" 2>&1
report $? "DEL of what is not connected" "$(cat "$tmp/out")"
env --ignore-signal=CHLD CNI_COMMAND=DEL CNI_CONTAINERID=c1 CNI_IFNAME=eth0 CNI_PATH="$tmp" "$CNI" \
	<<<"$bad" >"$tmp/out" 2>&1
report $? "by who ignores SIGCHLD" "$(cat "$tmp/out")"
printf '#!/bin/sh\nexit 0\n' >"$tmp/bad"
env CNI_COMMAND=DEL CNI_CONTAINERID=c1 CNI_IFNAME=eth0 CNI_PATH="$tmp" "$CNI" \
	<<<"$(conf "\"x\":\"$(printf 'x%.0s' {1..200000})\",\"ipam\":{\"type\":\"bad\"}")" >"$tmp/out" 2>&1
report $? "one that reads nothing" "$(cat "$tmp/out")"

# --- the example ---
gojq -e '.plugins[0] + {cniVersion, name}' "$here/../utcp.conflist" >"$tmp/conf"
report $? "the example is JSON"
expect 4 "is the host's own" "$(cat "$tmp/conf")"

reported
