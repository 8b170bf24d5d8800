#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Metrics as readers that are not ours see them: prometheus_client's parsers.

    metrics.py read FILE            every sample, as JSON: {"name{a=\"b\"}": value}
    metrics.py same OPEN OLDER      the two formats say the same
    metrics.py faces OPEN JSON TEXT what `counters` says in its formats are the same numbers
    metrics.py grown BEFORE AFTER [SERIES=BY...]
                                    no counter has become less, none has come or gone, and each
                                    has grown by what is said, or by nothing; SERIES is written
                                    NAME:PATTERN-OR-REASON, for the interface eth0 at xdp
"""

import json
import sys

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as older


def key(sample):
    labels = ",".join(f'{k}="{v}"' for k, v in sorted(sample.labels.items()))
    return f"{sample.name}{{{labels}}}"


def families(path):
    """All families, by the parser for what the file is; what is not allowed is an error."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    is_open = text.endswith("# EOF\n")
    found = list((openmetrics if is_open else older).text_string_to_metric_families(text))
    for family in found:
        if not family.documentation or family.type in ("unknown", "untyped"):
            sys.exit(f"{family.name}: {family.type}, help {family.documentation!r}")
        if family.type == "counter" and any(not s.name.endswith("_total") for s in family.samples):
            sys.exit(f"{family.name}: a counter without _total")
        for unit in ("bytes", "packets", "seconds"):
            if is_open and family.name.endswith(unit) and family.unit != unit:
                sys.exit(f"{family.name}: unit {family.unit!r}")
    return found


def read(path):
    samples = {}
    for family in families(path):
        for sample in family.samples:
            if key(sample) in samples:
                sys.exit(f"twice: {key(sample)}")
            samples[key(sample)] = sample.value
    return samples


def same(first, second):
    """But for the time of reading."""
    def settled(path):
        return {k: v for k, v in read(path).items() if not k.startswith("flagwall_read_")}
    if settled(first) != settled(second):
        sys.exit(str(set(settled(first).items()) ^ set(settled(second).items())))


def tables(path):
    """What text has: {(interface line, name): (packets, bytes, dropped)}."""
    rows, where = {}, None
    for line in open(path, encoding="utf-8"):
        words = line.split()
        if ": policy " in line:
            where = line.split(":")[0]
        elif len(words) == 5 and words[1] in ("pass", "count", "(drop)", "drop"):
            rows[where, words[0]] = tuple(map(int, words[2:]))
    return rows


def faces(path, json_path, text_path):
    names = ("packets", "bytes", "dropped_packets")
    numbers = {}
    for family in families(path):
        short = family.name.replace("flagwall_", "")
        for s in family.samples if short in names else ():
            where = s.labels["interface"]
            if s.labels["hook"] != "xdp":
                where += " " + s.labels["hook"]
            name = s.labels.get("pattern") or s.labels["reason"]
            numbers.setdefault((where, name), {})[short] = int(s.value)
    numbers = {k: tuple(v[name] for name in names) for k, v in numbers.items()}
    by_json = {}
    for i in json.load(open(json_path, encoding="utf-8"))["interfaces"]:
        where = i["interface"] + ("" if i["hook"] == "xdp" else " " + i["hook"])
        for row in i["patterns"] + i["reasons"]:
            by_json[where, row["name"]] = (row["packets"], row["bytes"], row["dropped"])
        if tuple(map(sum, zip(*(v for k, v in numbers.items() if k[0] == where)))) != \
                (i["packets"], i["bytes"], i["dropped"]):
            sys.exit(f"{where}: the sum")
    by_text = tables(text_path)
    if not numbers or not numbers == by_json == by_text:
        sys.exit(f"metrics and JSON: {set(numbers.items()) ^ set(by_json.items())}\n"
                 f"metrics and text: {set(numbers.items()) ^ set(by_text.items())}")
    print(len(numbers))


def grown(before, after, said):
    before, after = read(before), read(after)
    expected = {}
    for one in said:
        series, by = one.split("=")
        name, row = series.split(":")
        expected[name, row] = int(by)
    for series in sorted(set(before) | set(after)):
        name = series.split("{")[0]
        if not name.endswith("_total") or name == "flagwall_interface_packets_total":
            continue
        if series not in before or series not in after:
            sys.exit(f"came or went: {series}")
        by = after[series] - before[series]
        row = series.split('pattern="')[-1].split('reason="')[-1].split('"')[0]
        mine = 'hook="xdp",interface="eth0"' in series
        if name.startswith("flagwall_bytes"):
            packets = series.replace("flagwall_bytes", "flagwall_packets")
            if by < 0 or (by > 0) != (after[packets] > before[packets]):
                sys.exit(f"{series} grew by {by}")
        elif by != (expected.pop((name, row), 0) if mine else by if by >= 0 else None):
            sys.exit(f"{series} grew by {by}")
    if expected:
        sys.exit(f"not there: {expected}")


def main():
    verb, arguments = sys.argv[1], sys.argv[2:]
    if verb == "read":
        json.dump(read(*arguments), sys.stdout)
    elif verb == "same":
        same(*arguments)
    elif verb == "faces":
        faces(*arguments)
    elif verb == "grown":
        grown(arguments[0], arguments[1], arguments[2:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
