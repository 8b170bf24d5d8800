#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""run_blocks.py DOC...: runs what documents say, block by block, as written.
run_blocks.py --which DOC...: those of them that have such a block, one a line.

A block is indented by four spaces. Behind one of these comments, which readers do not see, it is
not a list of commands:

    <!-- not run: WHY -->   left alone
    <!-- text -->           something printed, or a line of another file
    <!-- file: PATH -->     the contents of PATH, which is written
    <!-- policy -->         a policy, which 'flagwall policy check' has to take
    <!-- with: PROGRAM -->  commands, if PROGRAM is there
    <!-- first: COMMANDS -->  commands, and these before them: what the reader has done elsewhere

Where a line begins with '$ ', such lines are the commands, and the others what they print. A
comment holds for the one block behind it. Prints TAP: a block is ok if bash ends with 0.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

COMMENT = re.compile(r"<!-- (not run|text|file|policy|with|first)(?:: (.*))? -->$")


def blocks(path):
    """Yield (line, comment, value, text) of each block of @path."""
    comment, value, block, start = None, None, [], 0
    fenced = False
    with open(path, encoding="utf-8") as document:
        lines = document.read().split("\n")
    for number, line in enumerate([*lines, "end"], 1):
        if line.startswith("```"):
            fenced = not fenced
        if line.startswith("    ") and not fenced and (block or not lines[number - 2].strip()):
            start = start if block else number
            block.append(line[4:])
            continue
        if block and not line.strip():
            block.append("")
            continue
        if block:
            yield start, comment, value, "\n".join(block).rstrip("\n") + "\n"
            comment, value, block = None, None, []
        found = COMMENT.match(line.strip())
        if found:
            comment, value = found.groups()


def commands(text):
    """What of a block is to be run."""
    lines = text.split("\n")
    if any(line.startswith("$ ") for line in lines):
        return "\n".join(line[2:] for line in lines if line.startswith("$ "))
    return text


def run(script):
    """Returns (exit code, output). sudo is not wanted: we are root already."""
    env = dict(os.environ, **{"BASH_FUNC_sudo%%": '() { "$@"; }'})
    done = subprocess.run(["bash", "-e", "-c", script], env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def main():
    number, bad = 0, 0
    if sys.argv[1] == "--which":
        for path in sys.argv[2:]:
            if any(comment not in ("not run", "text") for _, comment, _, _ in blocks(path)):
                print(path)
        return 0
    for path in sys.argv[1:]:
        for line, comment, value, text in blocks(path):
            if comment in ("not run", "text"):
                continue
            number += 1
            what = f"{path}:{line}"
            if comment == "with" and not shutil.which(value):
                print(f"ok {number} - {what} # SKIP there is no {value}")
                continue
            if comment == "file":
                os.makedirs(os.path.dirname(value), exist_ok=True)
                with open(value, "w", encoding="utf-8") as out:
                    out.write(text)
                print(f"ok {number} - {what}: written")
                continue
            if comment == "policy":
                with tempfile.NamedTemporaryFile("w", suffix=".policy") as out:
                    out.write(text)
                    out.flush()
                    code, said = run(f"flagwall policy check {out.name}")
            else:
                first = value + "\n" if comment == "first" else ""
                code, said = run(first + commands(text))
            print(f"{'not ok' if code else 'ok'} {number} - {what}")
            if code:
                bad += 1
                for said_line in [*text.split("\n"), f"ended with {code}:", *said.split("\n")[-20:]]:
                    print(f"# {said_line}")
            sys.stdout.flush()
    print(f"1..{number}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
