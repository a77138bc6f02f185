#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is the same after a reboot, and that what is not restored is closed. A reboot is
# that modules and /run are lost.
. "$(dirname "$0")/../lib.sh"

STATE=/var/lib/utcp/state.json
KEYS=/var/lib/utcp/keys

state() {
	"$UTCPCTL" state "$@"
}

# batch - run the commands of standard input
batch() {
	"$UTCPCTL" -b -
}

# begin - all modules, h0, whose other end is p0 in t-p, a namespace t-box, and no files
begin() {
	kernel_has veth nf_tables
	must rm -rf /var/lib/utcp /run/utcp
	defer rm -rf /var/lib/utcp /run/utcp
	keep_hooks
	ns_add t-p t-box
	add_link
	load_all
	defer unbind_all
}

add_link() {
	must ip link add h0 address 02:00:00:00:00:10 type veth peer name p0 netns t-p
	defer ip link del h0
	must ip link set h0 up
	must ip addr add 10.9.0.1/24 dev h0
	must ip -n t-p addr add 10.9.0.2/24 dev p0
	must ip -n t-p link set p0 up
}

# Something of everything. $CELL is kept, $OTHER, too, with a realm.
furnish() {
	rm -f "$WORK/key"
	CELL=$(must_cell cell new keep on comment "it's \"one\"")
	must sh -c "umask 077; head -c 32 /dev/urandom | base64 >$WORK/realm"
	must "$UTCPCTL" cell genkey "$WORK/key"
	OTHER=$(must_cell cell import "$WORK/key" keep on realm "$WORK/realm" owner 1000 mode owner,group)
	must batch <<-END
		limit set utcp-acl flows 4321
		set new hosts prefix max 100
		set add hosts 10.9.0.0/24
		set add hosts 10.8.0.0/24 expires 1h
		acl new web in deny out deny owner agent comment "two words"
		acl add web out allow ethertype arp
		acl add web in allow ethertype arp
		acl add web out allow proto icmp dst-set hosts
		acl add web in reject proto tcp dport 80-90 priority 5 log on comment "a \"b\" \\\\ c"
		acl add web out allow dst 10.7.0.1 expires 2h
		acl add web in allow src $CELL dport 80
		acl new tight in allow out allow log on
		shaper add all bw-max 100000000
		shaper add one parent all id 77 weight 3 bw-min 1000000
		shaper add two parent all
		port add h0 demux policy
		acl bind h0 web mac 02:00:00:00:00:20 addr 10.9.0.2,fe80::20
		shaper bind h0 in one mark priority
		shaper bind h0 out two
		grant add h0 0x88b6 user 1000
		grant add h0 0x88b6 group 7 mac 02:00:00:00:00:33
		acl bind-own tight
		acl impose t-box tight
		peer add iEWhDaUNl7hDzNIqhlC4K7o8hQMVUlw1SOUzrTHSFhE= cell $CELL
	END
}

# must_cell ARGS... - the CellID of the cell that they make
must_cell() {
	"$UTCPCTL" -j "$@" | gojq -r .id
}

# all - what there is, without numbers of this boot. By few programs: an emulated guest
# takes long to start one.
all() {
	# Elements are in no order.
	"$UTCPCTL" acl save | sed -E 's/expires [0-9a-z]+/expires SOON/' >"$WORK/acl"
	grep ^element "$WORK/acl" | sort
	grep -v ^element "$WORK/acl"
	batch <<-'END' 2>&1 | sed -E 's/ (netns|ifindex) [0-9]+//; s/^([^ ]+) (up|down) /\1 /' | sort
		acl bindings
		shaper show
		shaper bindings
		port show
		grant show
		cell show
		peer show
		limit show
	END
}

# unbind_all - utcp_acl cannot be removed while anything is bound
unbind_all() {
	"$UTCPCTL" -j acl bindings | gojq -r '.[] | .bind // empty' |
		while read -r dev; do
			"$UTCPCTL" acl unbind "$dev"
		done
	"$UTCPCTL" acl unbind-own
	"$UTCPCTL" acl release t-box
} >/dev/null 2>&1

