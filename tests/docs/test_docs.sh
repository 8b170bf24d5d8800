#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Every block of commands in the documents, as written: on a host of its own, whose
# eth0 is under attack. See run_blocks.py for what documents may say about a block.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# One document, one host; what is installed is made once.
if [ -z "${INSTALLED:-}" ]; then
	tap_count=0
	[ $# -gt 0 ] || set -- README.md docs/*.md
	mapfile -t documents < <("$PYTHON" tests/docs/run_blocks.py --which "$@")
	make -s install DESTDIR="$WORK/installed" >/dev/null || exit 1
	for document in "${documents[@]}"; do
		INSTALLED=$WORK/installed "$0" "$document" || tap_failed=1
	done
	[ "${#documents[@]}" -gt 0 ] || tap_failed=1
	exit "$tap_failed"
fi

# What documents name (blue), write to /etc and install is this host's alone.
for folder in /run/netns /usr/local; do
	mkdir -p "$folder" && mount -t tmpfs tmpfs "$folder" || exit 1
	at_exit umount -l "$folder"
done
mkdir "$WORK/etc" "$WORK/etc-work"
mount -t overlay -o "lowerdir=/etc,upperdir=$WORK/etc,workdir=$WORK/etc-work" overlay /etc 2>/dev/null || {
	cp -a /etc/. "$WORK/etc" && mount --bind "$WORK/etc" /etc || exit 1
}
at_exit umount -l /etc
cp -a "$INSTALLED/usr/local/." /usr/local/ && cp -a "$INSTALLED/etc/." /etc/ || exit 1

net_up

# A container, which documents call blue.
ip netns add blue
at_exit net_down blue
ip link add veth-blue netns "$HOST" type veth peer name eth0 netns blue
in_host ip link set veth-blue up
nsenter --net=/run/netns/blue ip link set eth0 up

# A scanner that does not end, and somebody who is welcome.
nsenter --net="/run/netns/$PEER" hping3 -q -i u500 -S -F -p 9 "$HOST4" >/dev/null 2>&1 &
scanner=$!
disown
at_exit kill "$scanner"

cp -a README.md docs deploy "$WORK/"
echo 'localhost ansible_connection=local ansible_become=false' >"$WORK/hosts"
export PATH=/usr/local/bin:$PATH
cd "$WORK" || exit 1
nsenter --net="/run/netns/$HOST" "$PYTHON" "$TOP/tests/docs/run_blocks.py" "$1" || tap_failed=1
