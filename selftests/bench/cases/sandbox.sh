# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets others
title="a sandbox of mode custom with a rule, a rate and addresses, by the tool; -pool: one that waited in a pool; with a published port, too, by the plug-in of the CNI; with the start of the process, without that of a shell and what the machine idled; -N: with N there already; beside the reference plug-ins bridge, host-local (ipMasq), portmap, bandwidth and firewall one after the other; memory is bytes"
unit="per sandbox"
# Not the 1,000 of the goal, unless it is asked for: these take too long on a busy machine.
readonly MANY=${MANY:-300}
boot=sandbox
ours="create/ref-add delete/ref-del create-pool/create delete-pool/delete create-$MANY/create delete-$MANY/delete publish/ref-add unpublish/ref-del add/ref-add del/ref-del add-local/ref-add del-local/ref-del memory/none memory-all/none"
goals="create<=4500000 delete<=3000000 create-pool<=1000000 create-$MANY<=1.2*create delete-$MANY<=1.2*delete add<=0.5*ref-add del<=0.5*ref-del memory<=65536 memory-all<=1000000"
reference=ref-add
repeat="*=none"

readonly TIMES=${TIMES:-10} SPACES=${SPACES:-40} CNI=/usr/lib/cni

cleanup() {
	local i

	for i in /run/utcp/sandboxes/*; do
		[ ! -e "$i" ] || "$UTCPCTL" sandbox delete "${i##*/}" >/dev/null || :
	done
	for i in /run/netns/bench-*; do
		[ ! -e "$i" ] || ip netns del "${i##*/}"
	done
	ip link del bench-br 2>/dev/null || :
	modules_out
	rm -rf "${work:-}" /run/bench-leases
}

# mean ROW COMMAND...: what COMMAND takes with the numbers from 1 to TIMES, on average; it calls cost
mean() {
	local row=$1 i sum=0

	shift
	for ((i = 1; i <= TIMES; i++)); do
		"$@" "$i" || fail "$row: $* $i: $(cat "$work/out")" || return
		((sum += $(<"$work/took")))
	done
	result "$row" $((sum / TIMES))
}

create() {
	cost "$UTCPCTL" sandbox create "bench-$1" --mode custom --rate 50m \
		--allow out proto tcp dst 203.0.113.7 dport 443 "${@:2}" >"$work/out" 2>&1
}

delete() {
	cost "$UTCPCTL" sandbox delete "bench-$1" >"$work/out" 2>&1
}

publish() {
	create "$1" --publish $((20000 + $1)):80
}

create_more() {
	create $((MANY + $1))
}

delete_more() {
	delete $((MANY + $1))
}

tool() {
	local i

	# The first finds nothing in the page cache, and makes the bridge.
	publish 0 || fail "create: $(cat "$work/out")" || return
	result create-first "$(<"$work/took")"
	mean create create && mean delete delete || return
	"$UTCPCTL" sandbox pool set size "$TIMES" >"$work/out" 2>&1 &&
		mean create-pool create && mean delete-pool delete &&
		"$UTCPCTL" sandbox pool set size 0 >"$work/out" 2>&1 ||
		fail "pool: $(cat "$work/out")" || return
	mean publish publish && mean unpublish delete || return
	for ((i = 1; i < MANY; i++)); do
		create "$i" || fail "create $i: $(cat "$work/out")" || return
	done
	mean "create-$MANY" create_more && mean "delete-$MANY" delete_more || return
	for ((i = 0; i < MANY; i++)); do
		delete "$i" || fail "delete $i: $(cat "$work/out")" || return
	done
}

# cni PLUGIN COMMAND NUMBER CONF - as a runtime does; its output is in $work/out
cni() {
	CNI_COMMAND=$2 CNI_CONTAINERID=bench-$3 CNI_NETNS=/run/netns/bench-$3 CNI_IFNAME=eth0 \
		CNI_PATH=$CNI cost "$1" >"$work/out" 2>&1 <<<"$4"
}

# wishes NUMBER: what a runtime says of a container
wishes() {
	echo "\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":$((20000 + $1)),\"containerPort\":80,\"protocol\":\"tcp\"}]}"
}

readonly RATES='"ingressRate":50000000,"ingressBurst":500000,"egressRate":50000000,"egressBurst":500000'
readonly IPAM='"ipam":{"type":"host-local","dataDir":"/run/bench-leases","ranges":[[{"subnet":"10.44.0.0/16"}],[{"subnet":"fd44::/64"}]],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}'

