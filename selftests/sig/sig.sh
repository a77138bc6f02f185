#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel that loads only what is signed (module.sig_enforce=1): unsigned modules
# are refused, and the tool says why and what to do.
. "$(dirname "$0")/../lib.sh"

if [ "$(cat /sys/module/module/parameters/sig_enforce 2>/dev/null)" != Y ]; then
	skip_all "this kernel was not booted with module.sig_enforce=1"
fi

refused() {
	local name

	for name in "${ALL_MODULES[@]}"; do
		expect_fail_with "insmod $name" "Key was rejected|Required key not available" \
			insert "$name"
		expect_fail "$name is not there" loaded "$name"
	done
	expect_ok "what the distribution signed is loaded" modprobe dummy
}

# field FILTER - of the status as JSON
field() {
	gojq -r "$1" <<<"$STATUS"
}

tool_says() {
	install_modules
	expect_fail "modprobe is refused" modprobe netswitch
	expect_rc "status: something is missing" 3 "$UTCPCTL" status
	expect_match "it names the module and the reason" \
		"the kernel refuses module netswitch: it has no signature, and module.sig_enforce is set" \
		"$OUT"
	expect_match "it shows Secure Boot's state" '^secure-boot (absent|off|on|unknown) sig-enforce on' "$OUT"
	expect_match "it gives the line that mends it" \
		'^ *try: mokutil --import /var/lib/dkms/mok\.pub$' "$OUT"

	STATUS=$("$UTCPCTL" -j status)
	expect_eq "JSON: it does not work" false "$(field .works)"
	expect_eq "JSON: signatures are enforced" on "$(field .kernel.sig_enforce)"
	expect_match "JSON: Secure Boot" '^(absent|off|on|unknown)$' "$(field .kernel.secure_boot)"
	expect_eq "JSON: each module's problem" \
		"unsigned unsigned unsigned unsigned" \
		"$(field '[.modules[].problems[0].code] | join(" ")')"
	expect_eq "JSON: each module's file" \
		"/lib/modules/$(uname -r)/updates/dkms/netswitch.ko" "$(field '.modules[0].file')"
	expect_eq "JSON: the line" "mokutil --import /var/lib/dkms/mok.pub" \
		"$(field '.modules[0].problems[0].hint')"
}

# As modules of our own package, not of DKMS; signed, by a key nobody knows.
other_key() {
	local key=$WORK/key

	must openssl req -new -x509 -newkey rsa:2048 -nodes -days 1 -subj "/CN=Nobody we know/" \
		-outform DER -keyout "$key.pem" -out "$key.der"
	cp -r "$MODULES" "$WORK/signed"
	MODULES=$WORK/signed
	must "$(find "/lib/modules/$(uname -r)/build/" /usr/src/linux-*"$(uname -r | sed 's/.*-//')"*/ \
		/usr/lib/linux-kbuild-*/ -name sign-file -print -quit 2>/dev/null)" \
		sha256 "$key.pem" "$key.der" "$(ko netswitch)"
	install_modules
	expect_fail "modprobe is refused" modprobe netswitch
	STATUS=$("$UTCPCTL" -j status)
	expect_eq "JSON: the problem" unknown-key "$(field '.modules[0].problems[0].code')"
	expect_eq "JSON: the signer" "Nobody we know" "$(field '.modules[0].signer')"
	expect_rc "status: something is missing" 3 "$UTCPCTL" status
	expect_match "it names the signer" "no key of the signer, Nobody we know" "$OUT"
}

run_tests \
	refused "unsigned modules are refused" \
	tool_says "the tool says why, and what to do" \
	other_key "a signature by an unknown key is named"
