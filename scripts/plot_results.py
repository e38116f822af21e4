#!/usr/bin/env python3
"""Draw the points of Benchmarks/results into docs/plots, one picture per kind.

    .deps/peers/bin/python scripts/plot_results.py [--results Benchmarks/results] [--plots docs/plots] [FILE.json ...]

With files only those are read. Of points of the same kind only those of the newest file that has any are drawn.
"""

import argparse
import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
# The same points make the same file.
matplotlib.rcParams.update({"svg.hashsalt": "firserver", "svg.fonttype": "none", "font.size": 10})

from matplotlib import pyplot, ticker  # noqa: E402  (after the choice of what draws)

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLOTS = {
    "gallery": ("Search", "faces in the gallery", "log", "log"),
    "faces": ("FindFaces by faces in the picture", "faces in the picture", "linear", "linear"),
    "sizes": ("FindFaces by size of the picture", "size of the picture, megapixels", "linear", "linear"),
    "connections": ("FindFaces by connections", "connections, each with one request under way", "log2", "linear"),
}
AXES = {
    "ms": "median time, ms", "ms per probe": "time per probe, ms, one thread", "requests/s": "requests per second",
}
COLOURS = ["#0b62a4", "#d1600a", "#3a923a", "#8a5ab5", "#6b6b6b"]


def newest_points(files):
    """For each kind, the result that is drawn and its points."""
    chosen = {}
    for result in sorted((json.loads(file.read_text()) for file in files), key=lambda result: result["date"]):
        for kind in {point["kind"] for point in result["points"]}:
            chosen[kind] = (result, [point for point in result["points"] if point["kind"] == kind])
    return chosen


def plain(value, _=None):
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 1 else f"{value:g}"


def draw(kind, result, points, path):
    title, x_label, x_scale, y_scale = PLOTS[kind]
    figure, axes = pyplot.subplots(figsize=(7.2, 4.2), layout="constrained")
    series = {}
    for point in points:
        series.setdefault(point["series"], []).append((point["x"], point["y"]))
    # Our own lines first, in blue, whatever the order of measuring.
    names = sorted(series, key=lambda name: not name.startswith("firserver"))
    own = 0
    for number, name in enumerate(names):
        ours = name.startswith("firserver")
        own += ours
        axes.plot(
            *zip(*sorted(series[name])), label=name, marker="o" if ours else "s", markersize=5,
            color=COLOURS[0] if ours else COLOURS[1 + number - own],
            linestyle="--" if ours and own > 1 else "-", linewidth=2 if ours else 1.5,
        )
    if x_scale == "log2":
        axes.set_xscale("log", base=2)
    else:
        axes.set_xscale(x_scale)
    axes.set_yscale(y_scale)
    if x_scale != "linear":
        axes.set_xticks(sorted({point["x"] for point in points}))
        axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    if y_scale == "linear":
        axes.set_ylim(0, 1.15 * max(point["y"] for point in points))
    if x_scale == "linear":
        axes.set_xlim(left=0)
    axes.set_title(title, loc="left", fontweight="bold")
    axes.set_xlabel(x_label)
    units = {point["unit"] for point in points}
    if len(units) != 1:
        sys.exit(f"{kind}: points of several units: {', '.join(sorted(units))}")
    axes.set_ylabel(AXES[units.pop()])
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    note = f"{result['processor']}, commit {result['commit']}, {result['date'][:10]}"
    busy = max(result.get("busy_before", [0]), default=0)
    if busy > 0.1:
        note += f"; a shared machine, others up to {busy:.0%} busy"
    figure.supxlabel(note, fontsize=8, color="#666666")
    figure.savefig(path, metadata={"Date": None}, facecolor="white")
    pyplot.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=pathlib.Path, nargs="*")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    parser.add_argument("--plots", type=pathlib.Path, default=ROOT / "docs/plots")
    parser.add_argument("--format", choices=["svg", "png"], default="svg")
    options = parser.parse_args()
    files = options.files or sorted(options.results.glob("*.json"))
    if not files:
        sys.exit("there are no results; Benchmarks/run.py makes some")
    options.plots.mkdir(parents=True, exist_ok=True)
    for kind, (result, points) in sorted(newest_points(files).items()):
        if kind not in PLOTS:
            sys.exit(f"{kind}: no such plot")
        path = options.plots / f"{kind}.{options.format}"
        draw(kind, result, points, path)
        print(path)


if __name__ == "__main__":
    main()
