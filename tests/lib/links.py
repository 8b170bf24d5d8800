#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
links.py ROOT FILE...: the links of Markdown documents that lead nowhere, one a line.

A link from / on is looked for below ROOT, any other beside its document; one to a heading
has to meet one. Those to other hosts are left alone. What stands in commands and in `code`
is no link.
"""
import os
import re
import sys

LINK = re.compile(r"\]\(([^)\s]*)\)|\b(?:src|srcset|href)=\"([^\"]*)\"")
CODE = re.compile(r"`[^`]*`")


def lines(path):
    with open(path, encoding="utf-8") as document:
        return [line.rstrip("\n") for line in document if not line.startswith("    ")]


def anchors(path):
    """What GitHub, and others after it, make of headings."""
    titles = (line.lstrip("#").strip() for line in lines(path) if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def leads(root, document, target):
    path, _, anchor = target.partition("#")
    if path.startswith("/"):
        path = root + path
    elif path:
        path = os.path.join(os.path.dirname(document), path)
    else:
        path = document
    if not os.path.exists(path):
        return False
    return not anchor or anchor in anchors(path)


def main(root, documents):
    for document in documents:
        for line in lines(document):
            for found in LINK.finditer(CODE.sub("", line)):
                target = found[1] or found[2]
                if not re.match(r"[a-z]+:", target) and not leads(root, document, target):
                    print(f"{document}: {target}")


main(sys.argv[1], sys.argv[2:])
