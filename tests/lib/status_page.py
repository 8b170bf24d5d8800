#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""status_page.py: the exporter's page in a browser, while somebody scans the host.

Prints a line for everything it saw: what, what the page had, what it should have had; with tabs
between. Numbers are those that 'flagwall counters -j' has. For test_page.sh, whose hosts it uses.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from browser import Page  # noqa: E402

FLAGWALL, HOST, PEER, HOST4 = (os.environ[name] for name in ("FLAGWALL", "HOST", "PEER", "HOST4"))
EXPORTER_PID = int(sys.argv[1])
URL = "http://127.0.0.1:9979/"
EVIL = '<i>&"\'$x'  # the kernel takes nearly everything for a name

# {name: [packets, dropped]} of a table, as a reader sees them.
TABLE = """Object.fromEntries([...document.querySelectorAll("#%s tbody tr")].map(r =>
    [r.cells[0].textContent, [4, 5].map(i => Number(r.cells[i].textContent.replaceAll(",", "")))]))"""
MAP = """Object.fromEntries([...document.querySelectorAll("#map td[data-value]")].map(c =>
    [c.dataset.value, [Number(c.dataset.packets), Number(c.dataset.dropped)]]).filter(c => c[1][0]))"""
FILTERS = """Object.fromEntries([...document.querySelectorAll("#filters tbody tr")].map(r =>
    [r.cells[0].textContent + " " + r.cells[1].textContent,
     r.cells.length < 9 ? null : [7, 8].map(i => Number(r.cells[i].textContent.replaceAll(",", "")))]))"""
# Texts that cannot be told from what is behind them (WCAG: 4.5 : 1).
FAINT = """(() => {
    const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && !m[3] ? null : m; };
    const light = c => { const [r, g, b] = c.slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c) return c; } return [255, 255, 255]; };
    const faint = new Set();
    for (const e of document.querySelectorAll("body *")) {
        if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length || e.closest("noscript, script, option"))
            continue;
        const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5)
            faint.add(e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 20));
    }
    return [...faint];
})()"""


def saw(what, got, expected):
    print(what, json.dumps(got, sort_keys=True), json.dumps(expected, sort_keys=True), sep="\t", flush=True)


def inside(namespace, *command):
    subprocess.run(["nsenter", f"--net=/run/netns/{namespace}", *command], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)


