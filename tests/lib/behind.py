# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The counters of nftables in this network namespace, as `nft list counters` has them."""
import json
import socket
import struct

from devices import attributes

NETLINK_NETFILTER = 12
NFT_MSG_GETOBJ = 10 << 8 | 19
NLM_F_REQUEST, NLM_F_DUMP, NLMSG_ERROR, NLMSG_DONE = 1, 0x300, 2, 3
NFTA_OBJ_TABLE, NFTA_OBJ_NAME, NFTA_OBJ_TYPE, NFTA_OBJ_DATA = 1, 2, 3, 4
NFT_OBJECT_COUNTER = 1
NFTA_COUNTER_BYTES, NFTA_COUNTER_PACKETS = 1, 2


def counters():
    """{"table", "name", "packets", "bytes"} of each."""
    found = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as netfilter:
        netfilter.send(struct.pack("IHHIIBBH", 20, NFT_MSG_GETOBJ, NLM_F_REQUEST | NLM_F_DUMP, 1, 0, 0, 0, 0))
        while True:
            said = netfilter.recv(1 << 18)
            while said:
                length, kind = struct.unpack_from("IH", said)
                if kind == NLMSG_DONE:
                    return found
                if kind == NLMSG_ERROR:
                    raise OSError(-struct.unpack_from("i", said, 16)[0], "counters of nftables")
                found += counter(attributes(said[20:length]))
                said = said[(length + 3) & ~3:]


def counter(thing):
    if struct.unpack(">I", thing[NFTA_OBJ_TYPE])[0] != NFT_OBJECT_COUNTER:
        return []
    table, name = (thing[kind].rstrip(b"\0").decode() for kind in (NFTA_OBJ_TABLE, NFTA_OBJ_NAME))
    data = attributes(thing[NFTA_OBJ_DATA])
    count = {name: struct.unpack(">Q", data[kind])[0]
             for name, kind in (("packets", NFTA_COUNTER_PACKETS), ("bytes", NFTA_COUNTER_BYTES))}
    return [dict(count, table=table, name=name)]


def named(table, member="packets"):
    """Name -> number, of one table."""
    return {c["name"]: c[member] for c in counters() if c["table"] == table}


def behind(what, member):
    """See behind in live.sh."""
    known = {c["name"]: c[member] for c in counters()}
    bits = {name: 1 << bit for bit, name in enumerate("FSRPAUEC")}
    if "all_" + what in known:
        return known["all_" + what]
    code = compile(what, what, "eval")
    return sum(known["f%d" % f] for f in range(256) if eval(code, dict(bits, f=f)))


def save(path, table, but=()):
    """All of @table, by name, in JSON."""
    with open(path, "w", encoding="utf-8") as out:
        json.dump({name: count for name, count in named(table).items() if name not in but}, out)
