#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""dashboard.py FILE URL INSTANCE INTERFACE [EMPTY...]: asks the Prometheus at URL every question of a dashboard.

Variables are what Grafana would put there. Each question must be understood, and answered by
at least one series, unless its panel's title is among EMPTY. Prints how many there were.
"""

import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request


def ask(url, path, **parameters):
    try:
        with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(parameters)}", timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{parameters}: {error.read().decode()}")


def main():
    path, url, instance, interface = sys.argv[1:5]
    with open(path, encoding="utf-8") as file:
        dashboard = json.load(file)
    values = {"job": ".*", "instance": instance, "interface": interface, "__rate_interval": "1m", "__range": "5m"}

    def filled(expression):
        text = re.sub(r"\$\{?(\w+)\}?", lambda m: values[m[1]], expression)
        return text

    known = {v["name"] for v in dashboard["templating"]["list"]}
    if {v for v in values if not v.startswith("__")} - known:
        sys.exit(f"variables: {known}")
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            match = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"])
            if not ask(url, f"/api/v1/label/{match[2]}/values", **{"match[]": filled(match[1])})["data"]:
                sys.exit(f"variable {variable['name']}: no values")
    for annotation in dashboard["annotations"]["list"]:
        ask(url, "/api/v1/query", query=filled(annotation["expr"]))
    ids, asked = set(), 0
    for panel in dashboard["panels"]:
        if panel["id"] in ids:
            sys.exit(f"two panels with id {panel['id']}")
        ids.add(panel["id"])
        if panel["type"] != "row" and not panel.get("description"):
            sys.exit(f"{panel['title']}: no description")
        for target in panel.get("targets", []):
            answer = ask(url, "/api/v1/query", query=filled(target["expr"]))
            asked += 1
            if answer["status"] != "success":
                sys.exit(f"{panel['title']}: {answer}")
            if not answer["data"]["result"] and panel["title"] not in sys.argv[5:]:
                sys.exit(f"{panel['title']}: no answer to {filled(target['expr'])}")
    print(asked)


if __name__ == "__main__":
    main()
