#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""warm.py FOLDER PID

A Python that is kept warm for warm.sh: to start another takes 30 ms, or half a
second in a virtual machine, and with scapy ten times that. Every letter in
FOLDER/asked names a request: LETTER.ask holds a network namespace (or nothing) and
what python3 would be called with (-c CODE or FILE, and arguments), each ended
by a NUL. They are run one after the other, in this process: to fork one that has
loaded scapy takes longer than most of them. What they print goes to LETTER.out and
LETTER.err, and the exit code, with how much was printed on each, into the FIFO
LETTER. Ends with the process PID.
"""
import ctypes
import functools
import io
import json  # noqa: F401: for those who ask
import os
import select
import sys
import traceback

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def enter(there):
    if LIBC.setns(there.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns: " + there.name)


@functools.lru_cache(maxsize=None)
def compiled(name, code):
    return compile(code, name, "exec")


def execute(arguments):
    """What python3 does with these arguments; its exit code."""
    try:
        if arguments[0] == "-c":
            name, code = "<string>", arguments[1]
            sys.argv = ["-c"] + arguments[2:]
        else:
            name, code = arguments[0], open(arguments[0]).read()
            sys.argv = arguments
        exec(compiled(name, code), {"__name__": "__main__", "__file__": name})
        return 0
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 255
        print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    return 1


def run(home, namespace, arguments):
    """It, there: (exit code, what it printed, what it complained about)."""
    said = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    ours = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = said
    try:
        if namespace:
            with open(namespace) as there:
                enter(there)
        code = execute(arguments)
    except OSError:
        traceback.print_exc()
        code = 1
    finally:
        if namespace:
            enter(home)
        sys.stdout, sys.stderr = ours
    return code, *(text.buffer.getvalue() for text in said)


def answer(home, folder, letter, fifo):
    request = os.path.join(folder, letter)
    with open(request + ".ask") as ask:
        namespace, *arguments = ask.read().split("\0")[:-1]
    code, *said = run(home, namespace, arguments)
    for kind, text in zip((".out", ".err"), said):
        if text:
            with open(request + kind, "wb") as out:
                out.write(text)
    os.write(fifo, b"%d %d %d\n" % (code, *map(len, said)))


def main(folder, pid):
    home = open("/proc/thread-self/ns/net")
    asked = os.open(folder + "/asked", os.O_RDWR)
    fifos = {}
    while os.path.exists("/proc/" + pid) and os.path.isdir(folder):
        if not select.select([asked], [], [], 2)[0]:
            continue
        for letter in os.read(asked, 4096).decode():
            # Kept open: whoever asked may be gone.
            if letter not in fifos:
                fifos[letter] = os.open(os.path.join(folder, letter), os.O_RDWR)
            answer(home, folder, letter, fifos[letter])


main(*sys.argv[1:])
