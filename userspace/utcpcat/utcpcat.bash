# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# bash completion for utcpcat; the options are those that it tells itself

_utcpcat_cells()
{
	command awk '$1 ~ /^[[:alnum:]]/ { print $1 }' /etc/utcp/cells 2>/dev/null
}

_utcpcat()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local i list='' listen='' cell=''

	case $prev in
	-s | --cell)
		list=$(_utcpcat_cells)
		;;
	-e | --exec)
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		return
		;;
	-p | --port | -w | --wait | -m | --most)
		return
		;;
	-f | --forward | -t | --to)
		# A colon has parted the words, unless COMP_WORDBREAKS has none.
		list='tcp: unix:'
		;;
	*)
		for ((i = 1; i < COMP_CWORD; i++)); do
			case ${COMP_WORDS[i]} in
			--listen | -l* | -[kquv]*l*) listen=1 ;;
			-[spwe] | --cell | --port | --wait | --exec) ((i++)) ;;
			-[ftm] | --forward | --to | --most) ((i++)) ;;
			-*) ;;
			*) cell=1 ;;
			esac
		done
		if [[ $cur == -* ]]; then
			list=$("$1" --help 2>/dev/null |
				command sed -n 's/^  \(-.\), \(--[a-z]*\).*/\1 \2/p')
		elif [[ ! $listen && ! $cell ]]; then
			list=$(_utcpcat_cells)
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$list" -- "$cur")
}

complete -F _utcpcat utcpcat
