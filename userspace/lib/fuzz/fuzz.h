/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the fuzzer and its seeds agree on.
 */
#ifndef LIBUTCP_FUZZ_H
#define LIBUTCP_FUZZ_H

#define FUZZ_PORTID 4711
#define FUZZ_ID 30

/**
 * enum fuzz_target - what is tested, the first byte of an input
 * @FUZZ_LIST: the list of families
 * @FUZZ_INFO: version, contract and limits
 * @FUZZ_SET: the answer to new limits
 * @FUZZ_MONITOR: events
 * @FUZZ_MODSIG: the end of a module; the rest of the input is just that
 * @FUZZ_TEXT: CellIDs, keys and names files; the rest of the input is one
 * @FUZZ_CELLS: a list of cells
 * @FUZZ_RUNDIR: files of sandboxes and their networks; the rest of the input is one
 */
enum fuzz_target {
	FUZZ_LIST,
	FUZZ_INFO,
	FUZZ_SET,
	FUZZ_MONITOR,
	FUZZ_MODSIG,
	FUZZ_TEXT,
	FUZZ_CELLS,
	FUZZ_RUNDIR,
};

#endif
