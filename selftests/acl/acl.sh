#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Access lists, with the tool: policies, rules, bindings, files, events, and what
# becomes of frames.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

policies() {
	load utcp_acl
	ns_add t-a t-b
	expect_eq "none at first" 0 "$(acl t-a -j show | gojq length)"
	expect_ok "one is made" acl t-a new web comment 'a "web" server' owner me
	expect_eq "and denies what nobody allowed" 'deny deny 0 0 me a "web" server' \
		"$(acl t-a -j show | gojq -r '.[0] | "\(.in) \(.out) \(.rules) \(.users) \(.owner) \(.comment)"')"
	expect_rc "not twice" 2 acl t-a new web
	expect_match "which is said" 'there is a policy of this name' "$OUT"
	expect_ok "settings change" acl t-a set web in allow
	expect_eq "those that were named" 'allow deny me' \
		"$(acl t-a -j show | gojq -r '.[0] | "\(.in) \(.out) \(.owner)"')"
	expect_rc "a bad name" 2 acl t-a new .web
	expect_match "is refused with the reason" '^utcpctl: .web: a name is made of' "$OUT"
	expect_rc "a verdict that is none" 1 acl t-a set web in maybe
	expect_rc "another namespace has its own" 3 acl t-b show web
	must limit t-a policies 1
	expect_rc "a full table refuses" 2 acl t-a new two
	expect_match "with the limit" 'as many policies as its limit' "$OUT"
	expect_rc "who has no right" 5 ns t-a setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$UTCPCTL" acl show
	expect_ok "it goes" acl t-a del web
	expect_rc "and is gone" 3 acl t-a show web
}

rules() {
	local first second word long=a123456789012345678901234567890

	load utcp_acl
	ns_add t-a
	must acl t-a new web
	expect_ok "a rule" acl t-a add web out allow proto tcp dst 10.0.0.0/8 dport 443
	first=$(handle t-a web 0)
	expect_ok "one before it" acl t-a add web in deny src fd00::/16 priority 5 owner me
	second=$(handle t-a web 0)
	expect_eq "they stand in the order in which they are asked" "$second $first" \
		"$(acl t-a -j show web | gojq -r 'map(.handle) | join(" ")')"
	for word in "owner me" "direction in" "verdict deny"; do
		# shellcheck disable=SC2086 # two words
		expect_eq "only those with $word" "$second" "$(acl t-a -j show web $word | gojq -r '.[].handle')"
	done
	expect_ok "one goes" acl t-a remove web "$second"
	expect_rc "not twice" 3 acl t-a remove web "$second"
	expect_match "which is said" 'no rule of this number' "$OUT"
	expect_eq "the other has its number" "$first" "$(handle t-a web 0)"
	expect_ok "a new one" acl t-a add web in deny
	# shellcheck disable=SC2016 # the variable is gojq's
	expect_eq "has a number of its own" 2 \
		"$(acl t-a -j show web | gojq --argjson s "$second" '[.[].handle | select(. != $s)] | length')"
	expect_rc "ports need something that has ports" 2 \
		acl t-a add web out allow proto icmp dport 80
	expect_rc "a range that is none" 1 acl t-a add web out allow dport 90-80
	expect_rc "bits behind a prefix" 1 acl t-a add web out allow dst 10.0.0.1/8
	expect_rc "two families" 2 acl t-a add web out allow src 10.0.0.1 dst fd00::1
	expect_match "are refused with the word" '^utcpctl: dst6: .*not of one family' "$OUT"
	expect_rc "a mark for what is denied" 2 acl t-a add web out deny mark 7
	must acl t-a new "$long"
	expect_ok "what is as long as it can be is answered" \
		acl t-a add "$long" out allow priority 65535 src fd00::1 dst fd00::2 \
		vlan 4094 smac 02:00:00:00:00:01 dmac 02:00:00:00:00:02 proto tcp sport 1-65534 dport 2-65534 \
		flags syn/syn,ack dscp 63 class 7 mark 4294967295 expires 7d log on \
		owner "$long" comment "$long:$long"
	expect_match "as it is" "^[0-9]*: out allow .* comment \"$long:$long\"\$" "$OUT"
	must acl t-a del "$long"
	must limit t-a rules 2
	expect_rc "a full table refuses" 2 acl t-a add web out deny
	expect_match "with the limit" 'as many rules as its limit' "$OUT"
}

