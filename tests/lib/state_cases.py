#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""state_cases.py CASE...: real connections between $PEER and $HOST, each over IPv4
and IPv6 at once, and what the filter of $HOST counted of them by state.

Prints a line for each case: its name, a tab, what was flagged ("-": nothing) and, in
brackets, what the case is about. Flagged is what the policy stateful counts.
"""
import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
import time

PEER, HOST = os.environ["PEER"], os.environ["HOST"]
ADDRESSES = {socket.AF_INET: (os.environ["PEER4"], os.environ["HOST4"]),
             socket.AF_INET6: (os.environ["PEER6"], os.environ["HOST6"])}
libc = ctypes.CDLL(None, use_errno=True)
local = threading.local()


def enter(namespace):
    """From now on, sockets of this thread are made there."""
    if getattr(local, "namespace", None) == namespace:
        return
    with open("/run/netns/" + namespace) as file:
        if libc.setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")
    local.namespace = namespace


def run_in(namespace, *command):
    subprocess.run(["nsenter", "--net=/run/netns/" + namespace, *command], check=True,
                   stdout=subprocess.DEVNULL)


def sysctl(namespace, name, value):
    before = getattr(local, "namespace", None)
    with open("/proc/thread-self/ns/net") as here:
        enter(namespace)
        try:
            with open("/proc/sys/" + name.replace(".", "/"), "w") as file:
                file.write(str(value))
        finally:
            libc.setns(here.fileno(), 0)
            local.namespace = before


def made(namespace, family):
    enter(namespace)
    made_socket = socket.socket(family, socket.SOCK_STREAM)
    made_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made_socket.settimeout(20)
    return made_socket


def listener(namespace, family, address="", port=0, backlog=64, options=()):
    """A socket that listens there; without an address: on all of them."""
    listening = made(namespace, family)
    if family == socket.AF_INET6 and options != "mapped":
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if options == "mapped":
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    if options == "reuseport":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if options == "fastopen":
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 64)
    listening.bind((address, port))
    listening.listen(backlog)
    return listening


def pair(family, port=0, listening=None):
    """A connection that PEER asked HOST for: both ends, and the listener."""
    peer, host = ADDRESSES[family]
    listening = listening or listener(HOST, family, host)
    client = made(PEER, family)
    client.bind((peer, port))
    client.connect((host, listening.getsockname()[1]))
    server, _ = listening.accept()
    server.settimeout(20)
    return client, server, listening


def say(sender, receiver, text=b"hello"):
    sender.sendall(text)
    got = b""
    while len(got) < len(text):
        part = receiver.recv(65536)
        if not part:
            raise EOFError("closed after %d bytes" % len(got))
        got += part


def finish(first, second):
    """The first closes first, in order."""
    first.shutdown(socket.SHUT_WR)
    assert second.recv(1) == b""
    second.close()
    assert first.recv(1) == b""
    first.close()


def exchange(client, server):
    say(client, server)
    say(server, client)


def dropping(namespace, rule):
    """While this is used, what arrives in the namespace and matches is dropped."""
    class Dropping:
        table = "d%d_%s" % (threading.get_ident(), "".join(c for c in namespace if c.isalnum()))

        def __enter__(self):
            run_in(namespace, "nft", "add table inet %s; add chain inet %s in { type filter hook "
                   "input priority 0; }; add rule inet %s in %s drop" %
                   (self.table, self.table, self.table, rule))

        def __exit__(self, *_):
            run_in(namespace, "nft", "delete table inet " + self.table)
    return Dropping()


# --- the cases ---

def plain(family):
    """one address, closed by either end, and by a reset"""
    for closer in range(2):
        client, server, _ = pair(family)
        exchange(client, server)
        finish(*((client, server) if closer else (server, client)))
    client, server, _ = pair(family)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    time.sleep(0.1)


def refused(family):
    """a SYN to a closed port"""
    client = made(PEER, family)
    try:
        client.connect((ADDRESSES[family][1], 9))
    except ConnectionRefusedError:
        pass


def outgoing(family):
    """connections that this host asks for, accepted and refused"""
    peer = ADDRESSES[family][0]
    listening = listener(PEER, family, peer)
    client = made(HOST, family)
    client.connect((peer, listening.getsockname()[1]))
    server, _ = listening.accept()
    exchange(client, server)
    finish(client, server)
    client = made(HOST, family)
    try:
        client.connect((peer, 9))
    except ConnectionRefusedError:
        pass


def wildcard(family):
    """listeners on all addresses; IPv4 that arrives at a socket of IPv6"""
    for _ in range(5):
        client, server, _ = pair(family, listening=listener(HOST, family))
        exchange(client, server)
        finish(client, server)
        mapped = listener(HOST, socket.AF_INET6, options="mapped")
        client, server, _ = pair(family, listening=mapped)
        exchange(client, server)
        finish(server, client)


def reuseport(family):
    """four listeners share one port"""
    listeners = [listener(HOST, family, options="reuseport")]
    port = listeners[0].getsockname()[1]
    for _ in range(3):
        listeners.append(listener(HOST, family, port=port, options="reuseport"))
    clients = []
    for _ in range(40):
        client = made(PEER, family)
        client.connect((ADDRESSES[family][1], port))
        clients.append(client)
    for one in listeners:
        one.setblocking(False)
    servers = []
    while len(servers) < 40:
        for one in listeners:
            try:
                servers.append(one.accept()[0])
            except BlockingIOError:
                pass
    for end in clients + servers:
        end.close()
    time.sleep(0.1)


def cookies(family):
    """every handshake by a SYN cookie, with data behind it"""
    listening = listener(HOST, family)
    for _ in range(20):
        client, server, _ = pair(family, listening=listening)
        exchange(client, server)
        finish(client, server)


def open_fast(asking, answering, family, listening):
    """Data in the SYN, which is answered as soon as it is there."""
    served = []

    def serve():
        server, _ = listening.accept()
        server.sendall(server.recv(100))
        served.append(server)

    for _ in range(3):
        thread = threading.Thread(target=serve)
        thread.start()
        client = made(asking, family)
        client.settimeout(None)  # with one, it would not wait for the handshake
        client.sendto(b"hello", socket.MSG_FASTOPEN, listening.getsockname())
        assert client.recv(100) == b"hello"
        thread.join()
        finish(*((served.pop(), client) if answering == HOST else (client, served.pop())))


def fastopen(family):
    """data in the SYN, and an answer before the handshake is over"""
    open_fast(PEER, HOST, family, listener(HOST, family, ADDRESSES[family][1], options="fastopen"))


def simultaneous(family):
    """both ends ask at once"""
    peer, host = ADDRESSES[family]
    here, there = made(HOST, family), made(PEER, family)
    here.bind((host, 7001))
    there.bind((peer, 7002))
    here.setblocking(False)
    with dropping(PEER, "tcp dport 7002 tcp flags == syn"):
        here.connect_ex((peer, 7002))
        there.connect((host, 7001))
    here.settimeout(20)
    exchange(here, there)
    finish(here, there)


def reuse(family):
    """a new connection with the ports of one in TIME-WAIT"""
    client, server, listening = pair(family, port=7100)
    exchange(client, server)
    finish(server, client)
    time.sleep(0.1)  # until the last acknowledgement is there
    client, server, _ = pair(family, port=7100, listening=listening)
    exchange(client, server)
    finish(client, server)


def lost_syn(family):
    """the answer to the SYN is lost: the SYN comes again"""
    listening = listener(HOST, family)
    port = listening.getsockname()[1]
    client = made(PEER, family)
    client.setblocking(False)
    with dropping(PEER, "tcp sport %d" % port):
        client.connect_ex((ADDRESSES[family][1], port))
        time.sleep(0.5)
    client.settimeout(20)
    server, _ = listening.accept()
    exchange(client, server)
    finish(client, server)


def lost_ack(family):
    """the last acknowledgement is lost: the FIN comes again, into TIME-WAIT"""
    client, server, listening = pair(family)
    exchange(client, server)
    server.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b""
    with dropping(PEER, "tcp sport %d" % listening.getsockname()[1]):
        client.close()
        assert server.recv(1) == b""
        server.close()
        time.sleep(0.7)
    time.sleep(0.5)


def two_parts(family):
    """a handshake by a SYN cookie, with two segments behind it at once"""
    listening = listener(HOST, family)
    for _ in range(5):
        client = made(PEER, family)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.connect((ADDRESSES[family][1], listening.getsockname()[1]))
        client.sendall(b"first")
        client.sendall(b"second")
        server, _ = listening.accept()
        server.settimeout(20)
        got = b""
        while len(got) < 11:
            got += server.recv(100)
        finish(client, server)


def fastopen_asked(family):
    """this host sends data in its SYN, and is answered before the handshake is over"""
    open_fast(HOST, PEER, family, listener(PEER, family, ADDRESSES[family][0], options="fastopen"))


def aborted(family):
    """the peer resets while this host sends: each of its segments on the way is answered"""
    client, server, _ = pair(family)
    server.sendall(b"x" * 50000)
    while len(client.recv(1)) < 1:
        pass
    client.close()  # there is more to read
    try:
        while True:
            server.sendall(b"x" * 5000)
    except OSError:
        pass
    time.sleep(0.2)


def reset_reuse(family):
    """a reset, and at once a new connection with the same ports"""
    listening = listener(HOST, family)
    for _ in range(4):
        client, server, _ = pair(family, port=7300, listening=listening)
        exchange(client, server)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()
    time.sleep(0.2)  # this host does not close before the last one is there


both = threading.Barrier(2, timeout=120)  # families


def late(family):
    """a FIN after the 60 s of TIME-WAIT, to a port where somebody listens and to one where nobody does"""
    ends = [pair(family), pair(family)]
    ports = [listening.getsockname()[1] for _, _, listening in ends]
    ends[1][2].close()
    for client, server, _ in ends:
        server.close()
        assert client.recv(1) == b""
    # The peer's FINs arrive, their acknowledgements do not; for a minute no FIN comes again.
    with dropping(PEER, "tcp sport { %d, %d }" % tuple(ports)):
        for client, _, _ in ends:
            client.close()
        both.wait()
        run_in(PEER, "tc", "qdisc", "replace", "dev", "out", "root", "pfifo", "limit", "0")
        while any(connections(HOST, "sport", port) for port in ports):
            time.sleep(0.5)
        both.wait()
    run_in(PEER, "tc", "qdisc", "replace", "dev", "out", "root", "pfifo", "limit", "1000")
    while any(connections(PEER, "dport", port) for port in ports):
        time.sleep(0.2)


def connections(namespace, which, port):
    """Those that the kernel has, in whatever state."""
    return subprocess.run(["nsenter", "--net=/run/netns/" + namespace, "ss", "-Htan", "state", "connected", which,
                           "= :%d" % port], check=True, stdout=subprocess.PIPE).stdout


def half_closed(family):
    """one direction is closed, and the other goes on"""
    client, server, _ = pair(family)
    client.shutdown(socket.SHUT_WR)
    assert server.recv(1) == b""
    for _ in range(5):
        say(server, client, b"x" * 5000)
    server.close()
    client, server, _ = pair(family)
    server.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b""
    for _ in range(5):
        say(client, server, b"x" * 5000)
    client.close()
    assert server.recv(1) == b""
    server.close()


def keepalive(family):
    """nothing but keep-alive, from both ends"""
    client, server, _ = pair(family)
    for end in (client, server):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    time.sleep(1.5)
    exchange(client, server)
    finish(client, server)


def orphan(family):
    """FIN-WAIT-2 of a closed socket, shown as TIME-WAIT: the FIN still comes"""
    client, server, _ = pair(family)
    exchange(client, server)
    server.close()
    assert client.recv(1) == b""
    time.sleep(0.2)
    client.close()
    time.sleep(0.2)


def in_flight(family):
    """a socket closed with data on the way: what follows the reset's cause finds none"""
    client, server, listening = pair(family)
    listening.close()
    server.close()
    assert client.recv(1) == b""
    with dropping(PEER, "tcp flags & rst == rst tcp sport %d" % server_port(client)):
        client.sendall(b"first")
        time.sleep(0.1)
        client.sendall(b"second")
        time.sleep(0.6)  # the first is sent again after 0.2 s
        # Still without resets: what is sent again must not bring one, that would close it first.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()
        time.sleep(0.1)


