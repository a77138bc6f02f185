#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The demultiplexer: which frames a consumer gets, and which go on.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"

OTHER_MAC=02:00:00:00:00:99
BROADCAST=ff:ff:ff:ff:ff:ff

# a port on the host with its index in $INDEX
port() {
	topology
	test_module
	must utcp host port add h0 demux
	INDEX=$(ifindex host h0)
}

# consumed TYPE VID FIELD - of the consumers of the host
consumed() {
	utcp host -j port consumers h0 | gojq -r ".[]|select(.ethertype==\"0x$1\" and .vid==$2)|.$3"
}

echoes() {
	local type

	port
	for type in 88b5 4c57; do
		must control host consumer add "$INDEX" "$type" 0 echo
		expect_eq "an echo by 0x$type" 50 "$(ns peer "$FRAME" ping p0 "$HOST_MAC" "$type" 50)"
		expect_eq "counted" 50 "$(consumed "$type" 0 frames)"
	done
	expect_port "consumed" h0 .in.consumed 100
	expect_sum "counters" h0
	must control host consumer del "$INDEX" 88b5 0
	expect_eq "no echo without it" 0 "$(ns peer "$FRAME" ping p0 "$HOST_MAC" 88b5 1)"
	expect_eq "the other goes on" 1 "$(ns peer "$FRAME" ping p0 "$HOST_MAC" 4c57 1)"
}

takes_from_the_stack() {
	port
	addr host h0 10.9.0.1/24
	addr peer p0 10.9.0.2/24
	expect_ok "the stack answers" ns peer ping -q -c 2 -i 0.1 -W 5 10.9.0.1
	must control host consumer add "$INDEX" 800 0 take
	expect_fail "IPv4 is taken from it" ns peer ping -q -c 2 -i 0.1 -W 1 10.9.0.1
	expect_eq "by the consumer" 2 "$(consumed 0800 0 frames)"
	must utcp host port set h0 policy
	expect_ok "without demux it has it back" ns peer ping -q -c 2 -i 0.1 -W 5 10.9.0.1
	must utcp host port set h0 demux
	expect_fail "with it, not" ns peer ping -q -c 1 -W 1 10.9.0.1
	must control host consumer del "$INDEX" 800 0
	expect_ok "given back when the owner goes" ns peer ping -q -c 2 -i 0.1 -W 5 10.9.0.1
}

groups() {
	port
	addr host h0 10.9.0.1/24
	addr peer p0 10.9.0.2/24
	must control host consumer add "$INDEX" 806 0 take
	must ns peer ip neigh flush dev p0
	# The request is broadcast: copied, and answered by the stack all the same.
	expect_ok "ARP still works" ns peer ping -q -c 1 -W 5 10.9.0.1
	expect_eq "and the consumer saw it" true "$(port_value host h0 '|.in.copied >= 1')"
	must control host consumer add "$INDEX" 88b5 0 refuse
	frames_to_host "$BROADCAST" 88b5 3 100
	expect_port "a refused copy is counted as such" h0 '.in."copy-drops"' 3
	expect_port "and is no drop of the frame" h0 '.in.drops.consumer' null
	expect_sum "counters" h0
}

other_stations() {
	port
	must control host consumer add "$INDEX" 88b5 0 take
	frames_to_host "$OTHER_MAC" 88b5 5 100
	expect_eq "frames for others are not for it" 0 "$(consumed 88b5 0 frames)"
	must control host consumer del "$INDEX" 88b5 0
	must control host consumer add "$INDEX" 88b5 0 take promisc
	frames_to_host "$OTHER_MAC" 88b5 5 100
	expect_eq "unless it is promiscuous" 5 "$(consumed 88b5 0 frames)"
	expect_port "as copies" h0 .in.copied 5
	expect_eq "which is shown" true "$(consumed 88b5 0 promisc)"
}