# Each rule decides the frame that is for it, and not the one beside it; nft counts
# the same.
cases() {
	local n cases nft

	pair
	kernel_has nf_tables
	read -r cases nft <<<"$("$FRAMES" count)"
	"$FRAMES" rules >"$WORK/rules"
	expect_ok "a rule for each case" acl t-a apply "$WORK/rules"
	must bind
	"$FRAMES" nft cases h0 >"$WORK/nft"
	must ns t-a nft -f "$WORK/nft"
	expect_ok "frames are sent" send
	n=$(acl t-a -j show cases -s | gojq -r 'map(select(.packets != 1) | .comment) | join(", ")')
	expect_eq "each rule has one" "" "$n"
	expect_eq "and none the one beside it" "{\"default\":$cases}" "$(binding out.drops)"
	expect_eq "the counters add up" "$((2 * cases)) $cases" \
		"$(binding '"\(.out.frames) \(.out.allowed)"')"
	expect_eq "nft agrees" "$nft 1" "$(ns t-a nft list table netdev cases |
		sed -n 's/.*counter packets \([0-9]*\) .*case.*/\1/p' | sort | uniq -c | awk '{print $1, $2}')"
	expect_eq "and has seen all" "$((2 * cases - nft))" "$(ns t-a nft list table netdev cases |
		sed -n 's/.*counter packets \([0-9]*\) .*rest.*/\1/p')"
	expect_eq "which is when the last came" true \
		"$(acl t-a -j show cases -s | gojq 'all(.["last-hit"] < 60000)')"
	n=$(ns t-a "$FRAMES" odd p0 "$MAC")
	expect_eq "malformed frames" "$n" "$(binding out.drops.malformed)"
	must acl t-a unbind h0
	expect_eq "counters outlive a binding" "$((2 * cases + n))" \
		"$(acl t-a -j stats | gojq '.out.frames')"
}

both_ways() {
	pair
	must ip -n t-a addr add 10.9.0.1/24 dev h0
	must ip -n t-a link set p0 netns t-b
	must ip -n t-b addr add 10.9.0.2/24 dev p0
	must ip -n t-b link set p0 up
	expect_ok "open at first" ping_host
	must acl t-a new box
	must bind box
	expect_fail "closed when bound" ping_host
	must acl t-a add box out allow ethertype arp
	must acl t-a add box in allow ethertype arp
	expect_fail "nor is it by ARP alone" ping_host
	must acl t-a add box out allow proto icmp icmp 8
	expect_ok "what is allowed is answered" ping_host
	must acl t-a add box out deny proto icmp priority 1
	expect_fail "a rule before it" ping_host
	expect_eq "has decided" true "$(acl t-a -j show box -s | gojq '.[0].packets > 0')"
	must acl t-a new open in allow out allow
	must bind open
	expect_ok "another policy" ping_host
	expect_rc "one that is bound stays" 4 acl t-a del open
	expect_match "which is said" 'ports are bound to the policy' "$OUT"
	expect_ok "the other goes" acl t-a del box
	expect_eq "marks are set" 7 "$(must acl t-a add open out allow proto icmp mark 7 priority 1
		must ns t-a nft add table ip m
		must ns t-a nft add chain ip m c '{ type filter hook input priority 0; }'
		must ns t-a nft add rule ip m c meta mark 7 counter
		ping_host >/dev/null && ns t-a nft list table ip m | sed -n 's/.*mark 0x0*\(7\) counter packets [1-9].*/\1/p')"
}

ping_host() {
	ns t-b ping -q -c 1 -W 1 10.9.0.1
}

# devices that share a policy
devices() {
	local h

	pair
	must ip -n t-a link add h1 type veth peer name p1
	must ip -n t-a link set h1 up
	must ip -n t-a link set p1 up
	must "$UTCPCTL" -n t-a port add h1 policy
	must acl t-a new box
	expect_rc "a device that is not there" 3 acl t-a add box out allow dev h9
	expect_match "is named" '^utcpctl: dev: no such device' "$OUT"
	must acl t-a add box out allow dev h0 ethertype 0x4c57
	must bind box
	must acl t-a bind h1 box
	# by PORT - of its frames, how many went on
	by() {
		acl t-a -j bindings -s | gojq ".[] | select(.bind == \"$1\").out.allowed"
	}
	must send
	must ns t-a "$FRAMES" send p1 "$(ns t-a cat /sys/class/net/h1/address)"
	expect_eq "the rule is about one of them" "1 0" "$(by h0) $(by h1)"
	must acl t-a add box out allow proto udp dev h1
	must send
	expect_eq "and another one about the other" 2 "$(by h0)"
	expect_match "which is explained" '^not dev: [0-9]*: out allow dev h0' \
		"$(acl t-a test box out ethertype 0x4c57 dev h1)"
	expect_match "as is why it decides" '^allow by ' "$(acl t-a test box out ethertype 0x4c57 dev h0)"
	acl t-a save box >"$WORK/saved"
	expect_eq "it is saved, and as before when it is applied" \
		"$(must acl t-a apply "$WORK/saved" && acl t-a save box)" "$(<"$WORK/saved")"
	must ip -n t-a link set h0 down
	must ip -n t-a link set h0 name g0
	must ip -n t-a link set g0 up
	expect_eq "it goes by another name" g0 "$(acl t-a -j show box | gojq -r '.[0].dev')"
	must send
	expect_eq "and is still meant" 3 "$(by g0)"
	must ip -n t-a link del g0
	h=$(acl t-a -j show box | gojq -r '.[0].dev')
	expect_match "nobody when it has gone" '^gone:[0-9]+$' "$h"
	expect_rc "which nobody takes for another one" 3 acl t-a add box out allow dev "$h"
}

