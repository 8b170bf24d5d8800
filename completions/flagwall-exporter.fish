# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Completion for fish: the options of flagwall-exporter, and the names of network namespaces.

complete -c flagwall-exporter -f
complete -c flagwall-exporter -s h -l help -d 'print the options and exit'
complete -c flagwall-exporter -x -s l -l listen -d 'where to listen'
complete -c flagwall-exporter -r -s n -l netns -a '(command ls /run/netns 2>/dev/null)' -d 'work in this network namespace'
complete -c flagwall-exporter -s V -l version -d 'print the version and exit'
