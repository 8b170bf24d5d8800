# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Completion for fish. What may come next is asked of flagwall itself.

function __flagwall_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (flagwall complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = \tfile
            __fish_complete_path (commandline -ct | string replace -r '^--[a-z-]+=' '')
        else
            echo $line
        end
    end
end

complete -c flagwall -f -a '(__flagwall_complete)'