# reboot [MODULE...] - what a reboot loses; then these modules
reboot() {
	unbind_all
	unload_all
	must rm -rf /run/utcp
	[ $# = 0 ] || load "$@"
}

# passes - do frames pass by h0?
passes() {
	ns t-p ping -q -c 1 -W "$SLOW" 10.9.0.1
}

closed() {
	expect_no_match "$1: h0 is down" '[<,]UP[,>]' "$(ip link show h0)"
	expect_ok "$1: and set up, nothing passes" ip link set h0 up
	expect_fail "$1: nothing at all" passes
	must ip link set h0 down
}

# reopen - h0, as if nobody had closed it
reopen() {
	must nft delete table netdev utcp-closed-h0
	must rm /run/utcp/closed/h0
	must ip link set h0 up
}

same() {
	local before

	begin
	furnish
	must "$UTCPCTL" cell new comment unkept
	expect_ok "it is saved" state save
	expect_match "and said which cell is not" 'not saved: cell cell1.*its key is not kept' "$OUT"
	must "$UTCPCTL" cell del "$("$UTCPCTL" -j cell show | gojq -r '.[] | select(.comment == "unkept").id')"
	expect_eq "files are root's alone" "700 600 600 700 600 600 600" \
		"$(stat -c %a /var/lib/utcp /var/lib/utcp/links $STATE $KEYS $KEYS/"$CELL".key $KEYS/"$OTHER".{key,realm} |
			tr '\n' ' ' | sed 's/ $//')"
	before=$(all)
	reboot "${ALL_MODULES[@]}"
	expect_eq "all is lost" "" "$("$UTCPCTL" acl save)"
	expect_ok "it is restored" state restore
	expect_eq "all is as it was" "$before" "$(all)"
	expect_eq "nothing waits" "" "$(ls /run/utcp/waiting)"
	expect_match "times go on" 'expires (59m|3[0-9]{3}s|3[0-9]{6}ms)' "$("$UTCPCTL" acl save)"
	expect_match "h0 is up" '[<,]UP[,>]' "$(ip link show h0)"
	# As systemctl restart does.
	expect_ok "once more" state save
	expect_ok "over what is there" state restore
	expect_match "that is left as it is" ' 0 expired' "$OUT"
	expect_eq "exactly" "$before" "$(all)"
}

# What udev would do when h0 comes.
udev() {
	local rules

	rules=$(dirname "$UTCPCTL")/systemd/81-utcp.rules
	[ -e "$rules" ] && command -v udevadm >/dev/null || return 0
	must ip link add h0 type veth peer name h1
	must mkdir -p /run/udev/rules.d
	must cp "$rules" /run/udev/rules.d/
	defer rm /run/udev/rules.d/81-utcp.rules
	expect_match "udev attaches it" "^run: '.*/utcpctl state attach dev h0'\$" \
		"$(udevadm test --action=add /sys/class/net/h0 2>&1)"
	expect_no_match "and no other" "utcpctl" "$(udevadm test --action=add /sys/class/net/lo 2>&1)"
	must ip link del h0
}

# What waits for links and namespaces is restored when they are there, and not lost.
later() {
	local before

	begin
	furnish
	before=$(all)
	must state save
	reboot
	must ip link del h0
	must ip netns del t-box
	load_all
	expect_ok "without the link" state restore
	expect_match "the link is waited for" '^waiting: link h0$' "$OUT"
	expect_match "and the namespace" '^waiting: namespace t-box$' "$OUT"
	expect_ok "udev is told" test -e /run/utcp/waiting/h0
	udev
	expect_ok "saving does not lose it" state save
	expect_match "as is shown" '^link h0 waiting$' "$(state show)"
	# Nobody has attached it: saving does not take that for the wish of somebody.
	add_link
	must ip netns add t-box
	must state save
	expect_match "nor when it is there" '^link h0 waiting$' "$(state show)"
	expect_ok "attach" state attach dev h0
	expect_ok "attach the namespace" state attach netns t-box
	expect_eq "all is as it was" "$before" "$(all)"
	expect_fail "nothing waits any more" test -e /run/utcp/waiting/h0
	expect_rc "of others nothing was saved" 3 state attach dev nowhere
	must ip link del h0
	must state save
	expect_match "what is not there stays" '^link h0$' "$(state show)"
	expect_ok "until it is forgotten" state forget dev h0
	expect_no_match "then it is none" '^link h0' "$(state show)"
}

