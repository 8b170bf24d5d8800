#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# make packagetest: the RPM spec and the PKGBUILD, by rpmbuild and makepkg as Debian has
# them, from what 'make dist' made: they build, and hold what 'make install' installs.
# Fedora and Arch themselves are not here: what they call their packages is not checked.

# Bash of its own expands what stands in quotes here.
# shellcheck disable=SC2016

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$TOP" || exit 1

VERSION=$(cat VERSION)
equal "every packaging has the version of VERSION" \
	"$(sed -n 's/^Version: *//p' packaging/rpm/flagwall.spec) $(sed -n 's/^pkgver=//p' packaging/arch/PKGBUILD) $(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)" \
	"$VERSION $VERSION $VERSION"
make -s dist
archive=build/flagwall-$VERSION.tar.gz

# installed ARGUMENTS: what make install installs, from / on; manuals without .gz.
installed() {
	rm -rf "$WORK/tree"
	make -s DESTDIR="$WORK/tree" PREFIX=/usr SYSTEMDUNITDIR=/usr/lib/systemd/system "$@" install
	cd "$WORK/tree" && find . -type f | sed 's,^\./,/,'
}

check "rpmlint: no error in the spec" bash -c 'rpmlint packaging/rpm/flagwall.spec | grep -q " 0 errors"'
mkdir -p "$WORK/rpm/SOURCES"
cp "$archive" "$WORK/rpm/SOURCES/"
# --nodeps: Debian's packages have other names; its strip knows no BPF.
exits "rpmbuild" 0 rpmbuild -bb --nodeps --define "_topdir $WORK/rpm" --define '_unitdir /usr/lib/systemd/system' \
	--define '__strip /bin/true' packaging/rpm/flagwall.spec
find "$WORK/rpm/RPMS" -name '*.rpm' -exec rpm -qpl {} + 2>/dev/null | sed 's/\.gz$//' | sort -u >"$WORK/listed"
while read -r file; do
	grep -qxF "$file" "$WORK/listed" || echo "$file"
done < <(installed LIBDIR="$(rpm --eval '%{_libdir}')") >"$WORK/missing"
equal "rpm: all that make install installs" "$(cat "$WORK/missing")" ""
check "rpm: removal detaches" bash -c 'rpm -qp --scripts "$0" 2>/dev/null | grep -q "flagwall detach --all"' \
	"$(find "$WORK/rpm/RPMS" -name 'flagwall-0*.rpm' -o -name 'flagwall-[1-9]*.rpm' | head -n 1)"

mkdir -p "$WORK/arch"
cp packaging/arch/* "$archive" "$WORK/arch/"
chmod 0755 "$WORK"
chown -R nobody "$WORK/arch"
cd "$WORK/arch" || exit 1
# makepkg will not run as root.
exits "makepkg" 0 setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$WORK/arch" PKGEXT=.pkg.tar makepkg --nodeps
cd "$TOP" || exit 1
tar tf "$WORK"/arch/*.pkg.tar | sed 's,^,/,; s/\.gz$//' | sort -u >"$WORK/listed"
while read -r file; do
	grep -qxF "$file" "$WORK/listed" || echo "$file"
done < <(installed) >"$WORK/missing"
equal "arch: all that make install installs" "$(cat "$WORK/missing")" ""
check "arch: its scripts are there" grep -qx /.INSTALL "$WORK/listed"
