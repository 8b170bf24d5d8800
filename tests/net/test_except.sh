#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Exceptions: flagged packets from or to certain addresses pass and are counted
# as excepted; all others meet the policy. And many of them, under fire.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# row NAME MEMBER: of a pattern or reason.
row() {
	field "$WORK/counters.json" "[r['$2'] for r in d['patterns'] + d['reasons'] if r['name'] == '$1'][0]"
}

# by_address MODE: the addresses of the test's two ends, by exact address, by
# prefix, for one pattern, for a reason, and for everything.
by_address() {
	local what=$1

	cat >"$WORK/except.policy" <<-END
		include default
		except from $PEER4 syn-fin,syn-psh
		except from ${PEER4%.*}.0/24 fragment-overlap
		except to $HOST6/64 null
		except from 203.0.113.0/24
	END
	sed -i "s|except to .*/64|except to ${HOST6%::*}::/64|" "$WORK/except.policy"
	filter_up "$1" --policy "$WORK/except.policy"
	send 7 'ip/TCP(flags="SF")' 5 'ip/TCP(flags=0)' 3 'ip6/TCP(flags=0)' 2 'ip6/TCP(flags="SF")' \
		4 'ip/TCP(flags="SP")' 6 'ip/TCP(flags="A")' 1 'ip6/TCP(flags="SP")' \
		2 'link/IP(src=os.environ["PEER4"], dst=os.environ["HOST4"], frag=1, proto=6)/Raw(b"x" * 40)' \
		3 'link/IP(src="203.0.113.9", dst=os.environ["HOST4"])/TCP(flags="FPU")' \
		2 'link/IP(src="203.0.114.9", dst=os.environ["HOST4"])/TCP(flags="FPU")' >/dev/null
	accounts "$what"
	equal "$what: SYN/FIN from one, not from the other" \
		"$(row syn-fin packets) $(row syn-fin excepted) $(row syn-fin dropped)" "9 7 2"
	equal "$what: no flags, to one network, not to the other" \
		"$(row null packets) $(row null excepted) $(row null dropped)" "8 3 5"
	equal "$what: what is only counted is excepted as well" \
		"$(row syn-psh packets) $(row syn-psh excepted)" "5 4"
	equal "$what: a reason" \
		"$(row fragment-overlap excepted) $(row fragment-overlap dropped)" "2 0"
	equal "$what: everything from a network" "$(row xmas excepted) $(row xmas dropped)" "3 2"
	equal "$what: legal segments are not asked" "$(row ack packets) $(row ack excepted)" "6 0"
	equal "$what: all that was excepted" "$(value excepted)" 19
	equal "$what: SYN/FIN behind the filter" "$(behind 'f == S|F')" 7
	fw explain -j SF >"$WORK/explained"
	equal "$what: explain knows what is in force" "$(field "$WORK/explained" \
		"d['policy'], [(i['interface'], i['action'], i['exceptions'], i['observe'], i['unconfirmed']) for i in d['in_force']]")" \
		"('except', [('eth0', 'drop', 2, False, False)])"
	fw explain -j SF --policy basic >"$WORK/explained"
	equal "$what: explain by another policy asks no interface" \
		"$(field "$WORK/explained" "d['policy'], d['in_force']")" "('basic', [])"
	fw policy preview eth0 "$WORK/except.policy" -j >"$WORK/preview.json"
	equal "$what: preview says that it is an upper bound" \
		"$(field "$WORK/preview.json" "d['upper_bound'], d['would_drop'] >= $(value dropped)")" "(True, True)"
	fw policy show eth0 >"$WORK/shown"
	"$FLAGWALL" policy show "$WORK/except.policy" >"$WORK/written"
	check "$what: what is in force is what was written" test \
		"$(grep ^except "$WORK/shown")" = "$(grep ^except "$WORK/written")"
	fw counters eth0 --save "$WORK/snapshot" >/dev/null
	fw attach eth0 --observe >/dev/null
	counters --since "$WORK/snapshot"
	equal "$what: a snapshot knows them" "$(value excepted)" 0
	send 1 'ip/TCP(flags="SF")' 1 'ip6/TCP(flags="SF")' >/dev/null
	accounts "$what: observing"
	equal "$what: observing keeps the exceptions" "$(row syn-fin excepted)" 8
	fw policy set eth0 default --enforce >/dev/null
	send 3 'ip/TCP(flags="SF")' >/dev/null
	accounts "$what: without"
	equal "$what: a policy without them" "$(row syn-fin excepted) $(row syn-fin dropped)" "8 5"
	filter_down
}

# under_changes MODE SETS: policies with exceptions and without come and go; all drop what comes.
under_changes() {
	local what="$1, under fire" transfer flood i refused=0 pace=$SECONDS

	python -c 'print("include default")
for i in range(20000):
    print("except from 203.%d.%d.0/25 syn-fin" % (i >> 8 & 255, i & 255))' >"$WORK/many.policy"
	filter_up "$1"
	# The fire is put out when all is done: it must only last.
	fw policy set eth0 "$WORK/many.policy" >/dev/null
	pace=$((SECONDS - pace + 1))
	under_fire $((4 * $2 * pace + 30))
	for ((i = 0; i < $2; i++)); do
		case $((i % 3)) in
		0) policy=$WORK/many.policy ;;
		1) policy=default ;;
		2) policy=$WORK/except-other.policy ;;
		esac
		fw policy set eth0 "$policy" >/dev/null 2>&1 || refused=$((refused + 1))
	done
	fire_over "$what"
	equal "$what: policy set refused" "$refused" 0
	fire_dropped "$what"
	filter_down
}

net_up
live_up
printf 'include default\nexcept to 198.51.100.7\nexcept from 2001:db8::/32 null\n' >"$WORK/except-other.policy"
for mode in $MODES; do
	by_address "$mode"
done
under_changes native "${FLAGWALL_CHANGES:-21}"
