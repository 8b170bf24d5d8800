#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Policies by name and by file, what is refused, and what comes in force.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# in_force: what the kernel has for eth0.
in_force() { fw policy show eth0; }

# Every policy that ships can be read, and is what it shows.
for file in "$TOP"/policies/*.policy; do
	name=$(basename "$file" .policy)
	exits "$name: check" 0 "$FLAGWALL" policy check "$file"
	"$FLAGWALL" policy show "$name" >"$WORK/by-name"
	"$FLAGWALL" policy show "$file" >"$WORK/by-file"
	check "$name: built in is the file" cmp "$WORK/by-name" "$WORK/by-file"
	cp "$WORK/by-name" "$WORK/again.policy"
	"$FLAGWALL" policy show "$WORK/again.policy" >"$WORK/again"
	check "$name: show, read, show is the identity" cmp "$WORK/by-name" "$WORK/again"
done
exits "iptables-classic: strict" 2 "$FLAGWALL" policy check --strict "$TOP/policies/iptables-classic.policy"
"$FLAGWALL" policy check -j iptables-classic >"$WORK/stdout" 2>/dev/null
in_json "iptables-classic: six shadowed rules" "d['policies'][0]['shadowed']" 6
exits "default: strict" 0 "$FLAGWALL" policy check --strict default

# The site's own come first.
# shellcheck disable=SC2016
exits "the site's own come first" 0 unshare --mount --propagation private bash -c '
	mkdir -p /etc/flagwall/policies && mount -t tmpfs none /etc/flagwall/policies || exit 9
	echo "pattern mine any count" >/etc/flagwall/policies/default.policy
	"$1" policy show default | grep -q "^pattern mine any count" &&
	"$1" policy list | grep -q "^default .*etc.flagwall" &&
	echo "include strict" >/etc/flagwall/policies/site.policy &&
	"$1" policy show site | grep -q "^pattern"' - "$FLAGWALL"
# shellcheck disable=SC2016
exits "the site's, the installed, the built-in: each may include the one behind it" 0 \
	unshare --mount --propagation private bash -c '
	share=$(strings -n 8 "$1" | grep -m 1 "/flagwall/policies$" | grep -v ^/etc)
	share=${share:-/usr/local/share/flagwall/policies}
	mkdir -p /etc/flagwall/policies "$share" && mount -t tmpfs none /etc/flagwall/policies &&
	mount -t tmpfs none "$share" || exit 9
	printf "include default\npattern installed syn,fin,urg count\n" >"$share/default.policy"
	"$1" policy show default | grep -q "^pattern installed" || exit 8
	printf "include default\npattern mine syn,fin,psh count\n" >/etc/flagwall/policies/default.policy
	shown=$("$1" policy show default)
	grep -q "^pattern mine" <<<"$shown" && grep -q "^pattern installed" <<<"$shown" &&
		grep -q "^pattern xmas" <<<"$shown" || exit 7
	shown=$("$1" policy show /etc/flagwall/policies/../policies/default.policy)
	grep -q "^pattern mine" <<<"$shown" && grep -q "^pattern xmas" <<<"$shown" || exit 6
	echo "include loop" >/etc/flagwall/policies/loop.policy
	"$1" policy show loop && exit 5
	printf "include default\naction nosuch drop\n" >/etc/flagwall/policies/broken.policy
	echo "include broken" >/etc/flagwall/policies/outer.policy
	"$1" policy show outer 2>&1 | grep "broken.policy:2:8:" | grep -q outer.policy' - "$FLAGWALL"
rmdir /etc/flagwall/policies /etc/flagwall 2>/dev/null

printf 'include default\nexcept from 192.0.2.1 not-ip\nexcept to 192.0.2.2 syn,fragment\nexcept from 192.0.2.3 not-ip,syn-fin\nexcept from 192.0.2.4\n' \
	>"$WORK/idle.policy"
equal "exceptions that change nothing" "$("$FLAGWALL" policy check -j "$WORK/idle.policy" 2>/dev/null |
	python3 -c 'import json, sys; p = json.load(sys.stdin)["policies"][0]; print(p["exceptions"], p["idle_exceptions"])')" "4 2"

printf 'include default\npattern mine syn,fin drop\naction syn-fin count\n' >"$WORK/dead.policy"
# shellcheck disable=SC2016
refused "an override of what is shadowed: strict" 2 dead.policy -- \
	bash -c '"$1" policy check --strict "$2" 2>&1 >/dev/null | tail -n 1 >&2; exit ${PIPESTATUS[0]}' - "$FLAGWALL" "$WORK/dead.policy"
cp "$WORK/dead.policy" "$WORK/"$'es\033[31mc\n.policy'
exits "a file with a hostile name" 0 "$FLAGWALL" policy diff "$WORK/"$'es\033[31mc\n.policy' default
equal "a file with a hostile name: nothing of it reaches the terminal" \
	"$(grep -c $'\033' "$WORK/stdout")" 0
exits "list" 0 "$FLAGWALL" policy list -j
in_json "list: those that the kernel judges" \
	"sorted(p['name'] for p in d['policies'] if p['verified'] == 'kernel')" \
	'["conntrack", "csf", "iptables-classic", "nft-wiki", "shorewall"]'
in_json "list: all say where they are from" "all(p['source'] for p in d['policies'])" true

# wrong WHAT LINE:COLUMN TEXT: refused, with its place.
wrong() {
	printf '%b' "$3" >"$WORK/wrong.policy"
	refused "$1" 2 "wrong.policy:$2:" -- "$FLAGWALL" policy check "$WORK/wrong.policy"
}
wrong "unknown flag" 1:15 'pattern a syn,fni drop\n'
wrong "unknown action" 2:17 '# x\npattern a fin   dorp\n'
wrong "unknown line" 1:1 'patern a fin drop\n'
wrong "name twice" 2:9 'pattern a fin drop\npattern a any pass\n'
wrong "no catch-all" 2:1 'pattern a fin drop\n'
wrong "unknown reason" 1:8 'reason not-a-reason drop\n'
wrong "unknown policy included" 1:9 'include nosuch\n'
wrong "include that is not first" 2:1 'pattern a any pass\ninclude default\n'
wrong "a way out of the folders" 1:9 'include ../../passwd\n'
wrong "override twice" 3:8 'include default\naction null pass\naction null drop\n'
wrong "override of nothing" 2:8 'include default\naction nosuch drop\n'
wrong "NUL" 1:10 'pattern a\0b fin drop\n'
head -c 100000 /dev/urandom >"$WORK/binary.policy"
refused "binary" 2 binary.policy -- "$FLAGWALL" policy check "$WORK/binary.policy"
yes 'pattern a fin drop' | head -c 10000000 >"$WORK/long.policy"
refused "10 MB" 2 long.policy -- "$FLAGWALL" policy check "$WORK/long.policy"
refused "no such file" 2 nosuch.policy -- "$FLAGWALL" policy check "$WORK/nosuch.policy"
refused "a folder" 2 "$WORK" -- "$FLAGWALL" policy check "$WORK/"
refused "no such name" 2 nosuch -- "$FLAGWALL" policy show nosuch
printf 'pattern a any pass\nreason not-ip drop\n' >"$WORK/arp.policy"
printf 'pattern a syn,ack,!fin drop\npattern b any pass\n' >"$WORK/legal.policy"
printf '# other spelling\r\ninclude  default\r\n' >"$WORK/same.policy"
refused "attach with one that drops ARP" 2 not-ip -- fw attach eth0 --policy "$WORK/arp.policy"
check "attach with one that drops ARP: nothing is attached" bare
refused "attach with one that drops SYN,ACK" 2 SYN,ACK -- fw attach eth0 --policy "$WORK/legal.policy"
check "attach with one that drops SYN,ACK: nothing is attached" bare
refused "set without a filter" 2 eth0 -- fw policy set eth0 default

# --- in force
exits "attach --policy" 0 fw attach eth0 --policy conntrack -j
in_json "attach --policy: its name" "d['interfaces'][0]['policy']" conntrack
in_json "attach --policy: its hash" "d['interfaces'][0]['policy_sha256']" \
	"$("$FLAGWALL" policy show conntrack | sha256sum | cut -d' ' -f1)"
in_force >"$WORK/shown"
check "attach --policy: what is in force is that policy" cmp "$WORK/shown" <("$FLAGWALL" policy show conntrack)
exits "set" 0 fw policy set eth0 "$WORK/same.policy" -j
in_json "set: the same text has the same hash" "d['interfaces'][0]['policy_sha256']" \
	"$("$FLAGWALL" policy show default | sha256sum | cut -d' ' -f1)"
refused "set of one that drops ARP" 2 not-ip -- fw policy set eth0 "$WORK/arp.policy"
equal "set of one that drops ARP: the other stays" "$(in_force | sha256sum)" "$("$FLAGWALL" policy show default | sha256sum)"
exits "set --observe" 0 fw policy set eth0 strict --observe -j
in_json "set --observe" "d['interfaces'][0]['observe']" true
exits "set keeps observing" 0 fw policy set eth0 default -j
in_json "set keeps observing" "d['interfaces'][0]['observe']" true
exits "attach again keeps both" 0 fw attach eth0 -j
in_json "attach again keeps the policy" "d['interfaces'][0]['policy']" default
in_json "attach again keeps observing" "d['interfaces'][0]['observe']" true
exits "set --enforce" 0 fw policy set eth0 default --enforce -j
in_json "set --enforce" "d['interfaces'][0]['observe']" false
refused "set --observe --enforce" 1 -- fw policy set eth0 default --observe --enforce
exits "set --force" 0 fw policy set eth0 "$WORK/legal.policy" --force
exits "set --force, observing" 0 fw policy set eth0 "$WORK/legal.policy" --observe --force
refused "from observing to dropping legal segments" 2 SYN,ACK -- fw attach eth0 --enforce
exits "it still observes" 0 fw status eth0 -j
in_json "it still observes" "d['interfaces'][0]['observe']" true
exits "from observing to dropping legal segments, by force" 0 fw attach eth0 --enforce --force
exits "the file may go" 0 rm "$WORK/legal.policy"
exits "counters by the one in force" 0 fw counters eth0 -j
in_json "counters by the one in force: its patterns" "[p['name'] for p in d['patterns']]" '["a", "b"]'

# --- diff: the 64 combinations of two policies
exits "diff of a policy with itself" 0 "$FLAGWALL" policy diff -j default default
in_json "diff of a policy with itself" "d['flags'] + d['reasons']" '[]'
exits "diff" 0 "$FLAGWALL" policy diff -j default conntrack
in_json "diff: SP is where they differ" \
	"[(f['a']['action'], f['b']['action']) for f in d['flags'] if f['flags'] == 'SYN,PSH']" '[["count", "pass"]]'
exits "explain a pattern by its name" 0 "$FLAGWALL" explain -j fin-no-ack
in_json "explain a pattern by its name: its members" "[c['flags'] for c in d['combinations']]" \
	'["FIN", "FIN,PSH", "FIN,URG"]'
exits "explain no pattern" 1 "$FLAGWALL" explain fin-no-such
exits "explain by another policy" 0 "$FLAGWALL" explain -j --policy csf SF
in_json "explain by another policy: its pattern" "d['policy'], d['action']" "('csf', 'drop')"
for policy in "$TOP"/policies/*.policy; do
	policy=$(basename "$policy" .policy)
	for flags in none SF SP SA FU RP A; do
		"$FLAGWALL" explain -j --policy "$policy" "$flags" >"$WORK/explained"
		answer -c "$FIELD" "$WORK/explained" "d['action']"
		printf '%s %s %s\n' "$flags" "$policy" "$answer"
	done
done >"$WORK/actions"
for flags in none SF SP SA FU RP A; do
	"$FLAGWALL" explain -j "$flags" >"$WORK/explained"
	equal "explain $flags: which policies do what" "$(field "$WORK/explained" \
		"[sorted(d['profiles'][a]) for a in ('pass', 'count', 'drop')]")" \
		"$(python -c 'import json, sys
rows = [line.split() for line in open(sys.argv[1])]
print(json.dumps([sorted(p for f, p, a in rows if (f, a) == (sys.argv[2], action))
                  for action in ("pass", "count", "drop")]))' "$WORK/actions" "$flags")"
done
