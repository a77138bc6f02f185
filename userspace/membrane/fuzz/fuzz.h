/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzzer and its seeds agree on.
 */
#ifndef MEMBRANE_FUZZ_H
#define MEMBRANE_FUZZ_H

/**
 * enum fuzz_target - what is tested, the first byte of an input
 * @FUZZ_HTTP: a request
 * @FUZZ_ARP: a frame of the ring for ARP
 * @FUZZ_IP4: of that for IPv4
 * @FUZZ_IP6: of that for IPv6
 */
enum fuzz_target {
	FUZZ_HTTP,
	FUZZ_ARP,
	FUZZ_IP4,
	FUZZ_IP6,
};

#endif
