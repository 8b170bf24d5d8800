#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What is printed, and what happens when it cannot be: help, versions, JSON,
# full disks, closed pipes and closed descriptors.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# --- help
exits "help" 0 "$FLAGWALL" help
silent "help"
cp "$WORK/stdout" "$WORK/help"
# A verb that has verbs of its own stands for them.
verbs=()
mapfile -t words < <(awk '/^  [a-z]/ { print $1 }' "$WORK/help")
for verb in "${words[@]}"; do
	mapfile -t below < <("$FLAGWALL" "$verb" --help | awk '/^Usage/ && !/ VERB / { exit } /^  [a-z]/ { print $1 }')
	for word in "${below[@]}"; do
		verbs+=("$verb $word")
	done
	[ "${#below[@]}" -gt 0 ] || verbs+=("$verb")
done
for verb in attach detach status counters explain classify rule; do
	check "help: lists $verb" grep -q "^  $verb " "$WORK/help"
done
for word in --help -h; do
	exits "$word" 0 "$FLAGWALL" "$word"
	check "$word: the same as help" cmp "$WORK/stdout" "$WORK/help"
done

declare -A json=()
# shellcheck disable=SC2086
for verb in "${verbs[@]}"; do
	exits "$verb --help" 0 "$FLAGWALL" $verb --help
	silent "$verb --help"
	cp "$WORK/stdout" "$WORK/$verb.help"
	check "$verb --help: how it is called" grep -q "^Usage: flagwall $verb" "$WORK/stdout"
	exits "$verb -h" 0 "$FLAGWALL" $verb -h
	check "$verb -h: the same" cmp "$WORK/stdout" "$WORK/$verb.help"
	exits "$verb --help with an argument" 0 "$FLAGWALL" $verb nosuch --help
	exits "$verb: its options" 1 "$FLAGWALL" $verb --0
	mapfile -t options < <(grep -oE -- '--[a-z]+' "$WORK/stderr" | sort -u)
	check "$verb: its options are named" test "${#options[@]}" -gt 0
	for option in "${options[@]}"; do
		check "$verb --help: tells of $option" grep -qE -- "^ +-[a-zA-Z], $option\b" "$WORK/$verb.help"
		[ "$option" != --json ] || json[$verb]=1
	done
done

# --- versions
exits "--version" 0 "$FLAGWALL" --version
equal "--version: the one of the tree" "$(cat "$WORK/stdout")" "flagwall $(cat "$TOP/VERSION")"
silent "--version"
exits "-V" 0 "$FLAGWALL" -V

# --- without a verb: status
exits "no verb, nothing attached" 0 in_host "$FLAGWALL"
in_host "$FLAGWALL" status >"$WORK/status"
check "no verb: the same as status" cmp "$WORK/stdout" "$WORK/status"
fw attach eth0 >/dev/null
exits "no verb, one attached" 0 in_host "$FLAGWALL"
check "no verb: names the interface" grep -q '^eth0:' "$WORK/stdout"
silent "no verb"

