#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# make install puts things where it is told and works from there, make uninstall
# takes all of it out, make dist makes the same archive twice, and the binary is hardened.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$TOP" || exit 1

D=$WORK/root
made() {
	make -s DESTDIR="$D" PREFIX=/opt/fw SYSCONFDIR=/etc BINDIR=/opt/fw/sbin MANDIR=/man "$@"
}

mkdir -p "$D/etc/flagwall"
echo 'OPTIONS=' >"$D/etc/flagwall/eth0.conf"
exits "install" 0 made install
check "install: the tool, where BINDIR says" "$D/opt/fw/sbin/flagwall" explain SF
check "install: manuals, where MANDIR says" test -s "$D/man/man8/flagwall.8" -a -s "$D/man/man5/flagwall.policy.5"
for file in man/*; do
	[ -s "$D/man/man${file##*.}/${file##*/}" ] || echo "$file"
done >"$WORK/missing"
equal "install: all manuals" "$(cat "$WORK/missing")" ""
equal "install: nothing but what is to be run may be run" \
	"$(find "$D" -type f -perm /111 -printf '%P\n' | sort | xargs)" "opt/fw/sbin/flagwall opt/fw/sbin/flagwall-exporter"

# What is not to lead into the sources leads to what is installed.
equal "links: in the sources, each leads somewhere" "$(tests/lib/links.py / ./*.md docs/*.md)" ""
equal "install: of the documents, too" "$(tests/lib/links.py "$D" "$D"/opt/fw/share/doc/flagwall/*.md)" ""
equal "install: documents and manuals name no file of the sources' docs/" \
	"$(cd "$D" && grep -rE '(\]|\.Pa |")\(?docs/' opt/fw/share/doc/flagwall/README.md man)" ""
echo '[a](b.md) [c](#c) [d](README.md#see-it-work) [e](/opt/fw/x)' >"$D/opt/fw/share/doc/flagwall/sinner.md"
equal "links: the check sees those that do not" \
	"$(tests/lib/links.py "$D" "$D/opt/fw/share/doc/flagwall/sinner.md" | sed 's/.*: //' | xargs)" "b.md #c /opt/fw/x"
rm "$D/opt/fw/share/doc/flagwall/sinner.md"

# Whoever embeds it: a program by pkg-config alone, from another folder.
cat >"$WORK/embed.c" <<'C'
#include <flagwall/frame.h>
#include <flagwall/layout.h>
#include <flagwall/parse.h>
#include <stdio.h>

int main(void)
{
	/* Ethernet, IPv4, TCP with SYN and FIN. */
	const unsigned char frame[54] = { [12] = 8, [14] = 0x45, [17] = 40, [23] = 6, [46] = 0x50, [47] = 3 };
	const struct fw_packet packet = { .data = frame, .length = sizeof(frame) };

	printf("%u of %d\n", fw_parse(&packet), FW_OUTCOMES);
	return 0;
}
C
pc() {
	PKG_CONFIG_PATH=$D/opt/fw/share/pkgconfig pkg-config "$@" flagwall
}
# shellcheck disable=SC2046
check "embedded: it compiles" gcc -Wall -Wextra -Werror $(PKG_CONFIG_SYSROOT_DIR=$D pc --cflags) -o "$WORK/embed" "$WORK/embed.c"
equal "embedded: SYN and FIN is signature 3" "$("$WORK/embed")" "3 of 2112"
equal "pkg-config: its version" "$(pc --modversion)" "$(cat VERSION)"
check "pkg-config: it says where the object is" cmp "$D$(pc --variable=bpfobject)" build/flagwall.bpf.o

exits "uninstall" 0 made uninstall
equal "uninstall: nothing is left but what the site wrote" "$(cd "$D" && find . -type f)" ./etc/flagwall/eth0.conf
rm -r "$D/etc/flagwall"
made install >/dev/null
made uninstall >/dev/null
equal "uninstall: no folder of its own is left" "$(find "$D" -name '*flagwall*')" ""

# An archive of the last commit; there is none in an unpacked one.
if git rev-parse HEAD >/dev/null 2>&1; then
	archive() {
		make -s B="$WORK/$1" dist
		sha256sum <"$WORK/$1/flagwall-$(cat VERSION).tar.gz"
	}
	equal "dist: twice the same" "$(archive a)" "$(sleep 1; archive b)"
	equal "dist: all that is tracked, below one folder" \
		"$(tar tzf "$WORK/a/flagwall-$(cat VERSION).tar.gz" | grep -v '/$' | sed 's,^[^/]*/,,' | sort | sha256sum)" \
		"$(git ls-tree -r --name-only HEAD | sort | sha256sum)"
fi

# --- the binary
for binary in flagwall flagwall-exporter; do
	headers=$(readelf -hWl "build/$binary")
	dynamic=$(readelf -Wd "build/$binary")
	symbols=$(readelf -W --dyn-syms "build/$binary")
	check "$binary is hardened: position-independent" grep -qE 'Type: +DYN' <<<"$headers"
	check "$binary is hardened: no stack that can be executed" grep -qE 'GNU_STACK.* RW ' <<<"$headers"
	check "$binary is hardened: relocations read-only" grep -q GNU_RELRO <<<"$headers"
	check "$binary is hardened: and all of them at once" grep -qE 'FLAGS.*(BIND_NOW|NOW)' <<<"$dynamic"
	check "$binary is hardened: stack protector" grep -q __stack_chk_fail <<<"$symbols"
	check "$binary is hardened: fortified calls" grep -qE '__(sn|v|f)?printf_chk|__memcpy_chk' <<<"$symbols"
	# shellcheck disable=SC2016
	check "$binary is hardened: no path to search libraries in" bash -c '! grep -qE "RPATH|RUNPATH" <<<"$1"' - "$dynamic"
done
equal "reproducible: no path of this machine in what is built" \
	"$(grep -lF "$TOP" build/flagwall build/flagwall-exporter build/flagwall.bpf.o)" ""

# Readers of compile_commands.json find every file in it.
make -s compile_commands.json
equal "compile_commands.json: every source of the tool" \
	"$(python3 -c 'import json; print(*sorted({e["file"] for e in json.load(open("compile_commands.json")) if e["output"].startswith("build/user/")}), sep="\n")')" \
	"$(git ls-files -co --exclude-standard 'user/*.c' | grep -v '/gen_' | sort)"
