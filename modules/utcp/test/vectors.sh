#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# vectors.sh DIR - the test vectors in DIR as the rows of a table in C: name, hex.
# The names of the published ones begin with "noise_".
set -eu

row='s/^\([a-z0-9_]*\) = \([0-9a-f]*\)$/{ "\1", "\2" },/p'
sed -n "$row" "$1/utcp1.txt"
sed -n "s/^/noise_/;$row" "$1/noise.txt"