# Closed, and by whom it is opened.
missing() {
	local before

	begin
	furnish
	before=$(all)
	must state save
	reboot netswitch utcp utcp_shaper
	expect_rc "without utcp_acl" 3 state restore
	expect_match "that is said" 'utcp_acl.*not (loaded|installed).*nothing is restored' "$OUT"
	expect_eq "nothing is restored" "[]" "$("$UTCPCTL" -j cell show)"
	closed "without utcp_acl"
	expect_rc "nor is anything saved" 3 state save
	expect_match "what was saved stays" 'not restored since module netswitch was loaded' "$OUT"
	load utcp_acl
	expect_ok "with it" state restore
	expect_eq "all is as it was" "$before" "$(all)"
	expect_match "h0 is up again" '[<,]UP[,>]' "$(ip link show h0)"
	expect_no_match "and open" closed "$(nft list tables)"
	must rmmod utcp_shaper
	expect_rc "what a module had that was removed is not lost" 3 state save
	expect_match "that is said" 'utcp_shaper is not loaded, and there are classes' "$OUT"
}

# Modules that are older than the tool.
older() {
	begin
	furnish
	must state save
	reboot
	load_older "${ALL_MODULES[@]}"
	expect_rc "older modules" 3 state restore
	expect_match "that is said" 'netswitch 0\.0\.1 is older than this tool' "$OUT"
	closed "with older modules"
}

# refused LABEL STATUS REGEX - restore fails so, and does nothing
refused() {
	expect_rc "$1" "$2" state restore
	expect_match "$1: that is said" "$3" "$OUT"
	expect_eq "$1: nothing is restored" "" "$("$UTCPCTL" acl save; "$UTCPCTL" cell show; "$UTCPCTL" port show)"
}

damaged() {
	begin
	furnish
	must state save
	must cp -a /var/lib/utcp "$WORK/good"
	reboot "${ALL_MODULES[@]}"

	sed -i 's/10\.7\.0\.1/10.7.0.0\/8/' $STATE
	refused "a changed rule" 2 'damaged: its sum is not'
	closed "a changed rule"
	expect_rc "and it is not saved over" 2 state save
	head -c 1000 "$WORK/good/state.json" >$STATE
	refused "half a file" 2 'damaged'
	closed "half a file"
	must ip link del h0
	refused "without the link" 2 'damaged'
	add_link
	expect_rc "a link that comes then" 2 state attach dev h0
	closed "that one"
	# The links are in a list, too, which is no secret.
	reopen
	sed 's/"links"/"linkz"/' "$WORK/good/state.json" >$STATE
	refused "a state without links" 2 'damaged: its sum is not'
	closed "a state without links"
	reopen
	chmod 644 $STATE /var/lib/utcp/links
	refused "files that others read" 5 'others .* have access'
	closed "files that others read"
	chmod 600 $STATE /var/lib/utcp/links
	sed 's/"utcp-state": 1/"utcp-state": 2/' "$WORK/good/state.json" >$STATE
	refused "a newer version" 2 "version 2, which is newer than this tool's 1"
	cp "$WORK/good/state.json" $STATE
	chmod 644 $STATE
	refused "a file that others read" 5 'others .* have access'
	chmod 600 $STATE
	chmod 755 /var/lib/utcp
	refused "a folder that others enter" 5 "not its user's alone"
	chmod 700 /var/lib/utcp
	chmod 640 "$KEYS/$CELL.key"
	refused "a key that others read" 5 "$CELL.key: group or others have access"
	chmod 600 "$KEYS/$CELL.key"
	mv "$KEYS/$OTHER.realm" "$WORK/"
	refused "a realm that is lost" 3 "$OTHER.realm: No such file"
	cp "$KEYS/$CELL.key" "$KEYS/$OTHER.realm"
	chmod 600 "$KEYS/$OTHER.realm"

	# The key of another cell: that cell alone is not there.
	cp "$WORK/good/keys/$OTHER.key" "$KEYS/$CELL.key"
	expect_rc "the key of another cell" 2 state restore
	expect_match "is told" "failed: cell $CELL: the key that is kept for it is another" "$OUT"
	expect_match "the rest is there" '^policy web ' "$("$UTCPCTL" acl save)"
	expect_eq "and the other cell, as it was" "$OTHER 1000" \
		"$("$UTCPCTL" -j cell show | gojq -r '.[] | "\(.id) \(.owner)"')"
}

