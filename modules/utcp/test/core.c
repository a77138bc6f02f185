// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole cryptographic core once more, for test modules: an object cannot be
 * part of two modules.
 */
#include "../crypto.c"
#include "../noise.c"
#include "../cookie.c"
#include "../replay.c"
#include "../keys.c"
