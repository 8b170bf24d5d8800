#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""report.py SERIES[/ARCH] LOG SECONDS PAGE

Puts what tests/vm/suite said into LOG as a row into the table in PAGE, in the
place of this kernel's former row. A kernel that did not get through is a row as
well.
"""
import datetime
import re
import sys

PARTS = ("in-kernel", "veth", "virtio-net")
BEGIN, END = "<!-- results: written by make vmtest -->\n", "<!-- end of results -->\n"
HEAD = """| kernel | machine | in the kernel | live, veth | live, virtio-net | verifier walks | it lacks | took | on |
|---|---|---|---|---|---|---|---|---|
"""


def read(log):
    """What each part said, what was walked, and what was skipped for lack of something."""
    kernel, machine, part = None, None, None
    results, walked, lacks = {}, [], []
    for line in open(log, errors="replace"):
        if found := re.match(r"## kernel (\S+) (\S+)", line):
            kernel, machine = found.groups()
        elif found := re.match(r"## (\S+)", line):
            part = found[1]
            results[part] = "broke off"
        elif found := re.match(r"# verified: (.*) (\d+)$", line):
            walked.append("%s %s" % (found[1], format(int(found[2]), ",")))
        elif found := re.match(r"ok .*# skip (.*)", line, re.I):
            if found[1] not in lacks:
                lacks.append(found[1])
        elif part and (found := re.match(r"(\d+ passed), (\d+) failed(, \d+ skipped)?$", line)):
            failed = ", **%s failed**" % found[2] if found[2] != "0" else ""
            results[part] = found[1] + failed + (found[3] or "")
    return kernel, machine, results, walked, lacks


def order(row):
    """By machine, then by version."""
    kernel, machine = [cell.strip() for cell in row.split("|")[1:3]]
    return machine != "x86_64", machine, [int(n) for n in re.findall(r"\d+", kernel)]


def main(wanted, log, seconds, page):
    series, _, arch = wanted.partition("/")
    architecture = {"": "x86_64", "amd64": "x86_64"}.get(arch, arch)
    kernel, machine, results, walked, lacks = read(log)
    cells = [kernel or series + ".", machine or architecture]
    cells += [results.get(part, "-") for part in PARTS] if kernel else ["**did not boot**", "-", "-"]
    cells += ["<br>".join(walked) or "-", "<br>".join(lacks) or "nothing that a test asked for",
              "%d min" % round(int(seconds) / 60), datetime.date.today().isoformat()]
    text = open(page).read()
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    rows = [row for row in table.splitlines()[2:]
            if not re.match(r"\| %s\.\S* \| %s \|" % (re.escape(series), cells[1]), row)]
    rows = sorted(rows + ["| " + " | ".join(cells) + " |"], key=order)
    with open(page, "w") as out:
        out.write(before + BEGIN + HEAD + "\n".join(rows) + "\n" + END + after)


main(*sys.argv[1:])