# A policy that the kernel refuses is there, and denies all, until it can be restored.
refuse() {
	local before

	begin
	furnish
	before=$(all)
	must state save
	reboot "${ALL_MODULES[@]}"
	must "$UTCPCTL" set new hosts cell
	expect_rc "with a set of another type" 2 state restore
	expect_match "the policy is named" '^failed: policy web: ' "$OUT"
	expect_eq "it has no rule" "policy web in deny out deny" "$("$UTCPCTL" acl save web)"
	expect_match "h0 is bound to it" '^bind h0 web' "$("$UTCPCTL" acl save)"
	expect_fail "nothing passes" passes
	expect_rc "it is not saved as it is" 3 state save
	expect_rc "nor does it count as restored" 2 state restore
	expect_match "as is told" '^failed: policy web: ' "$OUT"
	must "$UTCPCTL" set del hosts
	expect_ok "without that set" state restore
	expect_eq "all is as it was" "$before" "$(all)"
	expect_fail "and nothing remembered" test -e /run/utcp/seen/policy-web
}

# A set is restored as a whole, or not at all.
part() {
	begin
	must batch <<-END
		set new hosts prefix
		set add hosts 10.9.0.0/24
		set add hosts 10.8.0.0/24
		set add hosts 10.7.0.0/24
		acl new web
		acl add web out allow proto icmp dst-set hosts
		limit set utcp-acl elems 2
	END
	must state save
	reboot "${ALL_MODULES[@]}"
	must "$UTCPCTL" limit set utcp-acl elems 1
	expect_rc "a set that there is no room for" 2 state restore
	expect_match "is told" '^failed: set hosts: .* as many elements as its limit' "$OUT"
	expect_match "and so is the policy" '^failed: policy web: ' "$OUT"
	expect_eq "which denies all, and nothing of the set is there" "policy web in deny out deny" \
		"$("$UTCPCTL" acl save)"
	expect_fail "nor of it anything remembered" test -e /run/utcp/seen/set-hosts

	# One that was half there when who restored it died.
	reboot "${ALL_MODULES[@]}"
	must batch <<-END
		set new hosts prefix
		set add hosts 10.6.0.0/24
	END
	expect_ok "a set that is there" state restore
	expect_eq "is left as it is" "element 10.6.0.0/24" "$("$UTCPCTL" acl save | grep ^element)"
	must "$UTCPCTL" acl del web
	must touch /run/utcp/seen/set-hosts
	must "$UTCPCTL" limit set utcp-acl elems 3
	expect_ok "half of one" state restore
	expect_eq "is made whole" "element 10.7.0.0/24 element 10.8.0.0/24 element 10.9.0.0/24" \
		"$("$UTCPCTL" acl save | grep ^element | sort | xargs)"
	expect_match "and its policy" '^out allow .*dst-set hosts' "$("$UTCPCTL" acl save web)"
	expect_fail "of which nothing is remembered" test -e /run/utcp/seen/set-hosts
	must touch /run/utcp/seen/set-hosts
	expect_rc "half of one that is in use" 2 state restore
	expect_match "is told" '^failed: part of set hosts: ' "$OUT"
}

# bound DEV POLICY - is it, and open?
bound() {
	expect_match "$1 is bound" "^bind $1 $2( |\$)" "$("$UTCPCTL" acl save)"
	expect_match "$1 is up" '[<,]UP[,>]' "$(ip link show "$1")"
	expect_no_match "and open" closed "$(nft list tables)"
}

