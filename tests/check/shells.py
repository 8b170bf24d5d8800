#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""shells.py SHELL PROGRAM LINE...: what SHELL makes of each "PROGRAM LINE" when Tab is pressed.

A real bash or zsh at a terminal; fish has a command for it. Prints one line each:
the candidates, sorted, separated by blanks.
"""

import os
import pty
import re
import subprocess
import sys
import tempfile

COMPLETIONS = os.path.abspath("completions")
PROGRAM = sys.argv[2]
MARK = "END-OF-ANSWER"


class Terminal:
    """A shell that sits at a terminal of its own."""

    def __init__(self, argv):
        self.heard = ""
        child, self.fd = pty.fork()
        if child == 0:
            os.environ["TERM"] = "dumb"
            os.environ["COLUMNS"] = "400"
            os.execvp(argv[0], argv)

    def say(self, text):
        """Types @text."""
        os.write(self.fd, text.encode())

    def hear(self, mark):
        """Reads until @mark."""
        while mark not in self.heard:
            self.heard += os.read(self.fd, 65536).decode(errors="replace")
        self.heard = self.heard.split(mark, 1)[1]


# Each shell gets a key that writes down what completion offers, by the shell's own means.
BASH = f"""
source {COMPLETIONS}/{PROGRAM}.bash
PS1= PS2=
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
bind '"\\C-t": insert-completions'
note() {{ printf '%s\\n' "$READLINE_LINE" >$ANSWER; READLINE_LINE= READLINE_POINT=0; echo {MARK[:6]}''{MARK[6:]}; }}
bind -x '"\\C-o": note'
stty -echo
echo READY''-NOW
"""

ZSH = f"""
PS1= PROMPT= RPROMPT=
fpath=({COMPLETIONS} $fpath)
autoload -U compinit && compinit -u -D
zstyle ':completion:*' list-max-items 0
LISTMAX=10000
compadd() {{
    local -a hits
    builtin compadd -O hits "$@"
    print -rl -- "${{hits[@]}}" >>$ANSWER
    builtin compadd "$@"
}}
done_widget() {{ BUFFER=; print -r -- >>$ANSWER; print {MARK[:6]}''{MARK[6:]}; }}
zle -N done_widget
bindkey "^O" done_widget
print READY''-NOW
"""


def ask_fish(lines):
    """fish has a command that says what it would offer."""
    script = f"source {COMPLETIONS}/{PROGRAM}.fish; complete -C $argv[1]"
    for line in lines:
        done = subprocess.run(["fish", "--no-config", "-c", script, f"{PROGRAM} {line}"], check=True,
                              capture_output=True, text=True)
        yield [re.sub(r"\t.*", "", answer) for answer in done.stdout.split("\n")]


def ask_terminal(argv, settings, key, lines):
    """Types each line and @key, and reads what the shell made of it."""
    with tempfile.TemporaryDirectory() as folder:
        answer = os.path.join(folder, "answer")
        start = os.path.join(folder, "start")
        with open(start, "w", encoding="utf-8") as out:
            out.write(settings)
        os.environ["ANSWER"] = answer
        terminal = Terminal(argv)
        terminal.say(f"source {start}\n")
        terminal.hear("READY-NOW")
        for line in lines:
            with open(answer, "w", encoding="utf-8"):
                pass
            terminal.say(f"{PROGRAM} {line}{key}")
            terminal.say("\x0f")
            terminal.hear(MARK)
            with open(answer, encoding="utf-8") as text:
                yield line, text.read()


def ask_bash(lines):
    """Readline writes all candidates in the place of the last word."""
    for line, text in ask_terminal(["bash", "--norc", "-i"], BASH, "\x14", lines):
        yield text.split()[len(f"{PROGRAM} {line}.".split()) - 1:]


def ask_zsh(lines):
    """What the completion system was given."""
    for _, text in ask_terminal(["zsh", "-f", "-i"], ZSH, "\t", lines):
        yield text.split("\n")


def main():
    shell, lines = sys.argv[1], sys.argv[3:]
    ask = {"bash": ask_bash, "fish": ask_fish, "zsh": ask_zsh}[shell]
    for answer in ask(lines):
        print(" ".join(sorted({word for word in answer if word})))


main()
