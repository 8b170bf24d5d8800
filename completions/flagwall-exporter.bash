# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Completion for bash: the options of flagwall-exporter, and the names of network namespaces.

_flagwall_exporter()
{
	local word=$2 option=$3 spaces

	# bash takes --netns=blue apart at the =.
	case $word in "=") word= ;; esac
	[[ ${COMP_WORDS[COMP_CWORD]} != "=" ]] || option=${COMP_WORDS[COMP_CWORD - 1]}
	[[ $option != "=" ]] || option=${COMP_WORDS[COMP_CWORD - 2]}
	case $option in
	-l | --listen) COMPREPLY=() ;;
	-n | --netns)
		spaces=$(cd /run/netns 2>/dev/null && echo *)
		mapfile -t COMPREPLY < <(compgen -W "${spaces#\*}" -- "$word"; compgen -f -- "$word")
		;;
	*) mapfile -t COMPREPLY < <(compgen -W "--help --listen --netns --version" -- "$word") ;;
	esac
}

complete -F _flagwall_exporter flagwall-exporter
