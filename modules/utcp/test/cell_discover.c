// SPDX-License-Identifier: GPL-2.0-only
/*
 * What cell.c needs of the others, for its tests: an object cannot be part of two
 * modules.
 */
#include "../frame.c"

#include "../discover.c"