# What is refused to be bound is waited for: who saves meanwhile loses nothing.
again() {
	begin
	must ip link add h1 type veth peer name p1 netns t-p
	defer ip link del h1
	must batch <<-END
		acl new web
		acl new box
		port add h0 policy
		acl bind h0 web
		acl impose t-box box
	END
	must state save
	# Another has the room that there is.
	must "$UTCPCTL" acl unbind h0
	must "$UTCPCTL" port del h0
	must "$UTCPCTL" port add h1
	must "$UTCPCTL" limit set netswitch ports 1
	expect_rc "a link that can be no port" 2 state attach dev h0
	expect_match "is told" '^failed: link h0: ' "$OUT"
	closed "no port"
	expect_ok "udev will try it again" test -e /run/utcp/waiting/h0
	expect_ok "saving" state save
	expect_match "does not forget it" '^waiting: link h0$' "$OUT"
	expect_eq "nor its policy" web "$(gojq -r .state.links.h0.policy $STATE)"
	must "$UTCPCTL" limit set netswitch ports 1024
	expect_ok "when there is room" state attach dev h0
	bound h0 web
	expect_fail "and waits no more" test -e /run/utcp/waiting/h0

	must "$UTCPCTL" acl release t-box
	must "$UTCPCTL" acl del box
	expect_rc "a namespace whose policy is gone" 2 state attach netns t-box
	expect_match "is told" '^failed: namespace t-box: ' "$OUT"
	must "$UTCPCTL" acl new box
	expect_ok "saving" state save
	expect_match "does not forget it" '^waiting: namespace t-box$' "$OUT"
	expect_ok "when there is one" state attach netns t-box
	expect_eq "it is imposed" box \
		"$("$UTCPCTL" -j acl bindings | gojq -r '.[] | select(.kind == "imposed").policy')"
	must state save
	expect_no_match "and waits no more" waiting "$(state show)"
}

# Others that have the lock of /run/utcp for long keep no link open that must not be.
locked() {
	local lock

	begin
	must batch <<-END
		acl new web
		port add h0 policy
		acl bind h0 web
	END
	must state save
	exec {lock}>/run/utcp/lock
	must flock "$lock"
	expect_rc "a link that is bound, while others have the lock" 2 state attach dev h0
	expect_match "is told" '^failed: link h0: another process has ' "$OUT"
	bound h0 web
	must "$UTCPCTL" acl unbind h0
	expect_rc "one that is not" 2 state attach dev h0
	closed "not bound"
	reopen
	expect_rc "nor if all is restored" 2 state restore
	closed "not restored"
	exec {lock}>&-
	expect_ok "then it is bound" state attach dev h0
	bound h0 web
}

# What ends by itself while the host is off is not there later.
expired() {
	# Longer than it takes to save.
	local life=$((4 * SLOW))

	begin
	must batch <<-END
		set new hosts prefix
		set add hosts 10.9.0.0/24 expires ${life}s
		acl new web
		acl add web out allow dst 10.7.0.1 expires ${life}s
		acl add web out allow dst 10.7.0.2 expires 1h
	END
	must state save
	reboot
	sleep "$life.2"
	load_all
	expect_ok "after that" state restore
	expect_match "two have ended" ' 2 expired$' "$OUT"
	expect_no_match "the rule" '10\.7\.0\.1' "$("$UTCPCTL" acl save)"
	expect_match "not the other" '10\.7\.0\.2 expires' "$("$UTCPCTL" acl save)"
	expect_no_match "the element" '^element' "$("$UTCPCTL" acl save)"
}

