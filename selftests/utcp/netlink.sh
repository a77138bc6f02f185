#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The netlink family of utcp with no other module of the suite loaded than
# it needs: see ../lib/nlprobe.c.
. "$(dirname "$0")/../lib.sh"

probe_family utcp
