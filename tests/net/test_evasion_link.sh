#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Evasions below IP: VLAN tags, EtherTypes that lie, bytes behind the packet.

# shellcheck source=tests/lib/evasion.sh
. "$(dirname "$0")/../lib/evasion.sh"

# shellcheck disable=SC2034
TOPIC="link"
SF='tcp("SF")'
IP4='IP(src=ip[IP].src,dst=ip[IP].dst)'
IP6='IPv6(src=ip6[IPv6].src,dst=ip6[IPv6].dst)'

tricks() {
	trick one-tag 1 "link/Dot1Q(vlan=100)/$IP4/$SF"
	trick priority-tag 1 "link/Dot1Q(vlan=0,prio=7)/$IP4/$SF"
	trick one-service-tag 1 "link/Dot1AD(vlan=100)/$IP4/$SF"
	trick four-tags 1 "link/Dot1AD(vlan=1)/Dot1Q(vlan=2)/Dot1AD(vlan=3)/Dot1Q(vlan=4)/$IP4/$SF"
	trick four-tags-ipv6 1 "link/Dot1Q(vlan=1)/Dot1Q(vlan=2)/Dot1AD(vlan=3)/Dot1Q(vlan=4)/$IP6/IPv6ExtHdrDestOpt()/$SF"
	trick five-tags 1 "link/Dot1Q(vlan=1)/Dot1Q(vlan=2)/Dot1Q(vlan=3)/Dot1Q(vlan=4)/Dot1Q(vlan=5)/$IP4/$SF"
	trick five-mixed-tags 1 "link/Dot1AD(vlan=1)/Dot1Q(vlan=2)/Dot1Q(vlan=3)/Dot1AD(vlan=4)/Dot1Q(vlan=5)/$IP6/$SF"
	trick tag-cut-off 1 "bytes(link/Dot1Q(vlan=1)/Dot1Q(vlan=2)/$IP4)[:20]"
	trick ipv6-said-to-be-ipv4 1 "Ether(src=link.src,dst=link.dst,type=0x0800)/Raw(bytes($IP6/$SF))"
	trick ipv4-said-to-be-ipv6 1 "Ether(src=link.src,dst=link.dst,type=0x86dd)/Raw(bytes($IP4/$SF))"
	trick trailer 1 'ip/tcp("A")/Padding(bytes(tcp("SF")))'
	trick padded 1 "ip/$SF/Padding(bytes(6))"
}

evasions native:default generic:strict
