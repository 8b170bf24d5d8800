#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# make packagetest: the Debian packages, in a bare Debian (12, or whichever builds them):
# built twice (in another folder, the same bytes), installed, upgraded under fire, downgraded, removed, purged.
# Needs: sudo scripts/install-deps package.

# Bash of its own expands what stands in quotes here.
# shellcheck disable=SC2016

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
cd "$TOP" || exit 1

VERSION=$(cat VERSION)
NEWER=$VERSION+newer
ROOT=$WORK/debian

# --- built: lintian decides, and so do the bytes
exits "build: lintian has nothing to say" 0 packaging/deb
equal "build: it printed nothing" "$(cat "$WORK/stderr")" ""
sums() {
	(cd "$1/build/deb" && sha256sum ./*_"$VERSION"_*.deb)
}
mkdir -p "$WORK/else/where"
git ls-files -z | tar --null -T - -c | tar -x -C "$WORK/else/where"
exits "build: again, elsewhere, later" 0 env TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$WORK/else/where/packaging/deb"
equal "build: reproducible" "$(sums "$WORK/else/where")" "$(sums .)"
exits "build: a newer version" 0 packaging/deb "$NEWER"
check "build: the object is that of make" cmp build/flagwall.bpf.o \
	<(dpkg --fsys-tarfile build/deb/flagwall_"$VERSION"_*.deb | tar -xO ./usr/lib/bpf/flagwall.bpf.o)
# Debian 12's own start files know no -fcf-protection, so that no binary of it has all of that.
for binary in flagwall flagwall-exporter; do
	dpkg --fsys-tarfile build/deb/"$binary"_"$VERSION"_*.deb | tar -xO "./usr/bin/$binary" >"$WORK/$binary"
	check "build: $binary is hardened (hardening-check)" hardening-check -q --nocfprotection "$WORK/$binary"
done

# --- a bare Debian, with what the package depends on and no more
mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -m 1 '/debian/*$')
check "debootstrap" debootstrap --variant=minbase --include=libbpf1,libjansson4,libmd0,zlib1g,libncursesw6,iproute2 \
	"$(sed -n s/^VERSION_CODENAME=//p /etc/os-release)" "$ROOT" "${mirror:-http://deb.debian.org/debian}"
cp build/deb/*.deb "$ROOT/root/"
for folder in proc sys; do
	mount --rbind "/$folder" "$ROOT/$folder" && at_exit umount -lR "$ROOT/$folder"
done
net_up
live_up

# here COMMAND...: in the bare Debian, on the host with eth0.
here() {
	in_host env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		chroot "$ROOT" "$@"
}
# told EXPRESSION: of what status says in JSON.
told() {
	here flagwall status -j eth0 >"$WORK/status.json" && field "$WORK/status.json" "$1"
}
listing() {
	(cd "$ROOT" && find . \( -path ./proc -o -path ./sys -o -path ./root -o -path ./var/lib/dpkg -o -path ./var/log \) -prune \
		-o -printf '%p\n' | sort)
}
# deb VERSION [PACKAGE]
deb() {
	echo /root/"${2:-flagwall}"_"$1"_"$(dpkg --print-architecture)".deb
}
check "what the exporter depends on" chroot "$ROOT" sh -c "apt-get -qq update && apt-get -qq install -y libmicrohttpd12 libseccomp2"
listing >"$WORK/before"
check "bare: no compiler" bash -c '! chroot "$0" sh -c "command -v gcc clang"' "$ROOT"

exits "install" 0 here dpkg -i "$(deb "$VERSION")"
check "install: attaches nothing" bash -c '! grep -q xdp <<<"$0"' "$(in_host ip link show eth0)"
equal "install: each link of the documents leads somewhere" \
	"$(tests/lib/links.py "$ROOT" "$ROOT"/usr/share/doc/flagwall/*.md)" ""
exits "install: attach" 0 here flagwall attach eth0
exits "install: attach, at another hook" 0 here flagwall attach --hook tc-egress eth0
send 5 'ip/TCP(flags="SF")' >/dev/null
counters() {
	here flagwall counters --hook xdp eth0 -j >"$WORK/counters.json"
}
counters
equal "install: it drops" "$(pattern syn-fin dropped)" 5
check "install: manuals, completions" test -s "$ROOT/usr/share/man/man8/flagwall.8.gz" \
	-a -s "$ROOT/usr/share/bash-completion/completions/flagwall"

listing >"$WORK/without"
exits "exporter: install" 0 here dpkg -i "$(deb "$VERSION" flagwall-exporter)"
nsenter --net="/run/netns/$HOST" chroot "$ROOT" flagwall-exporter 2>/dev/null &
exporter=$!
disown
at_exit kill "$exporter"
listening 9979
equal "exporter: SYN/FIN" "$(in_host curl -s http://127.0.0.1:9979/metrics |
	grep -F 'flagwall_dropped_packets_total{interface="eth0",hook="xdp",pattern="syn-fin"}' | cut -d' ' -f2)" 5
kill "$exporter"
check "exporter: its manual, completions" test -s "$ROOT/usr/share/man/man8/flagwall-exporter.8.gz" \
	-a -s "$ROOT/usr/share/bash-completion/completions/flagwall-exporter" \
	-a -s "$ROOT/usr/share/zsh/vendor-completions/_flagwall-exporter"
exits "exporter: upgrade" 0 here dpkg -i "$(deb "$NEWER" flagwall-exporter)"
equal "exporter: upgrade: its version" "$(here flagwall-exporter --version)" "flagwall-exporter $NEWER"
echo 'OPTIONS=' >"$ROOT/etc/default/flagwall-exporter"
exits "exporter: remove" 0 here dpkg -r flagwall-exporter
check "exporter: remove: what the site wrote stays" test -s "$ROOT/etc/default/flagwall-exporter"
exits "exporter: purge" 0 here dpkg -P flagwall-exporter
listing >"$WORK/with"
check "exporter: purge: nothing is left" diff "$WORK/without" "$WORK/with"
equal "exporter: the filter stays" "$(told "d['interfaces'][0]['attached']")" true

# --- under fire, other versions come and go
nsenter --net="/run/netns/$PEER" hping3 -q -i u1000 -S -F -p 9 "$HOST4" >/dev/null 2>&1 &
scanner=$!
disown
at_exit kill "$scanner"
programs() {
	told "[filter['program_id'] for filter in d['interfaces']]"
}
program=$(programs)
equal "two hooks, two programs" "$(tr -cd , <<<"$program")" ,
exits "upgrade" 0 here dpkg -i "$(deb "$NEWER")"
equal "upgrade: the same programs run" "$(programs)" "$program"
equal "upgrade: JSON says which runs, and which is installed" \
	"$(told "d['interfaces'][0]['version'], d['tool_version']")" "('$VERSION', '$NEWER')"
check "upgrade: status says what to do" grep -qF "running $VERSION, installed $NEWER: run 'flagwall attach eth0'" \
	<(here flagwall status eth0)
counters
before=$(pattern syn-fin)
exits "upgrade: attach" 0 here flagwall attach eth0
exits "upgrade: attach, at the other hook" 0 here flagwall attach --hook tc-egress eth0
check "upgrade: another program runs" test "$(programs)" != "$program"
equal "upgrade: the new version's" "$(told "d['interfaces'][0]['version']")" "$NEWER"
check "upgrade: nothing to do any more" bash -c '! grep -q running <<<"$0"' "$(here flagwall status eth0)"
counters
check "upgrade: the counters went on" test "$(pattern syn-fin)" -ge "$before"
program=$(programs)
exits "downgrade" 0 here dpkg -i "$(deb "$VERSION")"
equal "downgrade: the same programs run" "$(programs)" "$program"
check "downgrade: status says what to do" grep -qF "running $NEWER, installed $VERSION:" <(here flagwall status eth0)
exits "downgrade: attach" 0 here flagwall attach eth0
equal "downgrade: the old version's" "$(told "d['interfaces'][0]['version']")" "$VERSION"
kill "$scanner"
equal "all the while: no SYN/FIN came through" "$(behind 'f & S and f & F')" 0

# --- away with it
echo 'OPTIONS="--observe"' >"$ROOT/etc/flagwall/eth0.conf"
nsenter --net="/run/netns/$PEER" chroot "$ROOT" flagwall attach out >/dev/null
# Whoever lives there is how removal finds that namespace.
nsenter --net="/run/netns/$PEER" sleep 1000 &
resident=$!
at_exit kill "$resident"
exits "remove" 0 here dpkg -r flagwall
check "remove: says nothing else" bash -c '! grep -i "nothing is attached" "$0"' "$WORK/stderr"
check "remove: says what it detaches" grep -q eth0 "$WORK/stdout"
check "remove: also in other namespaces" grep -q out "$WORK/stdout"
check "remove: says so of both hooks" grep -q tc-egress "$WORK/stdout"
check "remove: eth0 is bare" bash -c '! grep -q xdp <<<"$0"' "$(in_host ip link show eth0)"
check "remove: the other one is bare" bash -c '! grep -q xdp <<<"$0"' "$(in_peer ip link show out)"
equal "remove: no pin is left" "$(find /sys/fs/bpf -mindepth 1 ! -name "*.debug")" ""
check "remove: what the site wrote stays" test -s "$ROOT/etc/flagwall/eth0.conf"
exits "purge" 0 here dpkg -P flagwall
listing >"$WORK/after"
check "purge: nothing is left" diff "$WORK/before" "$WORK/after"

exits "headers: install" 0 here dpkg --force-depends -i "/root/flagwall-dev_${VERSION}_all.deb"
exits "headers: purge" 0 here dpkg -P flagwall-dev
listing >"$WORK/after"
check "headers: nothing is left" diff "$WORK/before" "$WORK/after"

# --- where systemd is
check "systemd is installed" chroot "$ROOT" sh -c "apt-get -qq install -y --no-install-recommends systemd"
listing >"$WORK/before"
exits "systemd: install" 0 here dpkg -i "$(deb "$VERSION")" "$(deb "$VERSION" flagwall-exporter)"
exits "systemd: the units are what it understands" 0 here systemd-analyze verify --man=no flagwall-exporter.service flagwall@eth0.service
equal "systemd: of them it complains not" "$(grep -c flagwall "$WORK/stderr")" 0
equal "systemd: the exporter will run, no filter will" \
	"$(here systemctl is-enabled flagwall-exporter flagwall@eth0 2>/dev/null | xargs)" "enabled disabled"
exits "systemd: purge" 0 here dpkg -P flagwall flagwall-exporter
listing >"$WORK/after"
# systemctl notes something of its own in /run.
check "systemd: nothing is left" diff <(grep -v '^\./run/' "$WORK/before") <(grep -v '^\./run/' "$WORK/after")
