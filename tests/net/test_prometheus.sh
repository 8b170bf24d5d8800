#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A real Prometheus scrapes three hosts, while one of them is scanned and flooded, another
# loses its filter, and the third runs in generic mode: each alert fires for the host that it
# is about, and for no other. The dashboard's questions are asked of the same Prometheus.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

EXPORTER=${FLAGWALL_EXPORTER:-$BUILD/flagwall-exporter}
URL=http://127.0.0.1:9090
DEPLOY=$TOP/deploy/prometheus

# --- what needs no host
exits "promtool check rules" 0 promtool check rules "$DEPLOY"/flagwall.rules.yml "$DEPLOY"/flagwall.alerts.yml
exits "promtool check config" 0 promtool check config "$DEPLOY/prometheus.yml"
exits "promtool test rules" 0 promtool test rules "$DEPLOY/flagwall.test.yml"
cp "$DEPLOY"/*.yml "$WORK/"
# Each alert is tested: one that never fires is seen.
sed -n 's/^ *- alert: //p' "$DEPLOY/flagwall.alerts.yml" >"$WORK/alerts"
while read -r alert; do
	python -c 'import re, sys
print(re.sub(r"(alert: %s\n\s+expr: ).*?(?=\n\s+(for|labels):)" % sys.argv[2], r"\1vector(0) > 1",
    open(sys.argv[1]).read(), flags=re.S))' "$DEPLOY/flagwall.alerts.yml" "$alert" >"$WORK/flagwall.alerts.yml"
	check "without $alert: promtool check rules" promtool check rules "$WORK/flagwall.alerts.yml"
	exits "without $alert: promtool test rules sees it" 1 promtool test rules "$WORK/flagwall.test.yml"
done <"$WORK/alerts"

# --- three hosts and one that watches, which is the peer
FIRST=$HOST SECOND=fw-b-$$ THIRD=fw-c-$$
net_up
live_up
number=1
for ns in "$SECOND" "$THIRD"; do
	number=$((number + 1))
	at_exit net_down "$ns"
	ip netns add "$ns"
	ip link add "out$number" netns "$PEER" type veth peer name eth0 netns "$ns"
	in_peer ip addr add "10.66.$number.1/24" dev "out$number"
	in_ns "$ns" ip addr add "10.66.$number.2/24" dev eth0
	in_peer ip link set "out$number" up
	in_ns "$ns" ip link set eth0 up
	in_ns "$ns" ip link set lo up
done
A=$HOST4 B=10.66.2.2 C=10.66.3.2
for host in "$FIRST $A" "$SECOND $B" "$THIRD $C"; do
	read -r ns address <<<"$host"
	check "$ns: attach" "$FLAGWALL" attach --netns "$ns" eth0 --mode native
	nsenter --net="/run/netns/$ns" "$EXPORTER" --listen "$address:9979" 2>"$WORK/exporter" &
	disown
done

# As shipped, but for the clock: a second is what there is 15 of.
sed 's/for: .*/for: 2s/' "$DEPLOY/flagwall.alerts.yml" >"$WORK/flagwall.alerts.yml"
sed "s/_interval: 15s/_interval: 1s/; s/targets: .*/targets: ['$A:9979', '$B:9979', '$C:9979']/" "$DEPLOY/prometheus.yml" >"$WORK/prometheus.yml"
nsenter --net="/run/netns/$PEER" prometheus --config.file="$WORK/prometheus.yml" --storage.tsdb.path="$WORK/tsdb" \
	--web.listen-address=127.0.0.1:9090 --log.level=warn >"$WORK/prometheus.log" 2>&1 &
disown

# query EXPRESSION: "LABELS VALUE" a line, of what Prometheus answers: instance and alertname alone.
# Sorted, in $answer.
query() {
	answer_in "$PEER" -c 'import json, sys, urllib.parse, urllib.request
asked = sys.argv[1] + "/api/v1/query?" + urllib.parse.urlencode({"query": sys.argv[2]})
with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=5) as said:
    result = json.load(said)["data"]["result"]
print(*sorted(" ".join([r["metric"][l] for l in ("alertname", "instance") if l in r["metric"]] + [r["value"][1]])
              for r in result), sep="\n")' "$URL" "$1"
}

# asked WHAT EXPRESSION EXPECTED: it is so now.
asked() {
	query "$2"
	equal "$1" "$answer" "$3"
}

# becomes WHAT EXPRESSION EXPECTED: within 30 s.
becomes() {
	local tries=60

	until query "$2" 2>/dev/null && [ "$answer" = "$3" ] || [ $((tries -= 1)) -le 0 ]; do
		sleep 0.5
	done
	asked "$1" "$2" "$3"
}

# fires WHAT ALERT INSTANCE: it fires for that one, and for no other.
fires() {
	becomes "$1" "sum by (alertname, instance) (ALERTS{alertname=\"$2\",alertstate=\"firing\"})" "$2 $3:9979 1"
}

becomes "three hosts are up" 'up' "$(printf '%s 1\n' "$A:9979" "$B:9979" "$C:9979" | sort)"
becomes "three filters" 'count(flagwall_attached == 1)' 3
becomes "all are seen at rest" 'count(interface:flagwall_packets:rate5m)' 3
asked "nothing fires" 'ALERTS' ""

