# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A page in headless Chromium, by its DevTools protocol over two pipes. Nothing beside Chromium is needed."""

import fcntl
import json
import os
import subprocess
import tempfile
import time


def pipe():
    """os.pipe(), out of the way of 3 and 4."""
    low = os.pipe()
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in low]
    for fd in low:
        os.close(fd)
    return high


class Page:
    """A window of a Chromium of its own, in the network namespace @namespace (a path)."""

    def __init__(self, namespace, width=1200, height=1800):
        # Chromium reads from 3 and writes to 4.
        to_read, self.to_write = pipe()
        self.to_hear, to_say = pipe()
        self.profile = tempfile.TemporaryDirectory()
        command = ["nsenter", f"--net={namespace}", "chromium", "--headless", "--no-sandbox", "--disable-gpu",
                   "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                   f"--user-data-dir={self.profile.name}", f"--window-size={width},{height}",
                   "--remote-debugging-pipe", "about:blank"]
        shell = f'exec 3<&{to_read} 4>&{to_say} {to_read}<&- {to_say}>&-; exec "$@"'
        self.process = subprocess.Popen(["bash", "-c", shell, "bash", *command], pass_fds=(to_read, to_say),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_say)
        self.left = b""
        self.number = 0
        self.session = None
        self.requests, self.trouble = [], []
        target = next(t for t in self.ask("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "Accessibility"):
            self.ask(f"{domain}.enable")

    def message(self):
        """The next one that comes."""
        while b"\0" not in self.left:
            more = os.read(self.to_hear, 1 << 20)
            if not more:
                raise EOFError("Chromium is gone")
            self.left += more
        text, _, self.left = self.left.partition(b"\0")
        return json.loads(text)

    def ask(self, method, **params):
        """Returns what @method returns. What else comes is noted."""
        self.number += 1
        question = {"id": self.number, "method": method, "params": params}
        if self.session:
            question["sessionId"] = self.session
        os.write(self.to_write, json.dumps(question).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.note(message)

    def note(self, message):
        """Which requests the page made, and what it complained about."""
        method, params = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.trouble.append(params["exceptionDetails"].get("exception", {}).get("description", "an exception"))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.trouble.append(params["entry"]["text"])

    def open(self, url):
        self.ask("Page.navigate", url=url)

    def run(self, script):
        """The value of an expression, promises awaited."""
        result = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, script, seconds=20):
        """Wait until the expression is true. Returns its last value."""
        end = time.monotonic() + seconds
        while not (value := self.run(script)) and time.monotonic() < end:
            time.sleep(0.1)
        return value

    def press(self, key, code=0):
        """Type a key by its name."""
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def scheme(self, name):
        """light or dark, as the user's system has it."""
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def close(self):
        try:
            self.session = None
            self.ask("Browser.close")
        except (EOFError, OSError):
            pass
        self.process.wait(20)
        self.profile.cleanup()
