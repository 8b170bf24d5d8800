#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The same packets in every format, byte order, resolution and link type that
# classify reads: each is judged as what it is. Needs no root.

# shellcheck source=tests/lib/script.sh
. "$(dirname "$0")/../lib/script.sh"

"$BUILD/tests/unit/dump_frames" "$WORK/base.pcap" "$WORK/table.tsv"
mkdir "$WORK/captures"
printf 'include default\ninspect tunnels\n' >"$WORK/tunnels.policy"
"$PYTHON" "$TOP/tests/captures/make_captures.py" "$WORK/base.pcap" "$WORK/captures"
"$PYTHON" "$TOP/tests/captures/check_formats.py" "$FLAGWALL" "$WORK/captures" \
	"$WORK/table.tsv" "$WORK/tunnels.policy"
