# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Completion for bash. What may come next is asked of flagwall itself.

_flagwall()
{
	local words=() line i glued=

	# bash takes --mode=native apart at the =.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		if ((${#words[@]})) && [[ ${COMP_WORDS[i]} == "=" || ${COMP_WORDS[i - 1]} == "=" ]]; then
			words[-1]+=${COMP_WORDS[i]}
			glued=${words[-1]%%=*}=
		else
			words+=("${COMP_WORDS[i]}")
			glued=
		fi
	done
	COMPREPLY=()
	while IFS= read -r line; do
		if [[ $line == $'\tfile' ]]; then
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${words[-1]#"$glued"}")
			compopt -o filenames 2>/dev/null
		else
			line=${line%%$'\t'*}
			COMPREPLY+=("${line#"$glued"}")
		fi
	done < <(flagwall complete -- "${words[@]}" 2>/dev/null)
	# A list of flags may go on.
	[[ ${words[-1]} != *,* ]] || compopt -o nospace 2>/dev/null
}

complete -F _flagwall flagwall
