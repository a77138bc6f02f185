# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What tests of what the root of a sandbox can do share: a namespace of his own, in which
# he has all capabilities, and none outside.

# sandbox_in NS - a process in a user namespace and a network namespace of its own, by root
# of NS; it is $SANDBOX
sandbox_in() {
	rm -f "$WORK/sandbox" # another case's
	spawn "$WORK/sandbox" ip netns exec "$1" unshare -Urn sh -c 'echo $$; exec sleep 600'
	wait_for "the sandbox is there" 20 test -s "$WORK/sandbox"
	SANDBOX=$(head -n 1 "$WORK/sandbox")
}

# inside COMMAND... - as root of the sandbox
inside() {
	nsenter -t "$SANDBOX" -U -n --preserve-credentials "$@"
}

# redirected - what the sandbox's d1 sends tc redirects to its link, p0
redirected() {
	inside tc -batch - <<-END
		qdisc replace dev d1 clsact
		filter replace dev d1 egress pref 1 matchall action mirred egress redirect dev p0
	END
}

# ifb - in the sandbox. What d1 sends tc redirects to p0, and there, since it comes from
# d1, to the ifb. That gives it back to p0 with the mark to skip tc and hooks once; now it
# comes from p0, so no action of tc uses the mark up.
ifb() {
	inside ip link add f0 up type ifb && redirected &&
		inside tc -batch - <<-END
			qdisc replace dev p0 clsact
			filter replace dev p0 egress pref 1 protocol all flower indev d1 action mirred egress redirect dev f0
		END
}

no_ifb() {
	must inside tc qdisc del dev p0 clsact
	must inside tc qdisc del dev d1 clsact
	must inside ip link del f0
}