def flagwall(verb, *arguments):
    return subprocess.run([FLAGWALL, *verb.split(), "--netns", HOST, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True).stdout


def counters(*arguments):
    return json.loads(flagwall("counters", *arguments, "-j"))


def by_name(rows):
    return {row["name"]: [row["packets"], row["dropped"]] for row in rows}


def by_bits(rows):
    """Of the 64 combinations of SYN, FIN, RST, PSH, ACK, URG."""
    found = {}
    for row in rows:
        cell = found.setdefault(str(row["value"] & 63), [0, 0])
        cell[0] += row["packets"]
        cell[1] += row["dropped"]
    return found


def scan(*options):
    inside(PEER, "nmap", "-n", "-Pn", "-T5", "--max-retries", "0", "--initial-rtt-timeout", "100ms",
           "--max-rtt-timeout", "100ms", "-p", "1-30", *options, HOST4)


def settles(page, what, script, expected):
    """The page comes to have what it should."""
    end = time.monotonic() + 20
    while (got := page.run(script)) != expected and time.monotonic() < end:
        time.sleep(0.1)
    saw(what, got, expected)


def agrees(page, what, hook="xdp"):
    """All numbers of one filter."""
    expected = counters("eth0", "--hook", hook)
    settles(page, f"{what}: patterns", TABLE % "patterns", by_name(expected["patterns"]))
    settles(page, f"{what}: reasons", TABLE % "reasons", by_name(expected["reasons"]))
    settles(page, f"{what}: the 64 combinations", MAP, by_bits(expected["flags"]))
    settles(page, f"{what}: all packets", f"({FILTERS})[{json.dumps('eth0 ' + hook)}]", [expected["packets"], expected["dropped"]])


def choose(page, value):
    page.run(f"""(() => {{ const s = document.getElementById("which"); s.value = {json.dumps(value)};
        s.dispatchEvent(new Event("change")); }})()""")


def rates(page):
    """A scan that goes on is seen where it is, with its rate; and its end."""
    with subprocess.Popen(["nsenter", f"--net=/run/netns/{PEER}", "hping3", "-q", "-c", "300", "-i", "u20000", "-S", "-F",
                           "-p", "9", HOST4], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as flood:
        cell = """document.querySelector("#map td[data-value='3']")"""
        page.until(f"/ h[1-6]$/.test({cell}.className)")
        rate = float(page.run(f"{cell}.textContent") or 0)
        saw("SYN,FIN now: hot, framed, and as fast as it is sent", [page.run(f"{cell}.className.split(' ')[0]"), 5 < rate < 60], ["dropped", True])
        saw("the pattern as well", page.run("""Number([...document.querySelectorAll("#patterns tbody tr")]
            .find(r => r.dataset.key === "syn-fin").cells[2].textContent) > 5"""), True)
        flood.kill()
    saw("and its end", page.until(f"{cell}.textContent === '·'"), True)
    saw("over time: there is something to see", page.run("""[document.querySelectorAll("#over path").length,
        document.querySelector("#over .fill-drop").getBBox().height > 1,
        document.querySelectorAll("#patterns .spark path").length > 0]"""), [3, True, True])


def keyboard(page):
    page.run("document.activeElement.blur()")
    reached = []
    for _ in range(8):
        page.press("Tab", 9)
        reached.append(page.run("document.activeElement.id || document.activeElement.dataset.value || document.activeElement.getAttribute('aria-labelledby') || document.activeElement.textContent.slice(0, 20)"))
    saw("Tab goes to everything", reached, ["which", "pause", "h-filters", "0", "h-patterns", "h-reasons", "/metrics", "/status.json"])
    page.run("""document.querySelector("#map td[tabindex='0']").focus()""")
    for key, code in (("ArrowRight", 39), ("ArrowDown", 40), ("ArrowDown", 40), ("End", 35), ("ArrowUp", 38), ("ArrowLeft", 37), ("Home", 36), ("ArrowRight", 39)):
        page.press(key, code)
    saw("arrows move in the map", page.run("document.activeElement.dataset.value"), "9")
    for key, code in (("ArrowUp", 38), ("ArrowUp", 38), ("ArrowRight", 39), ("ArrowRight", 39)):
        page.press(key, code)
    saw("one cell can be reached by Tab", page.run("""[...document.querySelectorAll("#map td[tabindex='0']")].map(c => c.dataset.value)"""), ["3"])
    told = page.run("document.getElementById('detail').textContent")
    packets, dropped = by_bits(counters("eth0", "--hook", "xdp")["flags"])["3"]
    saw("what is told of it", [told.startswith("SYN,FIN: syn-fin, drop"), re.findall(r"(\d+) (?:packets|dropped)", told.replace(",", ""))],
        [True, [str(packets), str(dropped)]])


def reader(page):
    """What a screen reader is given."""
    nodes = page.ask("Accessibility.getFullAXTree")["nodes"]
    named = {}
    for node in nodes:
        role, name = node.get("role", {}).get("value"), node.get("name", {}).get("value", "")
        if not node.get("ignored"):
            named.setdefault(role, []).append(name)
    saw("reader: 64 cells, each says which", [len(named["gridcell"]), len(set(named["gridcell"])), all(": " in name for name in named["gridcell"])], [64, 64, True])
    saw("reader: the chart is told in words", any("dropped" in name for name in named.get("image", named.get("img", []))), True)
    saw("reader: everything that can be used has a name", [name for role in ("button", "combobox", "grid", "region", "link", "heading")
                                                            for name in named[role] if not name], [])
    landmarks = named["region"] + named["banner"] + named["main"]
    saw("reader: no two landmarks are called the same", sorted(name for name in set(landmarks) if name and landmarks.count(name) > 1), [])
    saw("reader: rows and columns have headers", [len(named["columnheader"]) >= 9 + 8 + 12, len(named["rowheader"]) >= 8 + 31], [True, True])


def hostile(page):
    inside(HOST, "ip", "link", "add", EVIL, "type", "veth", "peer", "name", "evil-peer")
    flagwall("attach", EVIL)
    settles(page, "a name that is HTML is a name", f"Object.keys({FILTERS}).includes({json.dumps(EVIL + ' xdp')})", True)
    saw("and nothing else", page.run("[document.querySelectorAll('i').length, [...document.getElementById('which').options].some(o => o.textContent.startsWith('<i>'))]"), [0, True])
    inside(HOST, "ip", "link", "del", EVIL)
    settles(page, "deleted: it is named as missing", f"({FILTERS})[{json.dumps(EVIL + ' ')}] === null || "
            f"Object.entries({FILTERS}).some(([k, v]) => k.startsWith({json.dumps(EVIL)}) && v === null)", True)
    saw("and it looks bad", page.run("document.getElementById('state').className"), "bad")


def main():
    page = Page(f"/run/netns/{HOST}")
    page.open(URL)
    page.until("document.body && document.body.dataset.shown")
    choose(page, "eth0 xdp")
    for options in (("--scanflags", "SYNFIN"), ("-sX",), ("-sA",)):
        scan(*options)
    inside(PEER, "ping", "-q", "-c", "3", "-i", "0.01", HOST4)
    agrees(page, "after scans")
    rates(page)
    keyboard(page)
    reader(page)
    for scheme in ("light", "dark"):
        page.scheme(scheme)
        saw(f"{scheme}: paper", page.run("getComputedStyle(document.body).backgroundColor"), {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme])
        saw(f"{scheme}: all text can be read", page.run(FAINT), [])
    page.run("document.getElementById('pause').click()")
    before = page.run(TABLE % "patterns")
    scan("-sN")
    time.sleep(2.5)
    saw("paused: nothing moves", [page.run(TABLE % "patterns") == before, page.run("document.getElementById('pause').getAttribute('aria-pressed')")], [True, "true"])
    page.run("document.getElementById('pause').click()")
    agrees(page, "going on")
    flagwall("policy set", "eth0", "strict")
    agrees(page, "another policy")
    hostile(page)
    saw("it complains of nothing", page.trouble, [])
    os.kill(EXPORTER_PID, signal.SIGTERM)
    settles(page, "the exporter is gone: it says so", "document.getElementById('state').className === 'bad' && /not read/.test(document.getElementById('state').textContent)", True)
    saw("nothing was asked for from elsewhere", sorted({url for url in page.requests if not url.startswith("data:")}), [URL, URL + "status.json"])
    page.close()


main()
