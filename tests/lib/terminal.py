# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A program in a real pseudo terminal, and what its screen shows: by pexpect and pyte."""

import os
import signal
import time

import pexpect
import pyte


class Terminal:
    """@command in a terminal of @columns by @lines, which keeps what is shown in .screen.

    TERM is linux, of which pyte knows every sequence.
    """

    def __init__(self, command, columns=100, lines=30, **environment):
        env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "LC_ALL", "LC_CTYPE")}
        env.update({"TERM": "linux", "LANG": "C.UTF-8"}, **environment)
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.process = pexpect.spawn(command[0], command[1:], env=env, dimensions=(lines, columns), timeout=20)

    def read(self, seconds=0.1):
        """Take in what was printed for that long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                data = self.process.read_nonblocking(65536, left)
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                self.process.wait()
                return
            self.raw += data
            self.stream.feed(data)

    def lines(self):
        """What is shown."""
        return [line.rstrip() for line in self.screen.display]

    def until(self, holds, seconds=20):
        """Read until @holds(lines) is true of the screen. Returns what it returned, false in the end."""
        end = time.monotonic() + seconds
        while not (result := holds(self.lines())) and time.monotonic() < end:
            self.read()
        return result

    def press(self, keys):
        """Type."""
        self.process.send(keys)

    def resize(self, columns, lines):
        """As a window manager does."""
        self.screen.resize(lines, columns)
        self.process.setwinsize(lines, columns)

    def signal(self, number):
        """To the program."""
        os.kill(self.process.pid, number)

    def end(self, seconds=10):
        """Wait for its end. Returns (exit code, signal): one of them is None."""
        end = time.monotonic() + seconds
        while self.process.isalive() and time.monotonic() < end:
            self.read()
        self.read()
        if self.process.isalive():
            self.process.kill(signal.SIGKILL)
        self.process.close()
        return self.process.exitstatus, self.process.signalstatus