# Newer modules: nothing passes between.
upgrade() {
	local before

	begin
	expect_ok "control: frames pass by a link that nothing is bound to" passes
	furnish
	before=$(all)
	expect_ok "drain" state drain
	expect_match "what keeps modules is told" '^still bound: namespace t-box$' "$OUT"
	expect_match "and so is the host's own binding" '^still bound: own binding tight$' "$OUT"
	closed "drained"
	expect_fail "until then they stay" rmmod utcp_acl
	must "$UTCPCTL" acl release t-box
	must "$UTCPCTL" acl unbind-own
	closed "and still"
	expect_ok "who saves now loses nothing" state save
	expect_ok "modules can be removed" rmmod utcp_shaper utcp_acl utcp netswitch
	closed "without modules"
	load_all
	expect_rc "nor who saves before all is restored" 3 state save
	expect_match "that is said" 'not restored since module netswitch was loaded' "$OUT"
	expect_ok "restore" state restore
	expect_eq "all is as it was" "$before" "$(all)"
	expect_match "h0 is up again" '[<,]UP[,>]' "$(ip link show h0)"
}

# prefixes - prefixes of networks, and the address that was given last
prefixes() {
	gojq -c '.state.networks[] | [.prefix4, .prefix6, .last]' $STATE
}

# ends NAME... - what a reboot takes of these, which are all
ends() {
	local dev name

	for dev in /sys/class/net/{sbx*,utcp0}; do
		must ip link del "${dev##*/}"
	done
	for name; do
		must ip netns del "$name"
	done
	must nft delete table inet utcp-net-utcp0
	reboot "${ALL_MODULES[@]}"
}

# The same addresses for those that are made again.
networks() {
	local addr before

	begin
	kernel_has bridge
	must "$UTCPCTL" sandbox create one --mode custom --rate 10m
	must "$UTCPCTL" sandbox create two --mode custom
	addr=$("$UTCPCTL" -j sandbox show two | gojq -c '.[0].addr')
	expect_ok "save" state save
	before=$(prefixes)
	expect_eq "with who has which address" '{"one":2,"two":3}' \
		"$(gojq -c '.state.networks[0].leases' $STATE)"
	ends one two
	expect_ok "restore" state restore
	expect_eq "sandboxes are gone" "" "$("$UTCPCTL" acl save; "$UTCPCTL" shaper show; "$UTCPCTL" port show)"
	must state save
	expect_eq "their network is not" "$before" "$(prefixes)"
	expect_ok "one is made again" "$UTCPCTL" sandbox create two --mode custom
	expect_eq "it has its addresses" "$addr" \
		"$("$UTCPCTL" -j sandbox show two | gojq -c '.[0].addr')"
	expect_ok "addresses of the other are given back" "$UTCPCTL" sandbox gc
	must state save
	expect_eq "by gc" '["two"]' "$(gojq -c '.state.networks[0].leases | keys' $STATE)"

	# Nobody makes it again, and next time nobody has an address.
	ends two
	must state restore
	must state save
	expect_eq "no lease is left" '{}' "$(gojq -c '.state.networks[0].leases' $STATE)"
	reboot "${ALL_MODULES[@]}"
	expect_ok "restore without any" state restore
	expect_eq "the network is there" "$before" "$(must state save; prefixes)"
	expect_fail_with "who wants another subnet is refused" "another subnet" \
		"$UTCPCTL" sandbox create two --mode custom --subnet 10.9.0.0/16
	expect_eq "and has not taken it away" "$before" "$(must state save; prefixes)"

	# What waits in a pool is nobody's, and not made again.
	must "$UTCPCTL" sandbox pool set size 2
	must state save
	expect_eq "members are not saved" '{} {}' \
		"$(gojq -r '"\(.state.links // {} | tojson) \(.state.networks[0].leases | tojson)"' $STATE)"
	must "$UTCPCTL" sandbox pool set size 0
}

# A sandbox that is made while others save is not saved as something else.
beside() {
	local i pid

	begin
	kernel_has bridge
	# So that there is a time in which it may be made.
	for ((i = 0; i < 200; i++)); do
		echo "acl new web-$i"
		echo "acl add web-$i out allow dst 10.0.0.1"
	done | must batch
	defer "$UTCPCTL" sandbox delete t-a
	for ((i = 0; i < 5; i++)); do
		state save >"$WORK/saved" 2>&1 &
		pid=$!
		must "$UTCPCTL" sandbox create t-a --mode custom --rate 10m
		wait "$pid"
		expect_eq "beside that all is saved" 0 $?
		expect_eq "and nothing of it" "" \
			"$(gojq -r '.state | .acl[], .classes[].class, (.links | keys[])' $STATE |
				grep -v '^policy web-\|^out allow dst 10.0.0.1')"
		must "$UTCPCTL" sandbox delete t-a
	done
}

