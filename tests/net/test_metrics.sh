#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Metrics: they are read by parsers that are not ours, say the same numbers as text
# and JSON, and no series comes, goes, falls or jumps whatever becomes of the policy
# and the program. A file of them is there as a whole.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

# metrics VERB FILE...: see metrics.py.
metrics() {
	python "$TOP/tests/lib/metrics.py" "$@"
}

# scrape FILE [ARGUMENT...]: as OpenMetrics.
scrape() {
	local file=$1

	shift
	fw counters --format openmetrics "$@" >"$file"
}

# series FILE SERIES: its value; "none" if there is none.
series() {
	metrics read "$1" >"$WORK/read.json" && python -c 'import json, sys
value = json.load(open(sys.argv[1])).get(sys.argv[2])
print("none" if value is None else "%d" % value)' "$WORK/read.json" "$2"
}

# of eth0 at HOOK, with labels as the parser sorts them.
eth0() {
	echo "$2{hook=\"$1\",interface=\"eth0\"${3:+,$3},netns=\"$HOST\"${4:+,$4}}"
}

net_up
live_up

# --- nothing is attached: that is worth a scrape too
exits "nothing attached" 0 fw counters --format openmetrics
silent "nothing attached"
check "nothing attached: it is OpenMetrics" metrics read "$WORK/stdout"
equal "nothing attached: who says so" \
	"$(series "$WORK/stdout" "flagwall_build_info{version=\"$(cat "$TOP/VERSION")\"}")" 1
exits "an interface that is not filtered" 0 fw counters eth0 --format openmetrics
equal "an interface that is not filtered: 0" "$(series "$WORK/stdout" "$(eth0 xdp flagwall_attached)")" 0
refused "an interface that is not there" 2 nosuch -- fw counters nosuch --format openmetrics

# --- every face says the same, at every hook
filter_up native
fw attach eth0 --hook tc-ingress --observe >/dev/null 2>&1 && tc="tc-ingress" || tc=""
sent=$(send 5 'ip/TCP(flags="SF")' 4 'ip/TCP(flags="S")' 3 'ip6/TCP(flags="PA")/b"data"' 2 'ip/UDP()' \
	6 'ip/TCP(flags="FPU")' 7 'ip/TCP(flags="")' 1 'ip/TCP(flags="SRA")' 9 'ip6/TCP(flags="SP")')
settle
for format in openmetrics prometheus json text; do
	fw counters --format "$format" >"$WORK/all.$format"
done
fw counters -j >"$WORK/all.j"
equal "--format json is -j" "$(field "$WORK/all.json" "[i['packets'] for i in d['interfaces']]")" \
	"$(field "$WORK/all.j" "[i['packets'] for i in d['interfaces']]")"
rows=$(metrics faces "$WORK/all.openmetrics" "$WORK/all.json" "$WORK/all.text")
equal "text, JSON and OpenMetrics: the same numbers, 31 a filter" "$rows" "$([ -n "$tc" ] && echo 62 || echo 31)"
equal "they are what was sent" "$(field "$WORK/all.json" "d['interfaces'][0]['packets']")" "$sent"
check "the older format says the same" metrics same "$WORK/all.openmetrics" "$WORK/all.prometheus"
exits "promtool check metrics" 0 promtool check metrics <"$WORK/all.prometheus"
equal "promtool check metrics: it has nothing to say" "$(cat "$WORK/stdout" "$WORK/stderr")" ""
# A judge that finds nothing anywhere is none.
sed 's/^# HELP.*//' "$WORK/all.prometheus" >"$WORK/worse"
exits "promtool sees what is missing" 3 promtool check metrics <"$WORK/worse"
equal "attached" "$(series "$WORK/all.openmetrics" "$(eth0 xdp flagwall_attached)")" 1
equal "mode: native, and nothing else" "$(for mode in native generic offload; do
	series "$WORK/all.openmetrics" "$(eth0 xdp flagwall_mode "" "" | sed "s/,netns/,mode=\"$mode\",netns/")"
done | xargs)" "1 0 0"
equal "not observing" "$(series "$WORK/all.openmetrics" "$(eth0 xdp flagwall_observing)")" 0
[ -z "$tc" ] || equal "observing at tc" "$(series "$WORK/all.openmetrics" "$(eth0 tc-ingress flagwall_observing)")" 1
sha=$(field "$WORK/all.json" "d['interfaces'][0]['policy_sha256']")
equal "the policy in force" "$(series "$WORK/all.openmetrics" \
	"$(eth0 xdp flagwall_policy_info "" "policy=\"default\",sha256=\"$sha\"")")" 1
between "what the interface counted itself is there" \
	"$(series "$WORK/all.openmetrics" "$(eth0 xdp flagwall_interface_packets_total)")" 20 1000000
# Another namespace's eth0 is another series; in its own no label is needed.
nsenter --net="/run/netns/$HOST" "$FLAGWALL" counters --format openmetrics eth0 --hook xdp >"$WORK/here"
equal "in its own namespace: no label" \
	"$(series "$WORK/here" 'flagwall_attached{hook="xdp",interface="eth0"}')" 1
equal "an interface named twice is there once" "$(fw counters eth0 eth0 --hook xdp --format openmetrics | grep -c '^flagwall_attached{')" 1
[ -z "$tc" ] || fw detach eth0 --hook tc-ingress >/dev/null

# --- policies come and go, and so do programs: history stays where it is
# moved WHAT SERIES=BY...: since the last scrape.
moved() {
	local what=$1

	shift
	settle
	scrape "$WORK/after" eth0
	check "$what: what was sent came, and nothing else moved" metrics grown "$WORK/before" "$WORK/after" "$@"
	mv "$WORK/after" "$WORK/before"
}

