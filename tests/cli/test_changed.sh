#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# "changed" in the JSON of what changes something: true if a reader would see
# another state than before, so that it may be run again and again.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up
in_host ip link add one type veth peer name two

# changes EXPECTED VERB...: what it says, and whether status agrees: what is in force
# and since when.
changes() {
	local expected=$1 before after

	shift
	before=$(state)
	exits "$*" 0 fw "$@" -j
	in_json "$*: changed" "d['changed']" "$expected"
	in_json "$*: of the interface" "d['interfaces'][0]['changed']" "$expected"
	after=$(state)
	if [ "$expected" = true ]; then
		check "$*: status is another" test "$before" != "$after"
	else
		equal "$*: status is the same" "$after" "$before"
	fi
}

state() {
	fw status eth0 -j >"$WORK/status.json"
	field "$WORK/status.json" "[d['interfaces'][0].get(k) for k in ('attached', 'policy', 'policy_sha256',
		'observe', 'unconfirmed', 'policy_since', 'attached_since')]"
}

printf 'include default\nexcept from 192.0.2.1\n' >"$WORK/except.policy"
printf 'include default\nexcept from 192.0.2.2\n' >"$WORK/other.policy"
cp "$WORK/except.policy" "$WORK/same.policy"

changes false detach eth0
changes true attach eth0 --policy strict --observe
changes false attach eth0 --policy strict --observe
changes false attach eth0
changes false policy set eth0 strict
changes true policy set eth0 strict --enforce
changes false policy set eth0 strict --enforce
changes true policy set eth0 default
changes false attach eth0 --policy default --enforce
changes true attach eth0 --observe
changes true policy set eth0 "$WORK/except.policy"
changes false policy set eth0 "$WORK/except.policy"
changes false attach eth0 --policy "$WORK/except.policy"
changes true policy set eth0 "$WORK/other.policy"
changes true policy set eth0 "$WORK/same.policy"
changes true policy set eth0 strict --confirm 600
changes true policy set eth0 default --confirm 600
changes true policy set eth0 default
changes false policy set eth0 default

# --- several: each by itself, and any of them
exits "several" 0 fw attach eth0 one -j
in_json "several: any" "d['changed']" true
in_json "several: each" "[i['changed'] for i in d['interfaces']]" "[false, true]"
exits "several, detached" 0 fw detach eth0 one -j
in_json "several, detached: each" "[i['changed'] for i in d['interfaces']]" "[true, true]"
exits "status" 0 fw status eth0 -j
in_json "status: none" "'changed' in d or 'changed' in d['interfaces'][0]" false