# The old file or the new one.
whole() {
	begin
	must mkdir -m 700 /var/lib/utcp
	must mount -t tmpfs -o size=64k,mode=700 tmpfs /var/lib/utcp
	defer umount /var/lib/utcp
	must "$UTCPCTL" acl new web
	must state save
	must cp $STATE "$WORK/was"
	must sh -c 'head -c 48k /dev/zero >/var/lib/utcp/full'
	for ((i = 0; i < 400; i++)); do
		echo "acl add web out allow dst 10.0.0.$((i % 256)) dport $i proto tcp"
	done | must batch
	expect_rc "a full disk" 2 state save
	expect_match "is told" 'No space left' "$OUT"
	expect_ok "the old one is there" cmp $STATE "$WORK/was"
	expect_eq "and no part of the new one" "full links state.json" \
		"$(cd /var/lib/utcp && shopt -s dotglob && echo *)"
}

# Cells: what is kept, and what is forgotten.
keys() {
	local id

	begin
	expect_ok "a cell" "$UTCPCTL" -j cell new keep on
	id=$(gojq -r .id <<<"$OUT")
	expect_ok "has its key in a file" test -s "$KEYS/$id.key"
	must state save
	must sh -c "umask 077; head -c 32 /dev/urandom | base64 >$WORK/realm"
	must "$UTCPCTL" cell set "$id" realm "$WORK/realm"
	expect_ok "a realm is kept, too" cmp "$WORK/realm" "$KEYS/$id.realm"
	must "$UTCPCTL" cell set "$id" realm none
	expect_fail "until it has none" test -e "$KEYS/$id.realm"
	expect_ok "a cell that is removed" "$UTCPCTL" cell del "$id"
	expect_eq "is forgotten" "" "$(ls $KEYS)"
	expect_no_match "and not restored" "$id" "$(state show)"
	reboot "${ALL_MODULES[@]}"
	expect_ok "which is no failure" state restore
	expect_rc "not with another namespace" 1 "$UTCPCTL" -n t-p cell new keep on
	mkdir -p $KEYS
	chmod 755 $KEYS
	expect_rc "nor where others have access" 5 "$UTCPCTL" cell new keep on
	expect_eq "then there is no cell" "[]" "$("$UTCPCTL" -j cell show)"
}

# Who may not, and where it makes no sense.
rights() {
	begin
	furnish
	must state save
	expect_rc "root of a user namespace" 5 unshare -Ur "$UTCPCTL" state restore
	expect_rc "nor saves" 5 unshare -Urn "$UTCPCTL" state save
	expect_rc "nobody" 5 setpriv --reuid=65534 --regid=65534 --clear-groups "$UTCPCTL" state save
	expect_rc "another namespace" 5 ns t-p "$UTCPCTL" state save
	expect_rc "by option" 1 "$UTCPCTL" -n t-p state save
	reboot
	must rm -rf /var/lib/utcp
	expect_ok "nothing saved, no module: nothing to do" state restore
}

run_tests \
	same "all is the same after a reboot" \
	later "links and namespaces that come later" \
	missing "without a module all is closed" \
	older "and with modules that are older than the tool" \
	damaged "files that are damaged, newer, or not root's alone" \
	refuse "a policy that is refused denies all" \
	part "a set is restored as a whole" \
	again "what could not be bound is closed, and tried again" \
	locked "what could not be marked is closed" \
	expired "what ends while the host is off" \
	upgrade "an upgrade: drain, remove, load, restore" \
	networks "networks of sandboxes" \
	beside "sandboxes that are made meanwhile" \
	whole "a file is whole, or the old one" \
	keys "keys of cells" \
	rights "who may not"
