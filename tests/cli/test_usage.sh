#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Command lines that cannot be understood: exit code 1, the valid words are
# named, and no system call of consequence is made.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# --- verbs
verbs=(attach detach status counters explain classify rule)
refused "unknown verb" 1 frobnicate "${verbs[@]}" -- "$FLAGWALL" frobnicate
refused "unknown verb before an option" 1 "${verbs[@]}" -- "$FLAGWALL" frobnicate --help
refused "empty verb" 1 "${verbs[@]}" -- "$FLAGWALL" ""
refused "part of a verb" 1 "${verbs[@]}" -- "$FLAGWALL" att
refused "verb in capitals" 1 "${verbs[@]}" -- "$FLAGWALL" ATTACH eth0
refused "-- in place of a verb" 1 "${verbs[@]}" -- "$FLAGWALL" -- status

# --- options
refused "attach: unknown option" 1 --frob --mode --observe --enforce --netns --json --help -- \
	fw attach --frob eth0
refused "detach: unknown option" 1 --frob --all --netns --help -- fw detach --frob eth0
refused "status: unknown option" 1 --frob --check --netns --json --help -- fw status --frob eth0
refused "counters: unknown option" 1 --frob --by --match --samples --save --since --netns --json --help -- \
	fw counters --frob eth0
refused "explain: unknown option" 1 --frob --json --help -- "$FLAGWALL" explain --frob SF
refused "rule nft: unknown option" 1 --frob --policy --observe --json --help -- \
	"$FLAGWALL" rule nft --frob eth0
refused "another verb's option" 1 --check --mode -- fw attach --check eth0
refused "unknown letter" 1 -x --check -- fw status -x eth0
refused "unknown letter among known ones" 1 -x --check -- fw status -jxc eth0
refused "option behind the interface" 1 --frob -- fw attach eth0 --frob
refused "an argument for an option that has none" 1 --json -- fw status --json=5 eth0
check "nothing was attached by these" bare

# --- arguments
refused "attach without interface" 1 IFACE -- fw attach
refused "attach of nothing behind --" 1 IFACE -- fw attach --
refused "detach of nothing in particular" 1 --all -- fw detach
refused "detach of one and all" 1 --all -- fw detach --all eth0
refused "explain without flags" 1 FLAGS -- "$FLAGWALL" explain
exits "rule of nothing" 1 "$FLAGWALL" rule
check "rule of nothing: names what there is" grep -q "^  nft " "$WORK/stderr"
refused "rule nft without interface" 1 IFACE -- "$FLAGWALL" rule nft
refused "rule nft of one interface twice" 1 "'eth0'" -- "$FLAGWALL" rule nft eth0 lo eth0
for language in bogus "" NFT; do
	refused "rule '$language'" 1 "'$language'" nft -- "$FLAGWALL" rule "$language" eth0
done
for name in "" . .. 'a"b' 'a b' 'eth*' 'a' a/b a:b $'a\nb' $'a\tb' $'a\033b' aé 0123456789abcdef; do
	refused "rule nft '${name//[^[:print:]]/?}'" 1 interface -- "$FLAGWALL" rule nft "$name"
	refused "rule nft eth0 '${name//[^[:print:]]/?}'" 1 interface -- "$FLAGWALL" rule nft eth0 "$name"
done
refused "explain of no flags at all" 1 syn -- "$FLAGWALL" explain foo
for option in --netns -n; do
	refused "$option without argument" 1 "$option" NAME -- "$FLAGWALL" status "$option"
done
for option in --mode -m; do
	refused "$option without argument" 1 "$option" native -- fw attach eth0 "$option"
done
for option in --by --match; do
	refused "$option without argument" 1 "$option" -- fw counters eth0 "$option"
done

# --- values
modes=(auto native generic)
for mode in bogus "" NATIVE native,generic offload hw; do
	refused "--mode '$mode'" 1 "'$mode'" "${modes[@]}" -- fw attach eth0 --mode "$mode"
done
refused "--mode=bogus" 1 "'bogus'" "${modes[@]}" -- fw attach eth0 --mode=bogus
refused "-mbogus" 1 "'bogus'" "${modes[@]}" -- fw attach -mbogus eth0
refused "--observe with --enforce" 1 --observe --enforce -- fw attach --observe --enforce eth0
refused "-e with -o" 1 --observe --enforce -- fw attach -eo eth0
for by in bogus "" flag Pattern; do
	refused "--by '$by'" 1 "'$by'" pattern flags reason -- fw counters eth0 --by "$by"
done
flags=(syn fin rst psh ack urg ece cwr ae)
for match in foo "" "," "fin," ",fin" "fin,!" "!" "!!fin" "fin ack" 0x03 fin,foo; do
	refused "--match '$match'" 1 "${flags[@]}" -- fw counters eth0 --match "$match"
done
for match in fin,fin 'fin,!fin' 'FIN,fin'; do
	refused "--match '$match' names a flag twice" 1 fin -- fw counters eth0 --match "$match"
done
check "nothing was attached by these either" bare

# --- usage is looked at before the system is
refused "--mode before the interface" 1 "${modes[@]}" -- fw attach nosuch --mode bogus
refused "--by before the namespace" 1 pattern -- "$FLAGWALL" counters --netns nosuch --by bogus
refused "--match before the rights" 1 "${flags[@]}" -- able "" "$FLAGWALL" counters --match foo
