#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""serve_files.py ADDRESS PORT FOLDER: an HTTP server for one folder.

`python3 -m http.server` asks the resolver for its own name before it serves,
which takes many seconds in a namespace that reaches no resolver.
"""
import functools
import http.server
import socket
import socketserver
import sys


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    address_family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET


handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[3])
with Server((sys.argv[1], int(sys.argv[2])), handler) as server:
    server.serve_forever()