bindings() {
	load utcp_acl
	kernel_has veth
	ns_add t-a
	must ip -n t-a link add h0 type veth peer name p0
	must acl t-a new web
	expect_rc "a device that is no port" 3 acl t-a bind h0 web
	must "$UTCPCTL" -n t-a port add h0 demux
	expect_rc "a port without policy" 2 acl t-a bind h0 web
	expect_match "is refused with the reason" 'no flag policy' "$OUT"
	must "$UTCPCTL" -n t-a port set h0 policy
	expect_rc "a policy that is not there" 3 acl t-a bind h0 nothing
	expect_ok "bound" acl t-a bind h0 web
	expect_ok "twice is once" acl t-a bind h0 web
	expect_eq "one user" 1 "$(acl t-a -j show | gojq '.[0].users')"
	expect_fail "the module is needed" rmmod utcp_acl
	must "$UTCPCTL" -n t-a port set h0 demux
	expect_eq "without the flag it is bound no more" 0 "$(acl t-a -j bindings | gojq length)"
	must "$UTCPCTL" -n t-a port set h0 policy
	must acl t-a bind h0 web
	must ip -n t-a link del h0
	expect_eq "nor when the device is gone" '0 0' \
		"$(acl t-a -j bindings | gojq length) $(acl t-a -j show | gojq '.[0].users')"
	expect_ok "and the module can go" rmmod utcp_acl
}

files() {
	pair
	cat >"$WORK/one" <<-'END'
		# two policies
		policy web in deny out deny owner "me" comment "it is \"web\""
		out allow priority 7 dst 10.0.0.0/8 proto tcp dport 80-90 flags syn/syn,ack
		out allow src fd00::/16 proto udp sport 53 dscp 46 class 3 mark 0x7 comment "a \\ b"
		in deny vlan 9 smac 02:00:00:00:00:01 dmac ff:ff:ff:ff:ff:ff

		policy two in allow out allow
		in deny ethertype 0x4c57
	END
	expect_ok "applied" acl t-a apply "$WORK/one"
	expect_eq "saved as it was" "$(grep -v '^#' "$WORK/one" | grep .)" "$(acl t-a save)"
	expect_eq "nothing differs" $'policy web\npolicy two' "$(acl t-a diff "$WORK/one")"
	must bind web
	acl t-a save >"$WORK/saved"
	acl t-a -j save >"$WORK/json"
	expect_rc "bindings are for restore" 1 acl t-a apply "$WORK/saved"
	must acl t-a unbind h0
	must acl t-a del web
	expect_ok "restored" acl t-a restore "$WORK/saved"
	expect_eq "with its binding" "$(sort "$WORK/saved")" "$(acl t-a save | sort)"
	must acl t-a unbind h0
	must acl t-a del two
	expect_ok "and from JSON" acl t-a restore "$WORK/json"
	expect_eq "the same" "$(sort "$WORK/saved")" "$(acl t-a save | sort)"
	sed -i '3d; s/53/54/; /^policy two/a in deny ethertype arp' "$WORK/one"
	expect_ok "a difference" acl t-a apply "$WORK/one" --dry-run
	expect_eq "is shown" '- - + +' "$(grep -o '^[-+~]' <<<"$OUT" | xargs)"
	expect_eq "and not made" "$(sort "$WORK/saved")" "$(acl t-a save | sort)"
	echo 'in deny proto icmp dport 7' >>"$WORK/one"
	expect_rc "a rule that the kernel refuses" 2 acl t-a apply "$WORK/one"
	expect_match "is said with its line" "one:9: " "$OUT"
	expect_eq "and its policy is as before" 1 "$(acl t-a -j show two | gojq length)"
	echo 'in maybe' >>"$WORK/one"
	expect_rc "a line that is none" 2 acl t-a apply "$WORK/one"
	expect_match "is said" 'one:10: "maybe" is no verdict' "$OUT"
}

