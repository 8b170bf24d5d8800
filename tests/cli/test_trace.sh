#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Every change is in the system log, once: the interface, who did it, the policy
# by its hash and the one before it. What changes nothing is not.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

# logged CODE COMMAND...: run it; what it logs is in $WORK/log.
logged() {
	local code=$1

	shift
	exits "$*" "$code" "$PYTHON" "$TOP/tests/lib/with_log.py" "$WORK/log" \
		"$FLAGWALL" "$@" --netns "$HOST"
}

# hash_of POLICY: its SHA-256.
hash_of() {
	"$FLAGWALL" policy show "$1" -j >"$WORK/policy.json"
	field "$WORK/policy.json" "d['policy_sha256']"
}

# says WHAT FACT...: one message was logged, with every FACT in it.
says() {
	local what=$1 fact

	shift
	equal "$what: one message" "$(field "$WORK/log" "len(d)")" 1
	for fact in "$@"; do
		check "$what: it has '$fact'" grep -qF -- "$fact" "$WORK/log"
	done
}

net_up
printf 'include default\nexcept from 192.0.2.1\n' >"$WORK/except.policy"
default=$(hash_of default) strict=$(hash_of strict) except=$(hash_of "$WORK/except.policy")

logged 0 attach eth0
says "attach" eth0 "uid 0" "$default"
logged 0 attach eth0 --policy strict --observe
says "attach over it" eth0 "uid 0" "$strict" "$default"
logged 0 policy set eth0 "$WORK/except.policy"
says "policy set" eth0 "uid 0" "$except" "$strict"
logged 0 attach eth0 --enforce
says "the verdict alone" eth0 "uid 0" "$except" observing
logged 0 policy set eth0 default --confirm 600
says "on trial" eth0 "uid 0" "$default" "$except"
logged 0 policy confirm eth0
says "confirmed" eth0 "uid 0" "$default"
logged 2 policy set eth0 mikrotik
equal "refused: no message" "$(field "$WORK/log" "len(d)")" 0
logged 0 status eth0
equal "status: no message" "$(field "$WORK/log" "len(d)")" 0
logged 0 counters eth0
equal "counters: no message" "$(field "$WORK/log" "len(d)")" 0
logged 0 policy preview eth0 strict
equal "preview: no message" "$(field "$WORK/log" "len(d)")" 0
logged 0 policy set eth0 strict --confirm 1
says "on trial again" "$strict" "$default"
sleep 1.2
logged 2 policy confirm eth0
says "too late: that it went back is said" eth0 "$strict" "$default"
logged 0 policy set eth0 strict --confirm 1
sleep 1.2
logged 0 policy set eth0 basic
equal "set behind a trial that is over: both are said" "$(field "$WORK/log" \
	"len(d), '$strict' in d[0] and '$default' in d[0], '$default' in d[1]")" "(2, True, True)"
default=$(hash_of basic)
logged 0 detach eth0
says "detach" eth0 "uid 0" "$default"
