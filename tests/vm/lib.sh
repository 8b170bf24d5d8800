# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the scripts here share: where things are kept, and Debian's archives as
# seen by another release and architecture than this machine's.

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VM_CACHE=${VM_CACHE:-${XDG_CACHE_HOME:+$XDG_CACHE_HOME/flagwall-vm}}
VM_CACHE=${VM_CACHE:-$TOP/build/vm}
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

die() {
	echo "${0##*/}: $*" >&2
	exit 125
}

# split SERIES[/ARCH]: sets SERIES and ARCH, this script's names for amd64 and s390x.
split() {
	SERIES=${1%%/*} ARCH=amd64
	[[ $1 != */* ]] || ARCH=${1#*/}
	[[ $SERIES =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "'$1' is no kernel: say SERIES or SERIES/ARCH, as 5.10 or 6.1/s390x"
	case $ARCH in amd64 | s390x) ;; *) die "'$ARCH' is not supported: amd64 and s390x are" ;; esac
}

# mirror LABEL: where this machine gets the archive of this label from.
mirror() {
	# shellcheck disable=SC2016
	APT_CONFIG='' apt-get indextargets --format '$(REPO_URI)' "Label: $1" | sort -u | head -n 1
}

# sources SUITE...: these of Debian's, on the mirrors that this machine uses anyway;
# or $VM_MIRROR and $VM_SECURITY_MIRROR, if it uses none.
sources() {
	local main security suite from

	main=${VM_MIRROR:-$(mirror Debian)}
	security=${VM_SECURITY_MIRROR:-$(mirror Debian-Security)}
	if [ -z "$main" ] || [ -z "$security" ]; then
		die "apt knows no Debian archive here: set VM_MIRROR and VM_SECURITY_MIRROR"
	fi
	[ -e "$KEYRING" ] || die "$KEYRING is missing: install debian-archive-keyring"
	for suite in "$@"; do
		case $suite in
		*-security) from=$security ;;
		*) from=$main ;;
		esac
		echo "deb [signed-by=$KEYRING] $from $suite main"
	done
}

# apt_up: from here on, apt sees these archives and $ARCH, and nothing of this
# machine's: its lists, its packages and its settings are left alone.
apt_up() {
	local dir=$VM_CACHE/apt-$ARCH

	mkdir -p "$dir"/lists/partial "$dir"/archives/partial
	exec 9>"$dir/lock"
	flock 9
	if [ -z "$(find "$dir/updated" -mtime -1 2>/dev/null)" ]; then
		sources bullseye bookworm trixie-backports bullseye-security bookworm-security \
			>"$dir/sources.list"
		: >"$dir/status"
		cat >"$dir/apt.conf" <<-CONF
			APT::Architecture "$ARCH";
			APT::Architectures "$ARCH";
			APT::Sandbox::User "root";
			APT::Get::List-Cleanup "false";
			Acquire::Languages "none";
			Dir::Etc::SourceList "$dir/sources.list";
			Dir::Etc::SourceParts "-";
			Dir::State::Lists "$dir/lists";
			Dir::State::Status "$dir/status";
			Dir::Cache "$dir";
			Dir::Cache::Archives "$dir/archives";
		CONF
		export APT_CONFIG=$dir/apt.conf
		# A suite without this architecture is no failure; a kernel that is missing is.
		apt-get -qq update >&2 || echo "${0##*/}: some lists are missing" >&2
		touch "$dir/updated"
	fi
	export APT_CONFIG=$dir/apt.conf
}
