# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the kernel says of the interfaces of this network namespace: counts that are not
ours, and which program is there. By netlink and ioctl, without ip and ethtool, which the
tests would start a thousand times.
"""
import array
import errno
import fcntl
import os
import re
import socket
import struct
import time

RTM_GETLINK, NLM_F_REQUEST, NLMSG_ERROR = 18, 1, 2
IFLA_IFNAME, IFLA_STATS64, IFLA_XDP = 3, 23, 43
IFLA_XDP_ATTACHED, IFLA_XDP_PROG_ID = 2, 4
SIOCETHTOOL = 0x8946
ETHTOOL_GDRVINFO, ETHTOOL_GSTRINGS, ETHTOOL_GSTATS, ETHTOOL_SGRO = 0x3, 0x1b, 0x1d, 0x2c
ETH_SS_STATS = 1


def attributes(data):
    """Type -> bytes."""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("HH", data)
        found[kind & 0x3fff] = data[4:length]
        data = data[max(4, (length + 3) & ~3):]
    return found


def link(device):
    """(number, attributes) of a device; None if there is none."""
    name = device.encode() + b"\0"
    body = struct.pack("BxHiII", 0, 0, 0, 0, 0) + struct.pack("HH", 4 + len(name), IFLA_IFNAME) + name
    body += bytes(-len(body) % 4)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as route:
        route.send(struct.pack("IHHII", 16 + len(body), RTM_GETLINK, NLM_F_REQUEST, 1, 0) + body)
        said = route.recv(65536)
    if struct.unpack_from("H", said, 4)[0] == NLMSG_ERROR:
        error = -struct.unpack_from("i", said, 16)[0]
        if error == errno.ENODEV:
            return None
        raise OSError(error, device)
    return struct.unpack_from("i", said, 20)[0], attributes(said[32:])


def index(device):
    there = link(device)
    return there[0] if there else ""


def program(device):
    """Number of the XDP program; None."""
    xdp = attributes(link(device)[1].get(IFLA_XDP, b""))
    return struct.unpack("I", xdp[IFLA_XDP_PROG_ID])[0] if IFLA_XDP_PROG_ID in xdp else None


def xdp(device):
    """How the kernel has XDP on it."""
    there = link(device)
    if not there:
        return "no device"
    attached = attributes(there[1].get(IFLA_XDP, b"")).get(IFLA_XDP_ATTACHED, b"\0")[0]
    return {0: "none", 1: "native", 2: "generic"}.get(attached, "unknown")


def ethtool(device, request):
    """What the driver makes of @request."""
    said = array.array("B", request)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCETHTOOL, struct.pack("16sP8x", device.encode(), said.buffer_info()[0]))
    return said.tobytes()


def statistics(device):
    """(name, number) of each that the driver has."""
    count = struct.unpack_from("I", ethtool(device, struct.pack("I192x", ETHTOOL_GDRVINFO)), 180)[0]
    names = ethtool(device, struct.pack("III", ETHTOOL_GSTRINGS, ETH_SS_STATS, count) + bytes(32 * count))[12:]
    numbers = ethtool(device, struct.pack("II", ETHTOOL_GSTATS, count) + bytes(8 * count))[8:]
    for i, number in enumerate(struct.unpack("%dQ" % count, numbers)):
        yield names[32 * i:32 * i + 32].split(b"\0")[0].decode(), number


def xdp_statistic(device, what):
    """Frames that the driver gave to XDP (packets), or lost to it (drops)."""
    name = re.compile(r"rx(_queue_)?\d+_xdp_%s$" % what)
    return sum(number for called, number in statistics(device) if name.match(called))


def no_gro(device):
    ethtool(device, struct.pack("II", ETHTOOL_SGRO, 0))


def received(device, mode):
    """Frames that it ever received, by its driver: in native mode those that it gave to XDP."""
    if mode == "native":
        return xdp_statistic(device, "packets")
    return struct.unpack_from("Q", link(device)[1][IFLA_STATS64])[0]


def settle(device, mode):
    """Wait until no frames come any more."""
    before = None
    for _ in range(50):
        now = received(device, mode)
        if now == before:
            break
        before = now
        time.sleep(0.1)


def folder(device, namespace):
    """Where flagwall keeps what belongs to it; @namespace is the one that we are in."""
    return "/sys/fs/bpf/flagwall/%d-%s" % (os.stat("/run/netns/" + namespace).st_ino, index(device))
