#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Twenty interfaces and eight who attach, detach, set policies and read at once:
# nobody meets anything but a clear refusal, and at the end all is as it is told to
# be. FLAGWALL_CROWD: for how many seconds (10). FLAGWALL_SEED replays the choices.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

net_up
devices=()
for i in {1..20}; do
	ip link add "out$i" netns "$PEER" type veth peer name "in$i" netns "$HOST"
	in_host ip link set "in$i" up
	in_peer ip link set "out$i" up
	devices+=("in$i")
done

seed=${FLAGWALL_SEED:-$RANDOM}
in_host "$PYTHON" "$TOP/tests/lib/crowd.py" "$seed" "${FLAGWALL_CROWD:-10}" 8 "$WORK" "${devices[@]}" >"$WORK/crowd"
equal "the crowd went home" $? 0
echo "# $(tail -n 1 "$WORK/crowd")"
check "there was a crowd" grep -q "^seed $seed: .* attach" "$WORK/crowd"
equal "what nobody may meet" "$(head -n -1 "$WORK/crowd")" ""

# truth: what status says of each interface is what the kernel says.
truth() {
	local device code expected bad=0

	for device in "${devices[@]}"; do
		expected=0 code=0
		[ "$(xdp "$device")" != none ] || expected=3
		fw status "$device" --check >/dev/null 2>&1 || code=$?
		[ $code = $expected ] || { echo "$device: XDP $(xdp "$device"), status --check exits with $code"; bad=1; }
		[ $expected = 3 ] || whole "$device" || bad=1
		[ $expected = 0 ] || bare "$device" || bad=1
	done
	return $bad
}

check "status tells the truth of all" truth
exits "all attached at once" 0 fw attach "${devices[@]}" --policy strict --enforce
check "status tells the truth of all, attached" truth
equal "strict is in force everywhere" "$(fw status -j | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin)["interfaces"]
print(len(d), {(i["policy"], i["observe"], i["unconfirmed"]) for i in d})')" "20 {('strict', False, None)}"
exits "all detached" 0 fw detach --all
check "status tells the truth of all, detached" truth
equal "no pins are left" "$(find /sys/fs/bpf -mindepth 2)" ""
for verb in attach "policy set" "policy confirm" "policy preview"; do
	# shellcheck disable=SC2086
	refused "$verb --all" 1 --all -- fw $verb --all
done
