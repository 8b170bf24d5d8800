# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What flagwall is measured beside: how each is put on "eth0" of a namespace, word for word.

The rules are the ten that firewall scripts have had for twenty years: none, FIN SYN, SYN RST,
FIN RST, FIN without ACK, URG without ACK, PSH without ACK, all, FIN PSH URG, FIN SYN PSH URG."""

import json
import shutil
import time

import world

NFT_FLAGS = """\
tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0 counter drop
tcp flags & (fin|syn) == fin|syn counter drop
tcp flags & (syn|rst) == syn|rst counter drop
tcp flags & (fin|rst) == fin|rst counter drop
tcp flags & (fin|ack) == fin counter drop
tcp flags & (ack|urg) == urg counter drop
tcp flags & (ack|psh) == psh counter drop
tcp flags & (fin|syn|rst|psh|ack|urg) == fin|syn|rst|psh|ack|urg counter drop
tcp flags & (fin|syn|rst|psh|ack|urg) == fin|psh|urg counter drop
tcp flags & (fin|syn|rst|psh|ack|urg) == fin|syn|psh|urg counter drop
"""
IPTABLES = [
    ("FIN,SYN,RST,PSH,ACK,URG", "NONE"),
    ("FIN,SYN", "FIN,SYN"),
    ("SYN,RST", "SYN,RST"),
    ("FIN,RST", "FIN,RST"),
    ("FIN,ACK", "FIN"),
    ("ACK,URG", "URG"),
    ("ACK,PSH", "PSH"),
    ("FIN,SYN,RST,PSH,ACK,URG", "FIN,SYN,RST,PSH,ACK,URG"),
    ("FIN,SYN,RST,PSH,ACK,URG", "FIN,PSH,URG"),
    ("FIN,SYN,RST,PSH,ACK,URG", "FIN,SYN,PSH,URG"),
]
NAMES = ("fin", "syn", "rst", "psh", "ack", "urg")


def illegal(bits):
    """Do the ten rules drop these six bits?"""
    fin, syn, rst, psh, ack, urg = (bits >> i & 1 for i in range(6))
    return bits in (0x00, 0x3F, 0x29, 0x2B) or fin & syn or syn & rst or fin & rst or not ack and (fin or urg or psh)


def nft_table(hook, body, before=""):
    family = "netdev" if hook == "ingress" else "inet"
    where = 'hook ingress device "eth0" priority 0' if hook == "ingress" else "hook prerouting priority raw"
    return f"table {family} bench {{\n{before}chain drops {{\ntype filter {where}; policy accept;\n{body}}}\n}}\n"


def nft_vmap_table(hook):
    """One look-up, whatever the flags."""
    dropped = [bits for bits in range(64) if illegal(bits)]
    spelled = ["|".join(n for i, n in enumerate(NAMES) if b >> i & 1) or "0x0" for b in dropped]
    elements = ",\n".join(f"{name} counter packets 0 bytes 0 : drop" for name in spelled)
    before = f"map verdicts {{\ntype tcp_flag : verdict\ncounter\nelements = {{ {elements} }}\n}}\n"
    return nft_table(hook, "tcp flags & (fin|syn|rst|psh|ack|urg) vmap @verdicts\n", before)


def nft(namespace, text):
    world.inside(namespace, "nft", "-f", "-", input=text)


def iptables_text():
    rules = "".join(f"-A PREROUTING -p tcp --tcp-flags {mask} {flags} -j DROP\n" for mask, flags in IPTABLES)
    return "*raw\n" + rules + "COMMIT\n"


def iptables(namespace, program):
    world.inside(namespace, program, input=iptables_text())


def xdp(namespace, program, mode="xdpdrv"):
    world.inside(namespace, "bpftool", "net", "attach", mode, "pinned", f"{world.PINS}/{program}", "dev", "eth0")


def xdp_filter(namespace):
    world.inside(namespace, "xdp-filter", "load", "eth0", "-m", "native", "-p", "allow", "-f", "tcp",
                 stderr=world.subprocess.DEVNULL)
    world.inside(namespace, "xdp-filter", "port", "8080", "-p", "tcp", "-m", "dst")


def tc(namespace):
    world.inside(namespace, "tc", "qdisc", "add", "dev", "eth0", "clsact")
    world.inside(namespace, "tc", "filter", "add", "dev", "eth0", "ingress", "bpf", "direct-action",
                 "pinned", f"{world.PINS}/reference_tc")


def flagwall(*options):
    return lambda namespace: world.flagwall("attach", "--netns", namespace, *options, "eth0")


CONNTRACK = nft_table("prerouting", "ct state invalid counter drop\n").replace("priority raw", "priority filter")

# name: (how it is put there, in words for the report)
LIMITS = {
    "XDP_DROP": (lambda n: xdp(n, "drop"), "`limits.bpf.c`, `drop`: two instructions"),
    "XDP_PASS": (lambda n: xdp(n, "pass"), "`limits.bpf.c`, `pass`: two instructions"),
    "XDP_DROP and a counter": (lambda n: xdp(n, "drop_count"), "`limits.bpf.c`, `drop_count`"),
    "nothing": (lambda n: None, "no filter at all"),
}
OURS = {
    "flagwall": (flagwall(), "`flagwall attach eth0`"),
    "flagwall, stateful": (flagwall("--policy", "stateful"), "`flagwall attach --policy stateful eth0`"),
    "flagwall, generic": (flagwall("--mode", "generic"), "`flagwall attach --mode generic eth0`"),
    "flagwall, tc-ingress": (flagwall("--hook", "tc-ingress"), "`flagwall attach --hook tc-ingress eth0`"),
    "flagwall, netfilter": (flagwall("--hook", "netfilter"), "`flagwall attach --hook netfilter eth0`"),
}
RIVALS = {
    "small reference parser": (lambda n: xdp(n, "reference"), "`limits.bpf.c`, `reference`"),
    "xdp-filter": (xdp_filter, "`xdp-filter load eth0 -m native -p allow -f tcp`, "
                   "`xdp-filter port 8080 -p tcp -m dst`: it has no flags; the flood goes to 8080"),
    "small parser at tc": (tc, "`limits.bpf.c`, `reference_tc`, direct action at clsact"),
    "nft ingress, rules": (lambda n: nft(n, nft_table("ingress", NFT_FLAGS)), nft_table("ingress", NFT_FLAGS)),
    "nft ingress, map": (lambda n: nft(n, nft_vmap_table("ingress")), nft_vmap_table("ingress")),
    "nft prerouting, rules": (lambda n: nft(n, nft_table("prerouting", NFT_FLAGS)), nft_table("prerouting", NFT_FLAGS)),
    "nft prerouting, map": (lambda n: nft(n, nft_vmap_table("prerouting")), nft_vmap_table("prerouting")),
    "iptables-legacy raw": (lambda n: iptables(n, "iptables-legacy-restore"), iptables_text()),
    "iptables-nft raw": (lambda n: iptables(n, "iptables-nft-restore"), iptables_text()),
    "conntrack INVALID": (lambda n: nft(n, CONNTRACK), CONNTRACK),
}


def bpfilter(namespace):
    """Ours by their name: it wants the number of the interface."""
    number = json.loads(world.inside(namespace, "ip", "-j", "link", "show", "eth0"))[0]["ifindex"]
    chain = "chain drops BF_HOOK_XDP{ifindex=%d} ACCEPT\n" % number
    for mask, flags in IPTABLES:
        wanted = [] if flags == "NONE" else flags.lower().split(",")
        clear = [f for f in mask.lower().split(",") if f not in wanted]
        rule = "rule " + (f"tcp.flags all {','.join(wanted)} " if wanted else "")
        chain += rule + (f"tcp.flags not any {','.join(clear)} " if clear else "") + "counter DROP\n"
    world.inside(namespace, "bfcli", "chain", "set", "--from-file", world.write("bpfilter", chain))


def xdp_firewall(namespace):
    """The ten rules for gamemann's xdpfw, as its README has them. It stays there as long as its process does, and
    blocks senders for a second, if not told otherwise: then it would no longer look at their flags."""
    rules = []
    for mask, flags in IPTABLES:
        wanted = ["tcp_enabled = true"] + [f"tcp_{flag.lower()} = {'true' if flag in flags.split(',') else 'false'}"
                                           for flag in mask.split(",")]
        rules.append("{ enabled = true, action = 0, block_time = 0, " + ", ".join(wanted) + " }")
    text = 'interface = "eth0";\nlog_file = "";\nno_stats = true;\nfilters = (\n' + ",\n".join(rules) + "\n);\n"
    process = world.stay(namespace, "xdpfw", "-c", world.write("xdpfw.conf", text))
    while "xdp" not in json.loads(world.inside(namespace, "ip", "-j", "link", "show", "eth0"))[0]:
        if process.poll() is not None:
            raise OSError("xdpfw ended")
        time.sleep(0.1)


# Whoever has them installed has them measured.
if shutil.which("bfcli"):
    RIVALS["bpfilter"] = (bpfilter, "the ten rules, by `bfcli chain set`")
if shutil.which("xdpfw"):
    RIVALS["XDP-Firewall"] = (xdp_firewall, "the ten rules, as filters of `xdpfw -c FILE`, `block_time = 0`")
