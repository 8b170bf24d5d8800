#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The manuals and the completions say what the tool says: no verb, option, pattern,
# reason or kind of line more, and none less. A verb has the page flagwall-VERB(8);
# verbs below it have sections ('.Ss flagwall policy set') there.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$TOP" || exit 1
export PATH=$TOP/build:$PATH

# page FILE: as a terminal would show it, on long lines.
page() {
	mandoc -T ascii -O width=300 "$1" | col -bx
}

# verbs [VERB]: those that help has, one a line.
verbs() {
	flagwall help "$@" | awk '/^  [a-z]/ { print $1 }'
}

# leaves: every verb that does something: "attach", "policy set".
leaves() {
	local verb

	for verb in $(verbs); do
		if flagwall "$verb" --help | grep -q '^Usage: .* VERB '; then
			verbs "$verb" | sed "s/^/$verb /"
		else
			echo "$verb"
		fi
	done
}

# VERB: LETTER NAME ARGUMENT, of help and of a page, sorted.
options='-[A-Za-z], --[a-z-]+( [^ ]+)?'
said_by_help() {
	local verb

	leaves | while read -r verb; do
		# shellcheck disable=SC2086
		flagwall $verb --help | grep -oE "^  $options {2}" | sed -E "s/^ +/$verb: /; s/ +$//"
	done | sort
}

# And those of a program of its own.
said_by_exporter() {
	flagwall-exporter --help | grep -oE "^  $options {2}" | sed -E "s/^ +/exporter: /; s/ +$//"
}

said_by_manual() {
	local file

	for file in "$1"/flagwall-*.8; do
		page "$file" | awk -v verb="$(basename "$file" .8 | sed 's/^flagwall-//')" \
			'/^   flagwall [a-z ]+$/ { verb = substr($0, 13) } /^     -/ { sub(/^ +/, ""); print verb ": " $0 }' |
			grep -xE "[a-z ]+: $options"
	done | sort
}

# usage VERB...: what follows [OPTIONS] in help, with every "..." a word of its own as manuals have it.
usage() {
	flagwall "$@" --help | sed -nE '1 { s/^Usage: //; s/\[OPTIONS\]/[options]/; s/\.\.\./ .../g; s/\|--/ | --/; p }'
}

leaves >"$WORK/leaves"
check "help has verbs" test "$(wc -l <"$WORK/leaves")" -ge 16
said_by_help >"$WORK/help"
said_by_exporter >"$WORK/exporter"
said_by_manual man >"$WORK/manual"
check "every option of --help is in the manual, and no other (see CONTRIBUTING: manuals)" \
	diff -U 0 <(sort "$WORK/help" "$WORK/exporter") "$WORK/manual"
# The comparison sees what is missing, and what is too much.
cp -r man "$WORK/man"
sed -i '/^\.It Fl m , /d' "$WORK/man/flagwall-attach.8"
said_by_manual "$WORK/man" >"$WORK/mutilated"
equal "a missing option is seen" "$(diff <(sort "$WORK/help" "$WORK/exporter") "$WORK/mutilated" | tail -n +2)" \
	"< attach: -m, --mode auto|native|generic"

while read -r verb; do
	read -ra words <<<"$verb"
	check "synopsis: $verb" grep -qxF "     $(usage "${words[@]}")" <(page "man/flagwall-${words[0]}.8")
done <"$WORK/leaves"
check "flagwall(8) has every verb, and no other" \
	diff <(verbs | sort) <(sed -n '/^\.Sh VERBS/,/^\.El/s/^\.It Cm //p' man/flagwall.8 | sort)
check "each verb has a page, and each page a verb" \
	diff <(verbs | sort) <(cd man && printf '%s\n' flagwall-*.8 | sed 's/^flagwall-//; s/\.8$//' | grep -vx exporter | sort)

