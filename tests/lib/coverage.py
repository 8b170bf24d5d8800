#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""coverage.py FOLDER: what gcov counted there, of the parser and of each reader.

FOLDER is a build with --coverage whose programs have run (make coverage). Prints
each file with its lines and the share of them that ran, and names every line that
did not. Fails if headers/ as a whole, or one of the readers, is below 95 %.
"""
import collections
import fnmatch
import gzip
import json
import os
import subprocess
import sys
import tempfile

LEAST = 95.0
READERS = (
    "user/capture/capture*.c",
    "user/policy/exception.c",
    "user/capture/linktype.c",
    "user/signature/match.c",
    "user/signature/notation*.c",
    "user/options.c",
    "user/policy/policy_except.c",
    "user/policy/policy_parse.c",
    "user/policy/policy_state.c",
    "user/policy/policy_text.c",
    "user/capture/source*.c",
)


def wanted(path):
    return path.startswith("headers/") or any(fnmatch.fnmatch(path, name) for name in READERS)


def count(folder):
    """{path: {line: how often it ran}}, of all programs together."""
    counts = collections.defaultdict(collections.Counter)
    top = os.getcwd()
    notes = [
        os.path.join(place, name)
        for place, _, names in os.walk(os.path.abspath(folder))
        for name in names
        if name.endswith(".gcno")
    ]
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(
            [os.environ.get("GCOV", "gcov"), "--json-format", *notes],
            cwd=work,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name in os.listdir(work):
            with gzip.open(os.path.join(work, name)) as file:
                data = json.load(file)
            for source in data["files"]:
                path = os.path.join(data["current_working_directory"], source["file"])
                path = os.path.relpath(os.path.normpath(path), top)
                if not wanted(path):
                    continue
                for line in source["lines"]:
                    counts[path][line["line_number"]] += line["count"]
    return counts


def show(name, lines):
    ran = sum(1 for times in lines.values() if times)
    share = 100.0 * ran / len(lines)
    print(f"  {share:6.2f} %  {ran:5} of {len(lines):5}  {name}")
    return share


def main(folder):
    counts = count(folder)
    if not counts:
        sys.exit("coverage: nothing was counted")
    below = []
    headers = {}
    for path in sorted(counts):
        share = show(path, counts[path])
        if path.startswith("headers/"):
            headers.update(((path, line), times) for line, times in counts[path].items())
        elif share < LEAST:
            below.append(path)
    if show("headers/", headers) < LEAST:
        below.append("headers/")
    for path in sorted(counts):
        missed = [line for line, times in sorted(counts[path].items()) if not times]
        with open(path, encoding="utf-8") as file:
            text = file.read().splitlines()
        for line in missed:
            print(f"  did not run: {path}:{line}: {text[line - 1].strip()}")
    for path in below:
        print(f"coverage: {path} is below {LEAST:.0f} %", file=sys.stderr)
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
