# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Charts as SVG, by matplotlib."""

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "flagwall", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False,
                            "axes.spines.right": False, "axes.axisbelow": True, "figure.constrained_layout.use": True})

from matplotlib import pyplot  # noqa: E402: behind the choice of a backend

# In two pieces, so that it is not taken for this file's own.
LICENCE = "SPDX-License-" + "Identifier: GPL-2.0-only OR BSD-2-Clause"


def lying(chart):
    """A bar each, shortest on top: the least, and a mark at the median."""
    figure, axes = pyplot.subplots(figsize=(8, 0.5 + 0.27 * len(chart["names"])))
    at = range(len(chart["names"]))
    colours = ["#b04a2f" if name.startswith("flagwall") else "#7a8ca0" for name in chart["names"]]
    axes.barh(at, chart["least"], color=colours)
    axes.plot(chart["median"], at, "|", color="black", markersize=9)
    axes.set_yticks(at, chart["names"])
    axes.invert_yaxis()
    axes.set_xlabel(chart["x"])
    return figure


def bars(chart):
    figure, axes = pyplot.subplots(figsize=(10, 4))
    width = 0.8 / len(chart["series"])
    for number, (name, values) in enumerate(chart["series"].items()):
        axes.bar([i + number * width for i in range(len(values))], values, width, label=name)
    axes.set_xticks([i + 0.4 for i in range(len(chart["groups"]))],
                    [name.replace(", ", "\n") for name in chart["groups"]])
    axes.set_ylabel(chart["y"])
    axes.legend(ncols=4)
    return figure


def curves(chart):
    figure, axes = pyplot.subplots(figsize=(7, 3.5))
    for name, values in chart["series"].items():
        axes.plot(chart["x_values"], values, "o-", markersize=3, label=name)
    if chart.get("log"):
        axes.set_xscale("symlog", linthresh=1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(chart["x"])
    axes.set_ylabel(chart["y"])
    axes.grid(axis="y", color="#dddddd")
    axes.legend()
    return figure


def draw(chart, folder):
    figure = {"lying": lying, "bars": bars, "curves": curves}[chart["kind"]](chart)
    path = f"{folder}/{chart['file']}"
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    with open(path, encoding="utf-8") as file:
        first, rest = file.read().split("\n", 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{first}\n<!-- {LICENCE}; made by 'make bench' -->\n{rest}")