# --- a is scanned; b and c are used
for address in "$B" "$C"; do
	in_peer nmap -n -Pn -sT --max-retries 0 -p 1-100 "$address" >/dev/null 2>&1
	in_peer ping -q -c 20 -i 0.01 "$address" >/dev/null
done
for scan in -sN -sX; do
	in_peer nmap -n -Pn --max-retries 0 -p 1-100 "$scan" "$A" >/dev/null 2>&1
done
settle
fires "a scan: of the host that is scanned" FlagwallScan "$A"
asked "a scan: nothing else fires" 'count(ALERTS)' 1
for where in "$FIRST:$A" "$SECOND:$B"; do
	"$FLAGWALL" counters --netns "${where%:*}" eth0 -j >"$WORK/counters.json"
	for name in null xmas syn rst; do
		becomes "Prometheus and the command agree: $name of ${where#*:}" \
			"sum by (instance) (flagwall_packets_total{pattern=\"$name\",instance=\"${where#*:}:9979\"})" "${where#*:}:9979 $(pattern "$name")"
	done
done
between "null: the scan is all of it" "$("$FLAGWALL" counters --netns "$FIRST" eth0 -j >"$WORK/counters.json"; pattern null)" 100 110

# --- a flood of a, meanwhile c changes its mode and b is detached
nsenter --net="/run/netns/$PEER" timeout 120 hping3 -q --flood -S -F -p 9 "$A" >/dev/null 2>&1 &
flood=$!
check "c: detach" "$FLAGWALL" detach --netns "$THIRD" eth0
check "c: attach in generic mode" "$FLAGWALL" attach --netns "$THIRD" eth0 --mode generic
check "b: detach" "$FLAGWALL" detach --netns "$SECOND" eth0
fires "a filter in generic mode" FlagwallGenericMode "$C"
fires "a filter is gone" FlagwallFilterGone "$B"
fires "a flood" FlagwallFlood "$A"
kill "$flood"

# --- the dashboard
exits "the dashboard: each question has an answer" 0 in_peer "$PYTHON" "$TOP/tests/lib/dashboard.py" \
	"$TOP/deploy/grafana/dashboard.json" "$URL" "$A:9979" eth0
between "the dashboard: so many were asked" "$(cat "$WORK/stdout")" 15 100

# --- no exporter, no news
check "b: attach again" "$FLAGWALL" attach --netns "$SECOND" eth0
becomes "b: the filter is back" 'count(ALERTS{alertname="FlagwallFilterGone"}) or vector(0)' 0
kill "$(ip netns pids "$THIRD")"
fires "an exporter that is down" FlagwallExporterDown "$C"
asked "an exporter that is down: no filter is gone" 'ALERTS{alertname="FlagwallFilterGone"}' ""
asked "nothing stands still" 'ALERTS{alertname="FlagwallCountersStalled",alertstate="firing"}' ""

# --- counters that cannot be read, as somebody removed a pin
rm "$(pins eth0 "$FIRST")/xdp/states"
fires "counters that cannot be read" FlagwallCountersStalled "$A"
"$FLAGWALL" detach --netns "$FIRST" eth0 >/dev/null
check "a: attach again" "$FLAGWALL" attach --netns "$FIRST" eth0
becomes "counters that can be read again" 'count(ALERTS{alertname="FlagwallCountersStalled"}) or vector(0)' 0

# --- counters that stand still: what arrives at eth1 of b never comes to its filter at tc, as one of XDP drops it
if ip link add out4 netns "$PEER" type veth peer name eth1 netns "$SECOND" address 02:66:00:00:00:04 &&
	in_ns "$SECOND" sysctl -qw net.ipv6.conf.eth1.disable_ipv6=1 && in_peer sysctl -qw net.ipv6.conf.out4.disable_ipv6=1 &&
	in_peer ip addr add 10.66.4.1/24 dev out4 && in_peer ip link set out4 up && in_ns "$SECOND" ip link set eth1 up &&
	in_peer ip neigh add 10.66.4.2 lladdr 02:66:00:00:00:04 dev out4 nud permanent &&
	"$FLAGWALL" attach --netns "$SECOND" eth1 --hook tc-ingress >/dev/null 2>&1; then
	printf 'pattern everything any drop\n' >"$WORK/wall.policy"
	check "b: all of it is dropped before" "$FLAGWALL" attach --netns "$SECOND" eth1 --policy "$WORK/wall.policy" --force
	becomes "b: both are seen" 'count(flagwall_attached{interface="eth1"} == 1)' 2
	nsenter --net="/run/netns/$PEER" timeout 120 hping3 -q -i u50000 -S -p 9 10.66.4.2 >/dev/null 2>&1 &
	fires "counters that stand still" FlagwallCountersStalled "$B"
	asked "counters that stand still: those of that filter" \
		'ALERTS{alertname="FlagwallCountersStalled",alertstate="firing",interface="eth1",hook="tc-ingress"}' \
		"FlagwallCountersStalled $B:9979 1"
else
	skip "counters that stand still" "this kernel has no hook of tc"
fi
