#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Cuts a capture at every byte, and asks classify what is left.

usage: cut_capture.py FLAGWALL CAPTURE WORK END...

Each END is where a packet, or what stands before the first, is complete: there
the capture may end without damage if it is pcap. For pcapng none is given: then
there must never be fewer packets than in a shorter piece. Every piece must be
reported as far as it is whole, with the place of the damage, in one sentence, and
with exit code 2. Many pieces are files of one call; those about an END, and some others,
are asked for alone too, as they must be reported the same. Prints what is wrong.
"""

import json
import os
import subprocess
import sys

AT_ONCE = 64


def classify(flagwall, paths):
    """What it says of each: (exit code, how many sentences, document or None)."""
    done = subprocess.run(
        [flagwall, "classify", "-j", *paths], capture_output=True, encoding="utf-8", check=False
    )
    said = json.loads(done.stdout) if done.stdout else {"files": []}
    documents = {document["file"]: document for document in said.get("files", [said]) if "file" in document}
    for document in documents.values():  # one alone is the whole
        document.pop("schema_version", None)
        document.pop("tool_version", None)
    found = []
    for path in paths:
        sentences = sum(f"'{path}'" in line for line in done.stderr.splitlines())
        found.append((2 if sentences else 0, sentences, documents.get(path)))
    if done.returncode != max(code for code, _, _ in found) or done.stderr.count("\n") != sum(count for _, count, _ in found):
        return [(f"{done.returncode} of all {len(paths)}", sentences, document) for _, sentences, document in found]
    return found


def problem(said, length, ends, before):
    """(what is wrong or None, how many packets there are)"""
    code, sentences, document = said
    packets = document["packets"] if document else 0
    damage = document and document["damage"]
    if code not in (0, 2) or sentences != (code == 2):
        return f"exit code {code}, {sentences} sentences", packets
    if damage and not (damage["offset"] <= length and damage["after_packet"] == packets):
        return f"damage {damage}", packets
    if not ends:
        return None if packets >= before else f"{packets} packets after {before}", packets
    complete = [end for end in ends if end <= length]
    if packets != max(len(complete) - 1, 0):
        return f"{packets} packets", packets
    if (code == 0) != (length in ends):
        return f"exit code {code}", packets
    if damage and damage["offset"] != complete[-1]:
        return f"damage at {damage['offset']}", packets
    return None, packets


def main():
    flagwall, capture, work = sys.argv[1:4]
    ends = [int(end) for end in sys.argv[4:]]
    wrong = packets = 0
    with open(capture, "rb") as whole:
        data = whole.read()
    for start in range(1, len(data) + 1, AT_ONCE):
        lengths = range(start, min(start + AT_ONCE, len(data) + 1))
        paths = [f"{work}/cut-{length}." for length in lengths]
        for path, length in zip(paths, lengths):
            with open(path, "wb") as piece:
                piece.write(data[:length])
        for path, length, said in zip(paths, lengths, classify(flagwall, paths)):
            found, packets = problem(said, length, ends, packets)
            near = any(abs(length - end) < 2 for end in ends)
            if not found and (near or length % 50 == 1) and classify(flagwall, [path]) != [said]:
                found = "alone it is another"
            if found:
                wrong += 1
                print(f"cut at {length}: {found}")
            os.unlink(path)
    print(f"{len(data)} pieces, {packets} packets in the last")
    return 1 if wrong or not packets else 0


if __name__ == "__main__":
    sys.exit(main())
