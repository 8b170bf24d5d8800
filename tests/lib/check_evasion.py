#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The table in docs/evasion.md, for the tests that hold the filter to it.

check_evasion.py names TOPIC
    The names in the table that begin with TOPIC/, in its order.

check_evasion.py check NAME POLICY BEFORE AFTER BEHIND
    BEFORE and AFTER are counters in JSON, BEHIND is how many frames were seen
    behind the filter in between. Every pattern and reason must have grown as
    the table says, and been dropped as it says. Prints what differs.
"""
import json
import os
import sys

TABLE = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "evasion.md")
ACTIONS = ("pass", "count", "drop")
COLUMNS = ("test", "trick", "with", "packets", "counted as", "default", "strict")


def rows():
    """The rows as dictionaries; a row without a name belongs to the one above it."""
    name = None
    with open(TABLE, encoding="utf-8") as lines:
        for line in lines:
            cells = [cell.strip().strip("`") for cell in line.split("|")[1:-1]]
            if len(cells) != len(COLUMNS):
                continue
            row = dict(zip(COLUMNS, cells))
            if row["test"] == "test" or set(row["test"]) == {"-"}:
                continue
            name = row["test"] or name
            row["test"] = name
            if row["default"] not in ACTIONS or row["strict"] not in ACTIONS:
                sys.exit(f"{TABLE}: {name}: actions are {', '.join(ACTIONS)}")
            yield row


def names(topic):
    found = []
    for row in rows():
        if row["test"].startswith(topic + "/") and row["test"] not in found:
            found.append(row["test"])
    return found


def growth(before, after):
    """Name of pattern or reason -> (packets, dropped, action)."""
    with open(before, encoding="utf-8") as file:
        old = json.load(file)
    with open(after, encoding="utf-8") as file:
        new = json.load(file)
    was = {line["name"]: line for line in old["patterns"] + old["reasons"]}
    return {
        line["name"]: (
            line["packets"] - was[line["name"]]["packets"],
            line["dropped"] - was[line["name"]]["dropped"],
            line["action"],
        )
        for line in new["patterns"] + new["reasons"]
    }


def check(name, policy, before, after, behind):
    wrong = []
    grown = growth(before, after)
    mine = [row for row in rows() if row["test"] == name]
    if not mine:
        wrong.append("it is not in the table")
    told = {row["counted as"]: row for row in mine}
    if len(told) != len(mine):
        wrong.append("the table has a pattern or reason twice")
    for unknown in set(told) - set(grown):
        wrong.append(f"{unknown}: no pattern or reason has this name")
    for line, (packets, dropped, action) in grown.items():
        row = told.get(line, {"packets": "0", policy: action})
        if row["packets"] == "any":  # what a tool says beside its trick
            want = packets
        else:
            want = int(row["packets"])
        if packets != want:
            wrong.append(f"{line}: {packets} packets, the table says {want}")
        if action != row[policy]:
            wrong.append(f"{line}: the action is {action}, the table says {row[policy]}")
        if dropped != (packets if row[policy] == "drop" else 0):
            wrong.append(f"{line}: {dropped} of {packets} were dropped")
    passed = sum(packets - dropped for packets, dropped, _ in grown.values())
    if passed != behind:
        wrong.append(f"{behind} frames were seen behind the filter, not {passed}")
    return wrong


def main(verb, *arguments):
    if verb == "names":
        print("\n".join(names(*arguments)))
        return 0
    name, policy, before, after, behind = arguments
    wrong = check(name, policy, before, after, int(behind))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
