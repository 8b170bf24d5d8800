# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Rules of `rule iptables` beside the filter, of both backends, and among rules of others.
#
# Source it after live.sh and cli.sh, and have a function 'rules OPTION...' that runs
# `rule iptables` in the host's namespace.

# Later than the rules, which stand at "raw" themselves.
# shellcheck disable=SC2034
BEHIND_PRIORITY=-299

# In Python: a TCP header for frames that scapy would put right, and the beginning of such frames.
TCP="bytes(TCP(sport=1000,dport=9,flags='SF'))"
# shellcheck disable=SC2034
IP4="link/IP(src='$PEER4',dst='$HOST4',proto=6"

# iptables_up: both backends, with the tables that they make when they are first asked.
iptables_up() {
	local backend family

	net_up
	live_up
	for backend in legacy nft; do
		for family in ip ip6; do in_host "${family}tables-$backend" -t raw -S >/dev/null 2>&1; done
	done
}

# seen FILE: the TCP segments behind, by flags.
seen() {
	answer_in "$HOST" -c 'import sys, behind
behind.save(sys.argv[1], "behind", but=("all_frames",))' "$1"
}

# tables BACKEND: all rules of both families, without counters and times.
tables() {
	local family

	for family in ip ip6; do
		in_host "${family}tables-$1-save" 2>/dev/null | sed '/^#/d; s/\[[0-9:]*\]/[]/'
	done
}

# installed BACKEND [OPTION...]
installed() {
	local backend=$1

	shift
	exits "$backend: --install $*" 0 rules --install --backend "$backend" "$@"
}

removed() {
	exits "$1: --remove" 0 rules --remove --backend "$1"
}

# alike CHECK FRAMES [OPTION...]: what FRAMES sends, through the filter and then through the
# rules, is the same behind both; and 'CHECK BACKEND' is asked whether it was counted alike ("-":
# nothing is asked).
alike() {
	local counted=$1 what=$2 backend

	shift 2
	filter_up native --force "$@"
	"$what" >"$WORK/sent"
	# shellcheck disable=SC2154
	equal "$what $*: sent as planned" "$(<"$WORK/sent")" "$expected"
	settle
	counters
	seen "$WORK/behind_filter.json"
	filter_down
	for backend in legacy nft; do
		installed "$backend" --force "$@"
		behind_up
		"$what" >/dev/null
		settle
		seen "$WORK/behind_rules.json"
		check "$backend: $what $*: behind both is the same, by every value of the flags" \
			diff "$WORK/behind_filter.json" "$WORK/behind_rules.json"
		[ "$counted" = - ] || check "$backend: $what $*: the rules count what the filter counts" "$counted" "$backend"
		removed "$backend"
	done
}

# others BACKEND: rules of somebody else, with a chain that is nearly called as ours is.
others() {
	local family

	for family in ip ip6; do
		in_host "${family}tables-$1" -t raw -A PREROUTING -p udp --dport 4 -j DROP
		in_host "${family}tables-$1" -t raw -N FLAGWALL2
		in_host "${family}tables-$1" -t raw -A PREROUTING -p tcp --dport 5 -j FLAGWALL2
		in_host "${family}tables-$1" -A INPUT -p tcp --dport 6 -j DROP
	done
}

# among_others BACKEND: beside rules of somebody else, which $WORK/before has; leaves the rules
# for two interfaces in place, and all that there are in $WORK/first.
among_others() {
	others "$1"
	tables "$1" >"$WORK/before"
	removed "$1"
	check "$1: --remove of nothing changes nothing" diff "$WORK/before" <(tables "$1")
	installed "$1" eth0 lo
	tables "$1" >"$WORK/first"
	equal "$1: of two interfaces, in both families" "$(grep -c -- '-j FLAGWALL$' "$WORK/first")" 4
	installed "$1" eth0 lo
	check "$1: --install, again: the same once" diff "$WORK/first" <(tables "$1")
}

# others_first BACKEND: where somebody else has a hand in our chain, nothing is changed.
others_first() {
	in_host "ip6tables-$1" -t raw -A OUTPUT -j FLAGWALL
	tables "$1" >"$WORK/second"
	refused "$1: --remove where others need the chain" 2 OUTPUT -- rules --remove --backend "$1"
	check "$1: nothing is changed" diff "$WORK/second" <(tables "$1")
	in_host "ip6tables-$1" -t raw -D OUTPUT -j FLAGWALL
	in_host "ip6tables-$1" -t raw -A FLAGWALL -p udp --dport 7 -j DROP
	tables "$1" >"$WORK/second"
	refused "$1: --install over a rule of others" 2 'dport 7' -- rules --install --backend "$1"
	refused "$1: --remove of a rule of others" 2 'dport 7' -- rules --remove --backend "$1"
	check "$1: nothing is changed by either" diff "$WORK/second" <(tables "$1")
	in_host "ip6tables-$1" -t raw -D FLAGWALL -p udp --dport 7 -j DROP
}

# programs_meet BACKEND: people's programs. A page comes by both families; scans do not.
# Something must listen at port 8080 of the host.
programs_meet() {
	local scan

	check "$1: curl has its page" in_peer curl -sfo /dev/null -m 5 "http://$HOST4:8080/design.md"
	check "$1: curl has its page by IPv6" in_peer curl -sfo /dev/null -m 5 "http://[$HOST6]:8080/design.md"
	for scan in -sN -sF -sX "--scanflags SYNFIN -sS"; do
		# shellcheck disable=SC2086
		in_peer nmap -n -Pn $scan -p 8080 --max-retries 0 "$HOST4" >/dev/null 2>&1
	done
	in_peer nmap -6 -n -Pn -sX -p 8080 --max-retries 0 "$HOST6" >/dev/null 2>&1
	in_peer hping3 -q -c 5 -i u1000 -S -R -p 8080 "$HOST4" >/dev/null 2>&1
	settle
	equal "$1: nothing of scans arrives" "$(behind 'f & 63 == 0 or f & 23 == 1 or f & 63 == 41 or f & 3 == 3 or f & 6 == 6')" 0
}
