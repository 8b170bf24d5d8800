#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The conventions of CONTRIBUTING.md, each as a check; and each check as a
# function over a folder, so that it is first shown a sinner of its own.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# All files of a checkout, or of a tarball.
files() {
	git -C "$1" ls-files -co --exclude-standard 2>/dev/null ||
		(cd "$1" && find . -type f ! -path './build/*' ! -path './.git/*' ! -path '*/__pycache__/*' -printf '%P\n')
}

c_files() {
	files "$1" | grep -E '\.[ch]$'
}

spdx() {
	! (cd "$1" && files . |
		grep -vE '^(LICENSE|LICENSES/.*|tests/fuzz/corpus/.*|VERSION|packaging/debian/(changelog|copyright|source/format)|\.gitignore|.*\.(md|tsv|png))$' |
		xargs -r awk 'function said() { if (name && !good) print name ": no SPDX line" }
			FNR == 1 { said(); name = FILENAME; good = 0 }
			FNR <= 3 && /SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause/ { good = 1 }
			END { said() }' | grep .)
}

# The only // is the SPDX line of a .c file.
comments() {
	! (cd "$1" && c_files . | xargs -r grep -nE '(^|[;{}[:space:]])//' | grep -v 'SPDX-License-Identifier')
}

# libbpf stays behind the seam.
seam() {
	! (cd "$1" && c_files . | grep '^user/' | grep -vE '^user/(filter/|host/(device|kernel|occupant|probe)\.c$)' |
		xargs -r grep -nE '#include <bpf/')
}

# Errors inside are negative.
negative() {
	! (cd "$1" && c_files . | xargs -r grep -nE '\breturn E[A-Z]{2,};')
}

# Rights are capabilities; being root proves nothing.
no_uid_test() {
	! (cd "$1" && c_files . | grep '^user/' | xargs -r grep -nE '(getuid|geteuid)\(\) *(==|!=)|if \(!?gete?uid')
}

# One noun a file; a longer one is two.
sizes() {
	! (cd "$1" && c_files . | xargs -r wc -l | awk '$2 != "total" && $1 > 400 { print; bad = 1 } END { exit !bad }')
}

# Only verdicts that mean what they say.
verdicts() {
	! (cd "$1" && files . | grep '^bpf/' | xargs -r grep -nE 'XDP_(ABORTED|TX|REDIRECT)|bpf_printk')
}

guards() {
	local file guard bad=0

	for file in $(files "$1" | grep -E '^(headers|user|bpf)/.*\.h$'); do
		guard=${file##*/} guard=${guard%.h} guard=${guard//-/_}
		guard=FLAGWALL_${guard^^}_H
		grep -q "^#ifndef $guard\$" "$1/$file" || { echo "$file: guard is not $guard"; bad=1; }
	done
	return $bad
}

# Guards and include paths go by a header's name: no other has it.
headers() {
	! (cd "$1" && c_files . | grep -E '^(headers|user|bpf)/.*\.h$' | sed 's,.*/,,' | sort | uniq -d | grep .)
}

# What documents name is there. Capitals stand for a name.
# shellcheck disable=SC2016
named() {
	local path bad=0

	while read -r path; do
		compgen -G "$TOP/$path" >/dev/null || { echo "$path: named in a document, and not there"; bad=1; }
	done < <(cd "$1" && grep -rohE --include='*.md' --exclude-dir=build \
		'`(user|bpf|headers|tests|policies|scripts|packaging|deploy|systemd|man|docs|completions)/[^` ]*`' . |
		tr -d '`' | grep -v '[A-Z]' | sort -u)
	return $bad
}

# convention NAME FILE TEXT: the tree keeps it, and a FILE with TEXT breaks it.
convention() {
	local sinner=$WORK/$1

	mkdir -p "$sinner/$(dirname "$2")"
	printf '%b\n' "$3" >"$sinner/$2"
	check "$1: kept" "$1" "$TOP"
	# shellcheck disable=SC2016
	check "$1: the check sees a sinner" bash -c '! "$@" >/dev/null' - env_call "$1" "$sinner"
}

# Functions cannot be called through bash -c: through this they can.
cat >"$WORK/env_call" <<CALL
#!/usr/bin/env bash
$(declare -f files c_files spdx comments seam negative no_uid_test sizes verdicts guards headers named)
TOP=$TOP
"\$@"
CALL
chmod +x "$WORK/env_call"
PATH=$WORK:$PATH

convention spdx user/a.c 'int a;'
convention comments user/a.c 'int a; // says something'
convention seam user/a.c '#include <bpf/libbpf.h>'
convention negative user/a.c 'return EINVAL;'
convention no_uid_test user/a.c 'if (geteuid() != 0)'
convention sizes user/a.c "$(yes 'int a;' | head -n 500)"
convention verdicts bpf/a.bpf.c 'return XDP_ABORTED;'
# shellcheck disable=SC2016
convention named docs/a.md 'see `user/no_such.c`'
convention guards user/a.h '#ifndef A_H'
mkdir -p "$WORK/headers/bpf" && : >"$WORK/headers/bpf/a.h"
convention headers user/a.h ''