def server_port(client):
    return client.getpeername()[1]


def forgotten(family):
    """a FIN after FIN-WAIT-2 is over (1 s): the socket went without a word"""
    client, server, _ = pair(family)
    server.close()
    assert client.recv(1) == b""
    time.sleep(2.2)
    client.close()
    time.sleep(0.2)


def challenged(family):
    """this host lost its connection and asks again: the peer's ACK meets SYN-SENT"""
    peer, host = ADDRESSES[family]
    listening = listener(PEER, family, peer, port=7200)
    here = made(HOST, family)
    here.bind((host, 7201))
    here.connect((peer, 7200))
    there, _ = listening.accept()
    with dropping(PEER, "tcp sport 7201"):
        here.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        here.close()
    here = made(HOST, family)
    here.bind((host, 7201))
    here.connect((peer, 7200))
    again, _ = listening.accept()
    exchange(here, again)
    there.close()
    finish(here, again)


def load(family):
    """many at once, with 1 % of all segments lost on both ways"""
    lost = "meta l4proto tcp numgen random mod 100 < 1"
    with dropping(PEER, lost), dropping(HOST, lost):
        many(family)


def many(family):
    """many at once"""
    listening = listener(HOST, family, backlog=1024)
    listening.settimeout(None)
    where = (ADDRESSES[family][1], listening.getsockname()[1])
    each = int(os.environ.get("FLAGWALL_CONNECTIONS") or 200) // 40

    def serve():
        while True:
            server, _ = listening.accept()
            threading.Thread(target=answer, args=(server,), daemon=True).start()

    def answer(server):
        with server:
            server.sendall(server.recv(100) * 100)

    def ask(failed):
        try:
            for _ in range(each):
                client = made(PEER, family)
                client.settimeout(60)
                client.connect(where)
                client.sendall(b"hello")
                length = 0
                while part := client.recv(65536):
                    length += len(part)
                assert length == 500
                client.close()
        except BaseException as error:
            failed.append(error)

    failed = []
    threading.Thread(target=serve, daemon=True).start()
    asking = [threading.Thread(target=ask, args=(failed,)) for _ in range(40)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    time.sleep(1)
    if failed:
        raise failed[0]


SETTINGS = {
    "two_parts": [(HOST, "net.ipv4.tcp_syncookies", 2, 1)],
    "fastopen_asked": [(PEER, "net.ipv4.tcp_fastopen", 3, 1), (HOST, "net.ipv4.tcp_fastopen", 1, 1)],
    "cookies": [(HOST, "net.ipv4.tcp_syncookies", 2, 1)],
    "fastopen": [(HOST, "net.ipv4.tcp_fastopen", 3, 1), (PEER, "net.ipv4.tcp_fastopen", 1, 1)],
    "forgotten": [(HOST, "net.ipv4.tcp_fin_timeout", 1, 60)],
}


def counted():
    out = subprocess.run([os.environ["FLAGWALL"], "counters", "eth0", "--netns", HOST, "-j"] +
                         os.environ.get("STATE_HOOK", "").split(),
                         check=True, stdout=subprocess.PIPE).stdout
    return {(row["state"], row["flags"]): row for row in json.loads(out)["states"]}


def settled():
    """Counters that have stopped."""
    before = counted()
    while True:
        time.sleep(0.05)
        now = counted()
        if now == before:
            return now
        before = now


def since(before, now):
    rows = {}
    for key, row in now.items():
        packets = row["packets"] - before.get(key, {"packets": 0})["packets"]
        if packets:
            rows[key] = packets, row["policy_action"] != "pass"
    return rows


def at_once(case):
    failed = []

    def one(family):
        try:
            globals()[case](family)
        except BaseException as error:  # told, whatever it is
            failed.append("%s: %r" % (family.name, error))
    threads = [threading.Thread(target=one, args=(family,)) for family in ADDRESSES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def main(cases):
    for case in cases:
        for namespace, name, value, _ in SETTINGS.get(case, ()):
            sysctl(namespace, name, value)
        before = settled()
        failed = at_once(case)
        rows = since(before, settled())
        for namespace, name, _, value in SETTINGS.get(case, ()):
            sysctl(namespace, name, value)
        flagged = ["%s %s" % key for key in sorted(rows) if rows[key][1]]
        print("\t".join((case, ", ".join(failed or flagged) or "-", globals()[case].__doc__,
                         ", ".join("%s %s %d" % (*key, rows[key][0]) for key in sorted(rows)))))


main(sys.argv[1:])
