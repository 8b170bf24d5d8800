#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""warm.py FOLDER PID

A Python that is kept warm for warm.sh: to start another takes 30 ms, or half a
second in a virtual machine, and with scapy ten times that. Every line of
FOLDER/asked names a request: NAME.ask holds a network namespace (or nothing) and
what python3 would be called with (-c CODE or FILE, and arguments), each ended
by a NUL. A process of its own answers it, into NAME.out and NAME.err, and last
of all NAME.code. Ends with the process PID.
"""
import ctypes
import json  # noqa: F401: for those who are forked
import os
import select
import signal
import sys
import traceback

CLONE_NEWNET = 0x40000000


def enter(namespace):
    with open(namespace) as there:
        if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns: " + namespace)


def run(namespace, arguments):
    """What python3 does with these arguments; its exit code."""
    try:
        if namespace:
            enter(namespace)
        if arguments[0] == "-c":
            name, code = "<string>", arguments[1]
            sys.argv = ["-c"] + arguments[2:]
        else:
            name, code = arguments[0], open(arguments[0]).read()
            sys.argv = arguments
        exec(compile(code, name, "exec"), {"__name__": "__main__"})
        return 0
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    return 1


def answer(request):
    with open(request + ".ask") as ask:
        namespace, *arguments = ask.read().split("\0")[:-1]
    for number, kind in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(request + kind, os.O_WRONLY | os.O_CREAT, 0o600), number)
    code = run(namespace, arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    with open(request + ".part", "w") as part:
        part.write("%d\n" % code)
    os.rename(request + ".part", request + ".code")


def preload(request):
    """What takes a second is loaded once, here, and not by each who is forked."""
    with open(request + ".ask") as ask:
        if "send_frames.py" in ask.read():
            from scapy.layers import inet, inet6, l2  # noqa: F401


def main(folder, pid):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    asked = os.open(folder + "/asked", os.O_RDWR)
    rest = b""
    while os.path.exists("/proc/" + pid) and os.path.isdir(folder):
        if not select.select([asked], [], [], 2)[0]:
            continue
        *names, rest = (rest + os.read(asked, 4096)).split(b"\n")
        for name in names:
            request = os.path.join(folder, name.decode())
            preload(request)
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                try:
                    answer(request)
                finally:
                    os._exit(0)


main(*sys.argv[1:])