# plugin IPAM-OR-NOTHING COMMAND NUMBER
plugin() {
	cni "${UTCPCTL%/*}/utcp-cni" "$2" "$3" \
		"{\"cniVersion\":\"1.0.0\",\"name\":\"bench\",\"type\":\"utcp-cni\",\"bridge\":\"bench-br\",
		\"allow\":[\"out proto tcp dst 203.0.113.7 dport 443\"],$RATES,$1$(wishes "$3")}"
}

# one of the reference plug-ins in its place: reference PLUGIN MEMBERS COMMAND NUMBER; all have the
# result of the one before
reference() {
	local prev=

	[ ! -e "$work/result-$4" ] || prev=",\"prevResult\":$(<"$work/result-$4")"
	cni "$CNI/$1" "$3" "$4" \
		"{\"cniVersion\":\"1.0.0\",\"name\":\"bench-ref\",\"type\":\"$1\",$2$prev}" ||
		fail "$1 $3: $(cat "$work/out")" || return
	[ "$3" = DEL ] || mv "$work/out" "$work/result-$4"
	((sum += $(<"$work/took")))
}

readonly BRIDGE='"bridge":"bench-br","isGateway":true,"ipMasq":true,'$IPAM FIREWALL='"backend":"iptables"'

reference_add() {
	rm -f "$work/result-$1"
	reference bridge "$BRIDGE" ADD "$1" &&
		reference portmap "\"capabilities\":{\"portMappings\":true},$(wishes "$1")" ADD "$1" &&
		reference bandwidth "$RATES" ADD "$1" &&
		reference firewall "$FIREWALL" ADD "$1"
}

reference_del() {
	reference firewall "$FIREWALL" DEL "$1" &&
		reference bandwidth "$RATES" DEL "$1" &&
		reference portmap "\"capabilities\":{\"portMappings\":true},$(wishes "$1")" DEL "$1" &&
		reference bridge "$BRIDGE" DEL "$1"
}

spaces() {
	local i

	for ((i = 0; i <= TIMES; i++)); do
		"$@" "bench-$i" || return
	done
}

plugins() {
	local ipam=$1 row=$2

	plugin "$ipam" ADD 0 || fail "ADD: $(cat "$work/out")" || return
	mean "add$row" plugin "$ipam" ADD && mean "del$row" plugin "$ipam" DEL || return
	plugin "$ipam" DEL 0
}

references() {
	local i sum=0

	reference_add 0 || return
	sum=0
	for ((i = 1; i <= TIMES; i++)); do
		reference_add $i || return
	done
	result ref-add $((sum / TIMES))
	sum=0
	for ((i = 1; i <= TIMES; i++)); do
		reference_del $i || return
	done
	result ref-del $((sum / TIMES))
	reference_del 0
}

# bare NUMBER: what a sandbox would be without anything of ours
bare() {
	ip netns add "bench-$1"
	ip link add "bench$1" type veth peer name eth0 netns "bench-$1"
	ip link set "bench$1" master bench-br up
	ip -n "bench-$1" -batch - <<-END
		link set lo up
		link set eth0 up
		addr add 10.45.0.$1/16 dev eth0
		addr add fd45::$1/64 dev eth0 nodad
		route add default via 10.45.0.254
	END
}

bare_gone() {
	ip netns del "bench-$1"
}

# memory_of MAKE REMOVE: sets $each to the bytes of one of many
memory_of() {
	local i before

	before=$(used)
	for ((i = 1; i <= SPACES; i++)); do
		"$1" "$i" || return
	done
	each=$((($(used) - before) / SPACES))
	for ((i = 1; i <= SPACES; i++)); do
		"$2" "$i" || return
	done
}

memory() {
	local plain

	ip link add bench-br type bridge
	ip link set bench-br up
	# The first find no room in the slabs.
	memory_of bare bare_gone && memory_of bare bare_gone || return
	plain=$each
	create 0 && memory_of create delete && memory_of create delete || return
	delete 0
	ip link del bench-br
	result memory $((each - plain)) bytes
	result memory-all "$each" bytes
}

run() {
	load veth bridge nf_tables nft_fib_inet || fail "the kernel lacks veth, bridge or nf_tables" || return
	[ "$(nproc)" = 1 ] || fail "of several processors others would be counted, too" || return
	work=$(mktemp -d)
	trap cleanup EXIT
	modules_in || fail "no modules in $MODULES" || return
	sysctl -qw net.core.fb_tunnels_only_for_init_net=1
	tool || return
	memory || return
	spaces ip netns add
	plugins "" "" && plugins "$IPAM," -local || return
	if [ -x "$CNI/bridge" ]; then
		references || return
	else
		absent ref-add "no containernetworking-plugins"
		absent ref-del "no containernetworking-plugins"
	fi
	spaces ip netns del
}
