#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""with_log.py FILE COMMAND...: run COMMAND with a system log of its own.

In a mount namespace where /dev/log is ours. What was logged goes to FILE as a
JSON array; the exit code is COMMAND's.
"""

import json
import os
import socket
import stat
import subprocess
import sys


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def main():
    path, command = sys.argv[1], sys.argv[2:]
    if os.environ.get("WITH_LOG") != "inside":
        os.environ["WITH_LOG"] = "inside"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])
    mount("-t", "tmpfs", "-o", "dev", "tmpfs", "/dev")
    os.mknod("/dev/null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    code = subprocess.run(command).returncode
    log.setblocking(False)
    messages = []
    while True:
        try:
            messages.append(log.recv(65536).decode())
        except BlockingIOError:
            break
    with open(path, "w") as file:
        json.dump(messages, file)
    return code


sys.exit(main())
