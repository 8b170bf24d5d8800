# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What somebody who listens (`flagwall events`, `flagwall top`) costs a flood."""

import subprocess

import field
import figures
import frames
import rivals
import world

NOBODY = "nobody"
LISTENERS = {
    NOBODY: None,
    "events": ("events",),
    "events -w": ("events", "-w", "/dev/null"),
    "events --rate 100000": ("events", "--rate", "100000"),
    "top": ("top", "-j"),
}
COLUMNS = ["listening", "min", "median", "max", "ratio", "least, ratio", "drop rate, of nobody's"]


def setup(verb, listeners):
    def on(namespace):
        rivals.OURS["flagwall"][0](namespace)
        if verb is None:
            return
        listener = subprocess.Popen(
            [world.FLAGWALL, *verb, "--netns", namespace, "eth0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        listeners.append(listener)
        while "listening" not in listener.stderr.readline():
            if listener.poll() is not None:
                raise OSError("the listener ended")
    return on


def measure(quick, _):
    listeners = []
    try:
        ground = field.Field({name: (setup(verb, listeners), "") for name, verb in LISTENERS.items()}, "listen")
        cases = ground.flood(frames.ipv4(frames.SYN_FIN), 60000 if quick else 200000, 5 if quick else 31, options=("-s",))
    finally:
        for listener in listeners:
            listener.terminate()
            listener.wait()
    table = figures.table(cases, NOBODY)
    rows = [[name, *(f"{t[k]:.0f}" for k in ("min", "median", "max")), f"{t['ratio']:.3f}", f"{t['ratio_min']:.3f}",
             f"{1 / t['ratio']:.3f}"] for name, t in table.items()]
    yield figures.section(
        "A flood, and somebody who listens", "Nanoseconds of processor time a frame of SYN with FIN, each from another "
        "source, sender and receiver together. Packets beyond the rate are dropped and counted, and not told of; `top` looks at "
        "50,000 a second, and at first, as here, at up to 100,000.",
        COLUMNS, rows, "sudo make bench BENCH_PARTS=listen", cases)