P=flagwall_packets_total D=flagwall_dropped_packets_total X=flagwall_excepted_packets_total
scrape "$WORK/before" eth0
frames=(5 'ip/TCP(flags="SF")' 4 'ip/TCP(flags="SP")' 3 'ip/TCP(flags="A")' 2 'ip/UDP()' 6 'ip/TCP(flags="FPU")')
counted=("$P:syn-fin=5" "$P:syn-psh=4" "$P:ack=3" "$P:not-tcp=2" "$P:xmas=6")
send "${frames[@]}" >/dev/null
moved "default" "${counted[@]}" "$D:syn-fin=5" "$D:xmas=6"
check "strict" fw policy set eth0 strict
moved "strict, by itself"
send "${frames[@]}" >/dev/null
moved "strict" "${counted[@]}" "$D:syn-fin=5" "$D:syn-psh=4" "$D:xmas=6"
# No name of it is one of ours, and it cuts across all of them.
printf 'pattern everything fin drop\npattern rest any pass\n' >"$WORK/own.policy"
check "a policy of its own patterns" fw policy set eth0 "$WORK/own.policy" --force
send "${frames[@]}" >/dev/null
moved "a policy of its own patterns" "${counted[@]}" "$D:syn-fin=5" "$D:xmas=6"
equal "its name is said" "$(grep -c '^flagwall_policy_info{.*policy="own"' "$WORK/before")" 1
check "observing" fw attach eth0 --observe --policy default
send "${frames[@]}" >/dev/null
moved "observing, and another program" "${counted[@]}"
printf 'include default\nexcept from %s\n' "$PEER4" >"$WORK/welcome.policy"
check "exceptions" fw attach eth0 --enforce --policy "$WORK/welcome.policy"
send "${frames[@]}" >/dev/null
moved "exceptions, and another program" "${counted[@]}" "$X:syn-fin=5" "$X:xmas=6" "$X:syn-psh=4"
check "on trial" fw policy set eth0 basic --confirm 2
equal "on trial: it is said" "$(scrape "$WORK/trial" eth0; series "$WORK/trial" "$(eth0 xdp flagwall_policy_unconfirmed)")" 1
moved "on trial"
sleep 2.1
moved "and back"
check "another program in its place" fw attach eth0 --policy default --enforce
send "${frames[@]}" >/dev/null
moved "another program" "${counted[@]}" "$D:syn-fin=5" "$D:xmas=6"

# --- into a file, as a whole
printf 'old\n' >"$WORK/flagwall.prom"
exits "--output" 0 fw counters --format prometheus --output "$WORK/flagwall.prom"
equal "--output: nothing is printed" "$(cat "$WORK/stdout" "$WORK/stderr")" ""
scrape "$WORK/printed"
check "--output: it is what is printed" metrics same "$WORK/flagwall.prom" "$WORK/printed"
equal "--output: others may read it" "$(umask 022; fw counters --output "$WORK/text" && stat -c %a "$WORK/text")" 644
equal "--output: as far as the umask lets" "$(umask 027; fw counters -j --output "$WORK/json" && stat -c %a "$WORK/json")" 640
equal "--output: JSON too" "$(field "$WORK/json" "d['interfaces'][0]['policy']")" default
equal "--output: text too" "$(grep -c ^syn-fin "$WORK/text")" 1
equal "--output leaves nothing else" "$(find "$WORK" -name 'flagwall.prom?*')" ""
mkdir "$WORK/full"
mount -t tmpfs -o size=4k none "$WORK/full"
at_exit umount "$WORK/full"
printf 'old\n' >"$WORK/full/flagwall.prom"
refused "--output: a full disk" 2 flagwall.prom "No space left" -- \
	fw counters --format openmetrics --output "$WORK/full/flagwall.prom"
equal "a full disk: the old file is whole" "$(cat "$WORK/full/flagwall.prom")" old
refused "--output: a folder" 2 "regular file" -- fw counters --output "$WORK"
refused "--output: -" 1 "'-'" -- fw counters --output -
for wrong in "--by flags" "--match syn" --samples "--save $WORK/x" "--since $WORK/x" -j; do
	# shellcheck disable=SC2086
	refused "$wrong" 1 openmetrics -- fw counters eth0 --format openmetrics $wrong
done
refused "--save and --output" 1 --save --output -- fw counters eth0 --save "$WORK/x" --output "$WORK/y"
refused "a format that is none" 1 text json openmetrics prometheus -- fw counters --format xml

# --- an interface that is gone, and one with a hostile name
hostile=a\"b\\
in_host ip link add "$hostile" type veth peer name peer0
check "attach a hostile name" fw attach "$hostile"
fw counters --format openmetrics >"$WORK/hostile"
equal "a hostile name" "$(metrics read "$WORK/hostile" | grep -c 'interface=\\"a\\"b\\\\\\"')" 1
in_host ip link add gone type veth peer name peer1
fw attach gone >/dev/null
in_host ip link del gone
scrape "$WORK/gone"
equal "gone: its filter is not attached" \
	"$(series "$WORK/gone" "flagwall_attached{hook=\"xdp\",interface=\"gone\",netns=\"$HOST\"}")" 0
equal "gone: no counters" "$(grep -c 'total{interface="gone"' "$WORK/gone")" 0
in_host ip link add gone type veth peer name peer1
fw attach gone --mode generic >/dev/null
scrape "$WORK/gone"
equal "made again" "$(series "$WORK/gone" "flagwall_attached{hook=\"xdp\",interface=\"gone\",netns=\"$HOST\"}")" 1
equal "made again: generic by wish is no fallback" \
	"$(series "$WORK/gone" "flagwall_fallback{hook=\"xdp\",interface=\"gone\",netns=\"$HOST\"}")" 0
in_host ip link del "$hostile"
filter_down
