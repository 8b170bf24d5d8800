#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""http_fuzz.py PORT COUNT SEED: broken requests to 127.0.0.1:PORT.

Each is made from a good one by a few changes, and sent in one piece or in several, or cut off. What
comes back is an answer of HTTP with a status that exists and as many bytes as it says, or nothing.
No answer to a request that is not a GET of a page is 200. Prints how many of each status came.
"""

import collections
import random
import socket
import sys

GOOD = [
    b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: application/openmetrics-text\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /status.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
    b"PUT /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
]
PARTS = [b"\0", b"\xff", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"%00", b"%2e%2e/", b"../", b"?", b"#", b"%", b"%%%",
         b"A" * 5000, b"/" * 300, b"Host: b\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n",
         b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: x\r\n", b"Expect: 100-continue\r\n", b"Connection: upgrade\r\n",
         b"X: " + b"y" * 20000 + b"\r\n", b"X: y\r\n" * 500, b" folded\r\n", b"http://other/", b"HTTP/9.9", b"HTTP/1.1 ", b"DELETE "]


def changed(rng):
    text = bytearray(rng.choice(GOOD))
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            text[at:at] = rng.choice(PARTS)
        elif kind == 1:
            del text[at:at + rng.randrange(1, 30)]
        elif kind == 2 and at < len(text):
            text[at] = rng.randrange(256)
        elif kind == 3:
            text[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 40)))
        else:
            text += rng.choice(GOOD)
    return bytes(text)


def ask(port, text, rng):
    """Returns all that comes back."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=9) as s:
        try:
            cut = rng.randrange(len(text) + 1) if text and rng.random() < 0.2 else 0
            s.sendall(text[:cut])
            s.sendall(text[cut:])
            s.shutdown(socket.SHUT_WR)
            while True:
                more = s.recv(65536)
                if not more:
                    break
                answer += more
        except TimeoutError:
            sys.exit(f"no answer, and no end: {text!r}")
        except OSError:
            pass  # it closed while we went on
    return answer


def statuses(text, answer):
    """The status of each answer in what came back; what is no HTTP is an error."""
    found = []
    while answer:
        head, end, rest = answer.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        words = lines[0].split(b" ")
        if words[0] not in (b"HTTP/1.1", b"HTTP/1.0") or not words[1].isdigit() or not 100 <= int(words[1]) <= 599:
            sys.exit(f"no HTTP: {answer[:200]!r}\nto {text!r}")
        found.append(int(words[1]))
        lengths = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")]
        if not end or len(lengths) > 1:
            break  # cut off by a reset
        length = lengths[0] if lengths else 0
        # A HEAD has no body; what follows may be the next answer.
        answer = rest if rest.startswith(b"HTTP/1.") else rest[length:]
    return found


def main():
    port, count, seed = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3], 0)
    rng = random.Random(seed)
    came = collections.Counter()
    for number in range(count):
        text = changed(rng)
        found = statuses(text, ask(port, text, rng))
        came.update(found or ["nothing"])
        if 200 in found and b"GET" not in text and b"HEAD" not in text:
            sys.exit(f"request {number} of seed {seed}: 200 to {text!r}")
        if any(status >= 500 and status not in (501, 505) for status in found):
            sys.exit(f"request {number} of seed {seed}: {found} to {text!r}")
    print(*(f"{status}:{n}" for status, n in sorted(came.items(), key=str)))
    if not came[200] or not came[400] or not came[405]:
        sys.exit("not all kinds of answers came")


if __name__ == "__main__":
    main()