# outcomes: "syn-fin drop", of the policy and of the page.
check "flagwall(7) has the patterns and reasons, with what is done" \
	diff <(awk '$1 == "pattern" { print $2, $4 } $1 == "reason" { print $2, $3 }' policies/default.policy | sort) \
	<(awk '/^\.Ss Dropped/ { all = "drop" } /^\.Ss Counted/ { all = "count" } /^\.Ss Passed/ { all = "pass" }
		/^\.Sh REASONS/ { all = "" } /^\.Sh CONNECTIONS/ { exit }
		/^\.It Cm / { name = $3; if (all) print name, all }
		!all && /^Drops\.$/ { print name, "drop" } !all && /^Counted\.$/ { print name, "count" }
		!all && /^Passes\.$/ { print name, "pass" }' man/flagwall.7 | sort)
sed -n 's/^\t{ "\([a-z]*\)", [0-9].*read_.*/\1/p' user/policy/policy_parse.c | sort >"$WORK/kinds"
check "there are kinds of lines" test -s "$WORK/kinds"
check "flagwall.policy(5) has every kind of line" \
	diff "$WORK/kinds" <(awk '/^\.El/ { exit } /^\.It Cm / { print $3 }' man/flagwall.policy.5 | sort -u)

# What other pages are installed here says nothing about ours.
check "mandoc finds nothing to mend" bash -c \
	'! mandoc -T lint man/*.[578] 2>/dev/null | grep -v "referenced manual not found"'
for file in man/*.[578]; do
	grep -oE '^\.Xr flagwall[a-z.-]* [578]' "$file"
done | sort -u | while read -r _ name section; do
	[ -f "man/$name.$section" ] || echo "$name($section)"
done >"$WORK/lost"
check "references lead somewhere" test ! -s "$WORK/lost"

# docs/troubleshooting.md is searched for what the tool says: it has to say that.
# shellcheck disable=SC2016
grep '^### `' docs/troubleshooting.md | grep -o '`[^`]*`' | tr -d '`' >"$WORK/keys"
check "troubleshooting: it has keys" test "$(wc -l <"$WORK/keys")" -ge 20
while read -r key; do
	grep -qaF -- "$key" build/flagwall build/flagwall-exporter || echo "$key"
done <"$WORK/keys" >"$WORK/unsaid"
equal "troubleshooting: the programs say each of them" "$(cat "$WORK/unsaid")" ""

# Numbers of docs/compare.md, by the table that policies are tested against.
check "compare: as many of 64 as the fixture has" diff \
	<(awk -F '\t' '$1 == "# value" { split($0, name) } $1 == "total" { for (i = 3; i <= NF; i++) print name[i], $i }' \
		tests/fixtures/profiles.tsv | sort) \
	<(awk -F ' *[|] *' '$4 ~ /^`/ || $3 ~ /^`/ { gsub("`", "", $3); print $3, $4 }' docs/compare.md | grep -vE '^(default|strict) ' | sort)

# --- completion: the shells are asked, as a user would
mapfile -t leaf_lines < <(sed 's/$/ --/' "$WORK/leaves")
lines=("" "policy " "rule " "attach --mode " "attach --mode=g" "counters --by=r" "attach l" "policy show def"
	"policy set lo stri" "attach --policy=stri" "explain xm" "explain syn,f" "counters --match fin,!a" "classify VERS"
	"attach -m gen" "policy set lo strict ")
expected=("$(verbs | sort | xargs)" "$(verbs policy | sort | xargs)" "$(verbs rule | sort | xargs)"
	"auto generic native" generic reason lo default strict strict xmas "syn,fin" "fin,!ack fin,!ae" VERSION
	generic "")
while read -r verb; do
	expected+=("$(sed -nE "s/^$verb: -., (--[a-z-]+).*/\1/p" "$WORK/help" | sort | xargs)")
done <"$WORK/leaves"
for shell in bash zsh fish; do
	# With or without what stands before the =, as the shell has it.
	printf '%s\n' "${expected[@]}" >"$WORK/expected"
	tests/check/shells.py $shell flagwall "${lines[@]}" "${leaf_lines[@]}" | sed 's/^--[a-z]*=//' >"$WORK/$shell"
	check "$shell: verbs, options, interfaces, policies, patterns, flags" diff -U 0 "$WORK/expected" "$WORK/$shell"
done

# Of the exporter.
exporter_lines=("--" "--ver" "--listen " "--netns VERS" "--netns=VERS" "-n VERS")
expected=("$(sed -nE 's/^exporter: -., (--[a-z-]+).*/\1/p' "$WORK/exporter" | sort | xargs)" --version "" VERSION VERSION VERSION)
if mkdir -p /run/netns 2>/dev/null && : 2>/dev/null >"/run/netns/fw-complete-$$"; then
	at_exit rm -f "/run/netns/fw-complete-$$"
	exporter_lines+=("--netns fw-complete-" "-n fw-complete-")
	expected+=("fw-complete-$$" "fw-complete-$$")
fi
printf '%s\n' "${expected[@]}" >"$WORK/expected"
for shell in bash zsh fish; do
	tests/check/shells.py $shell flagwall-exporter "${exporter_lines[@]}" | sed 's/^--[a-z]*=//' >"$WORK/$shell"
	check "$shell: options, files and namespaces of flagwall-exporter" diff -U 0 "$WORK/expected" "$WORK/$shell"
done
