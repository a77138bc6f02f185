#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Containers of Podman: of 4 on a network of the CNI, of 5 on one of netavark.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

# Beside the tool where it is built; where it is installed, Podman finds it.
PLUGINS=$(dirname "$UTCPCTL")
RULES=("in proto tcp dport 80" "out proto tcp dst 10.88.7.0/24 dport 80")

pod() {
	podman --root "$WORK/storage" --runroot "$WORK/run" --storage-driver vfs "$@"
}

# left - what containers have, and what Podman and the library of the CNI remember of them
left() {
	things
	find /var/lib/cni -type f 2>/dev/null
}

# config BACKEND LINE - for Podman, with this line on where plug-ins are
config() {
	cat >"$WORK/containers.conf" <<-END
		[network]
		network_backend = "$1"
		$2
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "none"
		runtime = "crun"
	END
	export CONTAINERS_CONF=$WORK/containers.conf
}

# network_cni - as Podman 4 has one: a file
network_cni() {
	local file=/etc/cni/net.d/t-net.conflist rules

	[ -x "$PLUGINS/utcp-cni" ] || skip_test "there is no $PLUGINS/utcp-cni"
	config cni "cni_plugin_dirs = [\"$PLUGINS\", \"/usr/lib/cni\"]"
	rules=$(printf '"%s", ' "${RULES[@]}")
	must mkdir -p "${file%/*}"
	cat >"$file" <<-END
		{"cniVersion": "1.0.0", "name": "t-net", "plugins": [{
			"type": "utcp-cni", "subnet": "10.88.7.0/24", "rate": "20m", "allow": [${rules%, }],
			"capabilities": {"portMappings": true, "bandwidth": true, "ips": true, "mac": true}
		}]}
	END
	defer rm -f "$file"
}

# network_netavark - as Podman 5 makes one
network_netavark() {
	local dirs=''

	if [ -x "$PLUGINS/utcp-cni" ]; then
		must mkdir "$WORK/plugins"
		must ln -s "$(realpath "$PLUGINS/utcp-cni")" "$WORK/plugins/utcp"
		dirs="netavark_plugin_dirs = [\"$WORK/plugins\"]"
	fi
	config netavark "$dirs"
	must pod network create -d utcp --subnet 10.88.7.0/24 -o rate=20m \
		-o allow="$(printf '%s; ' "${RULES[@]}")" t-net
	defer pod network rm -f t-net
}

# ready - Podman has an image, and our network
ready() {
	local applet

	command -v podman >"$WORK/out" || skip_test "Podman is not installed"
	begin utcp_acl utcp_shaper
	outside
	case $(podman --version) in
	"podman version 4."*) network_cni ;;
	"podman version 5."*) network_netavark ;;
	*) skip_test "$(podman --version): neither 4 nor 5" ;;
	esac
	must mkdir -p "$WORK/image/bin"
	must cp "$(command -v busybox)" "$WORK/image/bin/"
	for applet in sh sleep httpd wget ping; do
		must ln -s busybox "$WORK/image/bin/$applet"
	done
	echo hello >"$WORK/image/page"
	must tar -C "$WORK/image" -cf "$WORK/image.tar" .
	must pod import "$WORK/image.tar" t-image
	defer pod rm -f -a -t 0
}

# serve NAME [OPTION...] - a container with a web server
serve() {
	local name=$1

	shift
	pod run -d --name "$name" --network t-net "$@" t-image /bin/httpd -f -p 80 -h /
}

# address NAME - as Podman knows it
address() {
	pod inspect -f '{{(index .NetworkSettings.Networks "t-net").IPAddress}}' "$1"
}

# inside CONTAINER COMMAND... - run there, by the sandbox that it is: starting Podman takes
# long
# shellcheck disable=SC2016 # $id is gojq's
inside() {
	local box

	box=$("$UTCPCTL" -j sandbox list |
		gojq -r --arg id "$(<"$WORK/id-$1")" '.[] | select(.container == $id).sandbox')
	sandbox exec "$box" "${@:2}"
}

# asks CONTAINER ADDRESS - for the page of a server
asks() {
	inside "$1" timeout "$((2 * SLOW))" busybox wget -q -O - "http://$2/page"
}

closed() {
	local before a b

	ready
	before=$(left)
	expect_ok "a container runs" serve t-a -p 8080:80
	echo "$OUT" >"$WORK/id-a"
	expect_ok "and another" serve t-b
	echo "$OUT" >"$WORK/id-b"
	a=$(address t-a)
	b=$(address t-b)
	expect_match "inspect shows its address" '^10\.88\.7\.[0-9]+$' "$a"
	expect_eq "each is a sandbox with that address, and its rate" \
		"$(printf '%s custom 20000000\n' "$a/24" "$b/24")" \
		"$("$UTCPCTL" -j sandbox list | gojq -r '.[] | "\(.addr[0]) \(.mode) \(."rate-in")"' | sort -V)"
	expect_eq "one reaches the other, as is allowed" hello \
		"$(pod exec t-b /bin/wget -q -O - "http://$a/page")"
	expect_eq "and the other the one" hello "$(asks a "$b")"
	expect_fail "by nothing else" inside b ping -q -c 1 -W "$SLOW" "$a"
	spawn "$WORK/web" ns t-out busybox httpd -f -p 80 -h "$WORK/image"
	from_here() {
		busybox wget -q -O - http://192.0.2.2/page
	}
	wait_for "a server that is not of the network" 10 from_here
	expect_fail "is not reached" asks b 192.0.2.2
	expect_eq "a published port is, by others" hello \
		"$(ns t-out busybox wget -q -O - http://192.0.2.1:8080/page)"
	expect_ok "one starts again" pod restart -t 0 t-a
	a=$(address t-a)
	expect_eq "and is reached" hello "$(asks b "$a")"
	expect_eq "by the port, too" hello \
		"$(ns t-out busybox wget -q -O - http://192.0.2.1:8080/page)"
	expect_eq "there are two" 2 "$(sandbox list | grep -c ready)"
	expect_ok "one is removed" pod rm -f -t 0 t-a
	expect_ok "the other stops" pod stop -t 0 t-b
	expect_ok "and is pruned" pod container prune -f
	expect_eq "nothing is left" "$before" "$(left)"
	expect_ok "nor, in the end, the network" pod network prune -f
	expect_no_match "which was not used" "t-net" "$(pod network ls)"
}

run_tests \
	closed "two containers reach what they may, and leave nothing"
