# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What is written at the end: report.md, report.json and the charts."""

import datetime
import json
import os
import platform

import chart
import world


def first_line(*command):
    try:
        return world.run(*command, stderr=world.subprocess.DEVNULL).splitlines()[0]
    except (OSError, IndexError, world.subprocess.CalledProcessError):
        return "not here"


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return "not here"


def environment(quick):
    processor = [line.split(":")[1].strip() for line in read("/proc/cpuinfo").splitlines() if line.startswith("model name")]
    return {
        "when": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "quick": quick,
        "version": world.flagwall("--version").strip(),
        "commit": first_line("git", "-c", f"safe.directory={world.TOP}", "-C", world.TOP, "describe", "--always", "--dirty"),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": f"{processor[0] if processor else platform.processor()}, {os.cpu_count()} of them",
        "mitigations": read("/sys/devices/system/cpu/vulnerabilities/spectre_v2"),
        "bpf_jit": read("/proc/sys/net/core/bpf_jit_enable"),
        "load_before": read("/proc/loadavg"),
        "tools": {name: first_line(*command) for name, command in {
            "clang": ("clang", "--version"), "nft": ("nft", "--version"), "iptables": ("iptables", "--version"),
            "xdp-filter": ("dpkg-query", "-W", "xdp-tools"), "tcpdump": ("tcpdump", "--version"),
            "tshark": ("tshark", "--version"), "bpftool": ("bpftool", "version")}.items()},
    }


def cell(value):
    return str(value).replace("|", "\\|")


def as_table(columns, rows):
    lines = ["| " + " | ".join(map(cell, columns)) + " |", "|---" * len(columns) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(cell, row)) + " |" for row in rows]) + "\n"


def write(surroundings, sections, rule_sets):
    text = "# flagwall, measured\n\n"
    if surroundings["quick"]:
        text += "**A quick run** (QUICK=1): few rounds, and parts left out. The figures of a whole run are better.\n\n"
    text += ("Ratios hold between machines better than nanoseconds do. Each table says which command makes it again; "
             "`report.json` has every round.\n\n")
    flat = {**{k: v for k, v in surroundings.items() if k != "tools"}, **surroundings["tools"]}
    text += as_table(["", ""], flat.items()) + "\n"
    for part in sections:
        text += f"## {part['title']}\n\n{part['text']}\n\n"
        if part["rows"]:
            text += as_table(part["columns"], part["rows"]) + "\n"
        if part["chart"]:
            chart.draw(part["chart"], world.OUT)
            text += f"![{part['title']}]({part['chart']['file']})\n\n"
        text += f"Again: `{part['command']}`\n\n"
    if rule_sets:
        text += "## What was on each host\n\n"
        for name, words in rule_sets:
            text += f"**{name}**" + (f": {words}\n\n" if "\n" not in words else f"\n\n```\n{words}```\n\n")
    with open(os.path.join(world.OUT, "report.md"), "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(world.OUT, "report.json"), "w", encoding="utf-8") as file:
        json.dump({"environment": surroundings, "sections": sections, "rule_sets": dict(rule_sets)}, file, indent=1)
        file.write("\n")
