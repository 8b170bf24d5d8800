#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Killed in a system call, or that call refused: what is left is a whole filter or
# none, and the next command makes it good. FLAGWALL_FAULTS=seen refuses all calls that
# others see the effect of; FLAGWALL_FAULTS=every breaks each call at all, which takes an
# hour (TEST_TIMEOUT=7200 tests/run tests/cli/test_faults.sh).

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# A process that holds the lock and is gone holds it no more; one that holds it
# is waited for.
mkdir -m 700 /sys/fs/bpf/flagwall
exits "locked by another" 124 flock /sys/fs/bpf/flagwall timeout 0.3 "$FLAGWALL" attach --netns "$HOST" eth0
check "locked by another: nothing happens" bare
exits "locked by another, who has gone: attach" 0 "$FLAGWALL" attach --netns "$HOST" eth0
silent "locked by another, who has gone: attach"
check "locked by another, who has gone: whole" whole
exits "locked by another, who has gone: detach" 0 "$FLAGWALL" detach --netns "$HOST" eth0
check "locked by another, who has gone: bare" bare

can_trace || { skip "faults" "strace may not trace here"; exit 0; }

# What it says of each is a check of this script's.
while read -r verdict what; do
	case $verdict in
	ok | not) tap_count=$((tap_count + 1)) ;;&
	ok) echo "ok $tap_count - $what" ;;
	not)
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - ${what#ok }"
		;;
	ended) equal "all calls were tried" "$what" 0 ;;
	*) echo "$verdict $what" ;;
	esac
done < <(
	# shellcheck disable=SC2086
	in_host "$PYTHON" "$TOP/tests/lib/faults.py" eth0 "$WORK" ${FLAGWALL_FAULTS:-}
	echo "ended $?"
)