events() {
	local h

	pair
	spawn "$WORK/events" "$UTCPCTL" -n t-a -j monitor utcp-acl
	_listens() {
		limit t-a flows $((60000 - RANDOM % 1000)) >/dev/null
		[ -s "$WORK/events" ]
	}
	wait_for "the monitor listens" 20 _listens
	must acl t-a new web
	must acl t-a set web in allow
	must acl t-a add web out allow proto tcp
	h=$(handle t-a web 0)
	must bind web
	must acl t-a remove web "$h"
	echo 'policy web' | must acl t-a apply -
	must ip -n t-a link del h0
	must acl t-a del web
	_told() {
		grep -q policy-del "$WORK/events"
	}
	wait_for "all is told" 20 _told
	expect_eq "in order" "policy-new, policy-change, rule-add, bind-set, rule-del, policy-change, bind-del, policy-del" \
		"$(gojq -rs 'map(.event | select(. != "limits")) | join(", ")' "$WORK/events")"
	expect_eq "with what it is about" "web $h" "$(gojq -rs \
		'.[] | select(.event == "rule-add") | .rule | "\(.policy) \(.handle)"' "$WORK/events")"
}

# Which rule decides, and why those before it do not.
explain() {
	load utcp_acl
	ns_add t-a
	must "$UTCPCTL" -n t-a set new eps address-port
	acl t-a apply - >/dev/null <<-'END'
		policy box out reject
		in allow priority 1
		out allow proto tcp dst 10.0.0.0/8 dport 80-90
		out allow dst fd00::/16
		out deny proto tcp dst-set eps
		out allow proto tcp flags ack/ack
		out allow ethertype arp
	END
	# why WORD... - of a packet of the sandbox
	why() {
		acl t-a -j test box out "$@" | gojq -r 'map(.unmet // ("= " + .decides)) | join(", ")'
	}
	expect_eq "a rule decides" "direction, = allow" "$(why src 10.9.0.2 dst 10.9.0.1 proto tcp dport 85)"
	expect_eq "a word is not met" "direction, dport, dst, dst-set, flags, ethertype, = reject" \
		"$(why src 10.9.0.2 dst 10.9.0.1 proto tcp dport 443)"
	must "$UTCPCTL" -n t-a set add eps 10.9.0.1:443
	expect_eq "a set has it" "direction, dport, dst, = deny" \
		"$(why dst 10.9.0.1 proto tcp dport 443)"
	expect_eq "flags are met" "direction, dst, dst, dst-set, = allow" \
		"$(why dst 11.0.0.1 proto tcp flags ack/ack)"
	expect_eq "the other family" "direction, dst, = allow" "$(why dst fd00::1 proto udp dport 53)"
	expect_eq "ARP" "direction, dst, dst, proto, proto, = allow" "$(why ethertype arp)"
	expect_eq "the default" "= reject" "$(why dst 9.9.9.9 proto udp dport 53 | sed 's/.*, //')"
	expect_match "in words" '^allow by [0-9]*: out allow dst 10.0.0.0/8 proto tcp' \
		"$(acl t-a test box out dst 10.0.0.1 proto tcp dport 80 | tail -1)"
	expect_rc "a prefix is no packet" 2 acl t-a test box out dst 10.0.0.0/8
}

trace() {
	local dir=/sys/kernel/tracing

	pair
	[ -e $dir/trace ] || must mount -t tracefs nodev $dir
	must acl t-a new web
	must acl t-a add web out deny ethertype 0x4c57
	must bind web
	echo 1 >$dir/events/utcp_acl/utcp_acl_drop/enable
	defer sh -c "echo 0 >$dir/events/utcp_acl/utcp_acl_drop/enable"
	: >$dir/trace
	must send
	expect_match "a drop has its reason and rule" \
		"dir=out protocol=0x4c57 .*reason=rule rule=$(handle t-a web 0)\$" "$(<$dir/trace)"
	expect_match "or that there is none" 'protocol=0x800 .*reason=default rule=0$' "$(<$dir/trace)"
	echo 0 >$dir/events/utcp_acl/utcp_acl_drop/enable
}

run_tests \
	policies "policies are made, changed and removed" \
	rules "rules are added and removed, and keep their numbers" \
	cases "each criterion decides; nft agrees; counters add up" \
	both_ways "a sandbox is closed, opened, and given another policy" \
	devices "a rule is about one of the devices that share a policy" \
	bindings "a binding goes with its port and keeps the module" \
	files "policies go to files and come back" \
	events "changes are told" \
	explain "which rule decides, and why others do not" \
	trace "drops are traced"
