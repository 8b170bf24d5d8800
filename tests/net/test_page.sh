#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The exporter's page, in headless Chromium, against a live filter under scans: its
# numbers are those of counters; keys, screen readers, light and dark; nothing from elsewhere.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

EXPORTER=${FLAGWALL_EXPORTER:-$BUILD/flagwall-exporter}

net_up
live_up
fw attach eth0 --mode native >/dev/null
fw attach eth0 --hook tc-egress >/dev/null 2>&1
nsenter --net="/run/netns/$HOST" "$EXPORTER" 2>"$WORK/log" &
pid=$!
check "the exporter listens" listening 9979

# --- the numbers by themselves
send 7 'ip/TCP(flags="SF")' 5 'ip/TCP(flags="FPU")/b"data"' 3 'ip/UDP()' >/dev/null
settle
in_host curl -s -D "$WORK/headers" http://127.0.0.1:9979/status.json >"$WORK/status.json"
in_host "$FLAGWALL" counters -j >"$WORK/counters.json"
same() {
	jq -S 'del(.time, .timestamp, .missing) | del(.interfaces[].time, .interfaces[].life.seconds)' "$1"
}
equal "/status.json: what counters have" "$(same "$WORK/status.json")" "$(same "$WORK/counters.json")"
equal "/status.json: SYN/FIN" "$(jq '.interfaces[0].patterns[] | select(.name == "syn-fin").dropped' "$WORK/status.json")" 7
equal "/status.json: nothing is missing" "$(jq -c .missing "$WORK/status.json")" "[]"
check "/status.json: JSON" grep -qix $'content-type: application/json\r' "$WORK/headers"
in_host curl -s -D "$WORK/headers" http://127.0.0.1:9979/ >"$WORK/page.html"
check "/: one file, as it is in the sources" cmp "$WORK/page.html" "$TOP/user/exporter/status.html"
equal "/: it names no other place" "$(grep -oE '(https?:)?//[a-z][^" ]*' "$WORK/page.html")" http://www.w3.org/2000/svg
check "/: a policy that lets its own script run, and no other" \
	grep -qiE "^content-security-policy: default-src 'none'; style-src 'sha256-[^ ]{44}'; script-src 'sha256-[^ ]{44}';" "$WORK/headers"

# --- as people see it
while IFS=$'\t' read -r what got expected; do
	equal "$what" "$got" "$expected"
done < <("$PYTHON" "$TOP/tests/lib/status_page.py" "$pid" 2>"$WORK/trouble" || echo "status_page.py	$(tail -n 1 "$WORK/trouble")	no trouble")
