# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What is made of measurements: of each case a list, one number a round, of rounds that
all cases shared."""

import statistics


def summary(rounds, base):
    """Least, median and most of @rounds; the ratio of the least to that of @base, and the median of
    the ratios round by round: the machine is not as fast in every minute, but it is the same for all of a round."""
    ratios = [mine / its for mine, its in zip(rounds, base)]
    return {
        "min": min(rounds),
        "median": statistics.median(rounds),
        "max": max(rounds),
        "ratio_min": min(rounds) / min(base),
        "ratio": statistics.median(ratios),
        "above_min": min(rounds) - min(base),
        "above": statistics.median(mine - its for mine, its in zip(rounds, base)),
        "rounds": len(rounds),
    }


def collect(lines, key):
    """From one value a line, or a list: {case: [number a round]}."""
    cases = {}
    for line in lines:
        values = line["ns"] if isinstance(line["ns"], list) else [line["ns"]]
        cases.setdefault(line[key], []).extend(values)
    return cases


def table(cases, base):
    """A summary of each case."""
    return {name: summary(rounds, cases[base]) for name, rounds in cases.items()}


def section(title, text, columns, rows, command, raw=None, chart=None):
    """A part of the report. @columns: names; @rows: lists of cells; @chart: what chart.py draws."""
    return {"title": title, "text": text, "columns": columns, "rows": rows, "command": command,
            "raw": raw, "chart": chart}


def lying(cases, file, x="ns a packet, sender included"):
    """A chart with a bar for each of @cases, the shortest first."""
    order = sorted(cases, key=lambda name: min(cases[name]))
    return {"kind": "lying", "file": file, "x": f"{x}: least and median", "names": order,
            "least": [min(cases[name]) for name in order], "median": [statistics.median(cases[name]) for name in order]}