vlans() {
	port
	kernel_has 8021q
	must control host consumer add "$INDEX" 88b5 0 take
	must control host consumer add "$INDEX" 88b5 7 take
	frames_to_host "$HOST_MAC" 88b5 1 100
	expect_eq "no tag" 1 "$(consumed 88b5 0 frames)"
	frames_to_host "$HOST_MAC" 88b5 2 100 0
	expect_eq "VID 0 counts as none" 3 "$(consumed 88b5 0 frames)"
	frames_to_host "$HOST_MAC" 88b5 4 100 7
	expect_eq "VID 7 goes to who asked for it" 4 "$(consumed 88b5 7 frames)"
	frames_to_host "$HOST_MAC" 88b5 8 100 9
	expect_eq "VID 9 to nobody" "3 4" "$(consumed 88b5 0 frames) $(consumed 88b5 7 frames)"
	must ip -n host link add link h0 name h0.9 type vlan id 9
	must ip -n host link set h0.9 up
	must utcp host port add h0.9 demux
	must control host consumer add "$(ifindex host h0.9)" 88b5 0 take
	frames_to_host "$HOST_MAC" 88b5 16 100 9
	expect_eq "but to the VLAN's device" 16 "$(utcp host -j port consumers h0.9 | gojq '.[0].frames')"
}

untouched() {
	port
	must control host consumer add "$INDEX" 88b5 0 take
	frames_to_host "$HOST_MAC" 88b6 3 100
	frames_to_host "$HOST_MAC" 40 3 64
	expect_port "other types and 802.3 lengths pass" h0 .in.pass 6
	expect_port "none is consumed" h0 .in.consumed 0
}

refusals() {
	port
	must control host consumer add "$INDEX" 88b5 0 refuse
	expect_fail_with "a second one for the type" "busy" control host consumer add "$INDEX" 88b5 0 take
	expect_fail_with "a length is no type" "Invalid" control host consumer add "$INDEX" 5ff 0 take
	expect_fail_with "no such VLAN" "Invalid" control host consumer add "$INDEX" 88b5 4095 take
	frames_to_host "$HOST_MAC" 88b5 6 100
	expect_port "what it refuses is a drop, with the reason" h0 .in.drops.consumer 6
	expect_eq "counted for it, too" 6 "$(consumed 88b5 0 drops)"
	expect_sum "counters" h0
	must utcp host port set h0 policy
	expect_fail_with "no consumer without demux" "not supported" \
		control host consumer add "$INDEX" 88b6 0 take
}

taps_see() {
	port
	must control host consumer add "$INDEX" 88b5 0 take
	spawn "$WORK/tap" ns host "$FRAME" count h0 88b5 1000
	wait_for "the tap is there" 10 grep -q ready "$WORK/tap"
	frames_to_host "$HOST_MAC" 88b5 7 100
	wait_for "a tap sees frames that a consumer takes" 10 grep -qx 7 "$WORK/tap"
	expect_eq "and the consumer has them" 7 "$(consumed 88b5 0 frames)"
}

owner_dies() {
	port
	must control host consumer add "$INDEX" 88b5 0 take
	must utcp host port del h0
	must utcp host port add h0
	expect_eq "a port that goes takes its consumers along" 0 "$(utcp host -j port consumers | gojq length)"
	must control host consumer add "$INDEX" 88b5 0 take
	spawn "$WORK/flood" ns peer nice -n 19 "$FRAME" send p0 "$HOST_MAC" 88b5 1000000 64
	wait_for "frames come" 10 sh -c "'$UTCPCTL' -n host -j port consumers h0 | gojq -e '.[0].frames > 0'"
	expect_ok "the consumer's module goes under traffic" rmmod netswitch_test
	expect_eq "no consumer is left" 0 "$(utcp host -j port consumers | gojq length)"
	must insmod "$MODULES/netswitch/netswitch_test.ko"
	must control host consumer add "$INDEX" 88b5 0 take
	expect_ok "the device goes under traffic" ip -n host link del h0
}

run_tests \
	echoes "two EtherTypes, each with its consumer" \
	takes_from_the_stack "IPv4 is taken from the stack and given back" \
	groups "frames to groups are copied" \
	other_stations "frames for other stations" \
	vlans "VLANs" \
	untouched "what nobody asked for passes" \
	refusals "what is refused" \
	taps_see "taps" \
	owner_dies "port, consumer or device goes under traffic"