# --- JSON
trial() {
	fw policy set eth0 default --confirm 600 >/dev/null && fw policy confirm eth0 "$@"
}
asked() {
	"$FLAGWALL" rule iptables --netns "$HOST" >/dev/null && "$FLAGWALL" rule counters --netns "$HOST" "$@"
}
# One that listens is ended as soon as it does; as text it has nothing to print but what
# comes, and ends with that.
heard() {
	local code listener tries=200

	: >"$WORK/heard"
	"$FLAGWALL" events --netns "$HOST" eth0 --count 1 "$@" 2>"$WORK/heard" &
	listener=$!
	until says "$WORK/heard" listening || ! kill -0 $listener; do sleep 0.05; done
	if [ $# -eq 0 ]; then
		python_in "$PEER" "$TOP/tests/lib/send_frames.py" out 1 'ip/TCP(flags="SF")' >/dev/null
		while ((tries--)) && kill -0 $listener 2>/dev/null; do sleep 0.05; done
	fi
	kill -TERM $listener 2>/dev/null
	wait $listener
	code=$?
	grep -v listening "$WORK/heard" >&2
	return $code
}
looked() {
	local code=0

	fw top eth0 --count 1 "$@" 2>"$WORK/looked" || code=$?
	grep -v listening "$WORK/looked" >&2
	return $code
}
declare -A commands=(
	[attach]="fw attach eth0" [status]="fw status eth0" [watch]="fw watch eth0 --count 1" [counters]="fw counters eth0"
	[explain]="$FLAGWALL explain SF" ["policy list"]="$FLAGWALL policy list"
	["policy show"]="fw policy show eth0" ["policy check"]="$FLAGWALL policy check default"
	["policy diff"]="$FLAGWALL policy diff default basic" ["policy set"]="fw policy set eth0 default"
	["rule nft"]="$FLAGWALL rule nft eth0" ["rule iptables"]="$FLAGWALL rule iptables --native --policy $WORK/plain.policy --backend nft"
	["rule counters"]="asked" [events]="heard" [top]="looked"
	["policy preview"]="fw policy preview eth0 basic"
	["policy confirm"]="trial" [doctor]="fw doctor eth0"
	[classify]="$FLAGWALL classify $WORK/empty.pcap"
)
# Nothing in it that iptables-nft cannot express, which would be said.
printf 'pattern syn-fin syn,fin drop\npattern rest any pass\n' >"$WORK/plain.policy"
# A capture without packets.
printf '\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0' >"$WORK/empty.pcap"
# It leaves nothing for a second one to be shown.
unset 'json[detach]'
for option in -j --json; do
	fw attach eth0 >/dev/null
	exits "detach $option" 0 fw detach eth0 "$option"
	in_json "detach $option: schema_version" "type(d['schema_version']).__name__" int
	in_json "detach $option: it is detached" "d['interfaces'][0]['attached']" false
	silent "detach $option"
done
fw attach eth0 >/dev/null
check "some verb prints JSON" test "${#json[@]}" -gt 0
for verb in "${!json[@]}"; do
	if [ -z "${commands[$verb]:-}" ]; then
		check "$verb --json: this test knows how to call it" false
		continue
	fi
	for option in -j --json; do
		# shellcheck disable=SC2086
		exits "$verb $option" 0 ${commands[$verb]} "$option"
		in_json "$verb $option: schema_version" "type(d['schema_version']).__name__" int
		in_json "$verb $option: tool_version" "d['tool_version']" "$(cat "$TOP/VERSION")"
		silent "$verb $option"
	done
done
while read -r command; do
	# shellcheck disable=SC2086
	exits "$command" 0 $command
	in_json "$command: parses" "d['schema_version'] >= 1 and d['tool_version'] == '$(cat "$TOP/VERSION")'" true
done <<-EOF
	fw counters -j
	fw status -j
	fw counters eth0 -j --samples
	fw counters eth0 -j --match fin,!ack
	fw counters eth0 -j --by flags
	fw counters eth0 eth0 -j
	$FLAGWALL explain -j tcp flags & (fin|syn) == fin
EOF

# --- a full disk: exit code 2, and one sentence that says so
full() { "$@" >/dev/full; }
for verb in "${!commands[@]}"; do
	# shellcheck disable=SC2086
	refused "$verb to a full disk" 2 "No space left" -- full ${commands[$verb]}
	# shellcheck disable=SC2086
	refused "$verb -j to a full disk" 2 "No space left" -- full ${commands[$verb]} -j
	# shellcheck disable=SC2086
	refused "$verb --help to a full disk" 2 "No space left" -- full "$FLAGWALL" $verb --help
done
refused "help to a full disk" 2 "No space left" -- full "$FLAGWALL" help
refused "--version to a full disk" 2 "No space left" -- full "$FLAGWALL" --version
refused "an error keeps its own words on a full disk" 2 nosuch -- full fw status nosuch
check "a full disk changes nothing about the filter" whole

# --- a reader that went away: no harm, and not a word about it but the one
closed() { (sleep 0.1 && "$@") | true; }
quiet() { [ "$(wc -l <"$WORK/stderr")" -le 1 ] || { cat "$WORK/stderr"; false; }; }
fw detach eth0 >/dev/null
closed fw attach eth0 2>"$WORK/stderr"
check "attach with nobody to read: attached" whole
check "attach with nobody to read: no noise" quiet
for verb in "${!commands[@]}"; do
	# shellcheck disable=SC2086
	closed ${commands[$verb]} 2>"$WORK/stderr"
	check "$verb with nobody to read: no noise" quiet
	check "$verb with nobody to read: the filter is whole" whole
done
closed fw detach eth0 2>"$WORK/stderr"
check "detach with nobody to read: detached" bare
fw attach eth0 >/dev/null
# shellcheck disable=SC2016
exits "counters | head -1" 0 bash -o pipefail -c '"$@" | { read -r line; cat >/dev/null; [ -n "$line" ]; }' - \
	"$FLAGWALL" counters --netns "$HOST" eth0
silent "counters | head -1"

# --- closed descriptors: the files it opens must not be taken for them
without_in() { "$@" <&-; }
without_out() { "$@" >&-; }
without_err() { "$@" 2>&-; }
without_any() { "$@" <&- >&- 2>&-; }
for verb in "${!commands[@]}"; do
	# shellcheck disable=SC2086
	exits "$verb without stdin" 0 without_in ${commands[$verb]}
	# shellcheck disable=SC2086
	refused "$verb without stdout" 2 -- without_out ${commands[$verb]}
	# shellcheck disable=SC2086
	exits "$verb without stderr" 0 without_err ${commands[$verb]}
	# shellcheck disable=SC2086
	exits "$verb without any" 2 without_any ${commands[$verb]}
	check "$verb without descriptors: the filter is whole" whole
done
exits "an error without stderr" 2 without_err fw status nosuch
exits "an error without any" 2 without_any fw status nosuch
fw detach eth0 >/dev/null
without_any fw attach eth0
check "attach without any descriptor: attached" whole
without_any fw detach eth0
check "detach without any descriptor: detached" bare
